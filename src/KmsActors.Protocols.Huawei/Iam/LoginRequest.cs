using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>The body of POST /v3/auth/tokens (seed 003, 2.2): who logs in, and for what.</summary>
/// <param name="Account">The account, which is a domain here: name and id are its number.</param>
/// <param name="User">The user's name.</param>
/// <param name="Password">In UTF-8; lives as long as the binder it was read with.</param>
/// <param name="Scope">What the token is to be for; without one, the account.</param>
internal sealed record LoginRequest(string Account, string User, ReadOnlyMemory<byte> Password, LoginScope? Scope)
{
    private const int MostMethods = 8;
    private const int LongestText = 128;
    private const int MostPasswordBytes = 1024;

    private static readonly TextRule Text = new(1, LongestText);

    /// <summary>Reads the body; null when the binder has an error to answer with, whichever it is.</summary>
    public static LoginRequest? Read(FieldBinder body)
    {
        var login = body.Object("auth", IamErrors.BodyMalformed, ReadAuth);
        return body.Error is null ? login : null;
    }

    /// <summary>Says nothing of the password.</summary>
    public override string ToString() => $"{nameof(LoginRequest)} {User}";

    private static LoginRequest? ReadAuth(FieldBinder auth)
    {
        var scope = auth.IsGiven("scope") ? auth.Object("scope", IamErrors.BodyMalformed, ReadScope) : null;
        return auth.Object("identity", IamErrors.BodyMalformed, identity =>
        {
            var rule = new ListRule(MostMethods, IamErrors.BodyMalformed, IamErrors.BodyMalformed);
            var methods = identity.Texts("methods", rule, Text, IamErrors.BodyMalformed);
            identity.Require(methods is ["password"], "methods", IamErrors.BodyMalformed);
            return identity.Object("password", IamErrors.BodyMalformed, password =>
                password.Object("user", IamErrors.BodyMalformed, user => new LoginRequest(
                    user.Object("domain", IamErrors.BodyMalformed, ReadDomain) ?? "",
                    user.Text("name", Text, IamErrors.BodyMalformed),
                    user.SecretText("password", 0, MostPasswordBytes, IamErrors.BodyMalformed),
                    scope)));
        });
    }

    private static LoginScope ReadScope(FieldBinder scope)
    {
        scope.Require(scope.IsGiven("project") != scope.IsGiven("domain"), "scope", IamErrors.BodyMalformed);
        if (scope.IsGiven("domain"))
            return new LoginScope { Domain = scope.Object("domain", IamErrors.BodyMalformed, ReadDomain) };
        return scope.Object("project", IamErrors.BodyMalformed, project =>
        {
            project.Require(project.IsGiven("id") || project.IsGiven("name"), "project", IamErrors.BodyMalformed);
            return new LoginScope
            {
                IsProject = true,
                ProjectId = project.OptionalText("id", Text, IamErrors.BodyMalformed),
                ProjectName = project.OptionalText("name", Text, IamErrors.BodyMalformed),
                Domain = project.IsGiven("domain")
                    ? project.Object("domain", IamErrors.BodyMalformed, ReadDomain)
                    : null,
            };
        }) ?? new LoginScope();
    }

    private static string ReadDomain(FieldBinder domain)
    {
        var id = domain.OptionalText("id", Text, IamErrors.BodyMalformed);
        var name = domain.OptionalText("name", Text, IamErrors.BodyMalformed);
        domain.Require((id ?? name) is not null && (id ?? name) == (name ?? id), "domain", IamErrors.BodyMalformed);
        return id ?? name ?? "";
    }
}

/// <summary>What a token is to be for, as far as the request says.</summary>
internal sealed record LoginScope
{
    /// <summary>A project, rather than a domain.</summary>
    public bool IsProject { get; init; }

    public string? ProjectId { get; init; }

    public string? ProjectName { get; init; }

    public string? Domain { get; init; }

    /// <summary>The project; null for a domain.</summary>
    public ProjectReference? Project => IsProject ? new ProjectReference(ProjectId, ProjectName) : null;

    /// <summary>Whether it is of this account, as far as it says.</summary>
    public bool IsOf(string account) => Domain is null || Domain == account;
}
