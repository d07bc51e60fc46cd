namespace KmsActors.Protocols.Huawei;

/// <summary>What this protocol needs to know of its deployment.</summary>
public sealed record HuaweiOptions
{
    /// <summary>The one region this service is, and so the name of every account's project.</summary>
    public string Region { get; init; } = "cn-hangzhou";
}
