using System.Reflection;
using KmsActors.Grains;

namespace KmsActors.Protocols.Tencent.Tests;

public class TencentErrorsTests
{
    // The vendor's pages; below the line what they have no code for, by the nearest.
    private const string Table = """
        4000/10000 InvalidParameter
        4000/10010 MissingParameter
        4000/10280 InvalidAction
        4000/10350 InvalidParameterValue
        4000/10390 MissingParameter
        4000/10410 UnsupportedProtocol
        4000/10420 InvalidRequest
        4000/10450 AuthFailure.InvalidSecretId
        4100/10030 AuthFailure.SignatureFailure
        4100/10080 AuthFailure.SecretIdDisabled
        4100/10270 AuthFailure.SecretIdNotFound
        4300/10040 UnauthorizedOperation
        4420/10250 RequestLimitExceeded
        4490/10470 InvalidParameterValue.InvalidKeyUsage
        4500/10480 InvalidParameterValue.AliasAlreadyExists
        4510/10610 LimitExceeded.CmkLimitExceeded
        4520/10620 InvalidParameterValue
        4540/10640 InvalidParameterValue
        4560/10670 FailedOperation.DecryptError
        4580/10680 InvalidParameterValue.InvalidCiphertext
        4590/10690 InvalidParameterValue.InvalidPlaintext
        6000/10050 InternalError
        4100/10030 AuthFailure.SignatureExpire
        4100/10030 AuthFailure.SignatureUsed
        6000/10050 ServiceUnavailable
        4000/10350 ResourceUnavailable.CmkNotFound
        4000/10350 ResourceUnavailable.CmkDisabled
        4000/10350 ResourceUnavailable.CmkStateNotSupport
        4000/10350 ResourceUnavailable.CmkStateNotSupport
        4000/10350 ResourceUnavailable.CmkStateNotSupport
        4000/10350 ResourceUnavailable.CmkNotSupport
        """;

    // By the name of the error in the product.
    private static readonly Dictionary<string, RefusalCode[]> s_codes = new()
    {
        ["Unavailable"] = [RefusalCode.Unavailable],
        ["SecretIdUnknown"] = [RefusalCode.AccessKeyNotFound],
        ["SecretIdDisabled"] = [RefusalCode.AccessKeyDisabled],
        ["SignatureWrong"] = [RefusalCode.TokenInvalid, RefusalCode.TokenExpired, RefusalCode.PasswordWrong],
        ["Throttled"] = [RefusalCode.Throttled],
        ["Forbidden"] = [RefusalCode.CallForbidden, RefusalCode.KeyForbidden],
        ["DecryptionFailed"] = [RefusalCode.CiphertextInvalid],
        ["KeyNotFound"] = [RefusalCode.KeyNotFound, RefusalCode.AliasNotFound],
        ["KeyDisabled"] = [RefusalCode.KeyDisabled, RefusalCode.KeyNotEnabled],
        ["KeyPendingDeletion"] = [RefusalCode.KeyPendingDeletion, RefusalCode.AlreadyPendingDeletion],
        ["KeyPendingImport"] = [RefusalCode.KeyPendingImport],
        ["KeyNotPendingDeletion"] = [RefusalCode.NotPendingDeletion],
        ["KeyUnsuitable"] =
        [
            RefusalCode.DefaultKeyProtected, RefusalCode.UsageNotAllowed, RefusalCode.StateModifyFailed,
            RefusalCode.KeyNotDisabled,
        ],
        ["AliasExists"] = [RefusalCode.AliasExists],
        ["TooManyKeys"] = [RefusalCode.LimitExceeded],
        // All that there is no call for, and what the binder has seen to.
        ["RequestInvalid"] =
        [
            RefusalCode.ParameterInvalid, RefusalCode.UserNotFound, RefusalCode.GroupNotFound, RefusalCode.UserExists,
            RefusalCode.GroupExists, RefusalCode.OriginNotAllowed, RefusalCode.RotationNotSupported,
            RefusalCode.ImportTokenInvalid, RefusalCode.ImportTokenOfAnotherKey, RefusalCode.ImportTokenExpired,
            RefusalCode.NotPendingImport, RefusalCode.MaterialNotDeletable, RefusalCode.KeyVersionNotFound,
            RefusalCode.GrantNotFound, RefusalCode.RotationTooSoon, RefusalCode.KeyMaterialInvalid,
            RefusalCode.KeyMaterialDiffers, RefusalCode.TooManyTags, RefusalCode.TooManyGrants,
            RefusalCode.RotationNotEnabled, RefusalCode.AccountNotFound, RefusalCode.AccountStateFailed,
            RefusalCode.AccountExists, RefusalCode.ProjectNotFound, RefusalCode.ProjectExists,
            RefusalCode.AccessKeyExists, RefusalCode.ProtectionNotSupported,
        ],
    };

    private static readonly RefusalCode[] s_unusable =
        [.. s_codes["KeyDisabled"], .. s_codes["KeyPendingDeletion"], .. s_codes["KeyPendingImport"], .. s_codes["KeyUnsuitable"]];

    public static TheoryData<RefusalCode> Codes => new(Enum.GetValues<RefusalCode>());

    [Fact]
    public void Catalogue_Whole_IsTheTable()
    {
        var all = Errors().Values
            .Append(TencentErrors.CommonMissing("Action"))
            .Append(TencentErrors.Missing("keyId"))
            .Append(TencentErrors.OutOfRange("limit"));
        Assert.Equal(
            Table.Split('\n').Order(StringComparer.Ordinal),
            all.Select(e => $"{e.Code}/{e.Module} {e.Description}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_EveryRefusal_HasARow() =>
        Assert.Equal(Enum.GetValues<RefusalCode>(), s_codes.Values.SelectMany(codes => codes).Order());

    [Theory]
    [MemberData(nameof(Codes))]
    public void Of_Refusal_IsThatOfItsRow(RefusalCode code)
    {
        var expected = Errors()[s_codes.Single(row => row.Value.Contains(code)).Key];
        var refusal = new Refusal(code);
        Assert.Equal(expected, TencentErrors.Of(refusal));
        var isUnusable = s_unusable.Contains(code);
        Assert.Equal(isUnusable ? Failed(10660, "encryption failed") : expected, TencentErrors.OfEncryption(refusal));
        Assert.Equal(isUnusable ? Failed(10670, "decryption failed") : expected, TencentErrors.OfDecryption(refusal));

        TencentError Failed(int module, string text) =>
            expected with { Code = 4560, Module = module, Text = $"{text}: {expected.Text}" };
    }

    [Fact]
    public void Message_BeginsWithTheModulesCode() =>
        Assert.Equal("(10480)alias is already existed", TencentErrors.AliasExists.Message);

    private static Dictionary<string, TencentError> Errors() =>
        typeof(TencentErrors).GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => field.Name, field => (TencentError)field.GetValue(null)!);
}
