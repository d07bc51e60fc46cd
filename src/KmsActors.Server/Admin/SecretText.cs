using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KmsActors.Server;

/// <summary>A secret in a body: bytes that can be zeroed, where a string could not.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class SecretText : IDisposable
{
    private const int MostBytes = 4096;

    private readonly byte[] _utf8;

    private SecretText(byte[] utf8) => _utf8 = utf8;

    /// <summary>The secret in UTF-8, until disposal.</summary>
    public ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <summary>Zeroes it.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_utf8);

    /// <summary>Says nothing of it.</summary>
    public override string ToString() => nameof(SecretText);

    private sealed class Converter : JsonConverter<SecretText>
    {
        public override SecretText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            // One that came in pieces is in a sequence of them.
            var bytes = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
            if (reader.TokenType != JsonTokenType.String || bytes > MostBytes) throw new JsonException();
            Span<byte> buffer = stackalloc byte[MostBytes];
            var length = reader.CopyString(buffer);
            var secret = new SecretText(buffer[..length].ToArray());
            CryptographicOperations.ZeroMemory(buffer[..length]);
            return secret;
        }

        public override void Write(Utf8JsonWriter writer, SecretText value, JsonSerializerOptions options) =>
            throw new NotSupportedException("a password is not told");
    }
}
