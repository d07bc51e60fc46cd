using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace KmsActors.Server;

/// <summary>
/// Keeps key material out of files that a crash would leave. A limit of 0 keeps the kernel from writing core files. Not
/// to be dumpable keeps it from handing the memory to a program as well, which has no regard for the limit, and other
/// processes of this one's user, .NET's createdump among them, from reading it.
/// </summary>
internal static partial class CoreDumps
{
    private const int LimitOfCore = 4;
    private const int SetDumpable = 4;

    // What the runtime has read before this program runs: with any of them it starts createdump when it crashes. As
    // root that may read what is not dumpable.
    private static readonly string[] s_miniDumps = ["DOTNET_DbgEnableMiniDump", "COMPlus_DbgEnableMiniDump"];

    /// <summary>Turns them off for this process, and what it starts, for good.</summary>
    /// <exception cref="StartException">They cannot be turned off.</exception>
    public static void TurnOff()
    {
        if (Array.Find(s_miniDumps, IsSet) is { } name)
        {
            throw new StartException(
                $"{name} would have .NET write this process's memory, with all keys, into a file when it crashes: "
                + "unset it, or set Kms:AllowCoreDumps=true.");
        }

        if (!OperatingSystem.IsLinux()) return;
        var none = default(Limit);
        if (SetLimit(LimitOfCore, in none) != 0 || Control(SetDumpable, 0, 0, 0, 0) != 0)
        {
            var why = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
            throw new StartException($"Core dumps cannot be turned off ({why}); see Kms:AllowCoreDumps.");
        }
    }

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is not (null or "" or "0");

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limit
    {
        public readonly nuint Soft;
        public readonly nuint Hard;
    }
}
