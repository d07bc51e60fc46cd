using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations;

/// <summary>Finds out on whose behalf a request with a token comes.</summary>
public static class AuthTokens
{
    /// <summary>
    /// What the token says: or TokenInvalid, TokenExpired. By snapshots, so that one that was revoked, or whose
    /// user was disabled, is refused from the answer to that on.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async ValueTask<Outcome<AuthToken>> VerifyAsync(
        Kms kms, string token, CancellationToken cancellation)
    {
        if (TokenText.IdOf(token) is not { } id) return new Refusal(RefusalCode.TokenInvalid);
        var snapshot = await kms.Host.ReadAsync(id, cancellation);
        if (snapshot.State<AuthTokenState>() is not { } state) return new Refusal(RefusalCode.TokenInvalid);
        var user = await kms.Host.ReadAsync(GrainId.OfUser(id.Account, state.User), cancellation);
        var account = await kms.ReadAccountAsync(id.Account, cancellation);
        var refusal = AuthTokenGrain.Check(state, account, user.State<UserState>(), kms.Time.GetUtcNow());
        return refusal is null ? AuthToken.Of(id.Account, state) : refusal;
    }
}
