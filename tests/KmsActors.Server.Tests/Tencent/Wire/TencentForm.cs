namespace KmsActors.Server.Tests.Tencent;

/// <summary>How a call is sent and signed.</summary>
internal sealed record TencentForm(string Method, string? SignatureMethod)
{
    /// <summary>The form of most tests' calls, that of the vendor's clients by default.</summary>
    public static TencentForm Plain { get; } = new("POST", null);

    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, TencentForm> All { get; } = (
        from method in new[] { "GET", "POST" }
        from signature in new[] { null, "HmacSHA1", "HmacSHA256" }
        select new TencentForm(method, signature)).ToDictionary(form => $"{form.Method} {form.SignatureMethod}".Trim());
}
