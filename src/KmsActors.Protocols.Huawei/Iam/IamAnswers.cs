using System.Globalization;
using KmsActors.Operations;

namespace KmsActors.Protocols.Huawei;

/// <summary>
/// What IAM answers (seed 003, 2.2 and A.3). An account is a domain whose name and id are its number; its first
/// project is named like the region.
/// </summary>
internal static class IamAnswers
{
    /// <param name="answer">The answer.</param>
    /// <param name="token">The token.</param>
    /// <param name="project">The project, if it is for one.</param>
    public static void Token(HuaweiWriter answer, AuthToken token, ListProjects.Project? project)
    {
        var account = token.Holder.Account;
        answer.BeginObject("token");
        answer.String("expires_at", Time(token.ExpiresAt));
        answer.String("issued_at", Time(token.IssuedAt));
        answer.BeginList("methods");
        answer.Item("password");
        answer.EndList();
        Nothing(answer, "catalog");
        Nothing(answer, "roles");
        if (token.Scope.IsProject && project is not null)
        {
            answer.BeginObject("project");
            answer.String("id", project.Id);
            answer.String("name", project.Name);
            Domain(answer, account);
            answer.EndObject();
        }
        else
        {
            Domain(answer, account);
        }

        answer.BeginObject("user");
        answer.String("id", token.UserId);
        answer.String("name", token.UserName);
        Domain(answer, account);
        answer.String("password_expires_at", "");
        answer.EndObject();
        answer.EndObject();
    }

    /// <param name="answer">The answer.</param>
    /// <param name="account">The account.</param>
    /// <param name="projects">Those that were asked for.</param>
    /// <param name="self">Where the request went to.</param>
    public static void ProjectList(
        HuaweiWriter answer, string account, IEnumerable<ListProjects.Project> projects, string self)
    {
        answer.BeginList("projects");
        foreach (var project in projects)
        {
            answer.BeginItem();
            answer.String("domain_id", account);
            answer.Boolean("is_domain", false);
            answer.String("parent_id", account);
            answer.String("name", project.Name);
            answer.String("description", "");
            Links(answer, $"{self}/{project.Id}");
            answer.String("id", project.Id);
            answer.Boolean("enabled", project.Enabled);
            answer.EndItem();
        }

        answer.EndList();
        Links(answer, self);
    }

    public static void DomainList(HuaweiWriter answer, string account, string self)
    {
        answer.BeginList("domains");
        answer.BeginItem();
        answer.String("id", account);
        answer.String("name", account);
        answer.String("description", "");
        answer.Boolean("enabled", true);
        Links(answer, self);
        answer.EndItem();
        answer.EndList();
        Links(answer, self);
    }

    public static void RegionList(HuaweiWriter answer, string region, string self)
    {
        answer.BeginList("regions");
        answer.BeginItem();
        answer.String("id", region);
        answer.String("type", "public");
        answer.String("description", "");
        answer.Null("parent_region_id");
        answer.BeginObject("locales");
        answer.String("en-us", region);
        answer.String("zh-cn", region);
        answer.EndObject();
        Links(answer, $"{self}/{region}");
        answer.EndItem();
        answer.EndList();
        Links(answer, self);
    }

    private static void Domain(HuaweiWriter answer, string account)
    {
        answer.BeginObject("domain");
        answer.String("id", account);
        answer.String("name", account);
        answer.EndObject();
    }

    private static void Links(HuaweiWriter answer, string self)
    {
        answer.BeginObject("links");
        answer.Null("next");
        answer.Null("previous");
        answer.String("self", self);
        answer.EndObject();
    }

    private static void Nothing(HuaweiWriter answer, string list)
    {
        answer.BeginList(list);
        answer.EndList();
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
