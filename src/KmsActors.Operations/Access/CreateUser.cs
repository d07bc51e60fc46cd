using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>
/// Creates a user of the account, who may do nothing until policies say so; but the one named like the
/// account's number is the account itself.
/// </summary>
/// <param name="Name">1 to 64 ASCII letters, digits, <c>-_.@</c>, and spaces that are not at an end.</param>
public sealed record CreateUser(string Name) : IOperation<Done>
{
    /// <summary>8 to 128 characters in UTF-8, or null for a user with access keys only. The caller zeroes it.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <inheritdoc/>
    public async ValueTask<Outcome<Done>> RunAsync(OperationContext context)
    {
        if (!AccessRules.IsName(Name)) return Refusal.Invalid("Name");
        var password = await context.HashAsync(Password);
        if (password.Refused(out var refusal)) return refusal;
        var id = context.Kms.NewHexId();
        var most = await context.QuotaAsync(Quota.Users);
        return await context.Kms.Host.InTurn<UserGrain, AccountGrain, Done>(
            GrainId.OfUser(context.Account, Name),
            GrainId.OfAccount(context.Account),
            context.Turn,
            (user, account) => user.Create(account, id, password.Value, most),
            context.Cancellation);
    }

    /// <summary>Says nothing of the password.</summary>
    public override string ToString() => $"{nameof(CreateUser)} {Name}";
}
