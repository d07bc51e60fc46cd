using System.Text.Json;

namespace KmsActors.Grains.Hosting;

/// <summary>One grain in one attempt at a turn.</summary>
internal sealed class TurnSlot
{
    private readonly Snapshot _before;
    private readonly int _epoch;
    private readonly bool _existedBefore;

    public TurnSlot(Activation activation, int epoch, Snapshot before, DateTimeOffset now)
    {
        Activation = activation;
        _epoch = epoch;
        _before = before;
        Grain = GrainCatalog.New(activation.Id.Kind);
        Grain.Id = activation.Id;
        Grain.Now = now;
        Grain.StateObject = before.StateObject;
        _existedBefore = Grain.Exists;
    }

    public Activation Activation { get; }

    public Grain Grain { get; }

    /// <summary>The commit that the turn began with; 0 when there was no row.</summary>
    public long ETag => _before.ETag;

    /// <summary>Since when what the turn began with is here.</summary>
    public long Since => _before.Since;

    public bool Changed =>
        !ReferenceEquals(Grain.StateObject, _before.StateObject) || Grain.Effects.Reminders.Count > 0;

    public GrainWrite ToWrite()
    {
        var write = new GrainWrite(Grain.Id, _before.ETag);
        if (!Changed) return write;
        Grain.CheckState();
        return write with
        {
            Change = new GrainChange
            {
                State = Grain.StateObject is { } state
                    ? JsonSerializer.SerializeToUtf8Bytes(state, GrainCatalog.StateJson(Grain.Id.Kind))
                    : null,
                ExistedBefore = _existedBefore,
                ExistsNow = Grain.Exists,
                CountLimit = Grain.Effects.CountLimit,
                Listing = Grain.Listing,
                OwnerKeyId = Grain.OwnerKeyId,
                Reminders = Grain.Effects.Reminders,
                RootKeyVersion = WrappedBlob.OldestRootKeyVersion(Grain.StateObject),
            },
        };
    }

    /// <summary>Publishes what was committed, or forgets what turned out to be out of date.</summary>
    /// <param name="result">What came of the commit.</param>
    /// <param name="now">The clock's timestamp.</param>
    public void Conclude(CommitResult result, long now)
    {
        switch (result.Status)
        {
            case CommitStatus.Committed when Changed:
                var etag = Grain.StateObject is null ? 0 : result.ETag;
                Activation.TryPublish(new Snapshot(Grain.StateObject, etag) { Since = now }, _epoch);
                break;
            case CommitStatus.Conflict:
                Activation.Invalidate();
                break;
        }
    }
}
