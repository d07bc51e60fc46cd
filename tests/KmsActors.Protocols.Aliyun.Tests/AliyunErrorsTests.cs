using System.Reflection;
using KmsActors.Grains;

namespace KmsActors.Protocols.Aliyun.Tests;

public class AliyunErrorsTests
{
    // Seed 001, 1.5, with its two misprints put right; below the line, the gateway's and later codes.
    private const string Table = """
        500 InternalFailure|Internal Failure.
        503 ServiceUnavailableTemporary|Service Unavailable Temporary.
        404 InvalidAccessKeyId.NotFound|The AccessKey ID provided does not exist in our records.
        404 Forbidden.KeyNotFound|The specified Key is not found.
        404 Forbidden.AliasNotFound|The specified Alias is not found.
        403 Forbidden.AccessKey|This AccessKey is not enabled.
        403 Forbidden.NoPermission|This operation is forbidden by permission system.
        403 UnsupportedHTTPMethod|This http method is not supported.
        400 ParseRequestParameterException|Server parse parameters exception. Please check your input params.
        400 MissingParameter|The parameter "KeyId" is needed but not provided.
        400 InvalidParameter|The specified parameter "KeyId" is not valid.
        400 IncompleteSignature|The request signature does not conform to Alibaba Cloud standards.
        400 IllegalTimestamp|The input parameter "Timestamp" that is required for processing this request is not supplied.
        400 Rejected.LimitExceeded|The request was rejected because user create resource limit was exceeded.
        400 AliasAlreadyExists|AliasName Already Exists.
        400 InvalidKeyMaterial|key material is invalid.
        400 InvalidImportToken|import token is invalid.
        400 ExpiredImportToken|import token is expired.
        400 Unsupported.Origin|This key origin is not valid for this api.
        400 Unsupported.Alias|Alias is not valid for this api.
        400 Unsupported.ProtectionLevel|The protection level is not supported for this key.
        409 Rejected.StateModifiedFailed|Keystate modified failed.
        409 Rejected.Disabled|The request was rejected because the key state is Disabled.
        409 Rejected.PendingDeletion|The request was rejected because the key state is PendingDeletion.
        409 Rejected.PendingImport|The request was rejected because the key state is PendingImport.
        400 InvalidTimeStamp.Format|Specified time stamp or date value is not well formatted.
        400 SignatureNonceUsed|Specified signature nonce was used already.
        404 Forbidden.KeyVersionNotFound|The specified KeyVersion is not found.
        400 UnsupportedOperation|This action is not supported.
        400 Rejected.UnsupportedOperation|Unsupported operation.
        429 Rejected.Throttling|QPS Limit Exceeded
        404 InvalidApi.NotFound|Specified api is not found, please check your url and method.
        """;

