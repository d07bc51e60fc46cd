using KmsActors.Protocols.Huawei;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>A good call of every endpoint, by its name in the server's table of contents.</summary>
internal static class Requests
{
    /// <summary>Those that name no key, be it in a ciphertext.</summary>
    private static readonly string[] s_keyless =
    [
        "POST create-key", "POST list-keys", "POST gen-random", "GET user-instances", "GET user-quotas",
        "POST resource_instances/action", "GET tags",
    ];

    public static IEnumerable<string> All => EndpointTable.Names.Order(StringComparer.Ordinal);

    public static IEnumerable<string> WithKey => All.Except(s_keyless);

    /// <summary>
    /// A call with the key. What it takes to make one, a ciphertext say, is made by the key itself, or by
    /// <paramref name="maker"/> where that cannot.
    /// </summary>
    public static async Task<Ask> OfAsync(string endpoint, Project project, string keyId, string? maker = null)
    {
        var (method, template) = endpoint.Split(' ') is [var m, var t] ? (m, t) : throw new FormatException(endpoint);
        var path = template.Replace("{key_id}", keyId, StringComparison.Ordinal)
            .Replace("{key}", "a", StringComparison.Ordinal);
        return method switch
        {
            "GET" => Ask.Get(path),
            "DELETE" => Ask.Delete(path),
            _ => Ask.Post(path, await FieldsAsync(template, project, keyId, maker ?? keyId)),
        };
    }

    /// <summary>A call that succeeds, and whose lists have something in them.</summary>
    public static async Task<Ask> GoodAsync(string endpoint, Project project)
    {
        var name = endpoint.Split(' ')[1];
        var kind = name switch
        {
            "get-parameters-for-import" or "import-key-material" => "empty",
            "delete-imported-key-material" => "external",
            "sign" or "verify" or "get-publickey" => "EC_P256",
            "update-key-rotation-interval" => "rotating",
            _ => "",
        };
        var made = new KeyInState(
            project,
            kind,
            kind == "empty" ? "5" : name switch { "enable-key" => "3", "cancel-key-deletion" => "4", _ => "2" });
        await made.MakeAsync(needsMaterial: false);
        if (kind == "") await project.TagAsync(made.KeyId, "a", "b");
        if (name == "list-grants") await project.GrantAsync(made.KeyId);
        await made.BringAsync();
        if (name == "import-key-material")
            return Ask.Post(name, (await project.TokenAsync(made.KeyId)).With(Tenant.NewMaterial()));
        var ask = await OfAsync(endpoint, project, made.KeyId);
        return name == "resource_instances/action"
            ? ask with { Body = HuaweiJson.With(ask.Body!, "tags", """=[{"key":"a","values":["b"]}]""") }
            : ask;
    }

    public static string Base64Of(int bytes) => Convert.ToBase64String(new byte[bytes]);

    private static async Task<object> FieldsAsync(string template, Project project, string keyId, string maker) =>
        template switch
        {
            "create-key" => new { key_alias = Project.NewAlias(), key_description = "备份", origin = "kms" },
            "list-keys" => new { limit = "1000", marker = "0" },
            "gen-random" => new { random_data_length = "512" },
            "resource_instances/action" => new { action = "filter", limit = "1000", offset = "0" },
            "schedule-key-deletion" => new { key_id = keyId, pending_days = "7" },
            "create-datakey" => new { key_id = keyId, datakey_length = "512" },
            "encrypt-datakey" =>
                new { key_id = keyId, plain_text = DataKey.Hashed(new byte[64]), datakey_plain_length = "64" },
            "decrypt-datakey" => new
            {
                key_id = keyId, cipher_text = await project.DataKeyAsync(maker), datakey_cipher_length = "32",
            },
            "update-key-alias" => new { key_id = keyId, key_alias = Project.NewAlias() },
            "update-key-description" => new { key_id = keyId, key_description = "neu" },
            "encrypt-data" => new { key_id = keyId, plain_text = "明文" },
            "decrypt-data" => new { cipher_text = await project.EncryptAsync(maker) },
            "get-parameters-for-import" => new { key_id = keyId, wrapping_algorithm = "RSAES_OAEP_SHA_256" },
            "import-key-material" => new
            {
                key_id = keyId, import_token = Base64Of(160), encrypted_key_material = Base64Of(256),
            },
            "{key_id}/tags/action" => new { action = "create", tags = new[] { new { key = "b", value = "" } } },
            "{key_id}/tags" => new { tag = new { key = "a", value = "值" } },
            "update-key-rotation-interval" => new { key_id = keyId, rotation_interval = 30 },
            "create-grant" => project.Grant(keyId),
            "revoke-grant" or "retire-grant" => new { key_id = keyId, grant_id = await project.GrantAsync(maker) },
            "sign" => new { key_id = keyId, message = Base64Of(32), signing_algorithm = "ECDSA_SHA_256" },
            "verify" => new
            {
                key_id = keyId, message = Base64Of(32), signing_algorithm = "ECDSA_SHA_256", signature = Base64Of(70),
            },
            _ => new { key_id = keyId },
        };
}
