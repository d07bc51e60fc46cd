using System.Globalization;
using System.Security.Cryptography;

namespace KmsActors.Hsa.Tests;

public sealed class RsaPairPoolTests
{
    [Fact]
    public async Task TakeAsync_NothingAhead_MakesPairsForThoseWhoWaitAndThenNoMore()
    {
        using RsaPairPool pool = new(1024, capacity: 2);
        Assert.False(pool.IsHurrying);
        Task<RSA>[] takers =
        [
            .. Enumerable.Range(0, 10).Select(_ => pool.TakeAsync(CancellationToken.None).AsTask()),
        ];
        Assert.True(pool.IsHurrying);
        HashSet<string> seen = [];
        foreach (Task<RSA> taker in takers)
        {
            using RSA pair = await taker;
            Assert.Equal(1024, pair.KeySize);
            Assert.NotNull(pair.ExportParameters(includePrivateParameters: true).D);
            Assert.True(seen.Add(Convert.ToHexString(pair.ExportSubjectPublicKeyInfo())));
        }

        await UntilAsync(() => !pool.IsHurrying);
        Assert.InRange(pool.Count, 0, 2);
    }

    [Fact]
    public async Task TakeAsync_AgainAfterTheThreadEnded_IsServed()
    {
        using RsaPairPool pool = new(1024, capacity: 1);
        for (int i = 0; i < 5; i++)
        {
            (await pool.TakeAsync(CancellationToken.None)).Dispose();
            await UntilAsync(() => !pool.IsHurrying);
        }
    }

    [Fact]
    public async Task MakesAhead_FromTheFirstOn_FillsThePool()
    {
        using RsaPairPool pool = new(1024, capacity: 3) { MakesAhead = true };
        await Task.Delay(50);
        Assert.False(pool.IsAhead);
        Assert.Equal(0, pool.Count);
        (await pool.TakeAsync(CancellationToken.None)).Dispose();
        Assert.True(pool.IsAhead);
        await UntilAsync(() => pool.Count == 3 && !pool.IsHurrying);
        ValueTask<RSA> pair = pool.TakeAsync(CancellationToken.None);
        Assert.True(pair.IsCompletedSuccessfully);
        (await pair).Dispose();
        await UntilAsync(() => pool.Count == 3);
    }

    // Under full load a thread that gives way to all others takes a minute for what takes a second.
    [Fact]
    public async Task TakeAsync_Waiting_IsNotServedByAThreadThatGivesWay()
    {
        const int bits = 3136;
        string? own = Niceness("");
        string? now = null;

        // A pair may by chance be made before anybody has looked.
        while (now is null)
        {
            using RsaPairPool pool = new(bits, capacity: 1) { MakesAhead = true };
            Task<RSA> waiting = pool.TakeAsync(CancellationToken.None).AsTask();
            await UntilAsync(() => (now = Niceness($"RSA-{bits} now")) is not null || waiting.IsCompleted);
            await UntilAsync(() => Niceness($"RSA-{bits} ahead") == "19");
            (await waiting).Dispose();
        }

        Assert.Equal(own, now);
    }

    [Fact]
    public async Task TakeAsync_CancelledBefore_ThrowsAndMakesNothing()
    {
        using RsaPairPool pool = new(1024, capacity: 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pool.TakeAsync(new CancellationToken(true)).AsTask());
        Assert.False(pool.IsHurrying);
    }

    [Fact]
    public async Task TakeAsync_CancelledWhileWaiting_ThrowsAndLosesNoPair()
    {
        using RsaPairPool pool = new(2048, capacity: 1);
        using CancellationTokenSource cancellation = new();
        Task<RSA> waiting = pool.TakeAsync(cancellation.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await UntilAsync(() => !pool.IsHurrying);
        Assert.Equal(1, pool.Count);
    }

    [Fact]
    public async Task TakeAsync_AfterDispose_ThrowsAndMakesNothing()
    {
        RsaPairPool pool = new(1024, capacity: 1);
        pool.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.TakeAsync(CancellationToken.None).AsTask());
        Assert.False(pool.IsHurrying);
    }

    // The simplest way to have no pair made is to ask for one that the system refuses.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TakeAsync_PairsCannotBeMade_Throws(bool ahead)
    {
        using RsaPairPool pool = new(100, capacity: 1) { MakesAhead = ahead };
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<CryptographicException>(
                () => pool.TakeAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        }
    }

