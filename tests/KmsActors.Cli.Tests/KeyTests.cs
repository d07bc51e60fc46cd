using System.Security.Cryptography;

namespace KmsActors.Cli.Tests;

[Collection(RealServer.Name)]
public sealed class KeyTests(RealServer server)
{
    [Fact]
    public async Task Create_WithEverything_IsDescribedSo()
    {
        var alias = NewAlias();
        var made = await server.OkAsync(
            "keys", "create", "--json", "--spec", "Aliyun_SM4", "--usage", "encrypt", "--origin", "Aliyun_KMS",
            "--protection", "HSM", "--description", "Größe 大小", "--alias", alias, "--tag", "a=1", "--tag", "b=",
            "--rotation-interval", "30d");
        var described = await server.OkAsync("keys", "describe", alias, "--json");
        Assert.Equal(made["KeyMetadata.KeyId"], described["KeyMetadata.KeyId"]);
        Assert.Equal("Aliyun_SM4", described["KeyMetadata.KeySpec"]);
        Assert.Equal("HSM", described["KeyMetadata.ProtectionLevel"]);
        Assert.Equal("Größe 大小", described["KeyMetadata.Description"]);
        Assert.Equal("2592000s", described["KeyMetadata.RotationInterval"]);
        var shown = await server.OkAsync("keys", "describe", alias);
        Assert.Contains("Description       \tGröße 大小\n", shown.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("RequestId", shown.Out, StringComparison.Ordinal);
        var tags = await server.OkAsync("tags", "list", made["KeyMetadata.KeyId"]);
        Assert.Equal(["TagKey\tTagValue", "a     \t1", "b     \t"], tags.Lines);
    }

    [Fact]
    public async Task Create_WithAnAliasThatIsTaken_TellsOfTheKeyAllTheSame()
    {
        var alias = NewAlias();
        await server.OkAsync("keys", "create", "--alias", alias);
        var second = await server.RunAsync("keys", "create", "--json", "--alias", alias);
        Assert.Equal(ExitCode.Refused, second.ExitCode);
        Assert.Contains("AliasAlreadyExists", second.Error, StringComparison.Ordinal);
        await server.OkAsync("keys", "describe", second["KeyMetadata.KeyId"]);
    }

    [Fact]
    public async Task List_OfMoreThanAPage_HasAllOrAsManyAsAskedFor()
    {
        var made = await server.OkAsync("keys", "create", "--count", "120", "--json");
        Assert.Equal(120, made.Json.GetArrayLength());
        var all = (await server.OkAsync("keys", "list", "--json")).Json.EnumerateArray()
            .Select(key => key.GetProperty("KeyId").GetString()).ToHashSet();
        Assert.All(made.Json.EnumerateArray(), key => Assert.Contains(key.GetProperty("KeyId").GetString(), all));
        var lines = (await server.OkAsync("keys", "list", "--limit", "101")).Lines;
        Assert.Equal("KeyId", lines[0].TrimEnd());
        Assert.Equal(102, lines.Distinct().Count());
    }

    [Fact]
    public async Task List_WithFilters_HasOnlyWhatMatches()
    {
        var key = await server.NewKeyAsync("--spec", "EC_P256K");
        await server.OkAsync("keys", "disable", key);
        var listed = await server.OkAsync(
            "keys", "list", "--spec", "EC_P256K", "--state", "Disabled", "--usage", "sign", "--protection", "SOFTWARE",
            "--details");
        Assert.Equal("KeyId,KeySpec,KeyUsage,KeyState,CreationDate,Description", Cells(listed.Lines[0]));
        var line = Cells(Assert.Single(listed.Lines, each => each.StartsWith(key, StringComparison.Ordinal)));
        Assert.StartsWith($"{key},EC_P256K,SIGN/VERIFY,Disabled,20", line, StringComparison.Ordinal);
        Assert.All(listed.Lines[1..], each => Assert.Contains("EC_P256K", each, StringComparison.Ordinal));
        Assert.Equal("[]", (await server.OkAsync("keys", "list", "--state", "PendingDeletion", "--spec", "EC_SM2", "--json")).Out.Trim());
    }

    [Fact]
    public async Task States_OneAfterTheOther_AreEachReached()
    {
        var key = await server.NewKeyAsync();
        Assert.Contains("disabled", (await server.OkAsync("keys", "disable", key)).Error, StringComparison.Ordinal);
        Assert.Equal("Disabled", await StateAsync(key));
        await server.OkAsync("keys", "enable", key);
        Assert.Equal("Enabled", await StateAsync(key));
        var scheduled = await server.OkAsync("keys", "schedule-deletion", key, "--days", "7", "--json");
        Assert.NotEmpty(scheduled["RequestId"]);
        Assert.Equal("PendingDeletion", await StateAsync(key));
        (await server.RunAsync("encrypt", key, "--text", "x")).AssertFailed(ExitCode.Refused, "Rejected.PendingDeletion: ");
        await server.OkAsync("keys", "cancel-deletion", key);
        await server.OkAsync("keys", "set-description", key, "other");
        await server.OkAsync("keys", "set-rotation", key, "7d");
        Assert.Equal("604800s", (await server.OkAsync("keys", "describe", key, "--json"))["KeyMetadata.RotationInterval"]);
        await server.OkAsync("keys", "set-rotation", key, "off");
        Assert.Equal("Disabled", (await server.OkAsync("keys", "describe", key, "--json"))["KeyMetadata.AutomaticRotation"]);
        Assert.Equal("other", (await server.OkAsync("keys", "describe", key, "--json"))["KeyMetadata.Description"]);
    }

    [Fact]
    public async Task Versions_OfAPair_AreListedAndMadeOnlySevenDaysApart()
    {
        var key = await server.NewKeyAsync("--spec", "EC_P256");
        Assert.Equal(2, (await server.OkAsync("keys", "versions", key)).Lines.Length);
        (await server.RunAsync("keys", "rotate", key)).AssertFailed(ExitCode.Refused, "Rejected.UnsupportedOperation: ");
    }

    [Theory]
    [InlineData("rsa-oaep-sha256")]
    [InlineData("rsa-oaep-sha1")]
    [InlineData("rsa-pkcs1")]
    public async Task Import_OfMaterial_MakesTheKeyWork(string wrap)
    {
        var key = await server.NewKeyAsync("--origin", "EXTERNAL");
        Assert.Equal("PendingImport", await StateAsync(key));
        var file = server.NewFile();
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(32));
        await server.OkAsync("keys", "import", key, file, "--wrap", wrap, "--expires", "2100-01-31");
        var described = await server.OkAsync("keys", "describe", key, "--json");
        Assert.Equal("Enabled", described["KeyMetadata.KeyState"]);
        Assert.Equal("2100-01-31T00:00:00Z", described["KeyMetadata.MaterialExpireTime"]);
        await server.OkAsync("encrypt", key, "--text", "x", "--output", server.NewFile());

        await server.OkAsync("keys", "delete-material", key);
        Assert.Equal("PendingImport", await StateAsync(key));
        var material = await File.ReadAllBytesAsync(file);
        var again = await new Invocation { Input = material }.RunAsync(server.With("keys", "import", key, "-"));
        again.AssertDone();
        Assert.Equal("Enabled", await StateAsync(key));
    }

