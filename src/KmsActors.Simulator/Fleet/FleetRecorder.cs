using KmsActors.Grains;

namespace KmsActors.Simulator;

/// <summary>Counts what happens to a fleet, by what the database commits and what callers are told.</summary>
internal sealed class FleetRecorder
{
    private readonly World _world;
    private readonly Judge _judge;
    private readonly FleetStatistics _statistics;

    // What a key that could not be used has missed it makes up for from then on.
    private readonly Dictionary<GrainId, DateTimeOffset> _enabledAgainAt = [];

    /// <summary>Begins to listen.</summary>
    public FleetRecorder(World world, Judge judge, FleetStatistics statistics)
    {
        (_world, _judge, _statistics) = (world, judge, statistics);
        judge.Committing = Committing;
    }

    /// <summary>A call has come to an end.</summary>
    public void Called(CallRecord call) => _statistics.Happened(
        call.Answer is null || call.Refusal == RefusalCode.Unavailable
            ? FleetEvent.Unanswered
            : call.Refusal switch
            {
                null => FleetEvent.Answered,
                RefusalCode.Throttled => FleetEvent.Throttled,
                _ => FleetEvent.Refused,
            },
        _world.Now);

    private void Committing(CommittedTransaction transaction)
    {
        foreach (var write in transaction.Commit.Writes)
        {
            if (write.Change is not { } change || write.Id.Kind != GrainKind.Cmk) continue;
            var events = CommitChecks.EventsOf(write.Id, transaction.Commit.Audit);
            var before = _judge.Of(write.Id).Latest.Key;
            var now = new GrainVersion(0, 0, change.State).Key;
            _statistics.Moved(_world.Now, StateOf(before), StateOf(now));
            if (StateOf(now) == KeyState.Enabled && StateOf(before) is not (null or KeyState.Enabled))
                _enabledAgainAt[write.Id] = _world.Now;
            foreach (var happened in events) Record(write.Id, happened, before, now);
        }

        if (transaction.Commit.Audit[0].Events.Contains(AuditEvent.AliasUpdated))
            _statistics.Happened(FleetEvent.AliasMoved, _world.Now);
    }

    private void Record(GrainId id, AuditEvent happened, KeyView? before, KeyView? now)
    {
        switch (happened)
        {
            case AuditEvent.KeyDeletionScheduled:
                _statistics.Scheduled(_world.Now);
                break;
            case AuditEvent.KeyDeletionCancelled:
                _statistics.Cancelled(before!.DeletionDate!.Value, _world.Now);
                break;
            case AuditEvent.KeyDeleted:
                _statistics.Deleted(before!.DeletionDate!.Value, _world.Now);
                break;
            case AuditEvent.MaterialExpired:
                _statistics.Expired(before!.MaterialExpiry!.Value, _world.Now);
                break;
            case AuditEvent.KeyRotated:
                var (due, since) = (before!.VersionAt + before.RotationInterval, _enabledAgainAt.GetValueOrDefault(id));
                _statistics.Rotated(due > since ? due.Value : since, _world.Now);
                break;
            case AuditEvent.MaterialImported when now is not null:
                _statistics.Happened(FleetEvent.Imported, _world.Now);
                break;
        }
    }

    private static KeyState? StateOf(KeyView? key) => key is { IsDeleted: false } ? key.State : null;
}
