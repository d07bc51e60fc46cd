namespace KmsActors.Grains;

/// <content>Projects and their default master keys.</content>
public sealed partial class AccountGrain
{
    /// <summary>The most projects of an account, the first not counted.</summary>
    public const int MostProjects = 100;

    private const int LongestProjectName = 64;

    /// <summary>Whether a text can be a project's name: 1 to 64 ASCII letters, digits, <c>-_</c>.</summary>
    public static bool IsProjectName(string text) =>
        text.Length is > 0 and <= LongestProjectName
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Creates a project, without keys.</summary>
    public Outcome<Done> CreateProject(string id, string name)
    {
        if (Closed() is { } refusal) return refusal;
        if (!IsProjectName(name)) return Refusal.Invalid("Name");
        if (State.Projects.Values.Any(project => project.Name == name)) return new Refusal(RefusalCode.ProjectExists);
        if (State.Projects.Count >= MostProjects) return new Refusal(RefusalCode.LimitExceeded);
        var project = new ProjectState { Name = name, CreatedAt = Now, Enabled = true };
        State = State with { Projects = State.Projects.Add(id, project) };
        Audit(AuditEvent.ProjectCreated);
        return default(Done);
    }

    /// <summary>Lets calls be served in a project, or forbids it. Its keys stay what they are.</summary>
    public Outcome<Done> SetProjectEnabled(string id, bool enabled)
    {
        if (NotFound() is { } refusal) return refusal;
        if (!State.Projects.TryGetValue(id, out var project)) return new Refusal(RefusalCode.ProjectNotFound);
        if (project.Enabled == enabled) return default(Done);
        State = State with { Projects = State.Projects.SetItem(id, project with { Enabled = enabled }) };
        Audit(enabled ? AuditEvent.ProjectEnabled : AuditEvent.ProjectDisabled);
        return default(Done);
    }

    /// <summary>
    /// Creates the default master key that <paramref name="alias"/> names, or tells the id of the one there is
    /// (seed 003, 4.1.1). The alias may be taken by a key that is none.
    /// </summary>
    /// <param name="project">The project's id, or null for the first.</param>
    /// <param name="cmk">The key that it will be.</param>
    /// <param name="alias">Its name.</param>
    /// <param name="key">What it is made of.</param>
    public Outcome<string> CreateDefaultKey(string? project, CmkGrain cmk, AliasGrain alias, NewCmk key)
    {
        Invariant.That(key.Alias == alias.Id.Name, "the key is named by its alias");
        if (!Exists || (project is not null && !State.Projects.ContainsKey(project)))
            return new Refusal(RefusalCode.KeyNotFound);
        if (State.DefaultKeysOf(project).TryGetValue(key.Alias, out var keyId)) return keyId;
        // Whatever is made while the account is being erased might be left over.
        if (Closed() is { } closed) return closed;
        if (alias.Exists) return new Refusal(RefusalCode.AliasExists);
        if (cmk.Create(key).Refused(out var refusal)) return refusal;
        alias.BindTo(cmk);
        var keys = State.DefaultKeysOf(project).Add(key.Alias, cmk.Id.Name);
        State = project is null
            ? State with { DefaultKeys = keys }
            : State with
            {
                Projects = State.Projects.SetItem(project, State.Projects[project] with { DefaultKeys = keys }),
            };
        return cmk.Id.Name;
    }
}
