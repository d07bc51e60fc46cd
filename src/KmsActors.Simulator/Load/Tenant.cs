using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>
/// An account, or one of its projects, as its owner knows it: what he was told, and what he has kept. Keys are a
/// project's, and all that belongs to them; who may call is the account's.
/// </summary>
internal sealed class Tenant
{
    private const int MostCiphertexts = 64;
    private const int MostTokens = 4;
    private const double CalledByUsers = 0.15;
    private const double MeantForPairs = 0.75;

    /// <summary>An account with its first project.</summary>
    public Tenant(string account)
    {
        Account = account;
        (AccessKeys, Users, UserKeys, Projects) = ([], [], [], [this]);
    }

    private Tenant(Tenant account, string project)
    {
        (Account, Project) = (account.Account, project);
        (AccessKeys, Users, UserKeys) = (account.AccessKeys, account.Users, account.UserKeys);
        Projects = account.Projects;
    }

    /// <summary>The account's number.</summary>
    public string Account { get; }

    /// <summary>The project's id; null for the first.</summary>
    public string? Project { get; }

    /// <summary>Whose its keys are, in the ids of their grains.</summary>
    public string Owner => KeyOwner.Of(Account, Project);

    /// <summary>All of the account's, the first one first.</summary>
    public List<Tenant> Projects { get; }

    /// <summary>The access keys that the account was given, with which it may call or not.</summary>
    public List<string> AccessKeys { get; }

    /// <summary>The account's users, gone or not.</summary>
    public List<KnownUser> Users { get; }

    /// <summary>The users' access keys, good or not.</summary>
    public List<Credential> UserKeys { get; }

    /// <summary>The users' tokens for this project, good or not.</summary>
    public List<Credential> UserTokens { get; } = [];

    /// <summary>The grants that were made.</summary>
    public List<(string KeyId, string GrantId)> Grants { get; } = [];

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

    /// <summary>Adds a project.</summary>
    public void Add(string project) => Projects.Add(new Tenant(this, project));

    /// <summary>What somebody calls with, more often the account itself than a user.</summary>
    public Credential PickCredential(Chance chance) =>
        UserKeys.Count + UserTokens.Count > 0 && chance.Happens(CalledByUsers)
            ? PickUsersCredential(chance)!
            : new Credential(chance.OneOf(AccessKeys));

    /// <summary>What a user calls with; null for nobody.</summary>
    public Credential? PickUsersCredential(Chance chance)
    {
        Credential[] all = [.. UserKeys, .. UserTokens];
        return all.Length == 0 ? null : chance.OneOf(all);
    }

    /// <summary>Often a pair, if there is one, where keys of other kinds are refused; there has to be a key.</summary>
    public KnownKey PickPair(Chance chance)
    {
        var pairs = chance.Happens(MeantForPairs) ? Keys.Where(key => !key.Spec.IsSymmetric()).ToList() : [];
        return chance.OneOf(pairs.Count > 0 ? pairs : Keys);
    }

    /// <summary>Keeps a token, in place of the oldest if there are many.</summary>
    public void Keep(Credential token)
    {
        UserTokens.Add(token);
        if (UserTokens.Count > MostTokens) UserTokens.RemoveAt(0);
    }

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

/// <summary>A user that the account's owner knows.</summary>
/// <param name="Name">The name.</param>
internal sealed record KnownUser(string Name)
{
    /// <summary>The id, once somebody has asked for it.</summary>
    public string? Id { get; set; }

    /// <summary>The password that was set last, as far as that is known.</summary>
    public string Password { get; set; } = "";
}

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
