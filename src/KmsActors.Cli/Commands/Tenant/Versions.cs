using System.Text.Json;

namespace KmsActors.Cli;

/// <summary>Versions of keys, which calls on asymmetric keys have to name.</summary>
internal static class Versions
{
    /// <summary>The version that was named, or the key's newest.</summary>
    public static async Task<string> OrNewestAsync(Call call, string key, string? named)
    {
        if (named is not null) return named;
        var versions = await call.Tenant.ListAsync(
            "ListKeyVersions", "KeyVersions", "KeyVersion", null, ("KeyId", key));
        return versions.MaxBy(CreatedAt, StringComparer.Ordinal) is { ValueKind: JsonValueKind.Object } newest
            ? newest.Required("KeyVersionId")
            : throw new CliException(ExitCode.Refused, "The key has no versions.");
    }

    // RFC 3339 in UTC sorts as text.
    private static string CreatedAt(JsonElement version) => version.Required("CreationDate");
}
