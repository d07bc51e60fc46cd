using System.Security.Cryptography;
using System.Text;

namespace KmsActors.Benchmarks.Load;

/// <summary>An access key.</summary>
internal sealed record Credentials(string AccessKeyId, string Secret);

/// <summary>
/// Makes signed POST requests of one action, as the vendor's SDK does: all parameters in a form body,
/// answer in JSON. Written anew from the document's rule rather than borrowed from the server.
/// </summary>
internal sealed class SignedRequests
{
    private readonly List<(string Name, string Once, string Twice)> _constant = [];
    private readonly string _keyId;
    private readonly byte[] _key;

    public SignedRequests(
        Credentials credentials, string action, params (string Name, string Value)[] parameters)
    {
        _keyId = credentials.AccessKeyId;
        _key = Encoding.UTF8.GetBytes(credentials.Secret + "&");
        Add("Action", action);
        Add("Format", "JSON");
        Add("SignatureMethod", "HMAC-SHA1");
        Add("SignatureVersion", "1.0");
        Add("Version", "2016-01-20");
        foreach (var (name, value) in parameters) Add(name, value);
    }

    /// <summary>Signs as if it were another time.</summary>
    public TimeSpan ClockOff { get; init; }

    /// <summary>Spoils the signature.</summary>
    public bool IsForged { get; init; }

    /// <summary>Gives every request an access key id that nobody has.</summary>
    public bool IsOfUnknownKeys { get; init; }

    /// <summary>Leaves the nonce out, as one may: such a request can be sent again for some minutes.</summary>
    public bool HasNoNonce { get; init; }

    /// <summary>Appends one request, fresh and, with a nonce, never to be sent twice.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="varying">Parameters that differ from request to request.</param>
    public void AppendTo(RequestBatch batch, params ReadOnlySpan<(string Name, string Value)> varying)
    {
        var all = new List<(string Name, string Once, string Twice)>(_constant);
        var nonce = Guid.NewGuid().ToString("N");
        all.Add(Encoded("AccessKeyId", IsOfUnknownKeys ? "LTAI" + nonce[..20] : _keyId));
        if (!HasNoNonce) all.Add(Encoded("SignatureNonce", nonce));
        all.Add(Encoded("Timestamp", (DateTime.UtcNow + ClockOff).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")));
        foreach (var (name, value) in varying) all.Add(Encoded(name, value));
        all.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));

        var body = new StringBuilder(2048);
        var toSign = new StringBuilder("POST&%2F&", 4096);
        for (var i = 0; i < all.Count; i++)
        {
            body.Append(i == 0 ? "" : "&").Append(all[i].Name).Append('=').Append(all[i].Once);
            toSign.Append(i == 0 ? "" : "%26").Append(all[i].Name).Append("%3D").Append(all[i].Twice);
        }

#pragma warning disable CA5350 // The protocol's own.
        var signature = HMACSHA1.HashData(_key, Encoding.UTF8.GetBytes(toSign.ToString()));
#pragma warning restore CA5350
        if (IsForged) signature[0] ^= 1;
        body.Append("&Signature=").Append(Uri.EscapeDataString(Convert.ToBase64String(signature)));
        batch.Append(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
    }

    private void Add(string name, string value) => _constant.Add(Encoded(name, value));

    private static (string Name, string Once, string Twice) Encoded(string name, string value)
    {
        var once = Uri.EscapeDataString(value);
        return (name, once, Uri.EscapeDataString(once));
    }
}
