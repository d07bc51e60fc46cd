using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Finds out on whose behalf a request with a token comes.</summary>
public static class AuthTokens
{
    /// <summary>The holder of the token: TokenInvalid, TokenExpired, or Unavailable otherwise.</summary>
    public static ValueTask<Outcome<Principal>> VerifyAsync(Kms kms, string token, CancellationToken cancellation) =>
        new(new Refusal(RefusalCode.AccessKeyNotFound));
}
