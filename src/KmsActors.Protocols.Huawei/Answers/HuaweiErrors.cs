namespace KmsActors.Protocols.Huawei;

/// <summary>
/// Every error of this protocol. Here those of seed 003, A.2, by number, with the document's statuses and
/// messages to the letter. Where a message contradicts the rest of the document, a note says what holds. A row
/// that no client can get here has the reason beside it, behind "Never".
/// </summary>
internal static partial class HuaweiErrors
{
    // Never: it would take a fault of the service's own; every one that is known is mended.
    public static readonly HuaweiError KmsFailure = new(500, "KMS.0101", "KMS error.");

    public static readonly HuaweiError KmsIoFailure = new(500, "KMS.0102", "Abnormal KMS I/O.");

    public static readonly HuaweiError UrlInvalid = new(400, "KMS.0201", "Invalid request URL.");

    public static readonly HuaweiError JsonInvalid =
        new(400, "KMS.0202", "Invalid JSON format of the request message.");

    public static readonly HuaweiError RequestTooLong = new(400, "KMS.0203", "Request message too long.");

    public static readonly HuaweiError ParameterMissing =
        new(400, "KMS.0204", "Parameters missing in the request message.");

    // Also of a well-formed id of no key: one of the vendor's clients takes it for "not found".
    public static readonly HuaweiError KeyIdInvalid = new(400, "KMS.0205", "Invalid key ID.");

    public static readonly HuaweiError SequenceInvalid = new(400, "KMS.0206", "Invalid sequence number.");

    public static readonly HuaweiError EncryptionContextInvalid =
        new(400, "KMS.0208", "Invalid value of value encryption_context.");

    public static readonly HuaweiError KeyDisabled = new(400, "KMS.0209", "The key has been disabled.");

    public static readonly HuaweiError KeyPendingDeletion =
        new(400, "KMS.0210", "The key is in Scheduled deletion state and cannot be used.");

    public static readonly HuaweiError KeyIsDefault =
        new(400, "KMS.0211", "Cannot perform this operation on Default Master Keys.");

    public static readonly HuaweiError TokenMissing = new(403, "KMS.0301", "Invalid or null X-Auth-Token.");

    public static readonly HuaweiError TokenInvalid = new(403, "KMS.0302", "Invalid X-Auth-Token.");

    public static readonly HuaweiError TokenExpired = new(403, "KMS.0303", "X-Auth-Token expired.");

    // Never: there is no open beta test, so no token has its tag.
    public static readonly HuaweiError TokenOfOpenBeta = new(
        403, "KMS.0304", "X-Auth-Token contains the OBT tag and cannot be used to access services.");

    public static readonly HuaweiError TokenOfAnotherProject =
        new(403, "KMS.0305", "Invalid X-Auth-Token project name.");

    // The user and the key.
    public static readonly HuaweiError KeyForbidden = new(403, "KMS.0306", "No access permissions.");

    // The role and the call.
    public static readonly HuaweiError CallForbidden = new(403, "KMS.0307", "No access permissions.");

    public static readonly HuaweiError ParameterInvalid = new(400, "KMS.0308", "Invalid parameter.");

    public static readonly HuaweiError ExternalKeyRequired = new(400, "KMS.0309", "External keys required.");

    public static readonly HuaweiError KeyNotPendingImport =
        new(400, "KMS.0310", "The key is not in Pending import state.");

    public static readonly HuaweiError KeyMaterialUndecipherable =
        new(400, "KMS.0311", "Failed to decrypt data using the RSA private key.");

    public static readonly HuaweiError ExternalKeyNotRotatable =
        new(400, "KMS.0312", "External keys cannot be rotated.");

    public static readonly HuaweiError RotationNotEnabled =
        new(400, "KMS.0313", "Key rotation is not enabled.");

    public static readonly HuaweiError TagListEmpty = new(400, "KMS.0401", "Tag list cannot be empty.");

    public static readonly HuaweiError MatchValueInvalid = new(400, "KMS.0402", "Invalid match value.");

    public static readonly HuaweiError MatchKeyInvalid = new(400, "KMS.0403", "Invalid match key.");

    public static readonly HuaweiError ActionInvalid = new(400, "KMS.0404", "Invalid action.");

    public static readonly HuaweiError TagValueInvalid = new(400, "KMS.0405", "Invalid tag value.");

    public static readonly HuaweiError TagKeyInvalid = new(400, "KMS.0406", "Invalid tag key.");

    public static readonly HuaweiError TagListSizeInvalid = new(400, "KMS.0407", "Invalid tag list size.");

    // Never: no path and no body of chapter 4 has a resourceType; keys are the only resources.
    public static readonly HuaweiError ResourceTypeInvalid = new(400, "KMS.0408", "Invalid resourceType.");

    public static readonly HuaweiError TooManyTags = new(400, "KMS.0409", "Too many tags.");

    public static readonly HuaweiError TagValueLengthInvalid =
        new(400, "KMS.0410", "Invalid tag value length.");