    [Fact]
    public async Task Dispose_WhileTakersWait_RefusesAllButThoseServed()
    {
        RsaPairPool pool = new(2048, capacity: 1);
        Task<RSA>[] takers =
        [
            .. Enumerable.Range(0, 20).Select(_ => pool.TakeAsync(CancellationToken.None).AsTask()),
        ];
        (await takers[0]).Dispose();
        pool.Dispose();
        // A second may have been served meanwhile, but not a third.
        foreach (Task<RSA> taker in takers.Skip(2))
            await Assert.ThrowsAsync<ObjectDisposedException>(() => taker);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => pool.TakeAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task GenerateKeyAsync_AllTypesButRsa3072_LeavesItsPoolAsleep()
    {
        using RsaPairPool rsa2048 = new(2048, 1);
        using RsaPairPool rsa3072 = new(3072, 1);
        using SoftwareHsa hsa = new(RootKeyRing.Of(Fixtures.RootKey(1)), rsa2048, rsa3072);
        foreach (KeyType type in Enum.GetValues<KeyType>().Where(type => type != KeyType.Rsa3072))
            await hsa.GenerateKeyAsync(Fixtures.BindingOf(type), CancellationToken.None);
        await hsa.TakeImportKeyPairAsync(
            Fixtures.Account, "token", ImportWrapping.Pkcs1, KeyProtection.Software, CancellationToken.None);
        Assert.False(rsa3072.IsAhead || rsa3072.IsHurrying);
        Assert.Equal(0, rsa3072.Count);

        using CancellationTokenSource cancellation = new();
        Task<byte[]> waiting =
            hsa.GenerateKeyAsync(Fixtures.BindingOf(KeyType.Rsa3072), cancellation.Token).AsTask();
        Assert.True(rsa3072.IsHurrying);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData(KeyType.Aes256)]
    [InlineData(KeyType.Sm4)]
    [InlineData(KeyType.EcP256)]
    [InlineData(KeyType.EcP256K)]
    [InlineData(KeyType.EcSm2)]
    public async Task GenerateKeyAsync_TypesMadeQuickly_CompletesAtOnce(KeyType type)
    {
        ValueTask<byte[]> blob =
            Fixtures.Hsa.GenerateKeyAsync(Fixtures.BindingOf(type), CancellationToken.None);
        Assert.True(blob.IsCompletedSuccessfully);
        await blob;
    }

    [Theory]
    [InlineData(KeyType.Rsa2048)]
    [InlineData(KeyType.Rsa3072)]
    public async Task GenerateKeyAsync_ApplianceDisposedMeanwhile_Throws(KeyType type)
    {
        SoftwareHsa hsa = new(Fixtures.RootKey(1), rsaPairs: 1);
        Task<byte[]>[] waiting =
        [
            .. Enumerable.Range(0, 20).Select(
                _ => hsa.GenerateKeyAsync(Fixtures.BindingOf(type), CancellationToken.None).AsTask()),
        ];
        hsa.Dispose();
        int refused = 0;
        foreach (Task<byte[]> one in waiting)
        {
            try
            {
                await one;
            }
            catch (ObjectDisposedException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 18, 20);
    }

    [Fact]
    public async Task GenerateKeyAsync_Rsa2048_IsMadeAhead()
    {
        using RsaPairPool rsa2048 = new(1024, 1) { MakesAhead = true };
        using RsaPairPool rsa3072 = new(3072, 1);
        using SoftwareHsa hsa = new(RootKeyRing.Of(Fixtures.RootKey(1)), rsa2048, rsa3072);
        await hsa.GenerateKeyAsync(Fixtures.BindingOf(KeyType.Rsa2048), CancellationToken.None);
        await UntilAsync(() => rsa2048.Count == 1);
        ValueTask<byte[]> blob =
            hsa.GenerateKeyAsync(Fixtures.BindingOf(KeyType.Rsa2048), CancellationToken.None);
        Assert.True(blob.IsCompletedSuccessfully);
        await blob;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!condition())
            await Task.Delay(5, patience.Token);
    }

    // Of the thread of that name, as Linux cuts it; of the process if it is empty; null if there is none.
    private static string? Niceness(string thread)
    {
        foreach (string directory in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                string stat = File.ReadAllText(Path.Combine(directory, "stat"));
                int nameEnd = stat.LastIndexOf(')');
                string name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..nameEnd];
                if (thread.Length == 0
                    ? Path.GetFileName(directory) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
                    : name == thread)
                    return stat[(nameEnd + 2)..].Split(' ')[16];
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return null;
    }
}
