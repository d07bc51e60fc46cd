namespace KmsActors.Server.Tests;

/// <summary>One key, many callers.</summary>
public sealed class ConcurrencyTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Callers = 64;

    private Tenant Root => server.Root;

    [Fact]
    public async Task Encrypt_WhileTheKeyIsSwitched_SucceedsOrSaysDisabled()
    {
        var keyId = await Root.KeyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            List<Answer> mine = [];
            for (var round = 0; round < 10; round++)
            {
                var action = ((caller + round) % 4) switch { 0 => "EnableKey", 1 => "DisableKey", _ => "Encrypt" };
                var answer = await Root.CallAsync(action, ("KeyId", keyId), ("Plaintext", "aGk="));
                if (action == "Encrypt") mine.Add(answer);
                else answer.AssertOk();
            }

            return mine;
        })));

        foreach (var answer in answers.SelectMany(mine => mine).Where(answer => answer.Status != 200))
            answer.AssertRefused("Rejected.Disabled");
        await Root.OkAsync("EnableKey", ("KeyId", keyId));
        foreach (var answer in answers.SelectMany(mine => mine).Where(answer => answer.Status == 200).Take(50))
            await Root.OkAsync("Decrypt", ("CiphertextBlob", answer["CiphertextBlob"]));
    }

    [Fact]
    public async Task Encrypt_StartedAfterAnAnsweredDisable_NeverSucceeds()
    {
        var keyId = await Root.KeyAsync();
        for (var round = 0; round < 10; round++)
        {
            await Root.OkAsync("EnableKey", ("KeyId", keyId));
            await SwitchOffUnderLoadAsync(keyId);
        }
    }

    [Fact]
    public async Task Alias_MovedBackAndForth_AlwaysNamesOneOfItsKeys()
    {
        string[] keys = [await Root.KeyAsync(), await Root.KeyAsync()];
        var alias = await Root.AliasAsync(keys[0]);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(async () =>
        {
            if (i % 4 == 0) await Root.OkAsync("UpdateAlias", ("AliasName", alias), ("KeyId", keys[i / 4 % 2]));
            else Assert.Contains((await Root.OkAsync("GenerateDataKey", ("KeyId", alias)))["KeyId"], keys);
        })));
        var listed = await Root.OkAsync("ListAliases", ("PageSize", "100"));
        Assert.Single(listed.Column("Aliases.Alias", "AliasName"), name => name == alias);
    }

    [Fact]
    public async Task Encrypt_WhileTheKeyRotates_GivesCiphertextsThatAllDecrypt()
    {
        var keyId = await Root.RotatingKeyAsync();
        var due = server.Clock.GetUtcNow();
        for (var round = 0; round < 5; round++)
        {
            due = due.AddDays(7);
            // Calls are signed with the time: it may move under their feet, but not by days.
            server.Clock.ShiftTo(due.AddTicks(-1));
            await RotateUnderLoadAsync(keyId);
        }

        Assert.Equal(6, (await Root.VersionsAsync(keyId)).Count);
    }

    [Fact]
    public async Task CreateKeyVersion_ByManyAtOnce_MakesOne()
    {
        var pair = await Root.PairAsync("EC_P256");
        server.Clock.Shift(TimeSpan.FromDays(7));
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(
            _ => Root.CallAsync("CreateKeyVersion", ("KeyId", pair.KeyId))));
        var made = Assert.Single(answers, answer => answer.Status == 200)["KeyVersion.KeyVersionId"];
        Assert.All(
            answers.Where(answer => answer.Status != 200),
            answer => answer.AssertRefused("Rejected.UnsupportedOperation"));
        Assert.Equal([pair.VersionId, made], await Root.VersionsAsync(pair.KeyId));
    }

    // Half the callers move what they have encrypted to the version that is then the primary one.
    private async Task RotateUnderLoadAsync(string keyId)
    {
        var before = await Root.VersionsAsync(keyId);
        using var enough = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers / 4).Select(caller => Task.Run(async () =>
        {
            List<Answer> mine = [];
            while (!enough.IsCancellationRequested)
            {
                mine.Add(await Root.OkAsync("Encrypt", ("KeyId", keyId), ("Plaintext", $"text of {caller}, {mine.Count}")));
                if (caller % 2 == 0) continue;
                mine[^1] = await Root.OkAsync(
                    "ReEncrypt", ("CiphertextBlob", mine[^1]["CiphertextBlob"]), ("DestinationKeyId", keyId));
            }

            return mine;
        })).ToList();
        server.Clock.Shift(TimeSpan.FromTicks(1));
        await server.RunRemindersAsync();
        var rotated = await Root.VersionsAsync(keyId);
        var byNow = await Root.OkAsync("Encrypt", ("KeyId", keyId), ("Plaintext", "aGk="));
        await enough.CancelAsync();
        var made = await Task.WhenAll(callers);

        Assert.Equal(before.Count + 1, rotated.Count);
        Assert.Equal(rotated[^1], byNow["KeyVersionId"]);
        foreach (var (mine, caller) in made.Select((mine, caller) => (mine, caller)))
        {
            foreach (var (answer, number) in mine.Select((answer, number) => (answer, number)))
            {
                Assert.Contains(answer["KeyVersionId"], rotated[^2..]);
                var decrypted = await Root.OkAsync("Decrypt", ("CiphertextBlob", answer["CiphertextBlob"]));
                Assert.Equal(answer["KeyVersionId"], decrypted["KeyVersionId"]);
                Assert.Equal($"text of {caller}, {number}", decrypted["Plaintext"]);
            }
        }
    }

    private async Task SwitchOffUnderLoadAsync(string keyId)
    {
        using var enough = new CancellationTokenSource();
        var isOff = 0;
        var after = 0;
        var encryptors = Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                var startedAfter = Volatile.Read(ref isOff) == 1;
                var answer = await Root.CallAsync("Encrypt", ("KeyId", keyId), ("Plaintext", "aGk="));
                if (answer.Status != 200 || startedAfter) answer.AssertRefused("Rejected.Disabled");
                if (startedAfter && Interlocked.Increment(ref after) >= Callers) await enough.CancelAsync();
            }
        })).ToList();
        await Root.OkAsync("DisableKey", ("KeyId", keyId));
        Volatile.Write(ref isOff, 1);
        await Task.WhenAll(encryptors);
    }
}
