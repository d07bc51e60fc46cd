using System.Diagnostics;

namespace KmsActors.Hsa.Tests;

/// <summary>The openssl program, an implementation that is not ours, with a directory for its files.</summary>
internal sealed class OpenSsl : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("kmsactors-openssl-").FullName;
    private int _files;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A file of this content.</summary>
    public string File(ReadOnlySpan<byte> content)
    {
        string path = Path.Combine(_directory, $"{_files++}");
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>What the program writes; fails unless it succeeds.</summary>
    public static byte[] Run(params string[] arguments)
    {
        (int exitCode, byte[] output, string errors) = Start(arguments);
        Assert.True(exitCode == 0, errors);
        return output;
    }

    /// <summary>Whether the program says that a signature is good.</summary>
    public bool Verifies(byte[] publicKey, byte[] signature, byte[] signed, params string[] options) =>
        Start(
        [
            "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", File(publicKey),
            "-sigfile", File(signature), "-in", File(signed), .. options,
        ]).ExitCode == 0;

    public byte[] Sign(byte[] privateKey, byte[] signed, params string[] options) =>
        Run(["pkeyutl", "-sign", "-keyform", "DER", "-inkey", File(privateKey), "-in", File(signed), .. options]);

    public byte[] Encrypt(byte[] publicKey, byte[] plaintext, params string[] options) =>
        Run(
        [
            "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", File(publicKey),
            "-in", File(plaintext), .. options,
        ]);

    public byte[] Decrypt(byte[] privateKey, byte[] ciphertext, params string[] options) =>
        Run(
        [
            "pkeyutl", "-decrypt", "-keyform", "DER", "-inkey", File(privateKey), "-in", File(ciphertext),
            .. options,
        ]);

    private static (int ExitCode, byte[] Output, string Errors) Start(string[] arguments)
    {
        ProcessStartInfo start = new("openssl", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return (process.ExitCode, output.ToArray(), errors.GetAwaiter().GetResult());
    }
}
