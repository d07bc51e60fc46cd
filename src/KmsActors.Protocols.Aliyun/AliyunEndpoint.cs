using System.Security.Cryptography;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KmsActors.Protocols.Aliyun;

/// <summary>
/// Aliyun KMS, version 2016-01-20: one path, the action in a parameter. Reads a request, finds out whose
/// it is, carries it out, answers; whatever a client sends, the answer is one of the documented ones.
/// </summary>
/// <threadsafety>Serves any number of calls at once.</threadsafety>
public sealed class AliyunEndpoint(
    Kms kms, AliyunOptions options, RequestIds requestIds, ILogger<AliyunEndpoint> log)
{
    private const int RetryAfterSeconds = 1;

    private readonly NonceCache _nonces =
        new(kms.Time, TimestampWindow.HalfWidth, RandomNumberGenerator.GetBytes(SipHash.KeyBytes), options.MostNonces);

    private readonly SharedNonces _shared = new(options.Ledger, "aliyun", TimestampWindow.HalfWidth);

    /// <summary>Serves one call.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        using var received = await RequestReader.ReadAsync(http, requestIds.Next());
        using var answer = AliyunWriter.Create(received.Format);
        var error = await FaultBarrier.ServeAsync(
            log,
            received.RequestId,
            AliyunErrors.ServiceUnavailableTemporary,
            AliyunErrors.InternalFailure,
            () => ServeAsync(received, answer, http.RequestAborted));
        if (error is null)
        {
            await ResponseWriter.SuccessAsync(http, received, answer);
            return;
        }

        var isForNow = error.HttpStatus
            is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests;
        int? retryAfter = isForNow ? RetryAfterSeconds : null;
        await ResponseWriter.ErrorAsync(http, received, error, retryAfter);
    }

    private ValueTask<AliyunError?> ServeAsync(Received received, AliyunWriter answer, CancellationToken aborted) =>
        received.Refused(out var error, out var request)
            ? new(error)
            : ServeAsync(request, received.RequestId, answer, aborted);

    // The cheap checks come first; a nonce is spent only by whoever knows the secret.
    private async ValueTask<AliyunError?> ServeAsync(
        AliyunRequest request, string requestId, AliyunWriter answer, CancellationToken aborted)
    {
        if (TimestampWindow.Check(request.Timestamp, kms.Time) is { } outside) return outside;
        var caller = await AccessKeySignature.VerifyAsync(
            kms, request.AccessKeyId, static (secret, signed) => signed.IsSignedWith(secret), request, aborted);
        if (caller.Refused(out var refusal)) return AliyunErrors.Of(refusal);
        if (caller.Value is null) return AliyunErrors.IncompleteSignature;
        if (Replayed(request, records: false) is { } replay) return replay;
        var action = ActionTable.Find(request.Action);
        var throttled = await Admission.CountAsync(kms, caller.Value, action?.Policy, aborted);
        if (throttled is not null) return AliyunErrors.Of(throttled);
        if (Replayed(request, records: true) is { } lost) return lost;
        if (action is null) return AliyunErrors.ApiNotFound;

        var rights = await Authorization.RightsAsync(kms, caller.Value, null, action.Policy, aborted);
        if (rights.Refused(out refusal)) return AliyunErrors.Of(refusal);
        if (await ServedElsewhereAsync(request, action.Policy, aborted)) return AliyunErrors.SignatureNonceUsed;
        var turn = new TurnContext(request.AccessKeyId, requestId);
        var context = new OperationContext(kms, caller.Value.Account, turn, aborted) { Rights = rights.Value };
        using var call = new AliyunCall(context, request, answer);
        return await action.Run(call);
    }

    private AliyunError? Replayed(AliyunRequest request, bool records)
    {
        if (request.Nonce is not { } nonce) return null;
        var verdict = records
            ? _nonces.Record(request.AccessKeyId, nonce, request.Timestamp)
            : _nonces.Look(request.AccessKeyId, nonce, request.Timestamp);
        return verdict switch
        {
            NonceVerdict.Fresh => null,
            NonceVerdict.Used => AliyunErrors.SignatureNonceUsed,
            _ => AliyunErrors.IllegalTimestamp,
        };
    }

    private async ValueTask<bool> ServedElsewhereAsync(
        AliyunRequest request, PolicyAction? action, CancellationToken aborted) =>
        request.Nonce is { } nonce
        && !await _shared.SpendAsync(action, request.AccessKeyId, nonce, request.Timestamp, aborted);
}
