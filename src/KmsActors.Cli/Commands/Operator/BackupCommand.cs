using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl backup.</summary>
internal static class BackupCommand
{
    private const int BufferSize = 81920;

    public static Command Create()
    {
        var file = Options.Name("FILE", "Where to: a new file of mode 0600, whole or not at all");
        var force = Options.Flag("--force", "Replace a file that is there");
        return new Command(
            "backup", "Copies the SQLite database of a service that runs; keep the root key apart from it")
        {
            file, force,
        }.Runs(call => RunAsync(call, call.Get(file), call.Get(force)));
    }

    private static async Task RunAsync(Call call, string path, bool force)
    {
        await using var file = WholeFile.Create(path, force);
        using var response = await call.Admin.GetLongAsync("backup");
        if (response.Content.Headers.ContentLength is not { } length || Digest.Of(response) is not { } expected)
            throw new CliException(ExitCode.Unreachable, "The answer has no length or no Repr-Digest.");
        var written = 0L;
        var copy = CopyAsync(call, response, file.Stream, count => Volatile.Write(ref written, count));
        await Progress.ShowAsync(call, "backup", length, () => Volatile.Read(ref written), copy);
        var hash = await copy;
        if (!hash.AsSpan().SequenceEqual(expected)) throw CutOff(null);
        await file.FinishAsync();
        using var said = JsonDocument.Parse(JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("file", path);
            json.WriteNumber("bytes", length);
            json.WriteString("sha256", Convert.ToHexStringLower(hash));
            json.WriteEndObject();
        }));
        call.Output.Item(said.RootElement);
    }

    private static async Task<byte[]> CopyAsync(
        Call call, HttpResponseMessage response, FileStream file, Action<long> tell)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var content = await response.Content.ReadAsStreamAsync(call.Cancellation);
        var buffer = new byte[BufferSize];
        var written = 0L;
        while (await ReadAsync(call, content, buffer) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), call.Cancellation);
            tell(written += read);
        }

        return hash.GetHashAndReset();
    }

    // What fails on the way is the service's, or the network's; what fails in writing is the file's.
    private static async Task<int> ReadAsync(Call call, Stream content, byte[] buffer)
    {
        try
        {
            return await content.ReadAsync(buffer, call.Cancellation);
        }
        catch (IOException failure)
        {
            throw CutOff(failure);
        }
    }

    private static CliException CutOff(Exception? failure) => new(
        ExitCode.Unreachable, "The copy is cut off or damaged, and not kept. The service's log may say why.", failure);
}
