using System.Security.Cryptography;

namespace KmsActors.CrashTests;

/// <summary>Calls about one key, and what each must lead to by the documents' state tables.</summary>
internal static class KeySteps
{
    private const string StateModifiedFailed = "Rejected.StateModifiedFailed";

    public static Step Enable(TrackedKey key) => Switch(key, "EnableKey", KeyModel.Enabled);

    public static Step Disable(TrackedKey key) => Switch(key, "DisableKey", KeyModel.Disabled);

    public static Step Schedule(TrackedKey key, int days)
    {
        var step = new Step("ScheduleKeyDeletion", ("KeyId", key.KeyId), ("PendingWindowInDays", $"{days}"));
        if (key.Now.State == KeyModel.PendingDeletion) return step.RefusedAs(StateModifiedFailed);
        var from = DateTimeOffset.UtcNow.AddDays(days);
        return step.Changing(key, before => before with
        {
            State = KeyModel.PendingDeletion,
            Deletion = (from, DateTimeOffset.UtcNow.AddDays(days)),
        });
    }

    public static Step Cancel(TrackedKey key)
    {
        var step = new Step("CancelKeyDeletion", ("KeyId", key.KeyId));
        if (key.Now.State != KeyModel.PendingDeletion) return step.RefusedAs(StateModifiedFailed);
        return step.Changing(key, before => before with
        {
            State = before.HasMaterial ? KeyModel.Enabled : KeyModel.PendingImport,
            Deletion = null,
        });
    }

    public static Step Tag(TrackedKey key, string tagKey, string tagValue)
    {
        var tags = $$"""[{"TagKey":"{{tagKey}}","TagValue":"{{tagValue}}"}]""";
        var step = new Step("TagResource", ("KeyId", key.KeyId), ("Tags", tags));
        if (key.Now.State == KeyModel.PendingDeletion) return step.RefusedAs("Rejected.PendingDeletion");
        if (key.Now.Tags.TryGetValue(tagKey, out var value) && value == tagValue) return step;
        return step.Changing(key, before => before with { Tags = before.Tags.SetItem(tagKey, tagValue) });
    }

    public static Step Untag(TrackedKey key, string tagKey)
    {
        var step = new Step("UntagResource", ("KeyId", key.KeyId), ("TagKeys", $"[\"{tagKey}\"]"));
        if (key.Now.State == KeyModel.PendingDeletion) return step.RefusedAs("Rejected.PendingDeletion");
        if (!key.Now.Tags.ContainsKey(tagKey)) return step;
        return step.Changing(key, before => before with { Tags = before.Tags.Remove(tagKey) });
    }

    public static Step Encrypt(TrackedKey key, string plaintext)
    {
        var step = new Step("Encrypt", ("KeyId", key.KeyId), ("Plaintext", plaintext));
        if (key.Now.State != KeyModel.Enabled) return step.RefusedAs($"Rejected.{key.Now.State}");
        return step with
        {
            Answered = answer =>
            {
                if (key.Ciphertexts.Count > 1) key.Ciphertexts.RemoveAt(1);
                key.Ciphertexts.Add((answer.Text("CiphertextBlob"), plaintext));
                return null;
            },
        };
    }

    public static Step Decrypt(TrackedKey key, (string Blob, string Plaintext) made)
    {
        var step = new Step("Decrypt", ("CiphertextBlob", made.Blob));
        if (key.Now.State != KeyModel.Enabled) return step.RefusedAs($"Rejected.{key.Now.State}");
        return step with
        {
            Answered = answer => answer.Text("Plaintext") == made.Plaintext && answer.Text("KeyId") == key.KeyId
                ? null
                : $"decrypts to {answer.Text("Plaintext")}",
        };
    }

    public static Step Describe(TrackedKey key) => new("DescribeKey", ("KeyId", key.KeyId))
    {
        Answered = answer => answer.Text("KeyMetadata", "KeyState") == key.Now.State
            ? null
            : $"{answer.Text("KeyMetadata", "KeyState")}, not {key.Now.State}",
    };

    public static Step GetParametersForImport(TrackedKey key)
    {
        var step = new Step(
            "GetParametersForImport",
            ("KeyId", key.KeyId), ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"), ("WrappingKeySpec", "RSA_2048"));
        return step with
        {
            Changes = true,
            Answered = answer =>
            {
                var text = answer.Text("ImportToken");
                // The first 16 bytes are the name under which the server keeps it.
                var name = Convert.ToHexStringLower(Convert.FromBase64String(text).AsSpan(0, 16));
                key.Tokens.Add(new Token(name, text, Convert.FromBase64String(answer.Text("PublicKey"))));
                key.Now = key.Now with { Tokens = key.Now.Tokens.Add(name) };
                return null;
            },
            Unanswered = () => key.Maybe = key.Now with { UnknownTokens = key.Now.UnknownTokens + 1 },
        };
    }

    public static Step Import(TrackedKey key, Token token, DateTimeOffset? expiry)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(token.PublicKey, out _);
        var wrapped = rsa.Encrypt(key.Material, RSAEncryptionPadding.OaepSHA256);
        var step = new Step(
            "ImportKeyMaterial",
            ("KeyId", key.KeyId), ("ImportToken", token.Text),
            ("EncryptedKeyMaterial", Convert.ToBase64String(wrapped)),
            ("KeyMaterialExpireUnix", $"{expiry?.ToUnixTimeSeconds() ?? 0}"));
        if (key.Now.State == KeyModel.PendingDeletion) return step.RefusedAs(StateModifiedFailed);
        // Two grains in one turn: the key has the material exactly when the token is used up.
        return step.Changing(key, before => before with
        {
            State = before.State == KeyModel.PendingImport ? KeyModel.Enabled : before.State,
            HasMaterial = true,
            Expiry = expiry,
            Tokens = before.Tokens.Remove(token.Name),
        });
    }

    public static Step DeleteMaterial(TrackedKey key)
    {
        var step = new Step("DeleteKeyMaterial", ("KeyId", key.KeyId));
        if (!key.Now.External) return step.RefusedAs("Unsupported.Origin");
        if (!key.Now.HasMaterial) return step;
        return step.Changing(key, before => before with
        {
            State = before.State == KeyModel.PendingDeletion ? before.State : KeyModel.PendingImport,
            HasMaterial = false,
            Expiry = null,
        });
    }

    private static Step Switch(TrackedKey key, string action, string to)
    {
        var step = new Step(action, ("KeyId", key.KeyId));
        if (key.Now.State is KeyModel.PendingDeletion or KeyModel.PendingImport)
            return step.RefusedAs(StateModifiedFailed);
        return key.Now.State == to ? step : step.Changing(key, before => before with { State = to });
    }
}
