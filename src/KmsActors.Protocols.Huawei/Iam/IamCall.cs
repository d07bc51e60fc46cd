using KmsActors.Grains.Hosting;
using KmsActors.Operations;
using Microsoft.AspNetCore.Http;

namespace KmsActors.Protocols.Huawei;

/// <summary>One call of IAM: its request, and what is to be answered if all goes well.</summary>
internal sealed class IamCall(HttpContext http, HuaweiRequest request, HuaweiWriter answer, string requestId)
{
    /// <summary>The header with the token that the call is about.</summary>
    public const string SubjectHeader = "X-Subject-Token";

    public HuaweiRequest Request => request;

    public HuaweiWriter Answer => answer;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>The status of a success.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>The token to answer with, or null.</summary>
    public string? SubjectToken { get; set; }

    /// <summary>The token that the call is about; null when there is none, or more than one.</summary>
    public string? AskedToken => request.Headers[SubjectHeader] is [{ } token] ? token : null;

    /// <summary>Where the request went to, without its query.</summary>
    public string Self => $"{http.Request.Scheme}://{http.Request.Host}/{string.Join('/', request.Target.RawSegments)}";

    public OperationContext Context(Kms kms, string account, string actor) =>
        new(kms, account, new TurnContext(actor, requestId), Aborted);
}
