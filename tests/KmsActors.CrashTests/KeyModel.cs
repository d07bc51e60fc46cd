using System.Collections.Immutable;

namespace KmsActors.CrashTests;

/// <summary>What a client knows of a key. Time the server took is a range, because the client cannot see it.</summary>
internal sealed record KeyModel
{
    public const string Enabled = nameof(Enabled);
    public const string Disabled = nameof(Disabled);
    public const string PendingDeletion = nameof(PendingDeletion);
    public const string PendingImport = nameof(PendingImport);

    /// <summary>The description: how a key is found again whose creation went unanswered.</summary>
    public required string Marker { get; init; }

    public required bool External { get; init; }

    public required string State { get; init; }

    public required bool HasMaterial { get; init; }

    public (DateTimeOffset From, DateTimeOffset To)? Deletion { get; init; }

    public DateTimeOffset? Expiry { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The names of the import tokens that are not used up.</summary>
    public ImmutableHashSet<string> Tokens { get; init; } = [];

    /// <summary>How many more there are, issued in answers that never came.</summary>
    public int UnknownTokens { get; init; }

    public static KeyModel New(string marker, bool external) => new()
    {
        Marker = marker,
        External = external,
        State = external ? PendingImport : Enabled,
        HasMaterial = !external,
    };

    /// <summary>What <paramref name="stored"/> has that this has not, or null when they agree.</summary>
    public string? Difference(StoredKey stored)
    {
        if (stored.Description != Marker) return $"description {stored.Description}";
        if (stored.External != External) return $"external {stored.External}";
        if (stored.State != State) return $"state {stored.State}, not {State}";
        if (stored.HasMaterial != HasMaterial) return $"material {stored.HasMaterial}";
        if (stored.Expiry != Expiry) return $"material expiry {stored.Expiry:O}, not {Expiry:O}";
        if (stored.Deletion is null != Deletion is null) return $"deletion {stored.Deletion:O}, not {Deletion}";
        if (stored.Deletion < Deletion?.From || stored.Deletion > Deletion?.To)
            return $"deletion {stored.Deletion:O} is not within {Deletion}";
        if (!stored.Tags.SequenceEqual(Tags)) return $"tags {string.Join(' ', stored.Tags)}, not {string.Join(' ', Tags)}";
        return Tokens.IsSubsetOf(stored.Tokens) && stored.Tokens.Count == Tokens.Count + UnknownTokens
            ? null
            : $"tokens {string.Join(' ', stored.Tokens)}, not {string.Join(' ', Tokens)} and {UnknownTokens} more";
    }
}

/// <summary>An import token in a client's hands.</summary>
internal sealed record Token(string Name, string Text, byte[] PublicKey);

/// <summary>
/// A key over the rounds. Its calls come one after the other, so at the end of a round at most the last
/// one is in doubt, and the key is exactly in one of two states.
/// </summary>
internal sealed class TrackedKey(string keyId, KeyModel now)
{
    public string KeyId { get; } = keyId;

    /// <summary>By all answers that came.</summary>
    public KeyModel Now { get; set; } = now;

    /// <summary>If the call that went unanswered took place after all.</summary>
    public KeyModel? Maybe { get; set; }

    /// <summary>Whether its state was settled at the last start.</summary>
    public bool WasInDoubt { get; set; }

    /// <summary>What is imported, every time the same.</summary>
    public byte[] Material { get; } = System.Security.Cryptography.RandomNumberGenerator.GetBytes(32);

    /// <summary>Tokens to import with.</summary>
    public List<Token> Tokens { get; } = [];

    /// <summary>Its first ciphertext and its last.</summary>
    public List<(string Blob, string Plaintext)> Ciphertexts { get; } = [];
}

/// <summary>An alias over the rounds; as <see cref="TrackedKey"/>.</summary>
internal sealed class TrackedAlias(string name)
{
    public string Name { get; } = name;

    /// <summary>The key it stands for; null while there is no such alias.</summary>
    public string? Target { get; set; }

    public bool InDoubt { get; set; }

    public string? MaybeTarget { get; set; }
}
