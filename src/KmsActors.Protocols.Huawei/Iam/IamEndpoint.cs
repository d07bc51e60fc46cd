using System.Collections.Frozen;
using KmsActors.Grains.Hosting;
using KmsActors.Operations;
using KmsActors.Protocols.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// As much of Huawei Cloud's IAM as clients of the KMS need: tokens by password, and the projects, domains and
/// regions that the vendor's SDK looks up (seed 003, 2.2 and A.3).
/// </summary>
/// <threadsafety>Serves any number of calls at once.</threadsafety>
public sealed class IamEndpoint(Kms kms, RequestIds requestIds, ILogger<IamEndpoint> log)
{
    // All of this API's calls.
    private static readonly FrozenDictionary<string, Func<IamEndpoint, IamCall, ValueTask<HuaweiError?>>> Calls =
        new Dictionary<string, Func<IamEndpoint, IamCall, ValueTask<HuaweiError?>>>
        {
            ["POST /v3/auth/tokens"] = (iam, call) => iam.LogInAsync(call),
            ["GET /v3/auth/tokens"] = (iam, call) => iam.DescribeTokenAsync(call),
            ["DELETE /v3/auth/tokens"] = (iam, call) => iam.RevokeTokenAsync(call),
            ["GET /v3/projects"] = (iam, call) => iam.ListProjectsAsync(call),
            ["GET /v3/auth/domains"] = (iam, call) => iam.ForCallerAsync(call, iam.ListDomains),
            ["GET /v3/regions"] = (iam, call) => iam.ForCallerAsync(call, iam.ListRegions),
        }.ToFrozenDictionary();

    /// <summary>The methods and paths of all calls.</summary>
    internal static IEnumerable<string> Names => Calls.Keys;

    /// <summary>Serves one call.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        using var received = await RequestReader.ReadAsync(http, requestIds.Next());
        using var answer = new HuaweiWriter();
        var call = received.Refused(out var error, out var request)
            ? null
            : new IamCall(http, request, answer, received.RequestId);
        error = call is null
            ? IamErrors.BadRequest(error!.Message)
            : await FaultBarrier.ServeAsync(
                log, received.RequestId, IamErrors.Unavailable, IamErrors.Failure, () => ServeAsync(call));
        if (error is not null)
        {
            await ResponseWriter.ErrorAsync(http, received.RequestId, error);
            return;
        }

