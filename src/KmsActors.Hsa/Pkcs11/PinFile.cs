using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace KmsActors.Hsa.Pkcs11;

/// <summary>A token's PIN in a file that only its owner may read: one line, which may end.</summary>
public static class PinFile
{
    private const int LongestPin = 255;

    /// <summary>Reads it; the caller disposes it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is empty, longer than 255 bytes, or of several lines.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// Others than its owner may use the file, or this process may not read it.
    /// </exception>
    public static SecretBytes Load(string path)
    {
        using SafeFileHandle file = PrivateFile.OpenRead(path, "PIN");

        // One byte for the line's end and one more, so as to notice a file that is too long.
        Span<byte> line = stackalloc byte[LongestPin + 2];
        try
        {
            line = line[..RandomAccess.Read(file, line, fileOffset: 0)];
            ReadOnlySpan<byte> pin = line.EndsWith("\n"u8) ? line[..^1] : line;
            return pin.Length is 0 or > LongestPin || pin.Contains((byte)'\n')
                ? throw new InvalidDataException($"The PIN file {path} must have one line of 1 to {LongestPin} bytes.")
                : SecretBytes.CopyOf(pin);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }
}
