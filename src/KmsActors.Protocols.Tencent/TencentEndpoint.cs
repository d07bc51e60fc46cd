using System.Security.Cryptography;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KmsActors.Protocols.Tencent;

/// <summary>
/// Tencent Cloud KMS by version 2 of its platform (seed 002): one path, the action in a parameter. Reads a
/// request, finds out whose it is, carries it out, answers; whatever a client sends, the answer is one of the
/// documented ones.
/// </summary>
/// <threadsafety>Serves any number of calls at once.</threadsafety>
public sealed class TencentEndpoint(
    Kms kms, TencentOptions options, RequestIds requestIds, ILogger<TencentEndpoint> log)
{
    /// <summary>The only path there is; also part of what is signed.</summary>
    public const string Path = "/v2/index.php";

    private const string SecretIdPrefix = "AKID";

    private readonly NonceCache _nonces = new(
        kms.Time, TimestampWindow.HalfWidth, RandomNumberGenerator.GetBytes(SipHash.KeyBytes), options.MostNonces);

    private readonly SharedNonces _shared = new(options.Ledger, "tencent", TimestampWindow.HalfWidth);

    /// <summary>Serves one call.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        using var received = await RequestReader.ReadAsync(http, requestIds.Next());
        using var answer = TencentWriter.Success(received.RequestId);
        var error = await FaultBarrier.ServeAsync(
            log,
            received.RequestId,
            TencentErrors.Unavailable,
            TencentErrors.InternalError,
            () => ServeAsync(received, answer, http.RequestAborted));
        if (error is null) await ResponseWriter.SuccessAsync(http, answer);
        else await ResponseWriter.ErrorAsync(http, received.RequestId, error);
    }

    private ValueTask<TencentError?> ServeAsync(Received received, TencentWriter answer, CancellationToken aborted) =>
        received.Refused(out var error, out var request)
            ? new(error)
            : ServeAsync(request, received.RequestId, answer, aborted);

    // The cheap checks come first; a nonce is spent only by whoever knows the secret.
    private async ValueTask<TencentError?> ServeAsync(
        TencentRequest request, string requestId, TencentWriter answer, CancellationToken aborted)
    {
        if (!TimestampWindow.Contains(request.Timestamp, kms.Time)) return TencentErrors.TimestampExpired;
        var caller = await AccessKeySignature.VerifyAsync(
            kms,
            request.SecretId,
            static (secret, signed) => TencentSignature.Matches(signed, secret),
            request,
            aborted);
        if (caller.Refused(out var refusal)) return RefusedCaller(request.SecretId, refusal);
        if (caller.Value is null) return TencentErrors.SignatureWrong;
        if (Replayed(request, records: false) is { } replay) return replay;
        var action = ActionTable.Find(request.Action);
        var throttled = await Admission.CountAsync(kms, caller.Value, action?.Policy, aborted);
        if (throttled is not null) return TencentErrors.Of(throttled);
        if (Replayed(request, records: true) is { } lost) return lost;
        if (action is null) return TencentErrors.ActionUnknown;

        var rights = await Authorization.RightsAsync(kms, caller.Value, null, action.Policy, aborted);
        if (rights.Refused(out refusal)) return TencentErrors.Of(refusal);
        if (await ServedElsewhereAsync(request, action.Policy, aborted)) return TencentErrors.RequestReplayed;
        var turn = new TurnContext(request.SecretId, requestId);
        var context = new OperationContext(kms, caller.Value.Account, turn, aborted)
        {
            Lifecycle = CmkLifecycle.Tencent,
            Rights = rights.Value,
        };
        using var bind = new ParameterBinder(request.Parameters);
        return await action.Run(new TencentCall(context, bind, answer));
    }

    /// <summary>
    /// A signature is over SecretId, Timestamp and Nonce too, so it is what tells requests apart. The nonce alone
    /// does not: one of the vendor's clients draws it from 65 536 numbers.
    /// </summary>
    private TencentError? Replayed(TencentRequest request, bool records)
    {
        var verdict = records
            ? _nonces.Record(request.SecretId, request.Signature, request.Timestamp)
            : _nonces.Look(request.SecretId, request.Signature, request.Timestamp);
        return verdict switch
        {
            NonceVerdict.Fresh => null,
            NonceVerdict.Used => TencentErrors.RequestReplayed,
            _ => TencentErrors.TimestampExpired,
        };
    }

    private async ValueTask<bool> ServedElsewhereAsync(
        TencentRequest request, PolicyAction action, CancellationToken aborted) =>
        !await _shared.SpendAsync(action, request.SecretId, request.Signature, request.Timestamp, aborted);

    // The document has its ids begin with AKID; those that were made otherwise are good here all the same.
    private static TencentError RefusedCaller(string secretId, Refusal refusal) =>
        refusal.Code == RefusalCode.AccessKeyNotFound && !secretId.StartsWith(SecretIdPrefix, StringComparison.Ordinal)
            ? TencentErrors.SecretIdMalformed
            : TencentErrors.Of(refusal);
}
