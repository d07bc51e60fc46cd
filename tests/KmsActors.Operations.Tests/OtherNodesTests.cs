using KmsActors.Grains;
using KmsActors.Grains.Hosting;

namespace KmsActors.Operations.Tests;

/// <summary>What operations answer while other nodes have not heard yet of what they have done.</summary>
public sealed class OtherNodesTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Rotation_TellsOfItsOwnAccessKey_ThoughItIsRemovedBeforeTheAnswer()
    {
        var others = new OtherNodes();
        using var node = new Node(service, others);
        await service.OkAsync(new CreateAccessKey("rotated", "secret-of-rotated"));
        others.WhenAsked = async () =>
        {
            others.WhenAsked = null;
            await new DeleteAccessKey("successor").RunAsync(node.Context);
        };
        var rotate = new RotateAccessKey("rotated", "successor", "secret-of-successor", TimeSpan.Zero);
        var rotated = await rotate.RunAsync(node.Context);
        Assert.Null(rotated.Refusal);
        Assert.True(rotated.Value.Enabled);
        Assert.Equal(RefusalCode.AccessKeyNotFound, await service.CodeOfAsync(new DescribeAccessKey("successor")));
    }

    [Fact]
    public async Task NameThatIsSoAlready_IsAnswered_WhenAllHaveHeardOfIt()
    {
        var others = new OtherNodes();
        using var node = new Node(service, others);
        var key = await service.OkAsync(new CreateKey());
        foreach (IOperation<Done> operation in new IOperation<Done>[]
        {
            new RenameKey(key.KeyId, "name-to-be-heard-of"),
            new RemoveKeyName(key.KeyId),
        })
        {
            var asked = others.Asked;
            Assert.Null((await operation.RunAsync(node.Context)).Refusal);
            Assert.Equal(asked + 1, others.Asked);
            // As a client does that had no answer to the first.
            Assert.Null((await operation.RunAsync(node.Context)).Refusal);
            Assert.Equal(asked + 2, others.Asked);
        }
    }

    private sealed class Node : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Kms _kms;
        private readonly Task _following;

        public Node(Service service, OtherNodes others)
        {
            _kms = service.Beside(others);
            _following = _kms.Host.FollowAsync(_stop.Token);
            Context = service.Context() with { Kms = _kms };
        }

        public OperationContext Context { get; }

        public void Dispose()
        {
            _stop.Cancel();
            _following.GetAwaiter().GetResult();
            _kms.Host.Dispose();
            _stop.Dispose();
        }
    }

    /// <summary>Other nodes that change nothing, and have always heard of everything.</summary>
    private sealed class OtherNodes : IChangeFeed
    {
        /// <summary>How often somebody has asked what they have heard of.</summary>
        public int Asked { get; private set; }

        /// <summary>What happens before they tell.</summary>
        public Func<Task>? WhenAsked { get; set; }

        public ValueTask<FeedPage> PollAsync(FeedPosition? applied, CancellationToken cancellation) =>
            new(new FeedPage(new FeedPosition(1, DateTimeOffset.UnixEpoch), [], true));

        public async ValueTask<Spread> SpreadAsync(DateTimeOffset? since, TimeSpan lease, CancellationToken cancellation)
        {
            Asked++;
            if (WhenAsked is { } happens) await happens();
            return new Spread(DateTimeOffset.UnixEpoch, 0);
        }

        public ValueTask LeaveAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
