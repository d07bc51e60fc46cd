using System.Collections.Concurrent;

namespace KmsActors.Backup.Tests;

/// <summary>Restores of a server that runs, and of one that is killed over it.</summary>
public sealed class RestoreTests
{
    [Fact]
    public async Task Restore_under_load_is_served_by_the_same_process_and_of_what_was_before_nothing_is_remembered()
    {
        using var folder = new Folder();
        using var service = await Service.StartAsync(folder.In("data"));
        using var end = new CancellationTokenSource();
        var made = new ConcurrentQueue<(string Key, string Blob)>();
        var callers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                if (await MakeAsync(service) is { } one) made.Enqueue(one);
                else await Task.Delay(20);
            }
        })).ToArray();
        while (made.Count < 20) await Task.Delay(10);
        var before = made.ToArray();
        var copy = await service.BackUpAsync();
        var atLeast = made.Count + 20;
        while (made.Count < atLeast) await Task.Delay(10);
        var after = made.ToArray()[^5..];
        // Used, so that it is in memory.
        foreach (var (_, blob) in after) await service.OkAsync("Decrypt", ("CiphertextBlob", blob));

        await service.RestoreAsync(copy);
        foreach (var (_, blob) in before) await service.OkAsync("Decrypt", ("CiphertextBlob", blob));
        foreach (var (key, blob) in after)
        {
            Assert.Equal("Forbidden.KeyNotFound", (await service.Tenant.CallAsync("DescribeKey", ("KeyId", key)))!.Code);
            Assert.NotNull((await service.Tenant.CallAsync("Decrypt", ("CiphertextBlob", blob)))!.Code);
        }

        var then = made.Count;
        while (made.Count < then + 5) await Task.Delay(10);
        await end.CancelAsync();
        await Task.WhenAll(callers);
        foreach (var (_, blob) in made.ToArray()[^5..]) await service.OkAsync("Decrypt", ("CiphertextBlob", blob));
        Assert.DoesNotContain("fail: ", service.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_at_any_moment_of_a_restore_leaves_the_old_or_the_new_database_whole()
    {
        using var folder = new Folder();
        var data = folder.In("data");
        var service = await Service.StartAsync(data);
        await service.AdminOkAsync("POST", "accounts", new { number = "old" });
        var copy = await service.BackUpAsync();
        // The first while it is taken in; of the others it is known that it is decided, and it may be anywhere on the
        // way through draining, swapping and starting anew.
        foreach (var (isAnswered, milliseconds) in new[] { (false, 40), (true, 0), (true, 150), (true, 400) })
        {
            await service.AdminOkAsync("POST", "accounts", new { number = $"added-{milliseconds}" });
            var all = await service.AccountsAsync();
            using var content = new ByteArrayContent(copy);
            var restore = service.AdminAsync("POST", "restore", content);
            if (isAnswered) Assert.Equal(202, (await restore).Status);
            await Task.Delay(milliseconds);
            service.Process.Kill();
            await Task.WhenAny(restore);
            service.Dispose();

            service = await Service.StartAsync(data);
            var found = await service.AccountsAsync();
            // What was answered before the restore is there with all the rest, or gone with all the rest.
            var isNew = found.Length == 1;
            Assert.Equal(isNew ? ["old"] : all, found);
            if (isAnswered) Assert.True(isNew, "a restore that was answered is undone");
            Assert.Empty(Directory.GetFiles(data, "upload.db*"));
            Assert.False(File.Exists(Path.Combine(data, "kms.db.restored")));
            await service.OkAsync("CreateKey");
        }

        service.Dispose();
    }

    private static async Task<(string Key, string Blob)?> MakeAsync(Service service)
    {
        var key = await service.Tenant.CallAsync("CreateKey");
        if (key is not { Code: null }) return null;
        var id = key.Text("KeyMetadata", "KeyId");
        var blob = await service.Tenant.CallAsync("Encrypt", ("KeyId", id), ("Plaintext", "cGxhaW4="));
        // In between it may have been restored to where there is no such key.
        return blob is { Code: null } ? (id, blob.Text("CiphertextBlob")) : null;
    }
}
