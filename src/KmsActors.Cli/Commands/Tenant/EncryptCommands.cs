using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl encrypt and decrypt.</summary>
internal static class EncryptCommands
{
    public static Command Encrypt()
    {
        var key = Options.Key();
        var input = new DataInput("The plaintext, up to 6144 bytes");
        var output = new DataOutput();
        var context = Options.Context();
        var algorithm = Algorithm();
        var version = Options.KeyVersion();
        var command = new Command("encrypt", "Encrypts with a key") { key, context, algorithm, version };
        input.AddTo(command);
        output.AddTo(command);
        return command.Runs(async call =>
        {
            var plaintext = await input.ReadAsync(call);
            try
            {
                var answer = await EncryptAsync(
                    call, call.Get(key), Convert.ToBase64String(plaintext), JsonText.OfContext(call.Get(context)),
                    call.Get(algorithm), call.Get(version));
                await output.WriteAsync(call, answer, "CiphertextBlob", answer.Bytes("CiphertextBlob"));
            }
            finally
            {
                CryptographicOperations.ZeroMemory(plaintext);
            }
        });
    }

    public static Command Decrypt()
    {
        var input = new DataInput("The ciphertext", isBinary: true);
        var output = new DataOutput(isSecret: true);
        var context = Options.Context();
        var key = Options.Text("--key", "KEY", "For asymmetric keys, whose ciphertexts do not say");
        var algorithm = Algorithm();
        var version = Options.KeyVersion();
        var command = new Command("decrypt", "Decrypts") { context, key, algorithm, version };
        input.AddTo(command);
        output.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(key) is null != result.GetResult(algorithm) is null)
                result.AddError("--key and --algorithm go together.");
        });
        return command.Runs(async call =>
        {
            using var file = output.Prepare(call);
            var ciphertext = Convert.ToBase64String(await input.ReadAsync(call));
            var answer = call.Get(algorithm) is { } chosen
                ? await call.Tenant.CallAsync(
                    "AsymmetricDecrypt",
                    ("KeyId", call.Get(key)),
                    ("KeyVersionId", await Versions.OrNewestAsync(call, call.Get(key)!, call.Get(version))),
                    ("Algorithm", chosen),
                    ("CiphertextBlob", ciphertext))
                : await call.Tenant.CallAsync(
                    "Decrypt",
                    ("CiphertextBlob", ciphertext),
                    ("EncryptionContext", JsonText.OfContext(call.Get(context))));
            var plaintext = PlaintextOf(answer);
            try
            {
                await output.WriteAsync(call, answer, "Plaintext", plaintext, file);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(plaintext);
            }
        });
    }

    private static async Task<JsonElement> EncryptAsync(
        Call call, string key, string plaintext, string? context, string? algorithm, string? version)
    {
        if (algorithm is null)
        {
            return await call.Tenant.CallAsync(
                "Encrypt", ("KeyId", key), ("Plaintext", plaintext), ("EncryptionContext", context));
        }

        if (context is not null) throw new CliException("Asymmetric keys take no --context.");
        return await call.Tenant.CallAsync(
            "AsymmetricEncrypt",
            ("KeyId", key),
            ("KeyVersionId", await Versions.OrNewestAsync(call, key, version)),
            ("Algorithm", algorithm),
            ("Plaintext", plaintext));
    }

    // What was encrypted as text by other clients comes back as text; what reads as Base64 is taken for it.
    private static byte[] PlaintextOf(JsonElement answer)
    {
        var plaintext = answer.Member("Plaintext");
        return plaintext.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : Encoding.UTF8.GetBytes(plaintext.GetString() ?? "");
    }

    private static Option<string?> Algorithm() => Options.Choice(
        "--algorithm", "For asymmetric keys", "RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1", "SM2PKE");
}
