namespace KmsActors.Server.Tests;

/// <summary>Encryption contexts: what is one, when two are equal, and their two forms on the wire.</summary>
public sealed class EncryptionContextTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Name = "EncryptionContext";

    public static TheoryData<string> Malformed =>
    [
        "[]", """["a"]""", """{"a":1}""", """{"a":true}""", """{"a":null}""", """{"a":{"b":"c"}}""",
        """{"a":["b"]}""", """{"a":"1","a":"2"}""", """{"a":"1","\u0061":"1"}""", """{"a":"b"}x""",
        """{"a":"b"}{}""", """{"a":"b"},""", """{"a":"b",}""", """{"a":"b" """, """{a:"b"}""", """{'a':'b'}""",
        """{"a":"\ud800"}""", """{"\udc00":"b"}""", """{"a":"\x"}""", """/**/{"a":"b"}""", "null", "\"a\"", "1", "{",
        "", " ", "\uFEFF{}", "{\"a\":\"\n\"}", "{\"a\":\"\0\"}",
    ];

    public static TheoryData<string, string> EqualPairs =>
        new()
        {
            { """{"a":"1","b":"2"}""", """{"b":"2","a":"1"}""" },
            { """{"a":"1"}""", """ { "a" : "1" } """ },
            { """{"a":"é"}""", """{"\u0061":"\u00e9"}""" },
            { """{"😀":"😀"}""", """{"\ud83d\ude00":"\uD83D\uDE00"}""" },
            { "{}", " { } " },
        };

    public static TheoryData<string, string> DifferentPairs =>
        new()
        {
            { """{"a":"1"}""", """{"A":"1"}""" },
            { """{"a":"1"}""", """{"a":"1 "}""" },
            { """{"a":"1"}""", "{}" },
            { "{}", """{"a":"1"}""" },
            { """{"a":"1"}""", """{"a":"1","b":"2"}""" },
            { """{"a":"1","b":"2"}""", """{"a":"2","b":"1"}""" },
            { """{"ab":"c"}""", """{"a":"bc"}""" },
            { """{"a":""}""", """{"":"a"}""" },
            { """{"é":"1"}""", "{\"e\u0301\":\"1\"}" },
        };

    private Tenant Root => server.Root;

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Context_NotAFlatMapOfStrings_IsRefused(string json)
    {
        var keyId = await Root.KeyAsync();
        await Root.RefusedAsync(
            "InvalidParameter", Name, "Encrypt", ("KeyId", keyId), ("Plaintext", "aGk="), (Name, json));
        await Root.RefusedAsync("InvalidParameter", Name, "GenerateDataKey", ("KeyId", keyId), (Name, json));
        var blob = await Root.EncryptAsync(keyId);
        await Root.RefusedAsync("InvalidParameter", Name, "Decrypt", ("CiphertextBlob", blob), (Name, json));
        Args target = OutsidePair.Sm2.Target("SM2PKE");
        await Root.RefusedAsync(
            "InvalidParameter", Name, "ExportDataKey", [("CiphertextBlob", blob), (Name, json), .. target]);
        await Root.RefusedAsync(
            "InvalidParameter", Name, "GenerateAndExportDataKey", [("KeyId", keyId), (Name, json), .. target]);
        foreach (var name in new[] { $"Source{Name}", $"Destination{Name}" })
        {
            await Root.RefusedAsync(
                "InvalidParameter", name, "ReEncrypt",
                ("CiphertextBlob", blob), ("DestinationKeyId", keyId), (name, json));
        }
    }

    [Theory]
    [MemberData(nameof(EqualPairs))]
    public async Task Decrypt_WithAnEqualContext_Succeeds(string first, string second) =>
        (await DecryptAsync(first, [(Name, second)])).AssertOk();

    [Theory]
    [MemberData(nameof(DifferentPairs))]
    public async Task Decrypt_WithAnotherContext_IsInvalid(string first, string second) =>
        (await DecryptAsync(first, [(Name, second)])).AssertRefused("InvalidParameter", "CiphertextBlob");

    [Fact]
    public async Task Decrypt_WithNoContextForAnEmptyOne_Succeeds() => (await DecryptAsync("{}", [])).AssertOk();

    [Fact]
    public async Task Context_Flattened_EqualsTheJsonForm()
    {
        const string json = """{"Example":"Example","a.b":"c=d&e","密":"钥","":"x"}""";
        Args flattened =
        [
            ($"{Name}.a.b", "c=d&e"), ($"{Name}.密", "钥"), ($"{Name}.Example", "Example"), ($"{Name}.", "x"),
        ];
        (await DecryptAsync(json, flattened)).AssertOk();
        var blob = await Root.EncryptAsync(await Root.KeyAsync(), flattened);
        await Root.OkAsync("Decrypt", ("CiphertextBlob", blob), (Name, json));
        (await DecryptAsync(json, flattened[1..])).AssertRefused("InvalidParameter", "CiphertextBlob");
    }

    [Fact]
    public async Task Context_FlattenedAndAsJson_IsRefused()
    {
        var keyId = await Root.KeyAsync();
        foreach (var json in new[] { """{"a":"b"}""", "{}", "" })
        {
            await Root.RefusedAsync(
                "InvalidParameter", Name, "Encrypt",
                ("KeyId", keyId), ("Plaintext", "aGk="), (Name, json), ($"{Name}.a", "b"));
        }
    }

    [Fact]
    public async Task Context_FlattenedWithADoubledKey_IsRefused() => await Root.RefusedAsync(
        "InvalidParameter", $"{Name}.a", "Encrypt",
        ("KeyId", await Root.KeyAsync()), ("Plaintext", "aGk="), ($"{Name}.a", "b"), ($"{Name}.a", "b"));

    [Fact]
    public async Task Context_OfTheMostCharacters_IsTakenAndOneMoreIsNot()
    {
        var keyId = await Root.KeyAsync();
        foreach (var context in new Args[]
        {
            [(Name, Catalogue.ContextOf(8192))],
            [($"{Name}.{new string('k', 8191)}", "v")],
            [($"{Name}.k", new string('密', 8191))],
        })
        {
            var blob = await Root.EncryptAsync(keyId, context);
            await Root.OkAsync("Decrypt", [("CiphertextBlob", blob), .. context]);
            Args longer = [(context[0].Name, context[0].Value.Replace("v", "vv", StringComparison.Ordinal) + " ")];
            await Root.RefusedAsync(
                "InvalidParameter", Name, "Encrypt", [("KeyId", keyId), ("Plaintext", "aGk="), .. longer]);
        }
    }

    [Fact]
    public async Task Context_WhereTheActionHasNone_IsPassedOver() =>
        await Root.OkAsync("DescribeKey", ("KeyId", await Root.KeyAsync()), (Name, "[]"));

    private async Task<Answer> DecryptAsync(string json, Args context)
    {
        var blob = await Root.EncryptAsync(await Root.KeyAsync(), (Name, json));
        return await Root.CallAsync("Decrypt", [("CiphertextBlob", blob), .. context]);
    }
}
