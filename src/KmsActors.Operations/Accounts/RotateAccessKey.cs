using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Puts a new access key in the place of one of the context's account or of its users.</summary>
/// <param name="Old">The one that is there.</param>
/// <param name="AccessKeyId">The new one; as <see cref="AccessKeyText.IsId"/> says.</param>
/// <param name="Secret">Signs requests; as <see cref="AccessKeyText.IsSecret"/> says.</param>
/// <param name="Overlap">For how long the old one goes on signing, 0 to 30 days; then it is removed.</param>
public sealed record RotateAccessKey(string Old, string AccessKeyId, string Secret, TimeSpan Overlap)
    : IOperation<AccessKeyState>
{
    /// <inheritdoc/>
    public async ValueTask<Outcome<AccessKeyState>> RunAsync(OperationContext context)
    {
        if (context.CheckAccessKey(AccessKeyId, Secret) is { } invalid) return invalid;
        if (AccessKeyId == Old) return new Refusal(RefusalCode.AccessKeyExists);
        var old = await context.ReadAccessKeyAsync(Old);
        if (old.Refused(out var refusal)) return refusal;
        var wrapped = context.WrapSecret(AccessKeyId, Secret);
        // Told from the turn: by the time of the answer somebody else may have removed it.
        return await context.InAccessKeyTurn<AccessKeyState>(
            old.Value.User,
            [AccessKeyId, Old],
            (keys, account, user) =>
                keys[0].Replace(keys[1], account, user, wrapped, Overlap).Refused(out var no) ? no : keys[0].State);
    }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => $"{nameof(RotateAccessKey)} {Old} {AccessKeyId}";
}
