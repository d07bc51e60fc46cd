using static KmsActors.Grains.Tests.AccessFixture;
using static KmsActors.Grains.Tests.GrainFixture;

namespace KmsActors.Grains.Tests;

/// <summary>The life of an account: every command in every status.</summary>
public sealed class AccountGrainTests
{
    private static readonly DateTimeOffset Due = Start.AddDays(7);

    // Status, command, and what comes of it: a status, or the refusal.
    public static TheoryData<AccountStatus?, string, string> Table { get; } = new()
    {
        { null, "create", "Active" },
        { null, "suspend", "AccountNotFound" },
        { null, "resume", "AccountNotFound" },
        { null, "delete", "AccountNotFound" },
        { null, "cancel", "AccountNotFound" },
        { null, "rename", "AccountNotFound" },
        { null, "project", "AccountNotFound" },
        { AccountStatus.Active, "create", "AccountExists" },
        { AccountStatus.Active, "suspend", "Suspended" },
        { AccountStatus.Active, "resume", "Active" },
        { AccountStatus.Active, "delete", "PendingDeletion" },
        { AccountStatus.Active, "cancel", "AccountStateFailed" },
        { AccountStatus.Active, "rename", "Active" },
        { AccountStatus.Active, "project", "Active" },
        { AccountStatus.Suspended, "create", "AccountExists" },
        { AccountStatus.Suspended, "suspend", "Suspended" },
        { AccountStatus.Suspended, "resume", "Active" },
        { AccountStatus.Suspended, "delete", "PendingDeletion" },
        { AccountStatus.Suspended, "cancel", "AccountStateFailed" },
        { AccountStatus.Suspended, "rename", "Suspended" },
        { AccountStatus.Suspended, "project", "Suspended" },
        { AccountStatus.PendingDeletion, "create", "AccountExists" },
        { AccountStatus.PendingDeletion, "suspend", "AccountStateFailed" },
        { AccountStatus.PendingDeletion, "resume", "AccountStateFailed" },
        { AccountStatus.PendingDeletion, "delete", "AccountStateFailed" },
        { AccountStatus.PendingDeletion, "cancel", "Suspended" },
        { AccountStatus.PendingDeletion, "rename", "PendingDeletion" },
        { AccountStatus.PendingDeletion, "project", "AccountStateFailed" },
        { AccountStatus.Deleting, "create", "AccountExists" },
        { AccountStatus.Deleting, "suspend", "AccountStateFailed" },
        { AccountStatus.Deleting, "resume", "AccountStateFailed" },
        { AccountStatus.Deleting, "delete", "AccountStateFailed" },
        { AccountStatus.Deleting, "cancel", "AccountStateFailed" },
        { AccountStatus.Deleting, "rename", "Deleting" },
        { AccountStatus.Deleting, "project", "AccountStateFailed" },
        { AccountStatus.Deleted, "create", "AccountExists" },
        { AccountStatus.Deleted, "suspend", "AccountNotFound" },
        { AccountStatus.Deleted, "resume", "AccountNotFound" },
        { AccountStatus.Deleted, "delete", "AccountNotFound" },
        { AccountStatus.Deleted, "cancel", "AccountNotFound" },
        { AccountStatus.Deleted, "rename", "AccountNotFound" },
        { AccountStatus.Deleted, "project", "AccountNotFound" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Command_InStatus(AccountStatus? status, string command, string expected)
    {
        var account = In(status);
        var before = account.StateObject;
        var code = CodeOf(Run(account, command));
        Assert.Equal(expected, code?.ToString() ?? account.State.Status.ToString());
        if (code is not null) Assert.Same(before, account.StateObject);
        account.CheckState();
    }

    [Fact]
    public void Table_HasEveryStatusAndCommand() => Assert.Equal(
        (Enum.GetValues<AccountStatus>().Length + 1) * 7, Table.Select(row => (row[0], row[1])).Distinct().Count());

    [Fact]
    public void OnlyAnActiveAccount_Acts()
    {
        foreach (var status in Enum.GetValues<AccountStatus>())
            Assert.Equal(status == AccountStatus.Active, In(status).State.IsActive);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1096, true)]
    [InlineData(1097, false)]
    public void Deletion_HasAWindowOfDays_ButNeverLessThanACallMayTake(int days, bool isGood)
    {
        var account = ExistingAccount();
        Assert.Equal(isGood ? null : RefusalCode.ParameterInvalid, CodeOf(account.ScheduleDeletion(days)));
        if (!isGood) return;
        var due = days == 0 ? Start + AccountGrain.LeastBeforeErasure : Start.AddDays(days);
        Assert.Equal(due, account.State.DeletionDate);
        Assert.Equal(due, account.Effects.Reminders[Reminder.EraseAccount]);
    }

    [Fact]
    public void Erasure_BeginsOnTheDate_AndNotBefore_AndIsNotToBeCancelledFromThenOn()
    {
        var early = In(AccountStatus.PendingDeletion, Due.AddTicks(-1));
        Assert.False(early.BeginErasure().Value);
        Assert.Equal(AccountStatus.PendingDeletion, early.State.Status);
        Assert.Equal(RefusalCode.AccountStateFailed, CodeOf(In(AccountStatus.PendingDeletion, Due).CancelDeletion()));
        Assert.Null(CodeOf(early.CancelDeletion()));

        var account = In(AccountStatus.PendingDeletion, Due);
        Assert.True(account.BeginErasure().Value);
        Assert.True(account.BeginErasure().Value);
        Assert.Equal(AccountStatus.Deleting, account.State.Status);
        Assert.Equal([AuditEvent.AccountErasureBegun], account.Effects.Audit);
        foreach (var status in new[] { AccountStatus.Active, AccountStatus.Suspended, AccountStatus.Deleted })
            Assert.False(In(status, Due.AddYears(9)).BeginErasure().Value);
    }

    [Fact]
    public void Erasure_Ended_LeavesNothingButTheNumber()
    {
        var account = ExistingAccount();
        account.Rename("a name");
        account.CreateProject("p", "r_p");
        account.ChangeLimits(new Dictionary<CallClass, Rate?>(), new Dictionary<Quota, long?> { [Quota.Keys] = 1 });
        account.EndErasure();
        Assert.True(account.Exists);
        account.ScheduleDeletion(0);
        account.Now = Start + AccountGrain.LeastBeforeErasure;
        account.BeginErasure();
        account.EndErasure();
        Assert.False(account.Exists);
        Assert.Equivalent(new AccountState { CreatedAt = Start, Status = AccountStatus.Deleted }, account.State, true);
        Assert.Null(account.Effects.Reminders[Reminder.EraseAccount]);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("123456789012345678901234567890123", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    public void Number_IsWithinItsBounds(string number, bool isGood)
    {
        var account = new AccountGrain { Id = GrainId.OfAccount(number), Now = Start };
        Assert.Equal(isGood ? null : Refusal.Invalid("Number"), account.Create().Refusal);
    }

    [Fact]
    public void Name_IsWithinItsBounds()
    {
        var account = ExistingAccount();
        Assert.Null(CodeOf(account.Rename(new string('客', 128))));
        Assert.Equal(Refusal.Invalid("Name"), account.Rename(new string('x', 129)).Refusal);
        Assert.Equal(Refusal.Invalid("Name"), account.Rename("a\nb").Refusal);
        Assert.Equal(Refusal.Invalid("Name"), new AccountGrain { Id = GrainId.OfAccount("1") }.Create("\t").Refusal);
        Assert.Null(CodeOf(account.Rename("")));
    }

    [Fact]
    public void Project_HasANameOfItsOwn_AndIsEnabledOrNot()
    {
        var account = ExistingAccount();
        Assert.Null(CodeOf(account.CreateProject("1", "r_a")));
        Assert.Equal(RefusalCode.ProjectExists, CodeOf(account.CreateProject("2", "r_a")));
        foreach (var wrong in new[] { "", "a b", "a/b", new string('x', 65) })
            Assert.Equal(Refusal.Invalid("Name"), account.CreateProject("3", wrong).Refusal);
        Assert.Equal(RefusalCode.ProjectNotFound, CodeOf(account.SetProjectEnabled("2", false)));
        Assert.Null(CodeOf(account.SetProjectEnabled("1", false)));
        Assert.False(account.State.Projects["1"].Enabled);
        Assert.Null(CodeOf(account.SetProjectEnabled("1", true)));
        for (var i = 1; i < AccountGrain.MostProjects; i++) account.CreateProject($"x{i}", $"r_{i}");
        Assert.Equal(RefusalCode.LimitExceeded, CodeOf(account.CreateProject("y", new string('x', 64))));
    }

    [Fact]
    public void State_WithEverything_ComesBackAsItWas()
    {
        var account = ExistingAccount();
        account.CreateProject("1", "r_a");
        account.Hold("ak");
        account.ScheduleDeletion(1);
        var json = System.Text.Json.JsonSerializer.Serialize(account.State, GrainJson.Default.AccountState);
        var back = System.Text.Json.JsonSerializer.Deserialize(json, GrainJson.Default.AccountState)!;
        Assert.Equivalent(account.State, back, true);
        var old = System.Text.Json.JsonSerializer.Deserialize(
            """{"CreatedAt":"2026-01-01T00:00:00+00:00"}""", GrainJson.Default.AccountState)!;
        Assert.Equal((AccountStatus.Active, "", true), (old.Status, old.DisplayName, old.IsActive));
        Assert.Empty(old.AccessKeys);
        Assert.Empty(old.Projects);
        old.Check();
    }

    [Theory]
    [InlineData("1", "1", null)]
    [InlineData("1/p", "1", "p")]
    public void Owner_IsAnAccountAndAProject(string owner, string account, string? project)
    {
        Assert.Equal(owner, KeyOwner.Of(account, project));
        Assert.Equal((account, project), KeyOwner.Parse(owner));
    }

    private static Outcome<Done> Run(AccountGrain account, string command) => command switch
    {
        "create" => account.Create(),
        "suspend" => account.SetSuspended(true),
        "resume" => account.SetSuspended(false),
        "delete" => account.ScheduleDeletion(30),
        "cancel" => account.CancelDeletion(),
        "rename" => account.Rename("another"),
        _ => account.CreateProject("p", "r_p"),
    };

    private static AccountGrain In(AccountStatus? status, DateTimeOffset? now = null)
    {
        var date = status is AccountStatus.PendingDeletion or AccountStatus.Deleting ? Due : (DateTimeOffset?)null;
        return new AccountGrain
        {
            Id = GrainId.OfAccount(Account),
            Now = now ?? Start,
            StateObject = status is { } given
                ? new AccountState { CreatedAt = Start, Status = given, DeletionDate = date }
                : null,
        };
    }
}