    [Fact]
    public async Task Import_OfAFileThatIsNoKey_SendsNothing()
    {
        await using var stub = await StubServer.StartAsync(500, "");
        var file = server.NewFile();
        await File.WriteAllBytesAsync(file, new byte[65]);
        (await stub.Invocation.RunAsync("keys", "import", "key", file)).AssertFailed(ExitCode.Usage, "longer than 64 bytes");
        (await stub.Invocation.RunAsync("keys", "import", "key", file + "x")).AssertFailed(ExitCode.Usage, file + "x");
        (await stub.Invocation.RunAsync("keys", "import", "key", file, "--expires", "soon")).AssertFailed(ExitCode.Usage, "'soon'");
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Aliases_AllTheirCommands_DoWhatTheySay()
    {
        var (one, two) = (await server.NewKeyAsync(), await server.NewKeyAsync());
        var alias = NewAlias();
        await server.OkAsync("aliases", "create", alias, one);
        Assert.Equal($"AliasName,KeyId;{alias},{one}", Cells((await server.OkAsync("aliases", "list", "--key", one)).Lines));
        await server.OkAsync("aliases", "update", alias["alias/".Length..], two);
        Assert.Equal("[]", (await server.OkAsync("aliases", "list", "--key", one, "--json")).Out.Trim());
        Assert.Contains($"{alias}", (await server.OkAsync("aliases", "list")).Out, StringComparison.Ordinal);
        await server.OkAsync("aliases", "delete", alias);
        (await server.RunAsync("keys", "describe", alias)).AssertFailed(ExitCode.Refused, "Forbidden.AliasNotFound: ");
    }

    [Fact]
    public async Task Tags_SetAndRemoved_AreListed()
    {
        var key = await server.NewKeyAsync();
        await server.OkAsync("tags", "set", key, "a=1", "b=x=y");
        Assert.Equal("TagKey,TagValue;a,1;b,x=y", Cells((await server.OkAsync("tags", "list", key)).Lines));
        await server.OkAsync("tags", "remove", key, "a");
        Assert.Equal("b", (await server.OkAsync("tags", "list", key, "--json")).Json[0].GetProperty("TagKey").GetString());
        (await server.RunAsync("tags", "set", key, "c")).AssertFailed(ExitCode.Usage, "'c' is not of the form NAME=VALUE.");
    }

    internal static string NewAlias() => $"alias/{Guid.NewGuid():N}";

    internal static string Cells(params string[] lines) =>
        string.Join(';', lines.Select(line => string.Join(',', line.Split('\t').Select(cell => cell.Trim()))));

    private async Task<string> StateAsync(string key) =>
        (await server.OkAsync("keys", "describe", key, "--json"))["KeyMetadata.KeyState"];
}
