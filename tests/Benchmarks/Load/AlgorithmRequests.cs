using System.Security.Cryptography;
using KmsActors.Benchmarks.Processes;

namespace KmsActors.Benchmarks.Load;

/// <summary>Requests that use an algorithm, each with a key that is made for it on the running server.</summary>
internal sealed class AlgorithmRequests(int port)
{
    private static readonly string s_digest = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly Dictionary<string, (string Name, string Value)[]> _pairs = [];

    /// <summary>Encrypt of 1 KiB.</summary>
    public Action<RequestBatch> Encrypt(string spec) =>
        Requests.EncryptWith(Requests.Encrypt(ServerProcess.Root), NewKey(("KeySpec", spec)));

    /// <summary>The same, with a key in the hardware module.</summary>
    public Action<RequestBatch> EncryptInModule() =>
        Requests.EncryptWith(Requests.Encrypt(ServerProcess.Root), NewKey(("ProtectionLevel", "HSM")));

    public Action<RequestBatch> Sign(string spec, string algorithm) =>
        Of("AsymmetricSign", spec, "SIGN/VERIFY", ("Algorithm", algorithm), ("Digest", s_digest));

    /// <summary>Verification of a good signature.</summary>
    public Action<RequestBatch> Verify(string spec, string algorithm)
    {
        var value = Requests.Call(port, Sign(spec, algorithm)).GetProperty("Value").GetString()!;
        var verify = Of(
            "AsymmetricVerify",
            spec,
            "SIGN/VERIFY",
            ("Algorithm", algorithm),
            ("Digest", s_digest),
            ("Value", value));
        return Requests.Call(port, verify).GetProperty("Value").GetBoolean()
            ? verify
            : throw new InvalidOperationException($"A signature of {spec} with {algorithm} does not verify.");
    }

    /// <summary>AsymmetricEncrypt of 32 bytes.</summary>
    public Action<RequestBatch> EncryptFor(string spec, string algorithm) =>
        Of("AsymmetricEncrypt", spec, "ENCRYPT/DECRYPT", ("Algorithm", algorithm), ("Plaintext", s_digest));

    /// <summary>AsymmetricDecrypt of 32 bytes.</summary>
    public Action<RequestBatch> Decrypt(string spec, string algorithm)
    {
        var encrypted = Requests.Call(port, EncryptFor(spec, algorithm));
        var ciphertext = encrypted.GetProperty("CiphertextBlob").GetString()!;
        return Of(
            "AsymmetricDecrypt",
            spec,
            "ENCRYPT/DECRYPT",
            ("Algorithm", algorithm),
            ("CiphertextBlob", ciphertext));
    }

    public Action<RequestBatch> GetPublicKey(string spec) => Of("GetPublicKey", spec, "SIGN/VERIFY");

    private Action<RequestBatch> Of(
        string action, string spec, string usage, params (string Name, string Value)[] parameters)
    {
        var requests = new SignedRequests(ServerProcess.Root, action, [.. Pair(spec, usage), .. parameters]);
        return batch => requests.AppendTo(batch);
    }

    /// <summary>KeyId and KeyVersionId of the one pair of this kind and usage.</summary>
    private (string Name, string Value)[] Pair(string spec, string usage)
    {
        if (_pairs.TryGetValue(spec + usage, out var made)) return made;
        var keyId = ("KeyId", NewKey(("KeySpec", spec), ("KeyUsage", usage)));
        var versions = Call("ListKeyVersions", keyId).GetProperty("KeyVersions").GetProperty("KeyVersion");
        var versionId = versions[0].GetProperty("KeyVersionId").GetString()!;
        return _pairs[spec + usage] = [keyId, ("KeyVersionId", versionId)];
    }

    private string NewKey(params (string Name, string Value)[] parameters) =>
        Call("CreateKey", parameters).GetProperty("KeyMetadata").GetProperty("KeyId").GetString()!;

    private System.Text.Json.JsonElement Call(string action, params (string Name, string Value)[] parameters)
    {
        var requests = new SignedRequests(ServerProcess.Root, action, parameters);
        return Requests.Call(port, batch => requests.AppendTo(batch));
    }
}
