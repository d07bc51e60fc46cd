using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl data-key.</summary>
internal static class DataKeyCommand
{
    public static Command Create()
    {
        var key = Options.Key();
        var bytes = Options.Number("--bytes", "How long it is (default: 32)", 1, 1024);
        var context = Options.Context();
        var plaintext = Options.Text(
            "--plaintext-file", "FILE", "Write the plaintext to this new file, of mode 0600, rather than showing it");
        var ciphertext = Options.Text("--ciphertext-file", "FILE", "Write the ciphertext to this file");
        var without = Options.Flag("--without-plaintext", "Do not ask for the plaintext");
        var command = new Command("data-key", "Makes a data key, in the clear and encrypted")
        {
            key, bytes, context, plaintext, ciphertext, without,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(plaintext) is not null && result.GetResult(without) is not null)
                result.AddError("--plaintext-file and --without-plaintext do not go together.");
        });
        return command.Runs(async call =>
        {
            using var file = SecretFile.Create(call.Get(plaintext));
            var action = call.Get(without) ? "GenerateDataKeyWithoutPlaintext" : "GenerateDataKey";
            var answer = await call.Tenant.CallAsync(
                action,
                ("KeyId", call.Get(key)),
                ("NumberOfBytes", call.Get(bytes)?.ToString()),
                ("EncryptionContext", JsonText.OfContext(call.Get(context))));
            var written = new List<string>();
            if (file is not null)
            {
                WriteSecret(file, answer);
                written.Add("Plaintext");
            }

            if (call.Get(ciphertext) is { } path)
            {
                await Files.WriteAsync(path, answer.Bytes("CiphertextBlob"));
                written.Add("CiphertextBlob");
            }

            call.Output.Item(answer, null, [.. written]);
        });
    }

    private static void WriteSecret(SecretFile file, JsonElement answer)
    {
        var secret = answer.Bytes("Plaintext");
        file.Write(secret);
        CryptographicOperations.ZeroMemory(secret);
    }
}