        if (call!.SubjectToken is { } token) http.Response.Headers[IamCall.SubjectHeader] = token;
        if (call.Status == StatusCodes.Status204NoContent) ResponseWriter.NoContent(http, received.RequestId);
        else await ResponseWriter.SuccessAsync(http, received.RequestId, answer, call.Status);
    }

    // What was escaped in a segment makes no other path of it.
    private ValueTask<HuaweiError?> ServeAsync(IamCall call)
    {
        var (method, segments) = (call.Request.Method, call.Request.Target.Segments);
        var name = segments.Any(segment => segment.Contains('/')) ? "" : $"{method} /{string.Join('/', segments)}";
        return Calls.TryGetValue(name, out var serve) ? serve(this, call) : new(IamErrors.ApiUnknown);
    }

    private async ValueTask<HuaweiError?> LogInAsync(IamCall call)
    {
        using var body = new FieldBinder(call.Request);
        if (LoginRequest.Read(body) is not { } login) return IamErrors.BodyMalformed.About(body.Culprit);
        if (login.Scope?.IsOf(login.Account) == false) return IamErrors.ScopeUnknown;
        var context = call.Context(kms, login.Account, AuthToken.ActorOf(login.User));
        var issued = await new IssueAuthToken(login.User, login.Password, login.Scope?.Project)
            .RunAsync(context);
        if (issued.Refused(out var refusal)) return IamErrors.OfLogin(refusal);
        call.Status = StatusCodes.Status201Created;
        call.SubjectToken = issued.Value.Text;
        return await AnswerAsync(call, issued.Value.Token);
    }

    private async ValueTask<HuaweiError?> AnswerAsync(IamCall call, AuthToken token)
    {
        var projects = await ProjectsAsync(call, token.Holder.Account);
        var id = token.Scope.Project;
        var project = projects.FirstOrDefault(each => id is null ? each.IsFirst : each.Id == id);
        IamAnswers.Token(call.Answer, token, project);
        return null;
    }

    private async ValueTask<HuaweiError?> DescribeTokenAsync(IamCall call)
    {
        var caller = await IamCaller.FindAsync(kms, call.Request, call.Aborted);
        if (caller.Refused(out var error)) return error;
        var (subject, refused) = await FindSubjectAsync(call, caller.Principal);
        if (subject is null) return refused;
        call.SubjectToken = call.AskedToken;
        return await AnswerAsync(call, subject);
    }

    private async ValueTask<HuaweiError?> RevokeTokenAsync(IamCall call)
    {
        var caller = await IamCaller.FindAsync(kms, call.Request, call.Aborted);
        if (caller.Refused(out var error)) return error;
        var (subject, refused) = await FindSubjectAsync(call, caller.Principal);
        if (subject is null) return refused;
        var context = call.Context(kms, caller.Principal.Account, caller.Actor);
        var revoked = await new RevokeAuthToken(call.AskedToken!).RunAsync(context);
        if (revoked.Refused(out var refusal)) return IamErrors.OfSubject(refusal);
        call.Status = StatusCodes.Status204NoContent;
        return null;
    }

    /// <summary>
    /// The token that the call is about: one of the caller's own, or any of the account's for the account itself.
    /// That another account has such a token, nobody learns.
    /// </summary>
    private async ValueTask<(AuthToken? Subject, HuaweiError? Error)> FindSubjectAsync(IamCall call, Principal caller)
    {
        if (call.AskedToken is not { } asked) return (null, IamErrors.SubjectMissing);
        var verified = await AuthTokens.VerifyAsync(kms, asked, call.Aborted);
        if (verified.Refused(out var refusal)) return (null, IamErrors.OfSubject(refusal));
        var holder = verified.Value.Holder;
        if (holder.Account != caller.Account) return (null, IamErrors.SubjectUnknown);
        return caller.User is null || caller.User == holder.User
            ? (verified.Value, null)
            : (null, IamErrors.SubjectForbidden);
    }

    private async ValueTask<HuaweiError?> ForCallerAsync(IamCall call, Action<IamCall, Principal> render)
    {
        var caller = await IamCaller.FindAsync(kms, call.Request, call.Aborted);
        if (caller.Refused(out var error)) return error;
        render(call, caller.Principal);
        return null;
    }

    private async ValueTask<HuaweiError?> ListProjectsAsync(IamCall call)
    {
        var caller = await IamCaller.FindAsync(kms, call.Request, call.Aborted);
        if (caller.Refused(out var error)) return error;
        var account = caller.Principal.Account;
        var query = call.Request.Target.Query;
        var asked = (await ProjectsAsync(call, account)).Where(project => query.All(parameter => parameter.Key switch
        {
            "name" => parameter.Value == project.Name,
            "domain_id" => parameter.Value == account,
            _ => true,
        }));
        IamAnswers.ProjectList(call.Answer, account, asked, call.Self);
        return null;
    }

    private async ValueTask<IReadOnlyList<ListProjects.Project>> ProjectsAsync(IamCall call, string account)
    {
        var listed = await new ListProjects().RunAsync(call.Context(kms, account, ""));
        return listed.Refused(out _) ? [] : listed.Value;
    }

    private void ListDomains(IamCall call, Principal caller) =>
        IamAnswers.DomainList(call.Answer, caller.Account, call.Self);

    private void ListRegions(IamCall call, Principal caller) =>
        IamAnswers.RegionList(call.Answer, kms.Region, call.Self);
}
