using KmsActors.Protocols.Aliyun;

namespace KmsActors.Server.Tests;

/// <summary>Seed 001, section 2, over the wire: every call on a key in every state, cell by cell.</summary>
public sealed class StateTableTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>
    /// "ok" leaves the state as it is, "ok:X" makes it X, "-" is no cell: such a key cannot be in that
    /// state. In brackets stands which of several keys is meant, or what kind of key it is.
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
        DescribeKeyVersion                  ok                 ok                 ok                   ok
        ListKeyVersions                     ok                 ok                 ok                   ok
        ListKeyVersions(alias)              ok                 ok                 ok                   ok
        ExportDataKey                       ok                 Disabled           PendingDeletion      PendingImport
        GenerateAndExportDataKey            ok                 Disabled           PendingDeletion      PendingImport
        UpdateRotationPolicy(Aliyun_KMS)    ok                 Disabled           PendingDeletion      -
        UpdateRotationPolicy(EXTERNAL)      Unsupported.Origin Unsupported.Origin Unsupported.Origin   Unsupported.Origin
        CreateKeyVersion(EC_P256)           ok                 Disabled           PendingDeletion      -
        GetPublicKey(EC_P256)               ok                 Disabled           PendingDeletion      -
        AsymmetricEncrypt(EC_SM2)           ok                 Disabled           PendingDeletion      -
        AsymmetricDecrypt(EC_SM2)           ok                 Disabled           PendingDeletion      -
        ReEncrypt(EC_SM2)                   ok                 Disabled           PendingDeletion      -
        AsymmetricSign(EC_P256)             ok                 Disabled           PendingDeletion      -
        AsymmetricVerify(EC_P256)           ok                 Disabled           PendingDeletion      -
        EnableKey(EC_P256)                  ok:Enabled         ok:Enabled         StateModifiedFailed  -
        DisableKey(EC_SM2)                  ok:Disabled        ok:Disabled        StateModifiedFailed  -
        ScheduleKeyDeletion(EC_SM2)         ok:PendingDeletion ok:PendingDeletion StateModifiedFailed  -
        CancelKeyDeletion(EC_P256)          StateModifiedFailed StateModifiedFailed ok:Enabled         -
        """;

    /// <summary>
    /// Keys of the wrong kind: the answer is the same in every state, so that a state never makes a call look
    /// as if it could succeed in another.
    /// </summary>
    private const string WrongKinds = """
        Encrypt(RSA_2048)                           UnsupportedOperation
        Encrypt(EC_SM2)                             UnsupportedOperation
        GenerateDataKey(EC_SM2)                     UnsupportedOperation
        GenerateDataKeyWithoutPlaintext(EC_P256)    UnsupportedOperation
        GenerateAndExportDataKey(EC_SM2)            UnsupportedOperation
        ReEncrypt(destination:EC_SM2)               UnsupportedOperation
        ReEncrypt(EC_SM2:SIGN/VERIFY)               UnsupportedOperation
        ReEncrypt(EC_P256)                          UnsupportedOperation
        ReEncrypt(Aliyun_AES_256)                   UnsupportedOperation
        GetPublicKey(Aliyun_AES_256)                UnsupportedOperation
        GetPublicKey(Aliyun_SM4)                    UnsupportedOperation
        AsymmetricEncrypt(Aliyun_AES_256)           UnsupportedOperation
        AsymmetricEncrypt(EC_P256)                  UnsupportedOperation
        AsymmetricEncrypt(EC_SM2:SIGN/VERIFY)       UnsupportedOperation
        AsymmetricDecrypt(Aliyun_SM4)               UnsupportedOperation
        AsymmetricDecrypt(EC_SM2:SIGN/VERIFY)       UnsupportedOperation
        AsymmetricSign(EC_SM2)                      UnsupportedOperation
        AsymmetricSign(Aliyun_AES_256)              UnsupportedOperation
        AsymmetricVerify(EC_SM2)                    UnsupportedOperation
        AsymmetricVerify(Aliyun_SM4)                UnsupportedOperation
        CreateKeyVersion(Aliyun_AES_256)            Rejected.UnsupportedOperation
        CreateKeyVersion(Aliyun_SM4)                Rejected.UnsupportedOperation
        UpdateRotationPolicy(EC_P256)               Rejected.UnsupportedOperation
        UpdateRotationPolicy(EC_SM2)                Rejected.UnsupportedOperation
        GetParametersForImport(EC_SM2)              Unsupported.Origin
        ImportKeyMaterial(EC_P256)                  Unsupported.Origin
        DeleteKeyMaterial(EC_SM2)                   Unsupported.Origin
        """;

    private static readonly string[] s_states = ["Enabled", "Disabled", "PendingDeletion", "PendingImport"];

    private readonly Tenant _tenant = server.Root;
    private readonly byte[] _material = Tenant.NewMaterial();

    public static IEnumerable<object[]> WrongKindCells =>
        from line in WrongKinds.Split('\n')
        let row = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        from state in s_states
        // Only an external key can wait for import, and those are symmetric.
        where state != "PendingImport" || KindOf(row[0])!.StartsWith("Aliyun_", StringComparison.Ordinal)
        select new object[] { row[0], state, row[1] };

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
    [MemberData(nameof(WrongKindCells))]
    public async Task Call_OnAKeyInAState_GetsTheTablesAnswer(string row, string state, string expected)
    {
        var keyId = await MakeKeyAsync(row, state);
        var arguments = await ArgumentsAsync(row, keyId);
        await BringAsync(keyId, state);
        var before = await _tenant.PictureAsync(keyId);
        var date = (await _tenant.DescribeAsync(keyId))["KeyMetadata.DeleteDate"];

        if (!expected.StartsWith("ok", StringComparison.Ordinal))
        {
            var isWhole = expected.Contains('.', StringComparison.Ordinal) || expected == "UnsupportedOperation";
            var code = isWhole ? expected : $"Rejected.{expected}";
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

    // What stands in brackets, when it is a kind or an origin: whichever it is, behind the role that it plays.
    private static string? KindOf(string row)
    {
        var inBrackets = row.Split('(', ')') is [_, var text, _]
            ? text.Replace("destination:", "", StringComparison.Ordinal)
            : "";
        return inBrackets is "" or "alias" or "source" or "destination" or "target" or "left" ? null : inBrackets;
    }

    private static bool NeedsUsableKey(string row) =>
        row is "Decrypt" or "ReEncrypt(source)" or "DeleteKeyMaterial(EXTERNAL)" or "ExportDataKey";

    // A key of our own material is quicker to make; only one from outside can be PendingImport.
    private async Task<string> MakeKeyAsync(string row, string state)
    {
        var kind = KindOf(row);
        if (state != "PendingImport" && kind != "EXTERNAL") return await OwnKeyAsync(kind, ActionOf(row));
        var spec = kind is null or "EXTERNAL" ? "Aliyun_AES_256" : kind;
        var keyId = await _tenant.ExternalKeyAsync(("KeySpec", spec));
        if (state is "Enabled" or "Disabled" || NeedsUsableKey(row)) await _tenant.ImportAsync(keyId, _material);
        return keyId;
    }

    private async Task<string> OwnKeyAsync(string? kind, string action)
    {
        if (kind is null or "Aliyun_KMS") return await _tenant.KeyAsync();
        var made = kind.Split(':') is [var spec, var usage]
            ? await _tenant.KeyAsync(("KeySpec", spec), ("KeyUsage", usage))
            : await _tenant.KeyAsync(("KeySpec", kind));
        if (action == "CreateKeyVersion") server.Clock.Shift(TimeSpan.FromDays(7));
        return made;
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
        "ScheduleKeyDeletion(EC_SM2)" => [("KeyId", keyId), ("PendingWindowInDays", "7")],
        "CreateAlias" => [("AliasName", Tenant.NewAliasName()), ("KeyId", keyId)],
        "UpdateAlias(target)" =>
            [("AliasName", await _tenant.AliasAsync(await _tenant.KeyAsync())), ("KeyId", keyId)],
        "UpdateAlias(left)" => [("AliasName", await _tenant.AliasAsync(keyId)), ("KeyId", await _tenant.KeyAsync())],
        "TagResource" => [("KeyId", keyId), ("Tags", """[{"TagKey":"a","TagValue":"b"}]""")],
        "UntagResource" => [("KeyId", await TaggedAsync(keyId)), ("TagKeys", """["a"]""")],
        "UpdateKeyDescription" => [("KeyId", keyId), ("Description", "new")],
        "ImportKeyMaterial(EXTERNAL)" => (await _tenant.TokenAsync(keyId)).With(_material),
        "ExportDataKey" =>
            [("CiphertextBlob", await _tenant.EncryptAsync(keyId)), .. OutsidePair.Sm2.Target("SM2PKE")],
        "ListKeyVersions(alias)" => [("KeyId", await _tenant.AliasAsync(keyId))],
        "ReEncrypt(destination:EC_SM2)" => await ArgumentsAsync("ReEncrypt(destination)", keyId),
        _ => await LaterArgumentsAsync(row, keyId),
    };

    private async Task<Args> LaterArgumentsAsync(string row, string keyId)
    {
        var version = new PairVersion(keyId, (await _tenant.VersionsAsync(keyId))[0]);
        var isSm2 = row == "AsymmetricDecrypt(EC_SM2)" || row == "ReEncrypt(EC_SM2)";
        var bare = isSm2 ? await _tenant.EncryptAsync(version) : Catalogue.Base64Of(100);
        return ActionOf(row) switch
        {
            "Encrypt" => [("KeyId", keyId), ("Plaintext", "aGk=")],
            "GetParametersForImport" =>
                [("KeyId", keyId), ("WrappingAlgorithm", "RSAES_OAEP_SHA_1"), ("WrappingKeySpec", "RSA_2048")],
            "ImportKeyMaterial" =>
            [
                ("KeyId", keyId), ("ImportToken", Catalogue.Base64Of(160)),
                ("EncryptedKeyMaterial", Catalogue.Base64Of(256)),
            ],
            "DescribeKeyVersion" or "GetPublicKey" => version.With(),
            "GenerateAndExportDataKey" => [("KeyId", keyId), .. OutsidePair.Sm2.Target("SM2PKE")],
            "UpdateRotationPolicy" =>
                [("KeyId", keyId), ("EnableAutomaticRotation", "true"), ("RotationInterval", "7d")],
            "AsymmetricEncrypt" => version.With(("Algorithm", "SM2PKE"), ("Plaintext", "aGk=")),
            "AsymmetricDecrypt" => version.With(("Algorithm", "SM2PKE"), ("CiphertextBlob", bare)),
            "AsymmetricSign" => version.With(("Algorithm", "ECDSA_SHA_256"), ("Digest", Catalogue.Base64Of(32))),
            "AsymmetricVerify" => version.With(
                ("Algorithm", "ECDSA_SHA_256"), ("Digest", Catalogue.Base64Of(32)), ("Value", Catalogue.Base64Of(70))),
            "ReEncrypt" =>
            [
                ("CiphertextBlob", bare), ("DestinationKeyId", await _tenant.KeyAsync()), ("SourceKeyId", keyId),
                ("SourceKeyVersionId", version.VersionId), ("SourceEncryptionAlgorithm", "SM2PKE"),
            ],
            _ => [("KeyId", keyId)],
        };
    }

    private async Task<string> TaggedAsync(string keyId)
    {
        await _tenant.OkAsync("TagResource", ("KeyId", keyId), ("Tags", """[{"TagKey":"a","TagValue":"b"}]"""));
        return keyId;
    }
}
