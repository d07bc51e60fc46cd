using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Takes back one of the account's tokens: from the answer on it is good for nothing.</summary>
/// <param name="Token">The token.</param>
public sealed record RevokeAuthToken(string Token) : IOperation<Done>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        if (TokenText.IdOf(Token) is not { } id || id.Account != context.Account)
            return new Refusal(RefusalCode.TokenInvalid);
        return await context.Kms.Host.InTurn<AuthTokenGrain, Done>(
            id, context.Turn, token => token.Revoke(), context.Cancellation);
    }

    /// <summary>Says nothing of the token.</summary>
    public override string ToString() => nameof(RevokeAuthToken);
}
