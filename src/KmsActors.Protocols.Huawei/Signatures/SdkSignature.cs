using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>On whose behalf a signed request comes, or the error to answer with.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SignatureVerdict
{
    /// <summary>Who has the access key.</summary>
    public Principal? Caller { get; private init; }

    /// <summary>The access key.</summary>
    public string? AccessKeyId { get; private init; }

    /// <summary>The error, if nobody can be told.</summary>
    public HuaweiError? Error { get; private init; }

    /// <summary>Signed with the caller's access key.</summary>
    public static SignatureVerdict By(Principal caller, string accessKeyId) =>
        new() { Caller = caller, AccessKeyId = accessKeyId };

    /// <summary>Not to be served.</summary>
    public static implicit operator SignatureVerdict(HuaweiError error) => new() { Error = error };

    /// <summary>True if there is nothing to do but to answer with the error.</summary>
    [MemberNotNullWhen(false, nameof(Caller), nameof(AccessKeyId))]
    public bool Refused([NotNullWhen(true)] out HuaweiError? error)
    {
        error = Error;
        return Caller is null;
    }
}

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
    public static async ValueTask<SignatureVerdict> VerifyAsync(
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
            ? SignatureVerdict.By(signer, signed.AccessKeyId)
            : HuaweiErrors.SignatureRefused;
    }
}
