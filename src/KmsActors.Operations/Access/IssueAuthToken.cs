using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Logs one of the account's users in, and issues a token for it (seed 003, 2.2).</summary>
/// <param name="User">The user's name.</param>
/// <param name="Password">In UTF-8. The caller zeroes it.</param>
/// <param name="Project">The project for which the token is to be; null for the account.</param>
public sealed record IssueAuthToken(string User, ReadOnlyMemory<byte> Password, ProjectReference? Project)
    : IOperation<IssueAuthToken.Result>
{
    /// <summary>A new token.</summary>
    /// <param name="Text">The token itself, which is kept nowhere.</param>
    /// <param name="Token">What it says.</param>
    public sealed record Result(string Text, AuthToken Token)
    {
        /// <summary>Says nothing of the token itself.</summary>
        public override string ToString() => nameof(Result);
    }

    /// <inheritdoc/>
    public async ValueTask<Outcome<Result>> RunAsync(OperationContext context)
    {
        // One answer, after the same work, to whoever does not know the password: whether there is such a user,
        // and whether it is locked, is not for him.
        var wrong = new Refusal(RefusalCode.PasswordWrong);
        if (!AccessRules.IsName(User) || Password.Length > Passwords.MostBytes) return wrong;
        var userId = GrainId.OfUser(context.Account, User);
        var snapshot = await context.Kms.Host.ReadAsync(userId, context.Cancellation);
        var user = snapshot.State<UserState>();
        var verified = await context.Kms.Passwords.VerifyAsync(Password, user?.Password, context.Cancellation);
        if (verified.Refused(out var refusal)) return refusal;
        var account = await context.ReadAccountAsync();
        if (user?.Password is null || account is not { IsActive: true }) return wrong;
        if (verified.Value.IsRight)
            return await IssueAsync(context, userId, await ScopeAsync(context), user, verified.Value.Rehashed);

        // The turn looks at the attempt only if the user is not locked by then: of many at once, few count.
        await context.Kms.Host.InTurn<UserGrain, Done>(
            userId, context.Turn, grain => grain.RecordFailedLogin(user), context.Cancellation);
        return wrong;
    }

    /// <summary>Says nothing of the password.</summary>
    public override string ToString() => $"{nameof(IssueAuthToken)} {User}";

    private async ValueTask<Outcome<TokenScope>> ScopeAsync(OperationContext context)
    {
        if (Project is null) return TokenScope.OfAccount;
        var project = await AccountProject.FindAsync(context.Kms, context.Account, Project, context.Cancellation);
        return project.Refused(out var refusal) ? refusal : new TokenScope(true, project.Value);
    }

    private static async ValueTask<Outcome<Result>> IssueAsync(
        OperationContext context,
        GrainId userId,
        Outcome<TokenScope> scope,
        UserState before,
        PasswordHash? rehashed)
    {
        var (text, id) = TokenText.New(context.Kms.Hsa, context.Account);
        var most = await context.QuotaAsync(Quota.Tokens);
        var issued = await context.Kms.Host.InTurn<AuthTokenGrain, UserGrain, AuthTokenState>(
            id,
            userId,
            context.Turn,
            (token, user) =>
            {
                // Which projects there are is for those who know the password and may log in: else a user who is locked
                // could be asked by the name of no project whether a password is right.
                var loggedIn = user.LogIn(before, rehashed);
                return loggedIn.Refused(out var no) || scope.Refused(out no)
                    ? no
                    : token.Issue(user, scope.Value, most);
            },
            context.Cancellation);
        return issued.Refused(out var refusal)
            ? refusal
            : new Result(text, AuthToken.Of(context.Account, issued.Value));
    }
}
