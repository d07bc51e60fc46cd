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
}
