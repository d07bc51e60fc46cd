using KmsActors.Protocols.Aliyun;

namespace KmsActors.Server.Tests;

/// <summary>Seed 001, section 2, over the wire: every call on a key in every state, cell by cell.</summary>
public sealed class StateTableTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>
    /// "ok" leaves the state as it is, "ok:X" makes it X, "-" is no cell: such a key cannot be in that
    /// state. In brackets stands which of several keys or origins is meant.
    /// </summary>
    private const string Table = """
        CreateKey                           ok                 ok                 ok                   ok
        DescribeRegions                     ok                 ok                 ok                   ok
        ListKeys                            ok                 ok                 ok                   ok
        DescribeKey                         ok                 ok                 ok                   ok
        DeleteAlias                         ok                 ok                 ok                   ok
        ListAliases                         ok                 ok                 ok                   ok
        ListAliasesByKeyId                  ok                 ok                 ok                   ok
        ListResourceTags                    ok                 ok                 ok                   ok
        GenerateDataKey                     ok                 Disabled           PendingDeletion      PendingImport
        GenerateDataKeyWithoutPlaintext     ok                 Disabled           PendingDeletion      PendingImport
        Encrypt                             ok                 Disabled           PendingDeletion      PendingImport
        Encrypt(alias)                      ok                 Disabled           PendingDeletion      PendingImport
        Decrypt                             ok                 Disabled           PendingDeletion      PendingImport
        ReEncrypt(source)                   ok                 Disabled           PendingDeletion      PendingImport
        ReEncrypt(destination)              ok                 Disabled           PendingDeletion      PendingImport
        EnableKey                           ok:Enabled         ok:Enabled         StateModifiedFailed  StateModifiedFailed
        DisableKey                          ok:Disabled        ok:Disabled        StateModifiedFailed  StateModifiedFailed
        ScheduleKeyDeletion                 ok:PendingDeletion ok:PendingDeletion StateModifiedFailed  ok:PendingDeletion
        CancelKeyDeletion                   StateModifiedFailed StateModifiedFailed ok:Enabled         StateModifiedFailed
        CreateAlias                         ok                 ok                 StateModifiedFailed  ok
        UpdateAlias(target)                 ok                 ok                 PendingDeletion      ok
        UpdateAlias(left)                   ok                 ok                 ok                   ok
        TagResource                         ok                 ok                 PendingDeletion      ok
        UntagResource                       ok                 ok                 PendingDeletion      ok
        UpdateKeyDescription                ok                 ok                 PendingDeletion      ok
        GetParametersForImport(EXTERNAL)    ok                 ok                 ok                   ok
        ImportKeyMaterial(EXTERNAL)         ok:Enabled         ok:Disabled        StateModifiedFailed  ok:Enabled
        DeleteKeyMaterial(EXTERNAL)         ok:PendingImport   ok:PendingImport   ok:PendingDeletion   ok:PendingImport
        CancelKeyDeletion(EXTERNAL)         StateModifiedFailed StateModifiedFailed ok:PendingImport   StateModifiedFailed
        GetParametersForImport(Aliyun_KMS)  Unsupported.Origin Unsupported.Origin Unsupported.Origin   -
        ImportKeyMaterial(Aliyun_KMS)       Unsupported.Origin Unsupported.Origin Unsupported.Origin   -
        DeleteKeyMaterial(Aliyun_KMS)       Unsupported.Origin Unsupported.Origin Unsupported.Origin   -
        """;

    private static readonly string[] s_states = ["Enabled", "Disabled", "PendingDeletion", "PendingImport"];

    private readonly Tenant _tenant = server.Root;
    private readonly byte[] _material = Tenant.NewMaterial();

    public static IEnumerable<object[]> Cells =>
        from line in Table.Split('\n')
        let row = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        from state in Enumerable.Range(0, s_states.Length)
        where row[state + 1] != "-"
        select new object[] { row[0], s_states[state], row[state + 1] };

    [Fact]
    public void Table_AgainstTheServersTable_HasEveryAction() => Assert.Equal(
        ActionTable.Names.Order(StringComparer.Ordinal),
        Cells.Select(cell => ActionOf((string)cell[0])).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Call_OnAKeyInAState_GetsTheTablesAnswer(string row, string state, string expected)
    {
        var keyId = await MakeKeyAsync(row, state);
        var arguments = await ArgumentsAsync(row, keyId);
        await BringAsync(keyId, state);
        var before = await _tenant.PictureAsync(keyId);
        var date = (await _tenant.DescribeAsync(keyId))["KeyMetadata.DeleteDate"];

        if (!expected.StartsWith("ok", StringComparison.Ordinal))
        {
            var code = expected.Contains('.', StringComparison.Ordinal) ? expected : $"Rejected.{expected}";
            await _tenant.RefusedAsync(code, null, ActionOf(row), arguments);
            Assert.Equal(before, await _tenant.PictureAsync(keyId));
            return;
        }

        await _tenant.OkAsync(ActionOf(row), arguments);
        var after = await _tenant.DescribeAsync(keyId);
        Assert.Equal(expected == "ok" ? state : expected[3..], after["KeyMetadata.KeyState"]);
        if (state == "PendingDeletion" && after["KeyMetadata.KeyState"] == state)
            Assert.Equal(date, after["KeyMetadata.DeleteDate"]);
    }

    private static string ActionOf(string row) => row.Split('(')[0];

    private static bool NeedsUsableKey(string row) =>
        row is "Decrypt" or "ReEncrypt(source)" or "DeleteKeyMaterial(EXTERNAL)";

    // A key of our own material is quicker to make; only one from outside can be PendingImport.
    private async Task<string> MakeKeyAsync(string row, string state)
    {
        if (state != "PendingImport" && !row.EndsWith("(EXTERNAL)", StringComparison.Ordinal))
            return await _tenant.KeyAsync();
        var keyId = await _tenant.ExternalKeyAsync();
        if (state is "Enabled" or "Disabled" || NeedsUsableKey(row)) await _tenant.ImportAsync(keyId, _material);
        return keyId;
    }

    private async Task BringAsync(string keyId, string state)
    {
        if (state == "Disabled") await _tenant.OkAsync("DisableKey", ("KeyId", keyId));
        if (state == "PendingDeletion")
            await _tenant.OkAsync("ScheduleKeyDeletion", ("KeyId", keyId), ("PendingWindowInDays", "9"));
        if (state == "PendingImport") await _tenant.OkAsync("DeleteKeyMaterial", ("KeyId", keyId));
        Assert.Equal(state, await _tenant.StateAsync(keyId));
    }

    // Made while the key can still be used.
    private async Task<Args> ArgumentsAsync(string row, string keyId) => row switch
    {
        "CreateKey" or "DescribeRegions" or "ListKeys" or "ListAliases" => [],
        "DeleteAlias" => [("AliasName", await _tenant.AliasAsync(keyId))],
        "Encrypt" => [("KeyId", keyId), ("Plaintext", "aGk=")],
        "Encrypt(alias)" => [("KeyId", await _tenant.AliasAsync(keyId)), ("Plaintext", "aGk=")],
        "Decrypt" => [("CiphertextBlob", await _tenant.EncryptAsync(keyId))],
        "ReEncrypt(source)" =>
            [("CiphertextBlob", await _tenant.EncryptAsync(keyId)), ("DestinationKeyId", await _tenant.KeyAsync())],
        "ReEncrypt(destination)" =>
            [("CiphertextBlob", await _tenant.EncryptAsync(await _tenant.KeyAsync())), ("DestinationKeyId", keyId)],
        "ScheduleKeyDeletion" => [("KeyId", keyId), ("PendingWindowInDays", "7")],
        "CreateAlias" => [("AliasName", Tenant.NewAliasName()), ("KeyId", keyId)],
        "UpdateAlias(target)" =>
            [("AliasName", await _tenant.AliasAsync(await _tenant.KeyAsync())), ("KeyId", keyId)],
        "UpdateAlias(left)" => [("AliasName", await _tenant.AliasAsync(keyId)), ("KeyId", await _tenant.KeyAsync())],
        "TagResource" => [("KeyId", keyId), ("Tags", """[{"TagKey":"a","TagValue":"b"}]""")],
        "UntagResource" => [("KeyId", await TaggedAsync(keyId)), ("TagKeys", """["a"]""")],
        "UpdateKeyDescription" => [("KeyId", keyId), ("Description", "new")],
        "GetParametersForImport(EXTERNAL)" or "GetParametersForImport(Aliyun_KMS)" =>
            [("KeyId", keyId), ("WrappingAlgorithm", "RSAES_OAEP_SHA_1"), ("WrappingKeySpec", "RSA_2048")],
        "ImportKeyMaterial(EXTERNAL)" => (await _tenant.TokenAsync(keyId)).With(_material),
        "ImportKeyMaterial(Aliyun_KMS)" =>
        [
            ("KeyId", keyId), ("ImportToken", Catalogue.Base64Of(160)),
            ("EncryptedKeyMaterial", Catalogue.Base64Of(256)),
        ],
        _ => [("KeyId", keyId)],
    };

    private async Task<string> TaggedAsync(string keyId)
    {
        await _tenant.OkAsync("TagResource", ("KeyId", keyId), ("Tags", """[{"TagKey":"a","TagValue":"b"}]"""));
        return keyId;
    }
}
