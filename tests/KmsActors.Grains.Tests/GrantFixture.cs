using System.Collections.Immutable;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Grants to test with.</summary>
internal static class GrantFixture
{
    public const string User = "user-id";
    public const string Other = "other-user-id";

    public static CmkState Granted(params ImmutableArray<KeyGrant> grants) => New() with { Grants = grants };

    public static KeyGrant Grant(string id, params string[] operations) => new()
    {
        Id = id,
        Name = "",
        Grantee = User,
        IsForAccount = false,
        Operations = [.. operations.Length == 0 ? ["encrypt-data"] : operations],
        Issuer = Account,
        CreatedAt = Start,
    };
}
