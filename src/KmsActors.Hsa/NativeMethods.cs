using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace KmsActors.Hsa;

/// <summary>What .NET doesn't reach of the C library.</summary>
internal static partial class NativeMethods
{
    private const int ProcessOrThread = 0;
    private const int CallingThread = 0;
    private const int LeastUrgent = 19;
    private const int AlreadyExists = 17;

    /// <summary>
    /// Makes the calling thread the last to get a core. On Linux <see cref="Thread.Priority"/> does nothing,
    /// and niceness is a thread's own.
    /// </summary>
    public static void LowerThreadPriority()
    {
        // Best effort: refused, the thread merely competes like any other.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(ProcessOrThread, CallingThread, LeastUrgent);
    }

    /// <summary>
    /// Gives a file a second name, on the same volume; false when there is something of that name already.
    /// <see cref="File.Move(string, string, bool)"/> only looks first, so two at once both succeed.
    /// </summary>
    /// <exception cref="IOException">The system refuses otherwise.</exception>
    public static bool TryLink(string existing, string name)
    {
        if (Link(existing, name) == 0)
            return true;
        int error = Marshal.GetLastPInvokeError();
        return error == AlreadyExists
            ? false
            : throw new IOException($"Cannot create {name}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Makes the names in a directory durable, which .NET cannot open.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void FlushDirectory(string path)
    {
        int directory = Open(path, flags: 0);
        int result = directory < 0 ? -1 : FSync(directory);
        int error = Marshal.GetLastPInvokeError();
        if (directory >= 0)
            _ = Close(directory);
        if (result != 0)
            throw new IOException($"Cannot flush {path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    [LibraryImport(
        "libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport(
        "libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
