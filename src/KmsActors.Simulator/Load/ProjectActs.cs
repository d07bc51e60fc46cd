using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Simulator;

/// <summary>What the operator does with a tenant's projects, and what goes on in them.</summary>
internal static class ProjectActs
{
    private const int MostNames = 3;
    private const int LeastKeys = 3;

    /// <summary>Creates a project.</summary>
    public static async Task CreateAsync(Session session)
    {
        var name = $"{Judge.Region}_{session.Chance.Below(MostNames)}";
        var (call, id) = await session.ManageAsync(new CreateProject(name));
        if (!session.IsAnswered(call)) return;
        if (id is null)
        {
            session.Judge.Refused(
                call,
                Reason.NoAccount(call.Account),
                Reason.ClosedAccount(call.Account),
                new Reason(
                    RefusalCode.ProjectExists,
                    Id(session),
                    version => version.View(AccountView.Of)?
                        .Projects.Values.Any(project => project.Name == name) == true));
            return;
        }

        session.Judge.Done(call, Id(session), version => version.View(AccountView.Of)?.ServesIn(id) == true);
        Learn(session, id);
    }

    /// <summary>Forbids that calls are served in a project, or allows it again.</summary>
    public static Task SwitchAsync(Session session) => OfOneAsync(
        session, (session, project) => SwitchAsync(session, project, session.Chance.Happens(0.7)));

    /// <summary>Lists the projects; one may have been made without its maker's being told.</summary>
    public static async Task ListAsync(Session session)
    {
        var (call, projects) = await session.ManageAsync(new ListProjects());
        if (!session.IsAnswered(call)) return;
        if (projects is null)
        {
            session.Judge.Refused(call, Reason.NoAccount(call.Account));
            return;
        }

        var others = projects.Where(project => !project.IsFirst).ToList();
        session.Judge.Told(
            call,
            Id(session),
            version => version.View(AccountView.Of) is { } view
                && view.Projects.Count == others.Count
                && others.TrueForAll(each => view.Projects.GetValueOrDefault(each.Id)?.IsEnabled == each.Enabled));
        foreach (var project in others) Learn(session, project.Id);
    }

    /// <summary>Has something done in a project.</summary>
    public static Task ActAsync(Session session) => OfOneAsync(session, async (session, project) =>
    {
        var within = session with { Tenant = project };
        if (project.Keys.Count < LeastKeys) await KeyActs.CreateAsync(within);
        var (_, _, act) = session.Chance.OneOf(Acts.All);
        if (act != ActAsync) await act(within);
    });

    /// <summary>Has a project used, disabled as likely as not, and tried again.</summary>
    public static Task DisableAndUseAsync(Session session) => OfOneAsync(session, async (session, project) =>
    {
        var within = session with { Tenant = project };
        await UseActs.EncryptAsync(within);
        await SwitchAsync(within, project, session.Chance.Happens(0.5));
        for (var i = 0; i < 3; i++) await UseActs.EncryptAsync(within);
        await SwitchAsync(within, project, isEnabled: true);
        await UseActs.EncryptAsync(within);
    });

    /// <summary>That calls are not served in the project in which somebody calls.</summary>
    public static Reason NotServed(Session session) => new(
        RefusalCode.ProjectNotFound,
        Id(session),
        version => version.View(AccountView.Of)?.ServesIn(session.Tenant.Project) != true);

    private static async Task SwitchAsync(Session session, Tenant project, bool isEnabled)
    {
        var id = project.Project!;
        var (call, _) = await session.ManageAsync(new SetProjectStatus(id, isEnabled));
        if (!session.IsAnswered(call)) return;
        if (call.Refusal is null)
            session.Judge.Done(
                call, Id(session), version => version.View(AccountView.Of)?.Projects[id].IsEnabled == isEnabled);
        else
            session.Judge.Refused(
                call,
                Reason.NoAccount(call.Account),
                new Reason(
                    RefusalCode.ProjectNotFound,
                    Id(session),
                    version => version.View(AccountView.Of)?.Projects.ContainsKey(id) != true));
    }

    private static void Learn(Session session, string id)
    {
        if (!session.Tenant.Projects.Exists(project => project.Project == id)) session.Tenant.Add(id);
    }

    private static async Task OfOneAsync(Session session, Func<Session, Tenant, Task> act)
    {
        var others = session.Tenant.Projects.Skip(1).ToList();
        if (others.Count > 0) await act(session, session.Chance.OneOf(others));
    }

    private static GrainId Id(Session session) => GrainId.OfAccount(session.Tenant.Account);
}
