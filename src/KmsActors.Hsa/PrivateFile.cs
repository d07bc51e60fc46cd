using Microsoft.Win32.SafeHandles;

namespace KmsActors.Hsa;

/// <summary>Files with secrets, and who may use them.</summary>
internal static class PrivateFile
{
    public const string NeedsUnix = "A file with a secret needs Unix file modes.";

    private const UnixFileMode Writers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private const UnixFileMode Others = Writers
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Opens one that nobody but its owner may use.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// Others than its owner may use the file, or this process may not read it.
    /// </exception>
    public static SafeFileHandle OpenRead(string path, string what) => Open(path, what, Others, "must have mode 0600");

    /// <summary>
    /// Opens one that something has mounted, as containers are given secrets: who may read it is for that to see to.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// Others may write the file, or this process may not read it.
    /// </exception>
    public static SafeFileHandle OpenMounted(string path, string what) =>
        Open(path, what, Writers, "must not be writable by others than its owner");

    private static SafeFileHandle Open(string path, string what, UnixFileMode forbidden, string rule)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException(NeedsUnix);
        SafeFileHandle file = File.OpenHandle(path);
        if ((File.GetUnixFileMode(file) & forbidden) == UnixFileMode.None)
            return file;
        file.Dispose();
        throw new UnauthorizedAccessException($"The {what} file {path} {rule}.");
    }
}
