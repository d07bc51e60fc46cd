using System.Runtime.InteropServices;

namespace KmsActors.Hsa.Pkcs11.Cryptoki;

// CK_ULONG is as long as a pointer, and nothing is packed: PKCS#11 as it is on Unix. On Windows it is neither.

/// <summary>CK_ATTRIBUTE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CkAttribute
{
    public nuint Type;
    public byte* Value;
    public nuint Length;
}

/// <summary>CK_MECHANISM.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CkMechanism(MechanismType type, void* parameter, int parameterLength)
{
    public nuint Type = (nuint)type;
    public void* Parameter = parameter;
    public nuint ParameterLength = (nuint)parameterLength;
}

/// <summary>CK_GCM_PARAMS.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CkGcmParameters
{
    public byte* Iv;
    public nuint IvLength;
    public nuint IvBits;
    public byte* AssociatedData;
    public nuint AssociatedDataLength;
    public nuint TagBits;
}

/// <summary>CK_KEY_DERIVATION_STRING_DATA.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CkStringData
{
    public byte* Data;
    public nuint Length;
}

/// <summary>CK_RSA_PKCS_PSS_PARAMS.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CkPssParameters
{
    public nuint Hash;
    public nuint MaskFunction;
    public nuint SaltLength;
}

/// <summary>CK_RSA_PKCS_OAEP_PARAMS, without a label.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CkOaepParameters
{
    public nuint Hash;
    public nuint MaskFunction;
    public nuint Source;
    public void* SourceData;
    public nuint SourceDataLength;
}

/// <summary>CK_C_INITIALIZE_ARGS.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CkInitializeArguments
{
    /// <summary>CKF_OS_LOCKING_OK: threads of the system's, locks of the library's own.</summary>
    public const nuint OsLocking = 2;

    public void* CreateMutex;
    public void* DestroyMutex;
    public void* LockMutex;
    public void* UnlockMutex;
    public nuint Flags;
    public void* Reserved;
}

/// <summary>CK_TOKEN_INFO.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CkTokenInfo
{
    public const int LabelSize = 32;

    public fixed byte Label[LabelSize];
    public fixed byte Manufacturer[32];
    public fixed byte Model[16];
    public fixed byte SerialNumber[16];
    public nuint Flags;
    public nuint MostSessions;
    public nuint Sessions;
    public nuint MostRwSessions;
    public nuint RwSessions;
    public nuint LongestPin;
    public nuint ShortestPin;
    public nuint TotalPublicMemory;
    public nuint FreePublicMemory;
    public nuint TotalPrivateMemory;
    public nuint FreePrivateMemory;
    public fixed byte Versions[4];
    public fixed byte Time[16];
}
