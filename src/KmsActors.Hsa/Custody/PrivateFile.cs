using Microsoft.Win32.SafeHandles;

namespace KmsActors.Hsa;

/// <summary>Files with secrets, and who may use them.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Writers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute | Writers;

    /// <summary>Opens one that nobody but its owner may use.</summary>
    /// <exception cref="UnauthorizedAccessException">Somebody else may, or this process may not.</exception>
    public static SafeFileHandle Open(string path) => Open(path, Others, "must have mode 0600");

    /// <summary>
    /// Opens one that something has mounted, as containers are given secrets: who may read it is for that to see to.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">Others may write it, or this process may not read it.</exception>
    public static SafeFileHandle OpenMounted(string path) =>
        Open(path, Writers, "must not be writable by others than its owner");

    private static SafeFileHandle Open(string path, UnixFileMode forbidden, string rule)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Files with secrets need Unix file modes.");
        SafeFileHandle file = File.OpenHandle(path);
        if ((File.GetUnixFileMode(file) & forbidden) == UnixFileMode.None)
            return file;
        file.Dispose();
        throw new UnauthorizedAccessException($"The file {path} {rule}.");
    }
}
