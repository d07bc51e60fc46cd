using System.Security.Cryptography;

namespace KmsActors.Cli;

/// <summary>Files and streams that the command line names, read within bounds.</summary>
internal static class Files
{
    /// <summary>The longest token, credentials or certificate file.</summary>
    public const int MostConfiguration = 256 * 1024;

    /// <summary>A whole file of at most <paramref name="most"/> bytes.</summary>
    /// <exception cref="CliException">It cannot be read, or is longer.</exception>
    public static byte[] Read(string path, int most)
    {
        using var file = Open(path);
        return ReadToEndAsync(file, path, most).GetAwaiter().GetResult();
    }

    /// <summary>The file, or standard input for "-" and for none.</summary>
    public static async Task<byte[]> ReadAsync(Call call, string? path, int most)
    {
        await using var stream = OpenInput(call, path);
        // A terminal's read cannot be cancelled, only left.
        return await ReadToEndAsync(stream, path ?? "-", most).WaitAsync(call.Cancellation);
    }

    /// <summary>The file, or standard input for "-" and for none.</summary>
    public static Stream OpenInput(Call call, string? path) => path is null or "-" ? call.Shell.Input : Open(path);

    /// <summary>Writes a file that may be there already.</summary>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content)
    {
        await using var file = Opened(path, () => new FileStream(path, FileMode.Create, FileAccess.Write));
        await file.WriteAsync(content);
    }

    /// <summary>Opens what can only be opened by chance.</summary>
    /// <exception cref="CliException">It cannot, and this says why.</exception>
    public static FileStream Opened(string path, Func<FileStream> open)
    {
        try
        {
            return open();
        }
        catch (Exception failure) when (failure
            is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliException($"{path}: {failure.Message}", failure);
        }
    }

    private static FileStream Open(string path) => Opened(path, () => File.OpenRead(path));

    private static async Task<byte[]> ReadToEndAsync(Stream stream, string path, int most)
    {
        var buffer = new byte[most + 1];
        try
        {
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= most
                ? buffer[..length]
                : throw new CliException($"{(path == "-" ? "The input" : path)} is longer than {most} bytes.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{path}: {failure.Message}", failure);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}

/// <summary>
/// A file for a secret, which only its user can read. It is made before the secret is asked for, so that no secret is
/// lost for want of a place, replaces nothing, and goes away if nothing is written to it.
/// </summary>
internal sealed class SecretFile : IDisposable
{
    private readonly FileStream _file;
    private bool _isWritten;

    private SecretFile(FileStream file) => _file = file;

    /// <summary>Makes the file; null for no path.</summary>
    /// <exception cref="CliException">It cannot be made, or is there already.</exception>
    public static SecretFile? Create(string? path)
    {
        if (path is null) return null;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new SecretFile(Files.Opened(path, () => new FileStream(path, options)));
    }

    /// <summary>Writes all of it.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        _file.Write(content);
        _file.Flush(flushToDisk: true);
        _isWritten = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        if (!_isWritten) File.Delete(_file.Name);
    }
}
