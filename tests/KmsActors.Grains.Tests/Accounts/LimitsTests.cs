using System.Text.Json;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Limits of accounts and keys, as their grains keep them.</summary>
public sealed class LimitsTests
{
    private static readonly Dictionary<Quota, long?> NoQuotas = [];

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 1, true)]
    [InlineData(1_000_000, 1_000_000, true)]
    [InlineData(1, 0, false)]
    [InlineData(-1, 1, false)]
    [InlineData(1, -1, false)]
    [InlineData(1_000_001, 1, false)]
    [InlineData(1, 1_000_001, false)]
    [InlineData(0, -1, false)]
    [InlineData(0, 1_000_001, false)]
    public void Rate_IsWithinItsBounds(int perSecond, int burst, bool isGood)
    {
        var rate = new Rate(perSecond, burst);
        RefusalCode? expected = isGood ? null : RefusalCode.ParameterInvalid;
        Assert.Equal(expected, CodeOf(Cmk(New()).SetRate(rate)));
        Assert.Equal(expected, CodeOf(Account().ChangeLimits(Of(CallClass.Symmetric, rate), NoQuotas)));
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
        var rates = new Dictionary<CallClass, Rate?>
        {
            [CallClass.Asymmetric] = new Rate(3, 4),
            [CallClass.Management] = Rate.Unlimited,
        };
        var quotas = new Dictionary<Quota, long?> { [Quota.Keys] = 5, [Quota.Aliases] = 0 };
        Assert.Null(CodeOf(account.ChangeLimits(rates, quotas)));
        Assert.Null(CodeOf(account.ChangeLimits(rates, quotas)));
        Assert.Equal([AuditEvent.AccountCreated, AuditEvent.AccountLimitsChanged], account.Effects.Audit);
        var json = Write(GrainKind.Account, account.State);
        Assert.Equal(account.State.Rates, Read<AccountState>(GrainKind.Account, json).Rates);
        Assert.Equal(account.State.Quotas, Read<AccountState>(GrainKind.Account, json).Quotas);
        Assert.Contains("\"Asymmetric\":{\"PerSecond\":3,\"Burst\":4}", json, StringComparison.Ordinal);
        Assert.Contains("\"Keys\":5", json, StringComparison.Ordinal);

        const string old = """{"CreatedAt":"2026-01-01T00:00:00+00:00"}""";
        Assert.Empty(Read<AccountState>(GrainKind.Account, old).Rates);
        Assert.Empty(Read<AccountState>(GrainKind.Account, old).Quotas);
    }

    [Fact]
    public void Account_ChangesWhatIsNamed_AndLeavesToTheServiceWhatIsNull()
    {
        var account = Account();
        account.ChangeLimits(
            Of(CallClass.Asymmetric, new Rate(3, 4)),
            new Dictionary<Quota, long?> { [Quota.Keys] = 5, [Quota.Users] = 6 });
        account.ChangeLimits(
            Of(CallClass.Symmetric, new Rate(1, 1)), new Dictionary<Quota, long?> { [Quota.Keys] = null });
        Assert.Equal([CallClass.Symmetric, CallClass.Asymmetric], account.State.Rates.Keys);
        Assert.Equal([KeyValuePair.Create(Quota.Users, 6L)], account.State.Quotas);
        account.ChangeLimits(Of(CallClass.Symmetric, null), NoQuotas);
        Assert.Equal([CallClass.Asymmetric], account.State.Rates.Keys);
    }

    [Fact]
    public void Account_TakesNoLimitsThatThereAreNot()
    {
        var account = Account();
        Assert.Equal(RefusalCode.ParameterInvalid, CodeOf(account.ChangeLimits(Of((CallClass)9, null), NoQuotas)));
        foreach (var quota in Enum.GetValues<Quota>())
        {
            Assert.Null(CodeOf(account.ChangeLimits(NoRates, Of(quota, quota.Most()))));
            Assert.Null(CodeOf(account.ChangeLimits(NoRates, Of(quota, 0))));
            foreach (var wrong in new[] { -1, quota.Most() + 1 })
                Assert.Equal(RefusalCode.ParameterInvalid, CodeOf(account.ChangeLimits(NoRates, Of(quota, wrong))));
        }

        Assert.Equal(RefusalCode.ParameterInvalid, CodeOf(account.ChangeLimits(NoRates, Of((Quota)99, 1))));
        Assert.Equal(RefusalCode.AccountNotFound, CodeOf(new AccountGrain().ChangeLimits(NoRates, NoQuotas)));
    }

    private static Dictionary<CallClass, Rate?> NoRates => [];

    private static Dictionary<CallClass, Rate?> Of(CallClass callClass, Rate? rate) => new() { [callClass] = rate };

    private static Dictionary<Quota, long?> Of(Quota quota, long most) => new() { [quota] = most };

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
