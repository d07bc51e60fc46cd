using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests;

public abstract partial class GrainStoreTests<TStore>
{
    [Fact]
    public async Task DueRemindersAsync_OneTickEarly_None()
    {
        await MustCommitAsync(Write(Key("k"), 0, reminders: (Reminder.DeleteKey, Start)));

        Assert.Empty(await DueAsync(Start.AddTicks(-1)));
        Assert.Equal([new DueReminder(Key("k"), Reminder.DeleteKey, Start)], await DueAsync(Start));
    }

    [Fact]
    public async Task DueRemindersAsync_TimeOfAnotherZone_IsTheSameInstant()
    {
        var zoned = Start.ToOffset(TimeSpan.FromHours(8));
        await MustCommitAsync(Write(Key("k"), 0, reminders: (Reminder.DeleteKey, zoned)));

        Assert.Equal(Start.UtcDateTime, Assert.Single(await DueAsync(zoned)).DueAt.DateTime);
    }

    [Fact]
    public async Task DueRemindersAsync_SeveralDue_EarliestFirstAndNoMoreThanAsked()
    {
        await MustCommitAsync(Write(Key("a"), 0, reminders: (Reminder.DeleteKey, Start.AddTicks(3))));
        await MustCommitAsync(Write(Key("b"), 0, reminders: (Reminder.DeleteKey, Start.AddTicks(1))));
        await MustCommitAsync(Write(Token("c"), 0, reminders: (Reminder.ExpireToken, Start.AddTicks(2))));
        await MustCommitAsync(Write(Key("d"), 0, reminders: (Reminder.DeleteKey, Start.AddTicks(4))));

        var all = await DueAsync(Start.AddTicks(3));
        Assert.Equal([Key("b"), Token("c"), Key("a")], all.Select(due => due.Id));
        Assert.Equal(all.Take(2), await DueAsync(Start.AddTicks(3), 2));
    }

    [Fact]
    public async Task DueRemindersAsync_AskedTwice_StaysDue()
    {
        await MustCommitAsync(Write(Key("k"), 0, reminders: (Reminder.DeleteKey, Start)));

        Assert.Equal(await DueAsync(Start), await DueAsync(Start));
    }

    [Fact]
    public async Task CommitAsync_ReminderSetAgain_Moves()
    {
        var etag = await MustCommitAsync(Write(Key("k"), 0, reminders: (Reminder.DeleteKey, Start)));
        await MustCommitAsync(Write(Key("k"), etag, reminders: (Reminder.DeleteKey, Start.AddDays(1))));

        Assert.Empty(await DueAsync(Start));
        Assert.Equal(Start.AddDays(1), Assert.Single(await DueAsync(Start.AddDays(1))).DueAt);
    }

    [Fact]
    public async Task CommitAsync_ReminderCleared_OthersStay()
    {
        var etag = await MustCommitAsync(Write(
            Key("k"), 0, reminders: [(Reminder.DeleteKey, Start), (Reminder.ExpireMaterial, Start)]));
        await MustCommitAsync(Write(Key("l"), 0, reminders: (Reminder.DeleteKey, Start)));
        await MustCommitAsync(Write(Key("k"), etag, reminders: (Reminder.DeleteKey, null)));

        Assert.Equal(
            [(Key("k"), Reminder.ExpireMaterial), (Key("l"), Reminder.DeleteKey)],
            (await DueAsync(Start)).Select(due => (due.Id, due.Reminder)));
    }

    [Fact]
    public async Task CommitAsync_RowDeleted_AllItsRemindersGo()
    {
        var etag = await MustCommitAsync(Write(
            Key("k"), 0, reminders: [(Reminder.DeleteKey, Start), (Reminder.ExpireMaterial, Start)]));
        await MustCommitAsync(Write(Key("k"), etag, null, reminders: (Reminder.DeleteKey, Start)));

        Assert.Empty(await DueAsync(Start));
    }
}
