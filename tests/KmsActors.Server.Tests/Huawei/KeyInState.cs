using KmsActors.Operations;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>A key of some kind that is to be brought into some state.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Kind">Nothing, "external", "empty", "rotating", "default", or the kind of a pair.</param>
/// <param name="State">2 enabled, 3 disabled, 4 pending deletion, 5 pending import.</param>
internal sealed record KeyInState(Project Project, string Kind, string State)
{
    public string KeyId { get; private set; } = "";

    /// <summary>Makes the key, which can be used then, if it ever can.</summary>
    public async Task MakeAsync(bool needsMaterial)
    {
        KeyId = Kind switch
        {
            "empty" => await Project.ExternalKeyAsync(),
            "default" => await DefaultKeyAsync(),
            "" or "rotating" or "external" when State == "5" || Kind == "external" => await Project.ExternalKeyAsync(),
            "" or "rotating" => await Project.KeyAsync(),
            _ => await Project.KeyAsync(Kind),
        };
        var isExternal = Kind is "external" || State == "5";
        if (isExternal && Kind != "empty" && (State != "5" || needsMaterial))
            await Project.ImportAsync(KeyId, Tenant.NewMaterial());
        if (Kind == "rotating") await Project.OkAsync("enable-key-rotation", new { key_id = KeyId });
    }

    public async Task BringAsync()
    {
        if (State == "3") await Project.OkAsync("disable-key", new { key_id = KeyId });
        if (State == "4") await Project.OkAsync("schedule-key-deletion", new { key_id = KeyId, pending_days = "9" });
        if (State == "5" && await Project.StateAsync(KeyId) == "2")
            await Project.OkAsync("delete-imported-key-material", new { key_id = KeyId });
        Assert.Equal(State, await Project.StateAsync(KeyId));
    }

    // The service makes those for others of the vendor's services; no caller can.
    private async Task<string> DefaultKeyAsync()
    {
        var alias = $"{Project.NewAlias()}/default";
        await Project.Server.OperateAsync(Project.Tenant.Account, new EnsureDefaultKey(alias));
        var keys = await Project.OkAsync("list-keys", new { });
        return keys.List("keys")[Array.IndexOf(keys.List("key_details", "key_alias"), alias)];
    }
}
