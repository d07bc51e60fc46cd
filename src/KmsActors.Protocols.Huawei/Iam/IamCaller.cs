using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// Finds out who calls IAM. Unlike a call of the KMS it may be by a token for the account, and its errors are in
/// IAM's form.
/// </summary>
internal static class IamCaller
{
    /// <summary>The caller. A signature is looked at first, as in calls of the KMS.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async ValueTask<Caller> FindAsync(Kms kms, HuaweiRequest request, CancellationToken aborted)
    {
        if (SdkSignature.IsOffered(request))
        {
            var signer = await SdkSignature.VerifyAsync(kms, request, aborted);
            if (!signer.Refused(out var error)) return signer;
            return error.HttpStatus >= 500 ? IamErrors.Unavailable : HuaweiErrors.AuthenticationRequired;
        }

        if (request.Headers[Authentication.TokenHeader] is not [{ } token]) return HuaweiErrors.AuthenticationRequired;
        var verified = await AuthTokens.VerifyAsync(kms, token, aborted);
        return verified.Refused(out var refusal)
            ? IamErrors.OfCaller(refusal)
            : Caller.Known(verified.Value.Holder, AuthToken.ActorOf(verified.Value.UserName));
    }
}
