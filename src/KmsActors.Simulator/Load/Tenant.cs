using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>An account as its owner knows it: what he was told, and what he has kept.</summary>
/// <param name="account">Its number.</param>
internal sealed class Tenant(string account)
{
    private const int MostCiphertexts = 64;

    /// <summary>Its number.</summary>
    public string Account => account;

    /// <summary>The access keys that it was given, with which it may call or not.</summary>
    public List<string> AccessKeys { get; } = [];

    /// <summary>The keys that it was told of.</summary>
    public List<KnownKey> Keys { get; } = [];

    /// <summary>The names that it has tried to give.</summary>
    public List<string> Aliases { get; } = [];

    /// <summary>Import tokens that it has.</summary>
    public List<KnownToken> Tokens { get; } = [];

    /// <summary>What it has encrypted, lately.</summary>
    public List<KnownCiphertext> Ciphertexts { get; } = [];

    /// <summary>The secret of every access key; it is no secret here.</summary>
    public static string SecretOf(string accessKeyId) => $"secret-of-{accessKeyId}";

    /// <summary>Keeps a ciphertext, in place of some other if there are many.</summary>
    public void Keep(KnownCiphertext ciphertext, Chance chance)
    {
        if (Ciphertexts.Count < MostCiphertexts) Ciphertexts.Add(ciphertext);
        else Ciphertexts[chance.Below(MostCiphertexts)] = ciphertext;
    }
}

/// <summary>A key that its owner knows.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Spec">Its kind.</param>
/// <param name="Material">What the owner imports into it; null when it has material of its own.</param>
internal sealed record KnownKey(string Id, KeySpec Spec, byte[]? Material);

/// <summary>An import token.</summary>
/// <param name="Key">For which key.</param>
/// <param name="Token">The token.</param>
/// <param name="PublicKey">To wrap material with.</param>
/// <param name="ExpiresAt">How long it is good for.</param>
internal sealed record KnownToken(KnownKey Key, byte[] Token, byte[] PublicKey, DateTimeOffset ExpiresAt);

/// <summary>A ciphertext and what it has to come to.</summary>
/// <param name="KeyId">By which key.</param>
/// <param name="VersionId">By which version of it.</param>
/// <param name="Bytes">The ciphertext.</param>
/// <param name="Plaintext">What it was made of.</param>
/// <param name="Context">Its encryption context.</param>
internal sealed record KnownCiphertext(
    string KeyId, string VersionId, byte[] Bytes, byte[] Plaintext, EncryptionContext Context);
