using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KmsActors.Hsa;
using KmsActors.Protocols.Http;

namespace KmsActors.Protocols.Tencent;

/// <summary>
/// The platform's signature: an HMAC over METHOD, host, path and all parameters in order of name, as they are and
/// not encoded (dialects, section 2). So it does not fix where one parameter ends and the next begins.
/// </summary>
internal static class TencentSignature
{
    private static readonly int LongestText = Base64.GetMaxEncodedToUtf8Length(SHA256.HashSizeInBytes);

    /// <summary>Whether whoever holds <paramref name="secret"/> has signed it.</summary>
    public static bool Matches(TencentRequest request, ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var text = SourceOf(request);
#pragma warning disable CA5350 // HMAC-SHA1 is what the platform prescribes; as a MAC it is not broken.
        var length = request.IsSha256
            ? HMACSHA256.HashData(secret, text.Written, hash)
            : HMACSHA1.HashData(secret, text.Written, hash);
#pragma warning restore CA5350

        // As text, because it is remembered so: another text of the same bytes would be another request.
        Span<byte> expected = stackalloc byte[LongestText];
        Base64.EncodeToUtf8(hash[..length], expected, out _, out var written);
        using var given = new PooledBuffer(request.Signature.Length);
        given.Append(request.Signature);
        return CryptographicOperations.FixedTimeEquals(given.Written, expected[..written]);
    }

    /// <summary>What is signed.</summary>
    internal static PooledBuffer SourceOf(TencentRequest request)
    {
        var parameters = request.Parameters;
        var leavesOutFiles = request.Method == "POST" && !parameters.TryGetUtf8("Version", out _);
        var source = new PooledBuffer(4096);
        source.Append(request.Method);
        source.Append(request.Host);
        source.Append(TencentEndpoint.Path);
        var separator = "?"u8;
        for (var i = 0; i < parameters.Count; i++)
        {
            var name = parameters.Name(i);
            var value = parameters.Value(i);
            if (name.SequenceEqual("Signature"u8)) continue;
            // The vendor's clients take such values of a form for names of files, unless a Version is given.
            if (leavesOutFiles && value.StartsWith("@"u8)) continue;
            source.Append(separator);
            AppendName(name, source);
            source.Append("="u8);
            source.Append(value);
            separator = "&"u8;
        }

        return source;
    }

    // The clients put a '.' for a '_' that is not the first character, after sorting.
    private static void AppendName(ReadOnlySpan<byte> name, PooledBuffer source)
    {
        var isKept = name.StartsWith("_"u8);
        name.CopyTo(source.GetSpan(name.Length));
        source.Advance(name.Length);
        if (!isKept) source.Written[^name.Length..].Replace((byte)'_', (byte)'.');
    }
}
