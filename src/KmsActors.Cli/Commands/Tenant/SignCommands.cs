using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>kmsctl sign, verify and public-key.</summary>
internal static class SignCommands
{
    private const string Sm2 = "SM2DSA";

    public static Command Sign()
    {
        var common = new Common();
        var output = new DataOutput();
        var command = new Command("sign", "Signs with an asymmetric key");
        common.AddTo(command);
        output.AddTo(command);
        return command.Runs(async call =>
        {
            var answer = await call.Tenant.CallAsync("AsymmetricSign", await common.ParametersAsync(call));
            await output.WriteAsync(call, answer, "Value", answer.Bytes("Value"));
        });
    }

    public static Command Verify()
    {
        var common = new Common();
        var signature = Options.Text("--signature", "FILE", "The file with the signature");
        var base64 = Options.Text("--signature-base64", "BASE64", "The signature");
        var command = new Command("verify", "Verifies a signature; exit code 1 when it is not good")
        {
            signature, base64,
        };
        common.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(signature) is null == result.GetResult(base64) is null)
                result.AddError("A signature is needed: --signature or --signature-base64.");
        });
        return command.Runs(async call =>
        {
            const int longestSignature = 1024;
            var value = call.Get(signature) is { } file
                ? Convert.ToBase64String(await Files.ReadAsync(call, file, longestSignature))
                : call.Get(base64);
            var answer = await call.Tenant.CallAsync(
                "AsymmetricVerify", [.. await common.ParametersAsync(call), ("Value", value)]);
            var isGood = answer.Member("Value").ValueKind == JsonValueKind.True;
            if (isGood || call.Output.IsJson) call.Output.Done(answer, "The signature is good.");
            if (!isGood) throw new CliException(ExitCode.Refused, "The signature is not good.");
        });
    }

    public static Command PublicKey()
    {
        var key = Options.Key();
        var version = Options.KeyVersion();
        var file = Options.Text("--output", "FILE", "Write to this file");
        return new Command("public-key", "Shows the public key of an asymmetric key, as PEM")
        {
            key, version, file,
        }.Runs(
            async call =>
            {
                var id = call.Get(key);
                var answer = await call.Tenant.CallAsync(
                    "GetPublicKey",
                    ("KeyId", id),
                    ("KeyVersionId", await Versions.OrNewestAsync(call, id, call.Get(version))));
                var pem = answer.Required("PublicKey");
                if (call.Get(file) is { } path) await Files.WriteAsync(path, Encoding.UTF8.GetBytes(pem));
                if (call.Output.IsJson) call.Output.Item(answer);
                else if (call.Get(file) is null) call.Output.Bytes(Encoding.UTF8.GetBytes(pem), false);
            });
    }

    /// <summary>What signing and verifying have in common.</summary>
    private sealed class Common
    {
        private readonly Argument<string> _key = Options.Key();
        private readonly DataInput _message = new("The message");
        private readonly Option<bool> _isDigest = Options.Flag(
            "--digest", "What comes in is the digest, 32 bytes; needed for SM2DSA, whose SM3 is not computed here");

        private readonly Option<string?> _algorithm = Options.Choice(
            "--algorithm", "Default: by the kind of key",
            "RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256", "ECDSA_SHA_256", Sm2);

        private readonly Option<string?> _version = Options.KeyVersion();

        public void AddTo(Command command)
        {
            command.Arguments.Add(_key);
            _message.AddTo(command);
            command.Options.Add(_isDigest);
            command.Options.Add(_algorithm);
            command.Options.Add(_version);
        }

        public async Task<(string, string?)[]> ParametersAsync(Call call)
        {
            var key = call.Get(_key);
            var algorithm = call.Get(_algorithm) ?? await AlgorithmOfAsync(call, key);
            if (algorithm == Sm2 && !call.Get(_isDigest)) throw new CliException("SM2DSA needs --digest.");
            return
            [
                ("KeyId", key),
                ("KeyVersionId", await Versions.OrNewestAsync(call, key, call.Get(_version))),
                ("Algorithm", algorithm),
                ("Digest", Convert.ToBase64String(await _message.DigestAsync(call, call.Get(_isDigest)))),
            ];
        }

        private static async Task<string> AlgorithmOfAsync(Call call, string key)
        {
            var answer = await call.Tenant.CallAsync("DescribeKey", ("KeyId", key));
            return answer.Member("KeyMetadata").Text("KeySpec") switch
            {
                "EC_P256" or "EC_P256K" => "ECDSA_SHA_256",
                "EC_SM2" => Sm2,
                _ => "RSA_PSS_SHA_256",
            };
        }
    }
}
