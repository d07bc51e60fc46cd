using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KmsActors.Simulator;

/// <summary>What a stored user says of itself.</summary>
internal sealed record UserView
{
    /// <summary>Another for each user that ever had the name.</summary>
    public required string Id { get; init; }

    /// <summary>Whether anything may be done in its name.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>Of which generation its tokens are.</summary>
    public required int Generation { get; init; }

    /// <summary>Until when no login is looked at.</summary>
    public required DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Its password's hash; null for none.</summary>
    public required PasswordView? Password { get; init; }

    /// <summary>The ids of its groups, by name.</summary>
    public required IReadOnlyDictionary<string, string> Groups { get; init; }

    /// <summary>The access keys that sign in its name.</summary>
    public required IReadOnlyCollection<string> AccessKeys { get; init; }

    /// <summary>The names of its own policies.</summary>
    public required IReadOnlyList<string> Policies { get; init; }

    /// <summary>What they say.</summary>
    public required IReadOnlyList<StatementView> Statements { get; init; }

    /// <summary>Reads a stored state.</summary>
    public static UserView Of(JsonElement stored) => new()
    {
        Id = stored.GetProperty(nameof(Id)).GetString()!,
        IsEnabled = stored.GetProperty("Enabled").GetBoolean(),
        Generation = stored.GetProperty("TokenGeneration").GetInt32(),
        LockedUntil = stored.TimeOf(nameof(LockedUntil)),
        Password = stored.TryGetProperty(nameof(Password), out var password)
            ? new PasswordView(
                password.GetProperty("Iterations").GetInt32(),
                password.GetProperty("Salt").GetBytesFromBase64(),
                password.GetProperty("Hash").GetBytesFromBase64())
            : null,
        Groups = stored.PropertiesOf(nameof(Groups))
            .ToDictionary(group => group.Name, group => group.Value.GetString()!),
        AccessKeys = stored.TextsOf(nameof(AccessKeys)),
        Policies = GroupView.PoliciesOf(stored),
        Statements = StatementView.Of(stored),
    };
}

/// <summary>A stored password.</summary>
/// <param name="Iterations">Of PBKDF2 with HMAC-SHA512.</param>
/// <param name="Salt">The salt.</param>
/// <param name="Hash">What they make of the password.</param>
internal sealed record PasswordView(int Iterations, byte[] Salt, byte[] Hash)
{
    /// <summary>Whether it is this one.</summary>
    public bool Is(string password) => Rfc2898DeriveBytes
        .Pbkdf2(Encoding.UTF8.GetBytes(password), Salt, Iterations, HashAlgorithmName.SHA512, Hash.Length)
        .SequenceEqual(Hash);
}

/// <summary>What a stored group says of itself.</summary>
/// <param name="Id">Another for each group that ever had the name.</param>
/// <param name="Policies">The names of its policies.</param>
/// <param name="Statements">What they say.</param>
internal sealed record GroupView(string Id, IReadOnlyList<string> Policies, IReadOnlyList<StatementView> Statements)
{
    /// <summary>Reads a stored state.</summary>
    public static GroupView Of(JsonElement stored) =>
        new(stored.GetProperty(nameof(Id)).GetString()!, PoliciesOf(stored), StatementView.Of(stored));

    /// <summary>The names of a holder's policies.</summary>
    public static IReadOnlyList<string> PoliciesOf(JsonElement holder) =>
        [.. holder.ItemsOf(nameof(Policies)).Select(policy => policy.GetProperty("Name").GetString()!)];
}

/// <summary>What a stored token says of itself.</summary>
/// <param name="User">The name of its user.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="Generation">Of which generation of the user's tokens it is.</param>
/// <param name="ExpiresAt">From when on it is good no longer.</param>
internal sealed record TokenView(string User, string UserId, int Generation, DateTimeOffset ExpiresAt)
{
    /// <summary>Reads a stored state.</summary>
    public static TokenView Of(JsonElement stored) => new(
        stored.GetProperty(nameof(User)).GetString()!,
        stored.GetProperty(nameof(UserId)).GetString()!,
        stored.GetProperty(nameof(Generation)).GetInt32(),
        stored.GetProperty(nameof(ExpiresAt)).GetDateTimeOffset());

    /// <summary>Whether it is this user's, who may act.</summary>
    public bool IsOf(UserView? user) =>
        user is { IsEnabled: true } && user.Id == UserId && user.Generation == Generation;
}
