namespace KmsActors.Server.Tests;

/// <summary>How a call is signed.</summary>
internal enum Scheme
{
    RpcSha1,
    RpcSha256,
    Acs3,
}

/// <summary>Where a call's parameters are.</summary>
internal enum Carrier
{
    GetQuery,
    PostForm,
    PostQuery,
}

/// <summary>The form of a call and of its answer.</summary>
/// <param name="Scheme">The signature.</param>
/// <param name="Carrier">The place of the parameters.</param>
/// <param name="Format">The parameter Format, or null to send none.</param>
internal sealed record WireForm(Scheme Scheme, Carrier Carrier, string? Format)
{
    /// <summary>The form of most tests' calls.</summary>
    public static WireForm Plain { get; } = new(Scheme.RpcSha1, Carrier.PostForm, "JSON");

    /// <summary>
    /// Forms by name: together they have each signature with each method, and both formats with each
    /// signature that can ask for one.
    /// </summary>
    public static IReadOnlyDictionary<string, WireForm> All { get; } = new Dictionary<string, WireForm>
    {
        ["GET, HMAC-SHA1, JSON"] = new(Scheme.RpcSha1, Carrier.GetQuery, "JSON"),
        ["POST, HMAC-SHA1, XML"] = new(Scheme.RpcSha1, Carrier.PostForm, "XML"),
        ["GET, HMAC-SHA256, XML"] = new(Scheme.RpcSha256, Carrier.GetQuery, "xml"),
        ["POST with a query, HMAC-SHA256, JSON"] = new(Scheme.RpcSha256, Carrier.PostQuery, "json"),
        ["GET, ACS3"] = new(Scheme.Acs3, Carrier.GetQuery, null),
        ["POST, ACS3"] = new(Scheme.Acs3, Carrier.PostForm, null),
        ["POST with a query, ACS3"] = new(Scheme.Acs3, Carrier.PostQuery, null),
    };
}
