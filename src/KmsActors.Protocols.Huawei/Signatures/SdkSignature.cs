using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// SDK-HMAC-SHA256, the signature by access key and secret: the key is the secret itself, and the text a
/// hash of the canonical request. There is no nonce: within its 15 minutes a request can be sent again.
/// </summary>
internal static class SdkSignature
{
    /// <summary>Whether a request says to be signed, in whatever way; it may have a token instead.</summary>
    public static bool IsOffered(HuaweiRequest request) => request.Headers.Authorization.Count > 0;

    /// <summary>Finds out who signed the request. What needs no secret is looked at first.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async ValueTask<Caller> VerifyAsync(
        Kms kms, HuaweiRequest request, CancellationToken aborted)
    {
        if (SignedTexts.Of(request, kms.Time) is not { } signed) return HuaweiErrors.SignatureRefused;
        var caller = await AccessKeySignature.VerifyAsync(
            kms, signed.AccessKeyId, static (secret, signed) => signed.IsMadeWith(secret), signed, aborted);
        if (caller.Refused(out var refusal))
        {
            return refusal.Code == RefusalCode.Unavailable
                ? HuaweiErrors.KmsIoFailure
                : HuaweiErrors.SignatureRefused;
        }

        return caller.Value is { } signer
            ? Caller.Known(signer, signed.AccessKeyId)
            : HuaweiErrors.SignatureRefused;
    }
}
