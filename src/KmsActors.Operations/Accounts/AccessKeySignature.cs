using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>Checks a request's signature with a secret. Must compare in fixed time.</summary>
/// <param name="secret">The access key's secret, in UTF-8.</param>
/// <param name="request">What was signed.</param>
public delegate bool SignatureCheck<in TRequest>(ReadOnlySpan<byte> secret, TRequest request);

/// <summary>Finds out on whose behalf a signed request comes.</summary>
public static class AccessKeySignature
{
    // As in CmkUse: superseded only as often as the access key changes.
    private const int MostAttempts = 16;

    /// <summary>
    /// Who has the access key whose secret satisfies <paramref name="check"/>; null when the
    /// signature is wrong. Whether the key, its user or its account is disabled is told only to those who know its
    /// secret.
    /// </summary>
    public static async ValueTask<Outcome<Principal?>> VerifyAsync<TRequest>(
        Kms kms,
        string accessKeyId,
        SignatureCheck<TRequest> check,
        TRequest request,
        CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var snapshot = await kms.Host.ReadAsync(GrainId.OfAccessKey(accessKeyId), cancellation);
            var state = snapshot.State<AccessKeyState>();
            if (state is null) return new Refusal(RefusalCode.AccessKeyNotFound);
            try
            {
                var secret = snapshot.Attach(
                    static key => key.kms.Hsa.OpenSecret(key.accessKeyId, key.state.WrappedSecret),
                    (kms, accessKeyId, state));
                using var lease = secret.Use();
                if (!check(lease.Span, request)) return (Principal?)null;
            }
            catch (ObjectDisposedException)
            {
                continue;
            }
            catch (HsaUnavailableException)
            {
                return new Refusal(RefusalCode.Unavailable);
            }

            var account = await kms.ReadAccountAsync(state.Account, cancellation);
            var mayAct = state.IsActiveAt(kms.Time.GetUtcNow()) && account is { IsActive: true };
            if (!mayAct) return new Refusal(RefusalCode.AccessKeyDisabled);
            if (state.User is null) return new Principal(state.Account, null);
            var user = await kms.Host.ReadAsync(GrainId.OfUser(state.Account, state.User), cancellation);
            return AccessKeyGrain.IsOf(state, user.State<UserState>())
                ? Principal.Of(state.Account, state.User)
                : new Refusal(RefusalCode.AccessKeyDisabled);
        }

        return new Refusal(RefusalCode.Unavailable);
    }
}
