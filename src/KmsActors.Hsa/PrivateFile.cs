using Microsoft.Win32.SafeHandles;

namespace KmsActors.Hsa;

/// <summary>Files with secrets, which others than their owner may not use.</summary>
internal static class PrivateFile
{
    public const string NeedsUnix = "A file with a secret needs Unix file modes.";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Opens one to read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// Others than its owner may use the file, or this process may not read it.
    /// </exception>
    public static SafeFileHandle OpenRead(string path, string what)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException(NeedsUnix);
        SafeFileHandle file = File.OpenHandle(path);
        if ((File.GetUnixFileMode(file) & Others) == UnixFileMode.None)
            return file;
        file.Dispose();
        throw new UnauthorizedAccessException($"The {what} file {path} must have mode 0600.");
    }
}
