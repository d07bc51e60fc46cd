using KmsActors.Operations;

namespace KmsActors.Protocols.Aliyun.Tests;

/// <summary>Which policies an action goes by.</summary>
public class ActionPolicyTests
{
    public static TheoryData<string> Actions => new(ActionTable.Names);

    // The vendor's documents: kms:<the action>, and DescribeRegions needs no access control.
    [Theory]
    [MemberData(nameof(Actions))]
    public void Action_GoesByPoliciesThatNameIt(string name)
    {
        PolicyAction? policy = ActionTable.Find(name)!.Policy;
        if (name == "DescribeRegions") Assert.Null(policy);
        else Assert.Contains($"kms:{name}", policy!.Names);
    }

    // All of them, so that a new one has to be thought about: one that changes something is served once by all nodes.
    [Fact]
    public void Actions_ChangeSomethingOrDoNot()
    {
        string[] changing =
        [
            "CancelKeyDeletion", "CreateAlias", "CreateKey", "CreateKeyVersion", "DeleteAlias", "DeleteKeyMaterial",
            "DisableKey", "EnableKey", "GetParametersForImport", "ImportKeyMaterial", "ScheduleKeyDeletion", "TagResource",
            "UntagResource", "UpdateAlias", "UpdateKeyDescription", "UpdateRotationPolicy",
        ];
        string[] others =
        [
            "AsymmetricDecrypt", "AsymmetricEncrypt", "AsymmetricSign", "AsymmetricVerify", "Decrypt", "DescribeKey",
            "DescribeKeyVersion", "DescribeRegions", "Encrypt", "ExportDataKey", "GenerateAndExportDataKey", "GenerateDataKey",
            "GenerateDataKeyWithoutPlaintext", "GetPublicKey", "ListAliases", "ListAliasesByKeyId", "ListKeyVersions",
            "ListKeys", "ListResourceTags", "ReEncrypt",
        ];
        var all = ActionTable.Names.Order(StringComparer.Ordinal).ToLookup(
            name => ActionTable.Find(name)!.Policy is { Effect: ActionEffect.Writes });
        Assert.Equal(changing, all[true]);
        Assert.Equal(others, all[false]);
    }
}
