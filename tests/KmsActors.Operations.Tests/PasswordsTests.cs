using KmsActors.Grains;
using Microsoft.Extensions.Time.Testing;

namespace KmsActors.Operations.Tests;

public sealed class PasswordsTests
{
    private static readonly byte[] Secret = Service.Bytes("correct horse");

    [Fact]
    public void CurrentIterations_AreWhatIsRecommended() => Assert.Equal(210_000, Passwords.CurrentIterations);

    // RFC 8018's function against a value of Python's hashlib.
    [Fact]
    public async Task VerifyAsync_OfAKnownHash_IsRight()
    {
        var known = new PasswordHash
        {
            Iterations = 1000,
            Salt = "saltsaltsaltsalt"u8.ToArray(),
            Hash = Convert.FromHexString(
                "ef5e6ba88af97573953e9061aaab2e825d37ef34f96d6253598999b4870af210"
                + "678ac2a9c1f63b92892fc230eb347a87845e743dbecc0fa1ef909c220d0c38c3"),
        };
        Assert.True(await IsRightAsync(Of(1000), "password", known));
        Assert.False(await IsRightAsync(Of(1000), "Password", known));
    }

    [Fact]
    public async Task HashAsync_Twice_IsNeverTheSame_AndEachVerifies()
    {
        var passwords = Of(10);
        var (one, other) = (await HashAsync(passwords), await HashAsync(passwords));
        Assert.NotEqual(one.Salt, other.Salt);
        Assert.NotEqual(one.Hash, other.Hash);
        Assert.Equal((10, 16, 64), (one.Iterations, one.Salt.Length, one.Hash.Length));
        Assert.True(await IsRightAsync(passwords, "correct horse", one));
        Assert.True(await IsRightAsync(passwords, "correct horse", other));
        Assert.False(await IsRightAsync(passwords, "correct horsf", one));
    }

    [Fact]
    public async Task VerifyAsync_OfAnOlderHash_MakesItAnew_IfThePasswordIsRight()
    {
        var old = await HashAsync(Of(10));
        var right = (await Of(20).VerifyAsync(Secret, old, default)).Value;
        Assert.True(right.IsRight);
        Assert.Equal(20, right.Rehashed!.Iterations);
        Assert.True(await IsRightAsync(Of(20), "correct horse", right.Rehashed));
        var wrong = (await Of(20).VerifyAsync("wrong"u8.ToArray(), old, default)).Value;
        Assert.Equal(new PasswordVerdict(false, null), wrong);
    }

    [Fact]
    public async Task VerifyAsync_OfACurrentOrNewerHash_LeavesIt()
    {
        var hash = await HashAsync(Of(20));
        Assert.Null((await Of(20).VerifyAsync(Secret, hash, default)).Value.Rehashed);
        Assert.Equal(new PasswordVerdict(true, null), (await Of(10).VerifyAsync(Secret, hash, default)).Value);
    }

    [Fact]
    public async Task VerifyAsync_OfNobody_IsWrong() =>
        Assert.Equal(new PasswordVerdict(false, null), (await Of(10).VerifyAsync(Secret, null, default)).Value);

    [Theory]
    [InlineData("1234567", false)]
    [InlineData("12345678", true)]
    [InlineData("密码密码密码密码", true)]
    [InlineData("密码密码密码密", false)]
    [InlineData("12345678\n", false)]
    [InlineData("1234\u007f5678", false)]
    [InlineData("", false)]
    public void IsGood_Examples(string password, bool expected) =>
        Assert.Equal(expected, Passwords.IsGood(Service.Bytes(password)));

    [Theory]
    [InlineData("a", 128, true)]
    [InlineData("a", 129, false)]
    [InlineData("\U0001F511", 128, true)]
    [InlineData("\U0001F511", 129, false)]
    public void IsGood_ByLength_CountsCharacters(string character, int count, bool expected)
    {
        var password = Service.Bytes(string.Concat(Enumerable.Repeat(character, count)));
        Assert.Equal(expected, Passwords.IsGood(password));
        Assert.True(!expected || password.Length <= Passwords.MostBytes);
    }

    [Fact]
    public void IsGood_OfWhatIsNotUtf8_IsFalse() =>
        Assert.False(Passwords.IsGood([.. "12345678"u8, 0xC0, 0x80]));

    [Fact]
    public async Task HashAsync_WithAllSlotsTaken_WaitsForPatience_AndNoLonger()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualResetEventSlim();
        using var hsa = new GateHsa(gate);
        var passwords = new Passwords(hsa, time, 1);
        var slots = Math.Max(1, Environment.ProcessorCount / 2);
        var taken = Enumerable.Range(0, slots)
            .Select(_ => Task.Run(async () => await passwords.HashAsync(Secret, default))).ToArray();
        SpinWait.SpinUntil(() => hsa.Waiting == slots);
        var late = passwords.HashAsync(Secret, default).AsTask();
        Assert.False(late.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(late.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RefusalCode.Unavailable, (await late).Refusal?.Code);
        gate.Set();
        Assert.All(await Task.WhenAll(taken), hashed => Assert.False(hashed.Refused(out _)));
        Assert.False((await passwords.HashAsync(Secret, default)).Refused(out _));
    }

    private static Passwords Of(int iterations) => new(new GateHsa(null), TimeProvider.System, iterations);

    private static async Task<PasswordHash> HashAsync(Passwords passwords) =>
        (await passwords.HashAsync(Secret, default)).Value;

    private static async Task<bool> IsRightAsync(Passwords passwords, string password, PasswordHash hash) =>
        (await passwords.VerifyAsync(Service.Bytes(password), hash, default)).Value.IsRight;
}
