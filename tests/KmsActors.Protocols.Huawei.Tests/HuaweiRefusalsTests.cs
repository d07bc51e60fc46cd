using KmsActors.Grains;

namespace KmsActors.Protocols.Huawei.Tests;

/// <summary>Which of this protocol's errors a refusal of the service is.</summary>
public class HuaweiRefusalsTests
{
    private const string Codes = """
        Unavailable KMS.0102
        AccessKeyNotFound APIGW.0301
        AccessKeyDisabled APIGW.0301
        TokenInvalid KMS.0302
        TokenExpired KMS.0303
        PasswordWrong Unauthorized
        Throttled APIGW.0308
        CallForbidden KMS.0307
        ParameterInvalid KMS.0308
        CiphertextInvalid KMS.2201
        AccountNotFound KMS.0308
        ProjectNotFound KMS.0308
        UserNotFound KMS.0308
        GroupNotFound KMS.0308
        KeyNotFound KMS.0205
        AliasNotFound KMS.0205
        KeyForbidden KMS.0306
        DefaultKeyProtected KMS.0211
        OriginNotAllowed KMS.0309
        UsageNotAllowed KMS.0308
        RotationNotSupported KMS.0308
        ProtectionNotSupported KMS.0308
        ImportTokenInvalid KMS.2605
        ImportTokenOfAnotherKey KMS.2603
        ImportTokenExpired KMS.2601
        StateModifyFailed KMS.0308
        KeyNotDisabled KMS.1201
        KeyNotEnabled KMS.1301
        AlreadyPendingDeletion KMS.1402
        NotPendingDeletion KMS.1501
        NotPendingImport KMS.0310
        MaterialNotDeletable KMS.2701
        KeyDisabled KMS.0209
        KeyPendingDeletion KMS.0210
        KeyPendingImport KMS.1301
        KeyVersionNotFound KMS.0308
        GrantNotFound KMS.0308
        RotationTooSoon KMS.0308
        KeyMaterialInvalid KMS.0311
        KeyMaterialDiffers KMS.2606
        AliasExists KMS.1104
        AccountStateFailed KMS.0308
        AccountExists KMS.0308
        ProjectExists KMS.0308
        AccessKeyExists KMS.0308
        UserExists KMS.0308
        GroupExists KMS.0308
        LimitExceeded KMS.1105
        TooManyTags KMS.0409
        TooManyGrants KMS.0308
        RotationNotEnabled KMS.0313
        """;

    [Fact]
    public void Of_EveryRefusal_IsTheTablesError() => Assert.Equal(
        Codes.Split('\n'),
        Enum.GetValues<RefusalCode>().Select(code => $"{code} {HuaweiErrors.Of(new Refusal(code)).Code}"));

    [Fact]
    public void Of_AnExpiryInThePast_IsAnErrorOfItsOwn() => Assert.Equal(
        HuaweiErrors.ExpirationTimePast, HuaweiErrors.Of(Refusal.Invalid("Expiry")));

    [Theory]
    [InlineData("Origin", "Invalid parameter. (origin)")]
    [InlineData("Usage", "Invalid parameter. (key_usage)")]
    [InlineData("Algorithm", "Invalid parameter. (signing_algorithm)")]
    [InlineData("NumberOfBytes", "Invalid parameter.")]
    [InlineData(null, "Invalid parameter.")]
    public void Of_AParameter_NamesTheFieldItCameFrom(string? parameter, string message) => Assert.Equal(
        HuaweiErrors.ParameterInvalid with { Message = message },
        HuaweiErrors.Of(new Refusal(RefusalCode.ParameterInvalid, parameter)));

    [Fact]
    public void Of_CiphertextInvalid_SaysNothingOfTheCause() => Assert.Equal(
        HuaweiErrors.Of(new Refusal(RefusalCode.CiphertextInvalid)),
        HuaweiErrors.Of(new Refusal(RefusalCode.CiphertextInvalid, "EncryptionContext")));

    [Theory]
    [InlineData(null, "Invalid parameter.")]
    [InlineData("limit", "Invalid parameter. (limit)")]
    [InlineData("parameter", "Invalid parameter.")]
    public void About_AField_NamesItWhereTheMessageDoesNot(string? field, string expected)
    {
        HuaweiError error = HuaweiErrors.ParameterInvalid.About(field);
        Assert.Equal(HuaweiErrors.ParameterInvalid with { Message = expected }, error);
    }
}
