using System.Security.Cryptography;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>What the service answered. Answers can hold plaintexts, so the bytes are zeroed in the end.</summary>
internal sealed class Answer : IDisposable
{
    private readonly byte[] _bytes;
    private readonly JsonDocument? _document;

    private Answer(int status, byte[] bytes, JsonDocument? document)
    {
        Status = status;
        _bytes = bytes;
        _document = document;
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>How long the service wants to be left alone, if it says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the call was carried out.</summary>
    public bool IsGood => Status is >= 200 and <= 299 && _document is not null;

    /// <summary>The JSON object, if it was one.</summary>
    public JsonElement? Root => _document?.RootElement;

    /// <summary>Takes the bytes over. Nothing at all stands for an empty object.</summary>
    public static Answer Of(int status, byte[] bytes, TimeSpan? retryAfter)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes.Length == 0 ? "{}"u8.ToArray() : bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new Answer(status, bytes, document) { RetryAfter = retryAfter };
        }
        catch (JsonException)
        {
            // Something else than the service answered; the status says what there is to say.
        }

        document?.Dispose();
        return new Answer(status, bytes, null) { RetryAfter = retryAfter };
    }

    /// <summary>
    /// What the service refused, in the words of either of its protocols: Code, Message and RequestId, or code,
    /// title and requestId.
    /// </summary>
    public CliException ToException()
    {
        var code = Text("Code") ?? Text("code");
        if (code is null) return new CliException(ExitCode.Unreachable, $"HTTP {Status}, and no answer of a KMS.");
        var message = Text("Message") ?? Text("title") ?? "";
        var about = Text("parameter") is { } parameter ? $" ({parameter})" : "";
        var id = Text("RequestId") ?? Text("requestId");
        return new CliException(
            ExitCodeOf(Status, code), $"{code}: {message}{about}{(id is null ? "" : $" [request {id}]")}")
        {
            Status = Status,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _document?.Dispose();
        CryptographicOperations.ZeroMemory(_bytes);
    }

    /// <summary>The exit code for a refusal.</summary>
    internal static int ExitCodeOf(int status, string code) => (status, code) switch
    {
        (429, _) or (_, "Rejected.Throttling") => ExitCode.Throttled,
        ( >= 500, _) => ExitCode.Unreachable,
        (401 or 403, _) => ExitCode.Credential,
        (_, "InvalidAccessKeyId.NotFound" or "IncompleteSignature" or "SignatureDoesNotMatch"
            or "SignatureNonceUsed" or "IllegalTimestamp") => ExitCode.Credential,
        _ => ExitCode.Refused,
    };

    private string? Text(string name) => Root?.Text(name);
}
