using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Turns of the account's users and groups.</summary>
internal static class UserTurns
{
    public static ValueTask<Outcome<Done>> InUserTurn(
        this OperationContext context, string name, Func<UserGrain, Outcome<Done>> turn) =>
        context.Kms.Host.InTurn(GrainId.OfUser(context.Account, name), context.Turn, turn, context.Cancellation);

    public static ValueTask<Outcome<Done>> InGroupTurn(
        this OperationContext context, string name, Func<GroupGrain, Outcome<Done>> turn) =>
        context.Kms.Host.InTurn(GrainId.OfGroup(context.Account, name), context.Turn, turn, context.Cancellation);

    /// <summary>What is to be kept of a new password, or (null) of none.</summary>
    public static async ValueTask<Outcome<PasswordHash?>> HashAsync(
        this OperationContext context, ReadOnlyMemory<byte>? password)
    {
        if (password is not { } given) return (PasswordHash?)null;
        if (!Passwords.IsGood(given.Span)) return Refusal.Invalid("Password");
        var hashed = await context.Kms.Passwords.HashAsync(given, context.Cancellation);
        return hashed.Refused(out var refusal) ? refusal : hashed.Value;
    }
}
