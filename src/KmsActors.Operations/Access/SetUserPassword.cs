using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Gives a user another password, or none. The user's tokens are good no longer.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Password">8 to 128 characters in UTF-8, or null. The caller zeroes it.</param>
public sealed record SetUserPassword(string User, ReadOnlyMemory<byte>? Password) : IOperation<Done>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        var password = await context.HashAsync(Password);
        return password.Refused(out var refusal)
            ? refusal
            : await context.InUserTurn(User, user => user.SetPassword(password.Value));
    }

    /// <summary>Says nothing of the password.</summary>
    public override string ToString() => $"{nameof(SetUserPassword)} {User}";
}
