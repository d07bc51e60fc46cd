namespace KmsActors.Protocols.Aliyun;

/// <summary>Resource names: <c>acs:kms:region:account:key/id</c> and <c>…:alias/name</c>.</summary>
internal static class Arn
{
    private const string Start = "acs:kms:";

    /// <summary>The name of <paramref name="resource"/>, "key/…" or "alias/…".</summary>
    public static string Of(string region, string account, string resource) =>
        $"{Start}{region}:{account}:{resource}";

    /// <summary>
    /// The key id or alias that an ARN of this account names; false for what is no ARN. Another
    /// account's names nothing that could be found.
    /// </summary>
    public static bool TryParse(string text, string account, out string resource)
    {
        resource = "";
        if (!text.StartsWith(Start, StringComparison.Ordinal)) return false;
        var parts = text.Split(':', 5);
        if (parts.Length < 5 || parts[3] != account) return false;
        resource = parts[4].StartsWith("key/", StringComparison.Ordinal) ? parts[4]["key/".Length..] : parts[4];
        return true;
    }
}
