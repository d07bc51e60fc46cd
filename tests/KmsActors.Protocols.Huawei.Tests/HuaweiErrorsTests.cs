using System.Reflection;

namespace KmsActors.Protocols.Huawei.Tests;

public class HuaweiErrorsTests
{
    // Seed 003, A.2, row by row; behind it the gateway's, and IAM's.
    private const string Table = """
        400 KMS.0201|Invalid request URL.
        400 KMS.0202|Invalid JSON format of the request message.
        400 KMS.0203|Request message too long.
        400 KMS.0204|Parameters missing in the request message.
        400 KMS.0205|Invalid key ID.
        400 KMS.0206|Invalid sequence number.
        400 KMS.0208|Invalid value of value encryption_context.
        400 KMS.0209|The key has been disabled.
        400 KMS.0210|The key is in Scheduled deletion state and cannot be used.
        400 KMS.0211|Cannot perform this operation on Default Master Keys.
        400 KMS.0308|Invalid parameter.
        400 KMS.0309|External keys required.
        400 KMS.0310|The key is not in Pending import state.
        400 KMS.0311|Failed to decrypt data using the RSA private key.
        400 KMS.0312|External keys cannot be rotated.
        400 KMS.0313|Key rotation is not enabled.
        400 KMS.0401|Tag list cannot be empty.
        400 KMS.0402|Invalid match value.
        400 KMS.0403|Invalid match key.
        400 KMS.0404|Invalid action.
        400 KMS.0405|Invalid tag value.
        400 KMS.0406|Invalid tag key.
        400 KMS.0407|Invalid tag list size.
        400 KMS.0408|Invalid resourceType.
        400 KMS.0409|Too many tags.
        400 KMS.0410|Invalid tag value length.
        400 KMS.0411|Invalid tag key length.
        400 KMS.0412|Invalid tag list.
        400 KMS.0413|Too many tag values.
        400 KMS.0415|Invalid matches.
        400 KMS.0417|Invalid offset.
        400 KMS.1101|Invalid key_alias.
        400 KMS.1102|Invalid realm.
        400 KMS.1103|Invalid key_description.
        400 KMS.1104|Duplicate key aliases.
        400 KMS.1105|Too many keys.
        400 KMS.1201|The key is not disabled.
        400 KMS.1301|The key is not enabled.
        400 KMS.1401|Set the pending deletion period between 7 to 1096 days.
        400 KMS.1402|The key is already in Pending deletion state.
        400 KMS.1501|The key is not in Pending deletion state.
        400 KMS.1601|Invalid limit.
        400 KMS.1602|marker must be greater than or equals 0.
        400 KMS.1801|random_data_length must be 512 bits.
        400 KMS.1901|datakey_length must be in the range 8 bits to 8,192 bits.
        400 KMS.2001|datakey_length must be 512 bits.
        400 KMS.2101|Invalid plain_text.
        400 KMS.2102|datakey_plain_length must be 64 bytes.
        400 KMS.2103|Failed to verify the DEK hash.
        400 KMS.2201|Invalid cipher_text.
        400 KMS.2202|datakey_cipher_length must be 64 bytes.
        400 KMS.2203|Failed to verify the DEK hash.
        400 KMS.2601|Token expired.
        400 KMS.2602|Key expiration time must be later than the current time.
        400 KMS.2603|Key IDs in the imported key and token do not match.
        400 KMS.2604|The external key plaintext length must be 32 bits.
        400 KMS.2605|Token verification failed.
        400 KMS.2606|You are importing a deleted key again. The imported plaintext must be the same as the deleted key plaintext.
        400 KMS.2701|Key material is not in Enabled or Disabled state and cannot be deleted.
        403 KMS.0301|Invalid or null X-Auth-Token.
        403 KMS.0302|Invalid X-Auth-Token.
        403 KMS.0303|X-Auth-Token expired.
        403 KMS.0304|X-Auth-Token contains the OBT tag and cannot be used to access services.
        403 KMS.0305|Invalid X-Auth-Token project name.
        403 KMS.0306|No access permissions.
        403 KMS.0307|No access permissions.
        500 KMS.0101|KMS error.
        500 KMS.0102|Abnormal KMS I/O.
        404 APIGW.0101|The API does not exist or has not been published in the environment.
        401 APIGW.0301|Incorrect IAM authentication information: verify aksk signature fail
        403 APIGW.0302|The IAM user is not authorized to access the API.
        429 APIGW.0308|The throttling threshold has been reached.
        401 Unauthorized|The username or password is wrong.
        401 Unauthorized|The request you have made requires authentication.
        """;

    [Fact]
    public void Catalogue_Whole_IsTheDocumentedTable() => Assert.Equal(
        Table.Split('\n').Order(StringComparer.Ordinal),
        All().Select(e => $"{e.HttpStatus} {e.Code}|{e.Message}").Order(StringComparer.Ordinal));

    [Fact]
    public void Catalogue_EachCode_HasTheBodyOfItsOrigin() => Assert.All(All(), error => Assert.Equal(
        error.Code.Split('.')[0] switch
        {
            "KMS" => ErrorShape.Kms,
            "APIGW" => ErrorShape.Gateway,
            _ => ErrorShape.Iam,
        },
        error.Shape));

    [Fact]
    public void Catalogue_Rows_AreInTheOrderOfTheirNumbers()
    {
        IEnumerable<string> codes = All().Select(e => e.Code).Where(code => code.StartsWith("KMS.", StringComparison.Ordinal));
        Assert.Equal(codes.Order(StringComparer.Ordinal), codes);
    }

    private static IEnumerable<HuaweiError> All() => typeof(HuaweiErrors)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (HuaweiError)field.GetValue(null)!);
}
