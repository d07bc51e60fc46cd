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
