using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace KmsActors.Hsa;

/// <summary>
/// The root key in a file only its owner may read. One line: magic, the key's 64 hexadecimal digits, 8 of a
/// checksum; so that a file cut short is noticed rather than taken for a key.
/// </summary>
/// <threadsafety>Several processes may call at once on one path; all get the same key.</threadsafety>
public static class RootKeyFile
{
    private const int KeySize = Xaes256Gcm.KeySize;
    private const int ChecksumSize = 4;
    private const int KeyAt = 21;
    private const int ChecksumAt = KeyAt + (2 * KeySize) + 1;
    private const int LineEndAt = ChecksumAt + (2 * ChecksumSize);
    private const int FileSize = LineEndAt + 1;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static ReadOnlySpan<byte> Magic => "kmsactors-root-key-1 "u8;

    /// <summary>
    /// Reads the 32-byte root key, made first if there is no such file; the caller disposes it.
    /// </summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <exception cref="InvalidDataException">The file is not a root key, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// Others than its owner may use the file, or this process may not read it.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public static SecretBytes LoadOrCreate(string path)
    {
        if (!File.Exists(path))
            Create(path);
        return Load(path);
    }

    /// <summary>Reads the 32-byte root key; the caller disposes it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a root key, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// Others than its owner may use the file, or this process may not read it.
    /// </exception>
    public static SecretBytes Load(string path)
    {
        using SafeFileHandle file = PrivateFile.OpenRead(path, "root key");
        return Load(file, path);
    }

    /// <summary>The same of a file that something mounts: others may be able to read it, but not to write it.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static SecretBytes LoadMounted(string path)
    {
        using SafeFileHandle file = PrivateFile.OpenMounted(path, "root key");
        return Load(file, path);
    }

    private static SecretBytes Load(SafeFileHandle file, string path)
    {
        // One byte more, so as to notice a file that is too long.
        Span<byte> line = stackalloc byte[FileSize + 1];
        byte[] key = GC.AllocateUninitializedArray<byte>(KeySize, pinned: true);
        try
        {
            int length = RandomAccess.Read(file, line, fileOffset: 0);
            if (!TryParse(line[..length], key))
                throw new InvalidDataException($"The root key file {path} is damaged or no root key file.");
            return new SecretBytes(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }

    private static void Create(string path)
    {
        path = Path.GetFullPath(path);
        string temporary = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp";
        try
        {
            WriteNew(temporary);
            // Under its own name only when it is whole; and the first of several wins.
            if (NativeMethods.TryLink(temporary, path))
                NativeMethods.FlushDirectory(Path.GetDirectoryName(path)!);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void WriteNew(string path)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException(PrivateFile.NeedsUnix);
        Span<byte> key = stackalloc byte[KeySize];
        Span<byte> line = stackalloc byte[FileSize];
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        };
        try
        {
            RandomNumberGenerator.Fill(key);
            Format(key, line);
            using FileStream file = new(path, options);
            file.Write(line);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(line);
        }
    }

    private static void Format(ReadOnlySpan<byte> key, Span<byte> line)
    {
        Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, checksum);
        Magic.CopyTo(line);
        Convert.TryToHexStringLower(key, line[KeyAt..], out _);
        line[ChecksumAt - 1] = (byte)' ';
        Convert.TryToHexStringLower(checksum[..ChecksumSize], line[ChecksumAt..], out _);
        line[LineEndAt] = (byte)'\n';
    }

    // Written again from the key it holds, a good file comes out the same.
    private static bool TryParse(ReadOnlySpan<byte> line, Span<byte> key)
    {
        Span<byte> expected = stackalloc byte[FileSize];
        try
        {
            if (line.Length != FileSize
                || Convert.FromHexString(line.Slice(KeyAt, 2 * KeySize), key, out _, out _)
                    != OperationStatus.Done)
                return false;
            Format(key, expected);
            return CryptographicOperations.FixedTimeEquals(line, expected);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expected);
        }
    }
}
