using System.Security.Cryptography;

namespace KmsActors.Server.Tests;

/// <summary>A parameter of an action, and what becomes of a call where it is not as it should be.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="TooLong">A value beyond its bounds.</param>
/// <param name="Missing">The code when it is missing; null when the call then succeeds.</param>
/// <param name="Empty">The code when it is empty; null when the call then succeeds.</param>
internal sealed record ParameterCase(string Name, string TooLong, string? Missing, string? Empty)
{
    public static ParameterCase Required(string name, string tooLong) =>
        new(name, tooLong, "MissingParameter", "MissingParameter");

    public static ParameterCase Optional(string name, string tooLong) => new(name, tooLong, null, "InvalidParameter");
}

/// <summary>An action: a good call of it, its answer's shape, its parameters.</summary>
/// <param name="Title">The action; in brackets, in which of its uses.</param>
/// <param name="Shape">The answer's fields, see <see cref="Answer.Shape()"/>, without the RequestId.</param>
/// <param name="Arguments">Makes what a good call needs and returns its arguments.</param>
/// <param name="Parameters">Every parameter it knows.</param>
internal sealed record ActionCase(
    string Title, string Shape, Func<Tenant, Task<Args>> Arguments, params ParameterCase[] Parameters)
{
    /// <summary>The action.</summary>
    public string Name => Title.Split('(')[0];

    /// <summary>Arguments of the right form, for calls that are refused before anything is looked up.</summary>
    public Func<Tenant, Task<Args>> WellFormed { get; init; } = Arguments;
}

/// <summary>Every action of the protocol.</summary>
internal static partial class Catalogue
{
    private const string EarlyMetadata =
        "CreationDate,Description,KeyId,KeyState,KeyUsage,DeleteDate,Creator,Arn,Origin,MaterialExpireTime,"
        + "ProtectionLevel,KeySpec";

    private const string Metadata =
        $"KeyMetadata{{{EarlyMetadata},PrimaryKeyVersion,LastRotationDate,AutomaticRotation,DeletionProtection}}";

    private const string RotatingMetadata =
        $"KeyMetadata{{{EarlyMetadata},PrimaryKeyVersion,LastRotationDate,AutomaticRotation,RotationInterval,"
        + "NextRotationDate,DeletionProtection}";

    private const string PairMetadata =
        $"KeyMetadata{{{EarlyMetadata},LastRotationDate,AutomaticRotation,DeletionProtection}}";

    private const string Page = "TotalCount#,PageNumber#,PageSize#";
    private const string Aliases = $"Aliases{{Alias[AliasName,KeyId,AliasArn]}},{Page}";
    private const string OfVersion = "KeyId,KeyVersionId";
    private const string Version = $"{OfVersion},CreationDate";
    private const string Encrypted = $"{OfVersion},CiphertextBlob";
    private const string Filters = """[{"Key":"KeyState","Values":["Enabled"]}]""";
    private const string Json = """{"用途":"备份","b":"<&>"}""";

    private static readonly string s_long = new('9', 4096);
    private static readonly ParameterCase s_keyId = ParameterCase.Required("KeyId", s_long);
    private static readonly ParameterCase s_alias = ParameterCase.Required("AliasName", "alias/" + new string('a', 256));
    private static readonly ParameterCase s_pageNumber = ParameterCase.Optional("PageNumber", s_long);
    private static readonly ParameterCase s_pageSize = ParameterCase.Optional("PageSize", s_long);
    private static readonly ParameterCase s_keySpec = ParameterCase.Optional("KeySpec", s_long);
    private static readonly ParameterCase s_bytes = ParameterCase.Optional("NumberOfBytes", s_long);
    private static readonly ParameterCase s_versionId = ParameterCase.Required("KeyVersionId", s_long);
    private static readonly ParameterCase s_algorithm = ParameterCase.Required("Algorithm", s_long);
    private static readonly ParameterCase s_digest = ParameterCase.Required("Digest", Base64Of(33));
    private static readonly ParameterCase s_interval = ParameterCase.Required("RotationInterval", "00000000000000007d");
    private static readonly ParameterCase s_bare = ParameterCase.Required("CiphertextBlob", Base64Of(6145));
    private static readonly ParameterCase s_blob = ParameterCase.Required("CiphertextBlob", Base64Of(6285));

