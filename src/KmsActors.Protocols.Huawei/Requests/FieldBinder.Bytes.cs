using System.Buffers;
using System.Text.Json;
using KmsActors.Hsa;
using KmsActors.Protocols.Http;

namespace KmsActors.Protocols.Huawei;

/// <content>Bytes and secrets. The bounds are counted as the document counts them.</content>
internal sealed partial class FieldBinder
{
    /// <summary>Required bytes in hexadecimal, of either case; bounded in bytes.</summary>
    public byte[] Hex(string name, int leastBytes, int mostBytes, HuaweiError error) =>
        Decode(name, 2 * leastBytes, 2 * mostBytes, error, static digits =>
        {
            var bytes = new byte[digits.Length / 2];
            return digits.Length % 2 == 0
                && Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done
                ? bytes
                : null;
        });

    /// <summary>As <see cref="Hex"/>. Lives as long as the binder of the body.</summary>
    public ReadOnlyMemory<byte> SecretHex(string name, int leastBytes, int mostBytes, HuaweiError error) =>
        Keep(Hex(name, leastBytes, mostBytes, error));

    /// <summary>
    /// Required Base64 of RFC 4648, 4, without white space or spare bits; bounded in characters of it.
    /// </summary>
    public byte[] Base64(string name, int leastCharacters, int mostCharacters, HuaweiError error) =>
        Decode(name, leastCharacters, mostCharacters, error, static text =>
        {
            if (!Base64Text.IsCanonical(text)) return null;
            var bytes = new byte[Base64Text.MostBytes(text)];
            Base64Text.TryDecode(text, bytes, out _);
            return bytes;
        });

    /// <summary>A required text, as UTF-8, bounded in bytes of it. Lives as long as the binder of the body.</summary>
    public ReadOnlyMemory<byte> SecretText(string name, int leastBytes, int mostBytes, HuaweiError error) =>
        Keep(Decode(name, leastBytes, mostBytes, error, static text => text.ToArray()));

    private byte[] Decode(string name, int least, int most, HuaweiError error, Decoder decode)
    {
        if (!TryField(name, out var field))
        {
            Fail(name, HuaweiErrors.ParameterMissing);
            return [];
        }

        byte[]? bytes = null;
        if (field.ValueKind == JsonValueKind.String)
        {
            using var text = new PooledBuffer(256);
            JsonFields.AppendText(field, text);
            if (text.Length >= least && text.Length <= most) bytes = decode(text.Written);
        }

        if (bytes is null) Fail(name, error);
        return bytes ?? [];
    }

    private ReadOnlyMemory<byte> Keep(byte[] secret)
    {
        var kept = new SecretBytes(secret);
        _root._secrets.Add(kept);
        return kept.Memory;
    }

    private delegate byte[]? Decoder(ReadOnlySpan<byte> text);
}
