namespace KmsActors.Protocols.Huawei;

/// <summary>What this protocol needs to know of its deployment.</summary>
public sealed record HuaweiOptions
{
    /// <summary>The one region this service is: the realm of keys, and the name of each account's project.</summary>
    public string Region { get; init; } = "cn-hangzhou";
}
