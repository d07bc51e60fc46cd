using System.Text;
using KmsActors.Operations;
using KmsActors.Protocols.Tencent;

namespace KmsActors.Server.Tests.Tencent;

/// <summary>A good call of every action: which fields its answer has, in which order, of which type.</summary>
public sealed class SuccessTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Metadata =
        "keyMetadata{keyId,alias,createTime#,description,keyState,keyUsage,type#,deleteTime#}";

    private static readonly Dictionary<string, string> s_shapes = new()
    {
        ["Encrypt"] = "keyId,ciphertextBlob",
        ["Decrypt"] = "keyId,plaintext",
        ["CreateKey"] = Metadata,
        ["ListKey"] = "keys[keyId],totalCount#",
        ["GetKeyAttributes"] = Metadata,
        ["DisableKey"] = "",
        ["EnableKey"] = "",
        ["GenerateDataKey"] = "keyId,ciphertextBlob,plaintext",
        ["SetKeyAttributes"] = "",
        ["ScheduleKeyDeletion"] = "",
        ["CancelKeyDeletion"] = "",
    };

    public static IEnumerable<object[]> Calls =>
        from action in Requests.All
        from form in TencentForm.All.Keys
        select new object[] { action, form };

    public static IEnumerable<object[]> Actions => Requests.All.Select(action => new object[] { action });

    public static IEnumerable<object[]> Forms => TencentForm.All.Keys.Select(form => new object[] { form });

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Action_ByEveryForm_AnswersInItsShape(string action, string form)
    {
        var customer = new Customer(server.Root) { Form = TencentForm.All[form] };
        var keyId = await customer.KeyAsync();
        var blob = await customer.EncryptAsync(keyId);
        await Requests.PrepareAsync(action, customer, keyId);
        var answer = await customer.OkAsync(action, Requests.Of(action, keyId, blob));
        Assert.Equal(s_shapes[action], answer.Shape());
    }

    // A call that changes something has to be known as one, or each of many nodes would do it again when it is repeated.
    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_ThatChangesSomething_IsOneThatDoes(string action)
    {
        var customer = new Customer(server.Root);
        var keyId = await customer.KeyAsync();
        // Else it would find it enabled already.
        if (action == "EnableKey") await customer.OkAsync("DisableKey", ("keyId", keyId));
        await Requests.PrepareAsync(action, customer, keyId);
        var blob = action == "Decrypt" ? await customer.EncryptAsync(keyId) : "";
        var answer = await customer.OkAsync(action, Requests.Of(action, keyId, blob));
        var changes = server.Query("SELECT count(*) FROM audit WHERE request_id = $id", ("$id", answer["requestId"]));
        Assert.Equal(ActionTable.Find(action)!.Policy.Effect == ActionEffect.Writes, changes is not 0L);
    }

    [Fact]
    public void Shapes_AgainstTheServersTable_HaveEveryAction() =>
        Assert.Equal(Requests.All, s_shapes.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Key_ByEveryForm_IsWhatWasAskedFor(string form)
    {
        var customer = new Customer(server.Root) { Form = TencentForm.All[form] };
        var (alias, description) = (Customer.NewAlias(), "测试 a+b &=% \"'<\n>😀");
        Args parameters = [("alias", alias), ("description", description), ("keyUsage", "ENCRYPT/DECRYPT")];
        var made = await customer.OkAsync("CreateKey", parameters);
        var keyId = made["keyMetadata.keyId"];
        var read = await customer.DescribeAsync(keyId);
        Assert.Equal(made.WithoutRequestId, read.WithoutRequestId);
        Assert.Matches("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", keyId);
        Assert.Equal((alias, description), (read["keyMetadata.alias"], read["keyMetadata.description"]));
        Assert.Equal(("Enabled", "ENCRYPT/DECRYPT"), (read["keyMetadata.keyState"], read["keyMetadata.keyUsage"]));
        Assert.Equal(server.Clock.GetUtcNow().ToUnixTimeSeconds(), read.Number("keyMetadata.createTime"));
        Assert.Equal((1, 0), (read.Number("keyMetadata.type"), read.Number("keyMetadata.deleteTime")));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Data_ByEveryForm_ComesBack(string form)
    {
        var customer = new Customer(server.Root) { Form = TencentForm.All[form] };
        var keyId = await customer.KeyAsync();
        var plaintext = Convert.ToBase64String(Encoding.UTF8.GetBytes("data 明文"));
        Args context = [("encryptionContext", """{"k 1":"v +/=&","键":"值"}""")];
        Args other = [("encryptionContext", """{"键":"值","k 1":"v +/=&"}""")];
        var blob = (await customer.OkAsync("Encrypt", [("keyId", keyId), ("plaintext", plaintext), .. context]))["ciphertextBlob"];
        var decrypted = await customer.OkAsync("Decrypt", [("ciphertextBlob", blob), .. other]);
        Assert.Equal((keyId, plaintext), (decrypted["keyId"], decrypted["plaintext"]));
        await customer.RefusedAsync("4560/10670", "Decrypt", ("ciphertextBlob", blob));

        var made = await customer.OkAsync("GenerateDataKey", [("keyId", keyId), .. context]);
        Assert.Equal((keyId, 32), (made["keyId"], made.Bytes("plaintext").Length));
        Assert.Equal(made["plaintext"], await customer.DecryptAsync(made["ciphertextBlob"], other));
    }

    [Fact]
    public async Task DataKey_OfASpecOrALength_HasIt()
    {
        var customer = new Customer(server.Root);
        var keyId = await customer.KeyAsync();
        foreach (var (spec, bytes, length) in new[]
        {
            (null, null, 32), ("AES_256", null, 32), ("AES_128", null, 16), (null, "1", 1), ("AES_256", "1024", 1024),
        })
        {
            var parameters = Requests.With([("keyId", keyId)], "keySpec", spec);
            var made = await customer.OkAsync("GenerateDataKey", Requests.With(parameters, "numberOfBytes", bytes));
            Assert.Equal(length, made.Bytes("plaintext").Length);
            Assert.Equal(length + 140, made.Bytes("ciphertextBlob").Length);
        }
    }
}
