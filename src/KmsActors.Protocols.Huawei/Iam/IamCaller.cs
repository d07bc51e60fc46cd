using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>Who calls IAM, by token or by access key; or the error to answer with.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IamCaller
{
    /// <summary>The header with the caller's token.</summary>
    public const string TokenHeader = "X-Auth-Token";

    /// <summary>Who it is.</summary>
    public Principal? Principal { get; private init; }

    /// <summary>For the audit record.</summary>
    public string? Actor { get; private init; }

    /// <summary>The error, if nobody can be told.</summary>
    public HuaweiError? Error { get; private init; }

    /// <summary>True if there is nothing to do but to answer with the error.</summary>
    [MemberNotNullWhen(false, nameof(Principal), nameof(Actor))]
    public bool Refused([NotNullWhen(true)] out HuaweiError? error)
    {
        error = Error;
        return Principal is null;
    }

    /// <summary>Finds out who it is. A signature is looked at first, for who sends one means it.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot answer.</exception>
    public static async ValueTask<IamCaller> FindAsync(Kms kms, HuaweiRequest request, CancellationToken aborted)
    {
        if (SdkSignature.IsOffered(request))
        {
            var signer = await SdkSignature.VerifyAsync(kms, request, aborted);
            if (!signer.Refused(out var error))
                return new() { Principal = signer.Caller, Actor = signer.AccessKeyId };
            // In this API's own form.
            var isOurs = error.HttpStatus >= 500;
            return new() { Error = isOurs ? IamErrors.Unavailable : HuaweiErrors.AuthenticationRequired };
        }

        if (request.Headers[TokenHeader] is not [{ } token]) return new() { Error = HuaweiErrors.AuthenticationRequired };
        var verified = await AuthTokens.VerifyAsync(kms, token, aborted);
        return verified.Refused(out var refusal)
            ? new() { Error = IamErrors.OfCaller(refusal) }
            : new() { Principal = verified.Value.Holder, Actor = AuthToken.ActorOf(verified.Value.UserName) };
    }
}