    public static TheoryData<RefusalCode, string> Codes => new()
    {
        { RefusalCode.Unavailable, "ServiceUnavailableTemporary" },
        { RefusalCode.AccessKeyNotFound, "InvalidAccessKeyId.NotFound" },
        { RefusalCode.AccessKeyDisabled, "Forbidden.AccessKey" },
        { RefusalCode.TokenInvalid, "IncompleteSignature" },
        { RefusalCode.TokenExpired, "IncompleteSignature" },
        { RefusalCode.PasswordWrong, "IncompleteSignature" },
        { RefusalCode.Throttled, "Rejected.Throttling" },
        { RefusalCode.CallForbidden, "Forbidden.NoPermission" },
        { RefusalCode.ParameterInvalid, "InvalidParameter" },
        { RefusalCode.CiphertextInvalid, "InvalidParameter" },
        { RefusalCode.AccountNotFound, "InvalidParameter" },
        { RefusalCode.ProjectNotFound, "InvalidParameter" },
        { RefusalCode.UserNotFound, "InvalidParameter" },
        { RefusalCode.GroupNotFound, "InvalidParameter" },
        { RefusalCode.KeyNotFound, "Forbidden.KeyNotFound" },
        { RefusalCode.AliasNotFound, "Forbidden.AliasNotFound" },
        { RefusalCode.KeyForbidden, "Forbidden.NoPermission" },
        { RefusalCode.DefaultKeyProtected, "UnsupportedOperation" },
        { RefusalCode.OriginNotAllowed, "Unsupported.Origin" },
        { RefusalCode.UsageNotAllowed, "UnsupportedOperation" },
        { RefusalCode.RotationNotSupported, "Rejected.UnsupportedOperation" },
        { RefusalCode.ProtectionNotSupported, "Unsupported.ProtectionLevel" },
        { RefusalCode.ImportTokenInvalid, "InvalidImportToken" },
        { RefusalCode.ImportTokenOfAnotherKey, "InvalidImportToken" },
        { RefusalCode.ImportTokenExpired, "ExpiredImportToken" },
        { RefusalCode.StateModifyFailed, "Rejected.StateModifiedFailed" },
        { RefusalCode.KeyNotDisabled, "Rejected.StateModifiedFailed" },
        { RefusalCode.KeyNotEnabled, "Rejected.StateModifiedFailed" },
        { RefusalCode.AlreadyPendingDeletion, "Rejected.StateModifiedFailed" },
        { RefusalCode.NotPendingDeletion, "Rejected.StateModifiedFailed" },
        { RefusalCode.NotPendingImport, "Rejected.StateModifiedFailed" },
        { RefusalCode.MaterialNotDeletable, "Rejected.StateModifiedFailed" },
        { RefusalCode.KeyDisabled, "Rejected.Disabled" },
        { RefusalCode.KeyPendingDeletion, "Rejected.PendingDeletion" },
        { RefusalCode.KeyPendingImport, "Rejected.PendingImport" },
        { RefusalCode.KeyVersionNotFound, "Forbidden.KeyVersionNotFound" },
        { RefusalCode.GrantNotFound, "InvalidParameter" },
        { RefusalCode.RotationTooSoon, "Rejected.UnsupportedOperation" },
        { RefusalCode.KeyMaterialInvalid, "InvalidKeyMaterial" },
        { RefusalCode.KeyMaterialDiffers, "InvalidKeyMaterial" },
        { RefusalCode.AliasExists, "AliasAlreadyExists" },
        { RefusalCode.AccountStateFailed, "InvalidParameter" },
        { RefusalCode.AccountExists, "InvalidParameter" },
        { RefusalCode.ProjectExists, "InvalidParameter" },
        { RefusalCode.AccessKeyExists, "InvalidParameter" },
        { RefusalCode.UserExists, "InvalidParameter" },
        { RefusalCode.GroupExists, "InvalidParameter" },
        { RefusalCode.LimitExceeded, "Rejected.LimitExceeded" },
        { RefusalCode.TooManyTags, "Rejected.LimitExceeded" },
        { RefusalCode.TooManyGrants, "Rejected.LimitExceeded" },
        { RefusalCode.RotationNotEnabled, "Rejected.UnsupportedOperation" },
    };

    [Fact]
    public void Catalogue_Whole_IsTheDocumentedTable()
    {
        IEnumerable<AliyunError> all = typeof(AliyunErrors)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (AliyunError)f.GetValue(null)!)
            .Append(AliyunErrors.MissingParameter("KeyId"))
            .Append(AliyunErrors.InvalidParameter("KeyId"));

        Assert.Equal(
            Table.Split('\n').Order(StringComparer.Ordinal),
            all.Select(e => $"{e.HttpStatus} {e.Code}|{e.Message}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_EveryRefusal_HasAnError()
    {
        foreach (RefusalCode code in Enum.GetValues<RefusalCode>())
            Assert.NotNull(AliyunErrors.Of(new Refusal(code)));
        Assert.Equal(Enum.GetValues<RefusalCode>(), Codes.Select(row => (RefusalCode)row[0]));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Of_Refusal_IsTheDocumentedCode(RefusalCode code, string expected) =>
        Assert.Equal(expected, AliyunErrors.Of(new Refusal(code)).Code);

    [Fact]
    public void Of_ParameterInvalid_NamesTheParameter() =>
        Assert.Equal(AliyunErrors.InvalidParameter("PageSize"), AliyunErrors.Of(Refusal.Invalid("PageSize")));

    [Fact]
    public void Of_CiphertextInvalid_SaysNothingOfTheCause() => Assert.Equal(
        AliyunErrors.Of(new Refusal(RefusalCode.CiphertextInvalid)),
        AliyunErrors.Of(new Refusal(RefusalCode.CiphertextInvalid, "EncryptionContext")));
}
