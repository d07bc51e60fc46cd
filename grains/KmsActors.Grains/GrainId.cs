namespace KmsActors.Grains;

/// <summary>What kinds of grain there are. The numbers are stored; never reuse one.</summary>
public enum GrainKind : byte
{
    /// <summary>A tenant.</summary>
    Account = 1,

    /// <summary>The id and secret that sign a request.</summary>
    AccessKey = 2,

    /// <summary>A customer master key.</summary>
    Cmk = 3,

    /// <summary>A name that stands for a CMK.</summary>
    Alias = 4,

    /// <summary>The right to import key material into one CMK, once.</summary>
    ImportToken = 5,

    /// <summary>Somebody who acts for an account.</summary>
    User = 6,

    /// <summary>Users that have policies in common.</summary>
    Group = 7,

    /// <summary>The right to act as a user for 24 hours.</summary>
    AuthToken = 8,
}

/// <summary>
/// The identity of a grain. The account is part of it, so a lookup on behalf of one account can never
/// reach another's: what belongs to somebody else simply does not exist.
/// </summary>
/// <param name="Kind">The kind of grain.</param>
/// <param name="Account">The owning account's number; empty for accounts and access keys, which are
/// looked up before an account is known.</param>
/// <param name="Name">The name within kind and account: a key id, an alias, an access key id.</param>
public readonly record struct GrainId(GrainKind Kind, string Account, string Name) : IComparable<GrainId>
{
    /// <summary>The id of an account.</summary>
    public static GrainId OfAccount(string account) => new(GrainKind.Account, "", account);

    /// <summary>The id of an access key.</summary>
    public static GrainId OfAccessKey(string accessKeyId) => new(GrainKind.AccessKey, "", accessKeyId);

    /// <summary>The id of a CMK.</summary>
    public static GrainId OfCmk(string account, string keyId) => new(GrainKind.Cmk, account, keyId);

    /// <summary>The id of an alias; the name carries no protocol's prefix.</summary>
    public static GrainId OfAlias(string account, string alias) => new(GrainKind.Alias, account, alias);

    /// <summary>The id of an import token.</summary>
    public static GrainId OfImportToken(string account, string name) => new(GrainKind.ImportToken, account, name);

    /// <summary>The id of a user.</summary>
    public static GrainId OfUser(string account, string name) => new(GrainKind.User, account, name);

    /// <summary>The id of a group.</summary>
    public static GrainId OfGroup(string account, string name) => new(GrainKind.Group, account, name);

    /// <summary>The id of a token, by the hash of its secret.</summary>
    public static GrainId OfAuthToken(string account, string hash) => new(GrainKind.AuthToken, account, hash);

    /// <summary>The one order in which turns over several grains are taken, so that none can deadlock.</summary>
    public int CompareTo(GrainId other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        if (byKind != 0) return byKind;
        var byAccount = string.CompareOrdinal(Account, other.Account);
        return byAccount != 0 ? byAccount : string.CompareOrdinal(Name, other.Name);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}/{Account}/{Name}";

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator <(GrainId left, GrainId right) => left.CompareTo(right) < 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator >(GrainId left, GrainId right) => left.CompareTo(right) > 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator <=(GrainId left, GrainId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator >=(GrainId left, GrainId right) => left.CompareTo(right) >= 0;
}
