using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>Who calls, or the error to answer with.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Caller
{
    /// <summary>Who has the credential.</summary>
    public Principal? Principal { get; private init; }

    /// <summary>The credential, as the audit record has it.</summary>
    public string? Actor { get; private init; }

    /// <summary>What the token is for; null of a signature, which is for every project of its account.</summary>
    public TokenScope? Scope { get; init; }

    /// <summary>The error, if nobody can be told.</summary>
    public HuaweiError? Error { get; private init; }

    /// <summary>Whether the credential is for a project, whose id is null for the first.</summary>
    public bool IsFor(string? project) => Scope is null || (Scope.IsProject && Scope.Project == project);

    /// <summary>Known.</summary>
    public static Caller Known(Principal principal, string actor) => new() { Principal = principal, Actor = actor };

    /// <summary>Not to be served.</summary>
    public static implicit operator Caller(HuaweiError error) => new() { Error = error };

    /// <summary>True if there is nothing to do but to answer with the error.</summary>
    [MemberNotNullWhen(false, nameof(Principal), nameof(Actor))]
    public bool Refused([NotNullWhen(true)] out HuaweiError? error)
    {
        error = Error;
        return Principal is null;
    }
}

/// <summary>
/// Finds out who calls: by the signature of an access key, or by a token (seed 003, 2.2). With both, the
/// signature counts, which is about this one request.
/// </summary>
internal static class Authentication
{
    /// <summary>The header with the caller's token.</summary>
    public const string TokenHeader = "X-Auth-Token";

    private const int LongestToken = 4096;

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/=");

    /// <summary>The caller of a request, whatever the project in its path.</summary>
    public static ValueTask<Caller> CallerAsync(Kms kms, HuaweiRequest request, CancellationToken aborted) =>
        SdkSignature.IsOffered(request)
            ? SdkSignature.VerifyAsync(kms, request, aborted)
            : HolderAsync(kms, request, aborted);

    private static async ValueTask<Caller> HolderAsync(Kms kms, HuaweiRequest request, CancellationToken aborted)
    {
        // Of two, nobody could say which one is meant.
        if (request.Headers[TokenHeader] is not [{ Length: > 0 and <= LongestToken } text]
            || text.AsSpan().ContainsAnyExcept(TokenCharacters))
            return HuaweiErrors.TokenMissing;
        var token = await AuthTokens.VerifyAsync(kms, text, aborted);
        if (token.Refused(out var refusal)) return HuaweiErrors.Of(refusal);
        return Caller.Known(token.Value.Holder, AuthToken.ActorOf(token.Value.UserName)) with
        {
            Scope = token.Value.Scope,
        };
    }
}
