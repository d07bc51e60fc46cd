using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// Huawei Cloud KMS, version 1.0: <c>/v1.0/{project_id}/kms/…</c>. Reads a request, finds out whose it is,
/// carries it out, answers; whatever a client sends, the answer is one of the documented ones.
/// </summary>
/// <threadsafety>Serves any number of calls at once.</threadsafety>
public sealed class HuaweiEndpoint(Kms kms, RequestIds requestIds, ILogger<HuaweiEndpoint> log)
{
    /// <summary>Serves one call.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        using var received = await RequestReader.ReadAsync(http, requestIds.Next());
        using var answer = new HuaweiWriter();
        var endpoint = received.Request is { Target: var target, Method: var method }
            ? EndpointTable.Find(method, target.Resource)
            : null;
        var error = await FaultBarrier.ServeAsync(
            log,
            received.RequestId,
            HuaweiErrors.KmsIoFailure,
            HuaweiErrors.KmsFailure,
            () => ServeAsync(received, endpoint, answer, http.RequestAborted));
        if (error is not null) await ResponseWriter.ErrorAsync(http, received.RequestId, error);
        else if (endpoint!.HasNoContent) ResponseWriter.NoContent(http, received.RequestId);
        else await ResponseWriter.SuccessAsync(http, received.RequestId, answer);
    }

    private ValueTask<HuaweiError?> ServeAsync(
        Received received, Endpoint? endpoint, HuaweiWriter answer, CancellationToken aborted)
    {
        if (received.Refused(out var error, out var request)) return new(error);
        if (request.Target.ProjectId is null) return new(HuaweiErrors.ApiNotFound);
        return endpoint is null
            ? new(HuaweiErrors.UrlInvalid)
            : ServeAsync(request, endpoint, received.RequestId, answer, aborted);
    }

    private async ValueTask<HuaweiError?> ServeAsync(
        HuaweiRequest request, Endpoint endpoint, string requestId, HuaweiWriter answer, CancellationToken aborted)
    {
        var caller = await Authentication.CallerAsync(kms, request, aborted);
        if (caller.Refused(out var error)) return error;
        var (account, target) = (caller.Principal.Account, request.Target);
        var named = new ProjectReference(target.ProjectId, null);
        var project = await AccountProject.FindAsync(kms, account, named, aborted);
        if (project.Refused(out _) || !caller.IsFor(project.Value)) return HuaweiErrors.TokenOfAnotherProject;
        var action = endpoint.PolicyAction;
        var throttled = await Admission.CountAsync(kms, caller.Principal, action, aborted);
        if (throttled is not null) return HuaweiErrors.Of(throttled);
        var rights = await Authorization.RightsAsync(kms, caller.Principal, project.Value, action, aborted);
        if (rights.Refused(out var refusal)) return HuaweiErrors.Of(refusal);

        var context = new OperationContext(kms, account, new TurnContext(caller.Actor, requestId), aborted)
        {
            Project = project.Value,
            Lifecycle = CmkLifecycle.Huawei,
            Rights = rights.Value,
        };
        using var bind = new FieldBinder(request);
        return await endpoint.Action(new HuaweiCall(context, target, bind, answer));
    }
}
