using KmsActors.Grains;
using KmsActors.Operations;

namespace KmsActors.Server;

/// <summary>An account's IAM projects: <c>/accounts/{account}/projects</c>.</summary>
internal static class ProjectEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var projects = admin.MapGroup("/accounts/{account}/projects");
        projects.MapGet("", ListAsync).Describe<ListBody<ProjectBody>>("ListProjects", "Lists an account's projects.");
        projects.MapPost("", CreateAsync).Describe<ProjectBody>(
            "CreateProject",
            "Creates a project with keys of its own; its name begins with the region's and an underline.",
            StatusCodes.Status201Created);
        projects.MapPatch("/{project}", SetStatusAsync).Describe<ProjectBody>(
            "SetProjectStatus", "Lets calls be served in a project, or forbids it; not in the first.");
    }

    private static async Task<IResult> ListAsync(string account, AdminCall call)
    {
        var listed = await ReadAsync(call);
        return listed.Refused(out var refusal)
            ? call.Refuse(refusal)
            : TypedResults.Json(new ListBody<ProjectBody>(listed.Value, null));
    }

    private static async Task<IResult> CreateAsync(string account, AdminCall call, NewProjectBody body)
    {
        var created = await new CreateProject(body.Name).RunAsync(call.Context);
        return created.Refused(out var refusal)
            ? call.Refuse(refusal)
            : await call.WithStatusAsync(StatusCodes.Status201Created, DescribeAsync(call, created.Value));
    }

    private static async Task<IResult> SetStatusAsync(
        string account, string project, AdminCall call, EnabledBody body)
    {
        var set = await new SetProjectStatus(project, body.Enabled).RunAsync(call.Context);
        return set.Refused(out var refusal) ? call.Refuse(refusal) : await DescribeAsync(call, project);
    }

    private static async Task<IResult> DescribeAsync(AdminCall call, string id)
    {
        var listed = await ReadAsync(call);
        return listed.Refused(out var refusal)
            ? call.Refuse(refusal)
            : TypedResults.Json(listed.Value.Single(project => project.Id == id));
    }

    private static async Task<Outcome<IReadOnlyList<ProjectBody>>> ReadAsync(AdminCall call)
    {
        var listed = await new ListProjects().RunAsync(call.Context);
        if (listed.Refused(out var refusal)) return refusal;
        var found = new List<ProjectBody>(listed.Value.Count);
        foreach (var project in listed.Value)
        {
            var context = call.Context with { Project = project.IsFirst ? null : project.Id };
            var keys = await new CountKeys(Grains.Hosting.KeyFilter.None).RunAsync(context);
            if (keys.Refused(out refusal)) return refusal;
            found.Add(new ProjectBody(
                project.Id, project.Name, project.IsFirst, project.Enabled, project.CreatedAt, keys.Value));
        }

        return found;
    }
}
