using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KmsActors.Grains;

/// <summary>How the host makes a grain of each kind and reads and writes its state.</summary>
internal static class GrainCatalog
{
    /// <summary>A new, empty grain.</summary>
    public static Grain New(GrainKind kind) => kind switch
    {
        GrainKind.Account => new AccountGrain(),
        GrainKind.AccessKey => new AccessKeyGrain(),
        GrainKind.Cmk => new CmkGrain(),
        GrainKind.Alias => new AliasGrain(),
        GrainKind.ImportToken => new ImportTokenGrain(),
        GrainKind.User => new UserGrain(),
        GrainKind.Group => new GroupGrain(),
        GrainKind.AuthToken => new AuthTokenGrain(),
        _ => throw new InvariantException($"no grain is of kind {kind}"),
    };

    /// <summary>The JSON shape of its state.</summary>
    public static JsonTypeInfo StateJson(GrainKind kind) => kind switch
    {
        GrainKind.Account => GrainJson.Default.AccountState,
        GrainKind.AccessKey => GrainJson.Default.AccessKeyState,
        GrainKind.Cmk => GrainJson.Default.CmkState,
        GrainKind.Alias => GrainJson.Default.AliasState,
        GrainKind.ImportToken => GrainJson.Default.ImportTokenState,
        GrainKind.User => GrainJson.Default.UserState,
        GrainKind.Group => GrainJson.Default.GroupState,
        GrainKind.AuthToken => GrainJson.Default.AuthTokenState,
        _ => throw new InvariantException($"no grain is of kind {kind}"),
    };
}

/// <summary>
/// The stored form of grain states. Names are part of the format: renaming a property loses data.
/// </summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(AccountState))]
[JsonSerializable(typeof(AccessKeyState))]
[JsonSerializable(typeof(CmkState))]
[JsonSerializable(typeof(AliasState))]
[JsonSerializable(typeof(ImportTokenState))]
[JsonSerializable(typeof(UserState))]
[JsonSerializable(typeof(GroupState))]
[JsonSerializable(typeof(AuthTokenState))]
internal sealed partial class GrainJson : JsonSerializerContext;