    public static readonly HuaweiError TagKeyLengthInvalid = new(400, "KMS.0411", "Invalid tag key length.");

    public static readonly HuaweiError TagListInvalid = new(400, "KMS.0412", "Invalid tag list.");

    public static readonly HuaweiError TooManyTagValues = new(400, "KMS.0413", "Too many tag values.");

    public static readonly HuaweiError MatchesInvalid = new(400, "KMS.0415", "Invalid matches.");

    public static readonly HuaweiError OffsetInvalid = new(400, "KMS.0417", "Invalid offset.");

    public static readonly HuaweiError KeyAliasInvalid = new(400, "KMS.1101", "Invalid key_alias.");

    // Never: no request has a realm; it is that of the service.
    public static readonly HuaweiError RealmInvalid = new(400, "KMS.1102", "Invalid realm.");

    public static readonly HuaweiError KeyDescriptionInvalid =
        new(400, "KMS.1103", "Invalid key_description.");

    public static readonly HuaweiError KeyAliasTaken = new(400, "KMS.1104", "Duplicate key aliases.");

    public static readonly HuaweiError TooManyKeys = new(400, "KMS.1105", "Too many keys.");

    public static readonly HuaweiError KeyNotDisabled = new(400, "KMS.1201", "The key is not disabled.");

    public static readonly HuaweiError KeyNotEnabled = new(400, "KMS.1301", "The key is not enabled.");

    public static readonly HuaweiError PendingDaysInvalid =
        new(400, "KMS.1401", "Set the pending deletion period between 7 to 1096 days.");

    public static readonly HuaweiError KeyAlreadyPendingDeletion =
        new(400, "KMS.1402", "The key is already in Pending deletion state.");

    public static readonly HuaweiError KeyNotPendingDeletion =
        new(400, "KMS.1501", "The key is not in Pending deletion state.");

    public static readonly HuaweiError LimitInvalid = new(400, "KMS.1601", "Invalid limit.");

    public static readonly HuaweiError MarkerInvalid =
        new(400, "KMS.1602", "marker must be greater than or equals 0.");

    // The message is older than the range, which is that of 4.1.8: 8 to 8192 bits.
    public static readonly HuaweiError RandomDataLengthInvalid =
        new(400, "KMS.1801", "random_data_length must be 512 bits.");

    // Of create-datakey. This message has the range of 4.1.9.
    public static readonly HuaweiError DataKeyLengthInvalid =
        new(400, "KMS.1901", "datakey_length must be in the range 8 bits to 8,192 bits.");

    // Of create-datakey-without-plaintext; the range of 4.1.10 holds: 8 to 8192 bits.
    public static readonly HuaweiError WithoutPlaintextLengthInvalid =
        new(400, "KMS.2001", "datakey_length must be 512 bits.");

    public static readonly HuaweiError PlaintextInvalid = new(400, "KMS.2101", "Invalid plain_text.");

    // The range of 4.1.11 holds: 1 to 1024 bytes.
    public static readonly HuaweiError PlainLengthInvalid =
        new(400, "KMS.2102", "datakey_plain_length must be 64 bytes.");

    // Of encrypt-datakey.
    public static readonly HuaweiError PlaintextHashWrong =
        new(400, "KMS.2103", "Failed to verify the DEK hash.");

    public static readonly HuaweiError CiphertextInvalid = new(400, "KMS.2201", "Invalid cipher_text.");

    // The range of 4.1.12 holds: 1 to 1024 bytes.
    public static readonly HuaweiError CipherLengthInvalid =
        new(400, "KMS.2202", "datakey_cipher_length must be 64 bytes.");

    // Never: of decrypt-datakey. The envelope's tag covers the data key, so what is changed in it is KMS.2201, and
    // its hash is made anew.
    public static readonly HuaweiError CiphertextHashWrong =
        new(400, "KMS.2203", "Failed to verify the DEK hash.");

    public static readonly HuaweiError ImportTokenExpired = new(400, "KMS.2601", "Token expired.");

    public static readonly HuaweiError ExpirationTimePast =
        new(400, "KMS.2602", "Key expiration time must be later than the current time.");

    public static readonly HuaweiError ImportTokenOfAnotherKey =
        new(400, "KMS.2603", "Key IDs in the imported key and token do not match.");

    // Never: who can tell a wrong length from a wrong padding has an oracle; both are KMS.0311. The message means
    // bytes, not bits: a key of 256 bits.
    public static readonly HuaweiError KeyMaterialLengthInvalid =
        new(400, "KMS.2604", "The external key plaintext length must be 32 bits.");

    public static readonly HuaweiError ImportTokenInvalid = new(400, "KMS.2605", "Token verification failed.");

    public static readonly HuaweiError KeyMaterialDiffers = new(
        400,
        "KMS.2606",
        "You are importing a deleted key again. The imported plaintext must be the same as the deleted key "
        + "plaintext.");

    public static readonly HuaweiError KeyMaterialNotDeletable = new(
        400, "KMS.2701", "Key material is not in Enabled or Disabled state and cannot be deleted.");
}
