using System.Security.Cryptography;
using System.Text.Json;

namespace KmsActors.Benchmarks.Load;

/// <summary>The requests that several scenarios send.</summary>
internal static class Requests
{
    private const int PlaintextBytes = 1024;

    private static readonly string s_plaintext =
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(PlaintextBytes));

    /// <summary>Encrypt of 1 KiB; KeyId varies.</summary>
    public static SignedRequests Encrypt(
        Credentials credentials,
        TimeSpan clockOff = default,
        bool isForged = false,
        bool isOfUnknownKeys = false) => new(credentials, "Encrypt", ("Plaintext", s_plaintext))
        {
            ClockOff = clockOff,
            IsForged = isForged,
            IsOfUnknownKeys = isOfUnknownKeys,
        };

    /// <summary>Encrypt of 1 KiB with the keys in turn.</summary>
    public static Action<RequestBatch> EncryptWith(
        SignedRequests requests, params IReadOnlyList<string> keyIds)
    {
        var next = 0;
        return batch => requests.AppendTo(batch, ("KeyId", keyIds[next++ % keyIds.Count]));
    }

    /// <summary>Encrypt of 1 KiB with keys of many accounts in turn.</summary>
    public static Action<RequestBatch> EncryptWith(IReadOnlyList<Processes.UsableKey> keys)
    {
        var next = 0;
        var requests = keys.Select(key => key.Credentials).Distinct()
            .ToDictionary(each => each, each => Encrypt(each));
        return batch =>
        {
            var key = keys[next++ % keys.Count];
            requests[key.Credentials].AppendTo(batch, ("KeyId", key.KeyId));
        };
    }

    /// <summary>Sends one request and returns its answer.</summary>
    public static JsonElement Call(int port, Action<RequestBatch> appendRequest)
    {
        var batch = new RequestBatch();
        appendRequest(batch);
        using var connection = new Connection(port);
        if (connection.Call(batch[0]) != 200)
            throw new InvalidOperationException($"The answer was: {connection}");
        return JsonElement.Parse(connection.Body);
    }
}
