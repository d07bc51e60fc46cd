namespace KmsActors.Hsa.Pkcs11.Cryptoki;

/// <summary>CK_RV: the values that somebody here asks for, or that an operator may meet (PKCS#11 2.40, 6.1).</summary>
internal enum ReturnValue : uint
{
    CKR_OK = 0x000,
    CKR_HOST_MEMORY = 0x002,
    CKR_SLOT_ID_INVALID = 0x003,
    CKR_GENERAL_ERROR = 0x005,
    CKR_FUNCTION_FAILED = 0x006,
    CKR_ARGUMENTS_BAD = 0x007,
    CKR_CANT_LOCK = 0x00A,
    CKR_ATTRIBUTE_READ_ONLY = 0x010,
    CKR_ATTRIBUTE_SENSITIVE = 0x011,
    CKR_ATTRIBUTE_TYPE_INVALID = 0x012,
    CKR_ATTRIBUTE_VALUE_INVALID = 0x013,
    CKR_DATA_INVALID = 0x020,
    CKR_DATA_LEN_RANGE = 0x021,
    CKR_DEVICE_ERROR = 0x030,
    CKR_DEVICE_MEMORY = 0x031,
    CKR_DEVICE_REMOVED = 0x032,
    CKR_ENCRYPTED_DATA_INVALID = 0x040,
    CKR_ENCRYPTED_DATA_LEN_RANGE = 0x041,
    CKR_FUNCTION_NOT_SUPPORTED = 0x054,
    CKR_KEY_HANDLE_INVALID = 0x060,
    CKR_KEY_SIZE_RANGE = 0x062,
    CKR_KEY_TYPE_INCONSISTENT = 0x063,
    CKR_KEY_FUNCTION_NOT_PERMITTED = 0x068,
    CKR_KEY_NOT_WRAPPABLE = 0x069,
    CKR_KEY_UNEXTRACTABLE = 0x06A,
    CKR_MECHANISM_INVALID = 0x070,
    CKR_MECHANISM_PARAM_INVALID = 0x071,
    CKR_OBJECT_HANDLE_INVALID = 0x082,
    CKR_OPERATION_ACTIVE = 0x090,
    CKR_OPERATION_NOT_INITIALIZED = 0x091,
    CKR_PIN_INCORRECT = 0x0A0,
    CKR_PIN_INVALID = 0x0A1,
    CKR_PIN_LEN_RANGE = 0x0A2,
    CKR_PIN_EXPIRED = 0x0A3,
    CKR_PIN_LOCKED = 0x0A4,
    CKR_SESSION_CLOSED = 0x0B0,
    CKR_SESSION_COUNT = 0x0B1,
    CKR_SESSION_HANDLE_INVALID = 0x0B3,
    CKR_SESSION_READ_ONLY = 0x0B5,
    CKR_SIGNATURE_INVALID = 0x0C0,
    CKR_TEMPLATE_INCOMPLETE = 0x0D0,
    CKR_TEMPLATE_INCONSISTENT = 0x0D1,
    CKR_TOKEN_NOT_PRESENT = 0x0E0,
    CKR_TOKEN_NOT_RECOGNIZED = 0x0E1,
    CKR_TOKEN_WRITE_PROTECTED = 0x0E2,
    CKR_UNWRAPPING_KEY_HANDLE_INVALID = 0x0F0,
    CKR_USER_ALREADY_LOGGED_IN = 0x100,
    CKR_USER_NOT_LOGGED_IN = 0x101,
    CKR_USER_PIN_NOT_INITIALIZED = 0x102,
    CKR_USER_TYPE_INVALID = 0x103,
    CKR_WRAPPED_KEY_INVALID = 0x110,
    CKR_WRAPPED_KEY_LEN_RANGE = 0x112,
    CKR_WRAPPING_KEY_HANDLE_INVALID = 0x113,
    CKR_BUFFER_TOO_SMALL = 0x150,
    CKR_CRYPTOKI_NOT_INITIALIZED = 0x190,
    CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191,
}

/// <summary>What a return value says about the token.</summary>
internal static class ReturnValues
{
    /// <summary>
    /// Whether sessions and objects are gone, or may be: everything has to be opened anew. A session that is in the
    /// middle of an operation it should have ended is of no use either.
    /// </summary>
    public static bool MeansLoss(this ReturnValue value) => value
        is ReturnValue.CKR_SLOT_ID_INVALID
        or ReturnValue.CKR_DEVICE_ERROR
        or ReturnValue.CKR_DEVICE_REMOVED
        or ReturnValue.CKR_TOKEN_NOT_PRESENT
        or ReturnValue.CKR_TOKEN_NOT_RECOGNIZED
        or ReturnValue.CKR_SESSION_CLOSED
        or ReturnValue.CKR_SESSION_HANDLE_INVALID
        or ReturnValue.CKR_USER_NOT_LOGGED_IN
        or ReturnValue.CKR_CRYPTOKI_NOT_INITIALIZED
        or ReturnValue.CKR_OBJECT_HANDLE_INVALID
        or ReturnValue.CKR_KEY_HANDLE_INVALID
        or ReturnValue.CKR_WRAPPING_KEY_HANDLE_INVALID
        or ReturnValue.CKR_UNWRAPPING_KEY_HANDLE_INVALID
        or ReturnValue.CKR_OPERATION_ACTIVE
        or ReturnValue.CKR_OPERATION_NOT_INITIALIZED
        or ReturnValue.CKR_BUFFER_TOO_SMALL;

    /// <summary>Whether the token is there and has no room for more, for now.</summary>
    public static bool MeansFull(this ReturnValue value) => value
        is ReturnValue.CKR_HOST_MEMORY
        or ReturnValue.CKR_DEVICE_MEMORY
        or ReturnValue.CKR_SESSION_COUNT;

    /// <summary>Whether trying the same PIN again could only do harm: tokens lock themselves.</summary>
    public static bool RefusesPin(this ReturnValue value) => value
        is ReturnValue.CKR_PIN_INCORRECT
        or ReturnValue.CKR_PIN_INVALID
        or ReturnValue.CKR_PIN_LEN_RANGE
        or ReturnValue.CKR_PIN_EXPIRED
        or ReturnValue.CKR_PIN_LOCKED
        or ReturnValue.CKR_USER_PIN_NOT_INITIALIZED;
}
