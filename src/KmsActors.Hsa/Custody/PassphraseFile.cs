using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace KmsActors.Hsa;

/// <summary>A passphrase in a file: one line of text, with or without an end of line.</summary>
public static class PassphraseFile
{
    /// <summary>Reads it; the caller disposes it.</summary>
    /// <param name="path">The file, which others may be able to read, but not to write.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no line of <see cref="PassphraseCustody.LeastBytes"/> to <see cref="PassphraseCustody.MostBytes"/> bytes.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// Others may write the file, or this process may not read it.
    /// </exception>
    public static SecretBytes Load(string path)
    {
        using SafeFileHandle file = PrivateFile.OpenMounted(path, "passphrase");
        // An end of line more, and a byte to notice what is longer.
        using SecretBytes text = SecretBytes.OfLength(PassphraseCustody.MostBytes + 3);
        ReadOnlySpan<byte> line = text.Span[..RandomAccess.Read(file, text.Writable, fileOffset: 0)];
        line = line.TrimEnd("\r\n"u8);
        if (line.Length is < PassphraseCustody.LeastBytes or > PassphraseCustody.MostBytes
            || line.ContainsAny("\r\n"u8))
        {
            throw new InvalidDataException(
                $"The passphrase file {path} must have one line of {PassphraseCustody.LeastBytes} to "
                + $"{PassphraseCustody.MostBytes} bytes.");
        }

        return SecretBytes.CopyOf(line);
    }
}
