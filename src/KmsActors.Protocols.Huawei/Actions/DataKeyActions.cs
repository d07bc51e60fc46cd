using System.Security.Cryptography;
using KmsActors.Hsa;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>Data keys and random numbers, all in hexadecimal: seed 003, 4.1.8 to 4.1.12.</summary>
internal static class DataKeyActions
{
    private const int DefaultBytes = 32;

    public static ValueTask<HuaweiError?> GenRandom(HuaweiCall call)
    {
        const string length = "random_data_length";
        var bytes = call.Bind.Bits(length, HuaweiErrors.RandomDataLengthInvalid);
        call.Bind.Require(call.Bind.IsGiven(length), length, HuaweiErrors.ParameterMissing);
        return call.RunAsync(
            new GenerateRandom(bytes ?? 0), static (answer, random) => answer.Hex("random_data", random.Span));
    }

    public static ValueTask<HuaweiError?> CreateDataKey(HuaweiCall call)
    {
        var key = KeyReference.ById(call.Bind.KeyId());
        var context = call.Bind.Context();
        var bytes = call.Bind.Bits("datakey_length", HuaweiErrors.DataKeyLengthInvalid) ?? DefaultBytes;
        return call.RunAsync(new GenerateDataKey(key, bytes, context), static (answer, made) =>
        {
            answer.String("key_id", made.Encrypted.KeyId);
            answer.Hex("plain_text", made.Plaintext.Span);
            answer.Hex("cipher_text", made.Encrypted.Ciphertext);
        });
    }

    /// <summary>With both a length and a kind, the length counts (seed 003, table 4-42).</summary>
    public static ValueTask<HuaweiError?> CreateDataKeyWithoutPlaintext(HuaweiCall call)
    {
        var key = KeyReference.ById(call.Bind.KeyId());
        var context = call.Bind.Context();
        var bytes = call.Bind.Bits("datakey_length", HuaweiErrors.WithoutPlaintextLengthInvalid);
        var bytesOfKind = call.Bind.Choice(
            "key_spec", DefaultBytes, HuaweiErrors.ParameterInvalid, ("AES_256", 32), ("AES_128", 16));
        return call.RunAsync(
            new GenerateDataKeyWithoutPlaintext(key, bytes ?? bytesOfKind, context), static (answer, made) =>
            {
                answer.String("key_id", made.KeyId);
                answer.Hex("cipher_text", made.Ciphertext);
            });
    }

    /// <summary>The data key comes with its SHA-256 behind it, so that a garbled one is not encrypted.</summary>
    public static ValueTask<HuaweiError?> EncryptDataKey(HuaweiCall call)
    {
        const int hashBytes = SHA256.HashSizeInBytes;
        var bind = call.Bind;
        var key = KeyReference.ById(bind.KeyId());
        var context = bind.Context();
        var length = bind.DataKeyBytes("datakey_plain_length", HuaweiErrors.PlainLengthInvalid);
        var both = bind.SecretHex(
            "plain_text", 1 + hashBytes, FieldRules.MostDataKeyBytes + hashBytes, HuaweiErrors.PlaintextInvalid);
        bind.Require(both.Length == length + hashBytes, "plain_text", HuaweiErrors.PlaintextInvalid);
        if (bind.Error is { } error) return new(error.About(bind.Culprit));

        var dataKey = both[..length];
        var hash = SHA256.HashData(dataKey.Span);
        if (!CryptographicOperations.FixedTimeEquals(hash, both.Span[length..]))
            return new(HuaweiErrors.PlaintextHashWrong);
        return call.RunAsync(new Encrypt(key, dataKey, PlaintextForm.Bytes, context), (answer, encrypted) =>
        {
            answer.String("key_id", encrypted.KeyId);
            answer.Hex("cipher_text", encrypted.Ciphertext);
            answer.NumberText("datakey_length", length);
        });
    }

    /// <summary>The length that is given is that of the data key, not of the ciphertext.</summary>
    public static ValueTask<HuaweiError?> DecryptDataKey(HuaweiCall call)
    {
        var bind = call.Bind;
        var keyId = bind.KeyId();
        var context = bind.Context();
        var length = bind.DataKeyBytes("datakey_cipher_length", HuaweiErrors.CipherLengthInvalid);
        var ciphertext = bind.DataKeyCiphertext();
        bind.Require(
            ciphertext.Length == length + Envelope.Overhead, "datakey_cipher_length", HuaweiErrors.CipherLengthInvalid);
        return call.RunAsync(new Decrypt(ciphertext, context) { KeyId = keyId }, static (answer, decrypted) =>
        {
            var dataKey = decrypted.Plaintext.Span;
            var hash = SHA256.HashData(dataKey);
            answer.Hex("data_key", dataKey);
            answer.NumberText("datakey_length", dataKey.Length);
            // The table's name for it, datakey_digest, is not the one that the vendor's clients read.
            answer.Hex("datakey_dgst", hash);
        });
    }
}
