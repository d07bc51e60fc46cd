using System.Diagnostics;
using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace KmsActors.Testing.SoftHsm;

/// <summary>
/// A token of SoftHSM2 in a directory of its own, with a copy of the library of its own: a process can open a library
/// once, and tests run side by side.
/// </summary>
public sealed partial class SoftHsmToken : IDisposable
{
    public const string Pin = "a PIN of 1234";
    public const string SecurityOfficerPin = "another of 5678";

    private const string RealLibrary = "real.so";
    private const string LostFile = "lost";

    // One configuration for the process: the library reads its name from the environment when it is opened.
    private static readonly Lazy<string> Configuration = new(Configure);
    private static readonly Lock Making = new();

    private readonly string _directory = Directory.CreateTempSubdirectory("kmsactors-token-").FullName;

    /// <param name="losable">Whether <see cref="Lose"/> can be called.</param>
    public SoftHsmToken(bool losable = false)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The PIN's file needs Unix file modes.");
        Label = Path.GetFileName(_directory)["kmsactors-".Length..];
        var real = Path.Combine(_directory, RealLibrary);
        File.Copy(Installed(), real);
        Library = losable ? Compile(_directory) : real;
        PinFile = Path.Combine(_directory, "pin");
        File.WriteAllText(PinFile, Pin + "\n");
        File.SetUnixFileMode(PinFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        lock (Making)
        {
            Run(
                "softhsm2-util",
                ["--init-token", "--free", "--label", Label, "--pin", Pin, "--so-pin", SecurityOfficerPin],
                Environment);
        }
    }

    public string Label { get; }

    /// <summary>The Cryptoki library.</summary>
    public string Library { get; }

    /// <summary>A file that has the PIN, private to its user.</summary>
    public string PinFile { get; }

    /// <summary>What a process needs in its environment to open the library.</summary>
    public static KeyValuePair<string, string> Environment => new("SOFTHSM2_CONF", Configuration.Value);

    /// <summary>The token goes, with all sessions: calls answer this value of PKCS#11 from now on.</summary>
    public void Lose(uint answer)
    {
        // Under its own name only when it is whole.
        var unfinished = Path.Combine(_directory, "unfinished");
        File.WriteAllText(unfinished, $"{answer:x}");
        File.Move(unfinished, Path.Combine(_directory, LostFile), overwrite: true);
    }

    /// <summary>The token is back; whoever used it has to open it anew.</summary>
    public void Return() => File.Delete(Path.Combine(_directory, LostFile));

    /// <summary>Gives the token another PIN, by a process of its own.</summary>
    public void ChangePin(string pin) => Tool("--change-pin", "--new-pin", pin);

    /// <summary>How many objects another process sees in the token.</summary>
    public int CountObjects() =>
        Tool("--list-objects").Split('\n').Count(line => line.Contains("Object;", StringComparison.Ordinal));

    /// <summary>The token's directory goes, not its keys: another token may be in use.</summary>
    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string Installed()
    {
        string[] places =
        [
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib64/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
        ];
        return Array.Find(places, File.Exists)
            ?? throw new InvalidOperationException("These tests need SoftHSM2: apt-get install softhsm2");
    }

    private static string Configure()
    {
        var directory = Directory.CreateTempSubdirectory("kmsactors-softhsm-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        var tokens = Directory.CreateDirectory(Path.Combine(directory, "tokens")).FullName;
        var file = Path.Combine(directory, "softhsm2.conf");
        File.WriteAllText(file, $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        // For libraries in this process, and for processes that it starts.
        if (SetEnvironment("SOFTHSM2_CONF", file, overwrite: 1) != 0)
            throw new InvalidOperationException("setenv");
        System.Environment.SetEnvironmentVariable("SOFTHSM2_CONF", file);
        return file;
    }

    private static string Compile(string directory)
    {
        var source = Path.Combine(directory, "losable.c");
        using (var from = typeof(SoftHsmToken).Assembly.GetManifestResourceStream("losable.c")!)
        using (var to = File.Create(source))
            from.CopyTo(to);
        var library = Path.Combine(directory, "losable.so");
        Run("cc", ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source, "-ldl", "-lpthread"], null);
        return library;
    }

    private string Tool(params string[] arguments) =>
        Run(
            "pkcs11-tool",
            [
                "--module", Path.Combine(_directory, RealLibrary), "--token-label", Label, "--login", "--pin", Pin, .. arguments,
            ],
            Environment);

    private static string Run(string program, string[] arguments, KeyValuePair<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (environment is { } variable) start.Environment[variable.Key] = variable.Value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program}: {errors.GetAwaiter().GetResult()}");
        return output;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
