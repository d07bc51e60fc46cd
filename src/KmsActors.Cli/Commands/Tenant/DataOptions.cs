using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>Where data comes from: a file, standard input, or the command line.</summary>
internal sealed class DataInput
{
    private const int Most = 64 * 1024;

    private readonly bool _isBinary;

    /// <param name="what">What comes in.</param>
    /// <param name="isBinary">Whether it never is text, so that on the command line it has to be Base64.</param>
    public DataInput(string what, bool isBinary = false)
    {
        _isBinary = isBinary;
        Input = Options.Text("--input", "FILE", $"{what}, from a file (default: standard input)");
        Text = isBinary
            ? Options.Text("--text", "BASE64", $"{what}, in Base64")
            : Options.Text("--text", "TEXT", $"{what}, as text: others on the machine can see it");
        FromBase64 = Options.Flag("--from-base64", "What comes in is Base64");
    }

    public Option<string?> Input { get; }

    public Option<string?> Text { get; }

    public Option<bool> FromBase64 { get; }

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(Input);
        command.Options.Add(Text);
        command.Options.Add(FromBase64);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Input) is not null && result.GetResult(Text) is not null)
                result.AddError("--input and --text do not go together.");
        });
    }

    /// <summary>Reads it; to be zeroed by whoever gets it.</summary>
    public async Task<byte[]> ReadAsync(Call call)
    {
        var text = call.Get(Text);
        var read = text is null ? await Files.ReadAsync(call, call.Get(Input), Most) : Encoding.UTF8.GetBytes(text);
        if (!call.Get(FromBase64) && !(text is not null && _isBinary)) return read;
        var decoded = FromBase64Text(read);
        CryptographicOperations.ZeroMemory(read);
        return decoded ?? throw new CliException("The input is no Base64.");
    }

    /// <summary>The digest of it by SHA-256, however long it is; or the 32 bytes of a digest.</summary>
    public async Task<byte[]> DigestAsync(Call call, bool isDigest)
    {
        if (isDigest)
        {
            var digest = await ReadAsync(call);
            return digest.Length == SHA256.HashSizeInBytes ? digest : throw new CliException("A digest has 32 bytes.");
        }

        if (call.Get(Text) is not null || call.Get(FromBase64)) return SHA256.HashData(await ReadAsync(call));
        await using var stream = Files.OpenInput(call, call.Get(Input));
        return await SHA256.HashDataAsync(stream, call.Cancellation).AsTask().WaitAsync(call.Cancellation);
    }

    private static byte[]? FromBase64Text(ReadOnlySpan<byte> text)
    {
        if (!Base64.IsValid(text, out var length)) return null;
        var decoded = new byte[length];
        Base64.DecodeFromUtf8(text, decoded, out _, out _);
        return decoded;
    }
}

/// <summary>Where bytes go: a file or standard output, as they are or in Base64.</summary>
/// <param name="isSecret">Whether a file is for its user alone, and never one that is there already.</param>
internal sealed class DataOutput(bool isSecret = false)
{
    public Option<string?> Output { get; } = Options.Text(
        "--output", "FILE", isSecret ? "Write to this new file, of mode 0600" : "Write to this file");

    public Option<bool> ToBase64 { get; } = Options.Flag("--to-base64", "Write Base64 rather than raw bytes");

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(Output);
        command.Options.Add(ToBase64);
    }

    /// <summary>Makes what a secret goes to, before there is the secret.</summary>
    public SecretFile? Prepare(Call call) => isSecret ? SecretFile.Create(call.Get(Output)) : null;

    /// <summary>Writes the bytes that are <paramref name="member"/> of the answer; or the answer, or both.</summary>
    public async Task WriteAsync(
        Call call, JsonElement answer, string member, byte[] bytes, SecretFile? prepared = null)
    {
        var asBase64 = call.Get(ToBase64);
        var path = call.Get(Output);
        if (path is not null)
        {
            var content = asBase64 ? Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)) : bytes;
            if (prepared is not null) prepared.Write(content);
            else await Files.WriteAsync(path, content);
        }

        if (call.Output.IsJson) call.Output.Item(answer, null, path is not null && isSecret ? [member] : []);
        else if (path is null) call.Output.Bytes(bytes, asBase64);
    }
}
