using KmsActors.Simulator;

namespace KmsActors.Storage.Tests.Simulated;

/// <summary>The contract, on the simulator's database.</summary>
public sealed class SimulatedGrainStoreTests : GrainStoreTests<SimulatedStore>
{
    private readonly SimulatedDatabase _database = new();
    private readonly List<AuditRow> _audit = [];
    private int _nodes;

    public SimulatedGrainStoreTests() => _database.Committed = done => _audit.AddRange(done.Commit.Audit.Select(record =>
        new AuditRow(
            done.ETag,
            record.At,
            record.Subject,
            record.Actor,
            record.RequestId,
            string.Join(',', record.Events))));

    protected override Task<SimulatedStore> OpenAsync() =>
        Task.FromResult(new SimulatedStore(_database, Interlocked.Increment(ref _nodes)));

    protected override Task<IReadOnlyList<AuditRow>> ReadAuditAsync()
    {
        Assert.Equal(_audit.Count, _database.AuditRecords);
        return Task.FromResult<IReadOnlyList<AuditRow>>(_audit);
    }
}