    private static readonly ParameterCase[] s_target =
    [
        ParameterCase.Required("PublicKeyBlob", Base64Of(1025)),
        ParameterCase.Required("WrappingKeySpec", s_long),
        ParameterCase.Required("WrappingAlgorithm", s_long),
    ];

    /// <summary>By title.</summary>
    public static IReadOnlyDictionary<string, ActionCase> Actions { get; } = new ActionCase[][]
    {
        Earlier(), Later(), Asymmetric(),
    }.SelectMany(part => part).ToDictionary(action => action.Title);

    public static string Base64Of(int bytes) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>An encryption context whose JSON has as many characters.</summary>
    public static string ContextOf(int characters) => $$"""{"k":"{{new string('v', characters - 8)}}"}""";

    // Seed 001, chapter 4.
    private static ActionCase[] Earlier() =>
    [
        new("CreateKey", RotatingMetadata,
            _ => Task.FromResult<Args>(
            [
                ("Origin", "Aliyun_KMS"), ("Description", "说明 <&>\""), ("KeyUsage", "ENCRYPT/DECRYPT"),
                ("ProtectionLevel", "HSM"), ("KeySpec", "Aliyun_SM4"), ("EnableAutomaticRotation", "true"),
                ("RotationInterval", "365d"), ("Tags", """[{"TagKey":"a","TagValue":"b"}]"""),
            ]),
            Choice("Origin"), Choice("KeyUsage"), Choice("ProtectionLevel"), Choice("KeySpec"),
            new ParameterCase("Description", new string('d', 8193), null, null),
            Choice("EnableAutomaticRotation"), s_interval,
            ParameterCase.Optional("Tags", $$"""[{"TagKey":"a","TagValue":"b"}{{new string(' ', 16384)}}]""")),
        new("CreateKey(a pair)", PairMetadata,
            _ => Task.FromResult<Args>(
                [("KeySpec", "EC_SM2"), ("KeyUsage", "SIGN/VERIFY"), ("EnableAutomaticRotation", "false")]),
            Choice("EnableAutomaticRotation")),
        new("GetParametersForImport", "KeyId,ImportToken,PublicKey,TokenExpireTime",
            async t =>
            [
                ("KeyId", await t.ExternalKeyAsync()), ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
                ("WrappingKeySpec", "RSA_2048"),
            ],
            s_keyId, ParameterCase.Required("WrappingAlgorithm", s_long), ParameterCase.Required("WrappingKeySpec", s_long)),
        new("GetParametersForImport(SM2)", "KeyId,ImportToken,PublicKey,TokenExpireTime",
            async t =>
            [
                ("KeyId", await t.ExternalKeyAsync(("KeySpec", "Aliyun_SM4"))), ("WrappingAlgorithm", "SM2PKE"),
                ("WrappingKeySpec", "EC_SM2"),
            ],
            s_keyId, ParameterCase.Required("WrappingAlgorithm", s_long), ParameterCase.Required("WrappingKeySpec", s_long)),
        new("ImportKeyMaterial", "",
            async t => (await t.TokenAsync(await t.ExternalKeyAsync())).With(Tenant.NewMaterial(), 0),
            // The document's table has no KeyId, later clients call it required: absent it is the token's.
            new ParameterCase("KeyId", s_long, null, "MissingParameter"),
            ParameterCase.Required("EncryptedKeyMaterial", Base64Of(1025)),
            ParameterCase.Required("ImportToken", Base64Of(1025)),
            ParameterCase.Optional("KeyMaterialExpireUnix", s_long))
        {
            WellFormed = async t =>
            [
                ("KeyId", await t.ExternalKeyAsync()), ("ImportToken", Base64Of(160)),
                ("EncryptedKeyMaterial", Base64Of(256)), ("KeyMaterialExpireUnix", "0"),
            ],
        },
        new("EnableKey", "", Key, s_keyId),
        new("DisableKey", "", Key, s_keyId),
        new("ScheduleKeyDeletion", "",
            async t => [("KeyId", await t.KeyAsync()), ("PendingWindowInDays", "7")],
            s_keyId, ParameterCase.Required("PendingWindowInDays", s_long)),
        new("CancelKeyDeletion", "",
            async t =>
            {
                var keyId = await t.KeyAsync();
                await t.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("PendingWindowInDays", "7"));
                return [("KeyId", keyId)];
            },
            s_keyId),
        new("DeleteKeyMaterial", "", async t => [("KeyId", await t.ExternalKeyAsync())], s_keyId),
        new("DescribeKey", Metadata, Key, s_keyId),
        new("ListKeys", $"Keys{{Key[KeyId,KeyArn]}},{Page}",
            async t => [("Filters", Filters), .. await Paged(t)],
            s_pageNumber, s_pageSize,
            ParameterCase.Optional("Filters", Filters.Replace(",", "," + new string(' ', 8192), StringComparison.Ordinal))),
        new("Encrypt", Encrypted,
            async t => [("KeyId", await t.KeyAsync()), ("Plaintext", "aGVsbG8="), ("EncryptionContext", Json)],
            s_keyId, ParameterCase.Required("Plaintext", Base64Of(6145)), Context("EncryptionContext")),
        new("GenerateDataKey", $"Plaintext,{Encrypted}", DataKey,
            s_keyId, s_keySpec, s_bytes, Context("EncryptionContext")),
        new("Decrypt", "KeyId,KeyVersionId,Plaintext",
            async t =>
            [
                ("CiphertextBlob", await t.EncryptAsync(await t.KeyAsync(), ("EncryptionContext", Json))),
                ("EncryptionContext", Json),
            ],
            s_blob,
            // Without its context a ciphertext is like a damaged one; CiphertextTests have that.
            new ParameterCase("EncryptionContext", ContextOf(8193), "InvalidParameter:CiphertextBlob", "InvalidParameter")),
        new("CreateAlias", "",
            async t => [("AliasName", Tenant.NewAliasName()), ("KeyId", await t.KeyAsync())], s_alias, s_keyId),
        new("UpdateAlias", "",
            async t => [("AliasName", await t.AliasAsync(await t.KeyAsync())), ("KeyId", await t.KeyAsync())],
            s_alias, s_keyId),
        new("DeleteAlias", "", async t => [("AliasName", await t.AliasAsync(await t.KeyAsync()))], s_alias),
        new("ListAliases", Aliases,
            async t =>
            {
                await t.AliasAsync(await t.KeyAsync());
                return await Paged(t);
            },
            s_pageNumber, s_pageSize),
        new("ListAliasesByKeyId", Aliases,
            async t =>
            {
                var keyId = await t.KeyAsync();
                await t.AliasAsync(keyId);
                return [("KeyId", keyId), .. await Paged(t)];
            },
            s_keyId, s_pageNumber, s_pageSize),
        new("TagResource", "",
            async t => [("KeyId", await t.KeyAsync()), ("Tags", """[{"TagKey":"a","TagValue":"b"}]""")],
            s_keyId, ParameterCase.Required("Tags", $$"""[{"TagKey":"a","TagValue":"b"}{{new string(' ', 16384)}}]""")),
        new("UntagResource", "",
            async t => [("KeyId", await t.KeyAsync()), ("TagKeys", """["a"]""")],
            s_keyId, ParameterCase.Required("TagKeys", $"""["a"{new string(' ', 16384)}]""")),
        new("ListResourceTags", "Tags{Tag[KeyId,TagKey,TagValue]}",
            async t =>
            {
                var keyId = await t.KeyAsync();
                await t.OkAsync("TagResource", ("KeyId", keyId), ("Tags", """[{"TagKey":"a","TagValue":""}]"""));
                return [("KeyId", keyId)];
            },
            s_keyId),
        new("DescribeRegions", "Regions{Region[RegionId]}", _ => Task.FromResult<Args>([])),
    ];

    private static ParameterCase Choice(string name) => ParameterCase.Optional(name, s_long);

    private static ParameterCase Context(string name) => ParameterCase.Optional(name, ContextOf(8193));

    private static async Task<Args> Key(Tenant t) => [("KeyId", await t.KeyAsync())];

    private static async Task<Args> DataKey(Tenant t) =>
    [
        ("KeyId", await t.KeyAsync()), ("KeySpec", "AES_128"), ("NumberOfBytes", "64"), ("EncryptionContext", Json),
    ];

    private static async Task<Args> Paged(Tenant t)
    {
        await t.KeyAsync();
        return [("PageNumber", "1"), ("PageSize", "2")];
    }
}
