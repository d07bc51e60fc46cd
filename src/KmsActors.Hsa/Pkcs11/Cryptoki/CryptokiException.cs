using System.Security.Cryptography;

namespace KmsActors.Hsa.Pkcs11.Cryptoki;

/// <summary>A token said no, by a value that is not about its being there.</summary>
internal sealed class CryptokiException : CryptographicException
{
    public CryptokiException(string function, ReturnValue value)
        : base($"{function} answered {NameOf(value)}.") => Value = value;

    public CryptokiException(string message)
        : base(message)
    {
    }

    public CryptokiException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public CryptokiException()
    {
    }

    /// <summary>What it answered.</summary>
    public ReturnValue Value { get; }

    /// <summary>The value's name in PKCS#11, or its number.</summary>
    public static string NameOf(ReturnValue value) =>
        Enum.GetName(value) ?? $"0x{(uint)value:X8}";
}
