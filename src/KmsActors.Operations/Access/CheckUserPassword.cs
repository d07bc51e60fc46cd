using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Says whether a user has this password; the service's own operation. It is no login: nobody is locked out by
/// it, nor kept from it.
/// </summary>
/// <param name="User">The user's name.</param>
/// <param name="Password">In UTF-8. The caller zeroes it.</param>
public sealed record CheckUserPassword(string User, ReadOnlyMemory<byte> Password) : IOperation<bool>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<bool>> RunAsync(OperationContext context)
    {
        var snapshot = await context.Kms.Host.ReadAsync(
            GrainId.OfUser(context.Account, User), context.Cancellation);
        if (snapshot.State<UserState>() is not { } user) return new Refusal(RefusalCode.UserNotFound);
        var verified = await context.Kms.Passwords.VerifyAsync(Password, user.Password, context.Cancellation);
        return verified.Refused(out var refusal) ? refusal : verified.Value.IsRight;
    }

    /// <summary>Says nothing of the password.</summary>
    public override string ToString() => $"{nameof(CheckUserPassword)} {User}";
}
