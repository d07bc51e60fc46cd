using System.Collections.Immutable;
using System.Text.Json;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Limits of accounts and keys, as their grains keep them.</summary>
public sealed class RateTests
{
    private static readonly ImmutableSortedDictionary<CallClass, Rate> None =
        ImmutableSortedDictionary<CallClass, Rate>.Empty;

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 1, true)]
    [InlineData(1_000_000, 1_000_000, true)]
    [InlineData(1, 0, false)]
    [InlineData(-1, 1, false)]
    [InlineData(1, -1, false)]
    [InlineData(1_000_001, 1, false)]
    [InlineData(1, 1_000_001, false)]
    public void Rate_IsWithinItsBounds(int perSecond, int burst, bool isGood)
    {
        var rate = new Rate(perSecond, burst);
        RefusalCode? expected = isGood ? null : RefusalCode.ParameterInvalid;
        Assert.Equal(expected, CodeOf(Cmk(New()).SetRate(rate)));
        Assert.Equal(expected, CodeOf(Account().SetRates(None.Add(CallClass.Symmetric, rate))));
    }

    [Fact]
    public void Key_KeepsItsLimitUntilItIsTakenBack()
    {
        var key = Cmk(New());
        Assert.Null(key.State.Rate);
        Assert.Null(CodeOf(key.SetRate(new Rate(5, 7))));
        Assert.Null(CodeOf(key.SetRate(new Rate(5, 7))));
        Assert.Equal([AuditEvent.KeyRateChanged], key.Effects.Audit);
        Assert.Equal(new Rate(5, 7), Read<CmkState>(GrainKind.Cmk, Write(GrainKind.Cmk, key.State)).Rate);
        Assert.Null(CodeOf(key.SetRate(null)));
        Assert.Null(key.State.Rate);
        Assert.Equal(RefusalCode.KeyNotFound, CodeOf(Cmk().SetRate(null)));
    }

    [Fact]
    public void Account_KeepsItsLimits_AndHasNoneInAnOldState()
    {
        var account = Account();
        var rates = None.Add(CallClass.Asymmetric, new Rate(3, 4)).Add(CallClass.Management, Rate.Unlimited);
        Assert.Null(CodeOf(account.SetRates(rates)));
        Assert.Null(CodeOf(account.SetRates(rates)));
        Assert.Equal([AuditEvent.AccountCreated, AuditEvent.AccountRatesChanged], account.Effects.Audit);
        var json = Write(GrainKind.Account, account.State);
        Assert.Equal(rates, Read<AccountState>(GrainKind.Account, json).Rates);
        Assert.Contains("\"Asymmetric\":{\"PerSecond\":3,\"Burst\":4}", json, StringComparison.Ordinal);

        const string old = """{"CreatedAt":"2026-01-01T00:00:00+00:00"}""";
        Assert.Empty(Read<AccountState>(GrainKind.Account, old).Rates);
        Assert.Equal(
            RefusalCode.ParameterInvalid, CodeOf(account.SetRates(None.Add((CallClass)9, Rate.Unlimited))));
        Assert.Equal(RefusalCode.ParameterInvalid, CodeOf(new AccountGrain().SetRates(rates)));
    }

    private static AccountGrain Account()
    {
        var account = new AccountGrain { Id = GrainId.OfAccount("1"), Now = Start };
        account.Create();
        return account;
    }

    private static string Write(GrainKind kind, object state) =>
        JsonSerializer.Serialize(state, GrainCatalog.StateJson(kind));

    private static T Read<T>(GrainKind kind, string json) =>
        (T)JsonSerializer.Deserialize(json, GrainCatalog.StateJson(kind))!;
}
