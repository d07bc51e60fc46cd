using KmsActors.Server.Tests.Huawei;

namespace KmsActors.Server.Tests.Access;

/// <summary>
/// What is another account's does not exist: for every operation of every protocol, however it is named. The
/// answer is that for what never was, and nothing of it changes.
/// </summary>
public sealed class IsolationTests(IsolationServer server) : IClassFixture<IsolationServer>
{
    public static IEnumerable<object[]> Attempts =>
        from dialect in Dialect.All
        from attempt in dialect.Value.Attempts
        select new object[] { dialect.Key, attempt.Operation, attempt.What };

    public static IEnumerable<object[]> Lists =>
        from dialect in Dialect.All
        from list in dialect.Value.Lists
        select new object[] { dialect.Key, list.What };

    public static TheoryData<string> Protocols => [.. Dialect.All.Keys];

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task Call_ThatNamesWhatIsAnothers_IsAnsweredAsIfItHadNeverBeen(
        string protocol, string operation, string what)
    {
        var dialect = Dialect.All[protocol];
        var attempt = dialect.Attempts.Single(each => each.Operation == operation && each.What == what);
        var theirs = await server.CallAsync(protocol, operation, server.Owner);
        var mine = await server.CallAsync(protocol, operation, server.Stranger);
        var before = await StateAsync();
        foreach (var caller in server.Callers.Where(dialect.Takes))
        {
            var foreign = await AskAsync(good => attempt.Foreign(server, good, theirs));
            Assert.Equal((caller.Name, attempt.Code), (caller.Name, foreign.Code));
            Assert.Equal(before, await StateAsync());
            Assert.Equal(await AskAsync(good => attempt.Unmade(server, good)), foreign);
            if (attempt.Makes || attempt.IsAnonymous) break;

            async Task<Seen> AskAsync(Func<Call, Call> aim)
            {
                if (!attempt.Makes) return await aim(mine).SendAsync(caller);
                // A free name is free once: each call is of an account of its own.
                var fresh = await server.NewTenantAsync();
                var call = aim(await dialect.GoodAsync(operation, fresh));
                var seen = await call.SendAsync(caller with { Tenant = fresh, Token = null });
                return seen.Without([fresh.Account, .. attempt.Parameters.Select(name => call.Parameters[name])]);
            }
        }

        // A failed login is counted.
        async Task<(string, long)> StateAsync() =>
            (await server.PictureAsync(), attempt.Makes || attempt.IsAnonymous ? 0 : server.Commits());
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_OfWhomHasNothing_HasNothingOfAnother(string protocol, string what)
    {
        var (_, call, expected) = Dialect.All[protocol].Lists.Single(each => each.What == what);
        Assert.Contains(server.OwnersAlias, await server.PictureAsync(), StringComparison.Ordinal);
        var tenant = await server.NewTenantAsync();
        var user = await AccountUser.OfAsync(tenant);
        await user.MayAsync(AccountUser.Allow("*"));
        foreach (var caller in protocol == "IAM" ? server.Callers : [new("", tenant), new Caller("", user.Tenant)])
        {
            if (!Dialect.All[protocol].Takes(caller)) continue;
            var seen = await call.SendAsync(caller);
            Assert.Equal("", seen.Code);
            Assert.Contains(expected, seen.Body, StringComparison.Ordinal);
            foreach (var theirs in new[] { server.Owner.Account, new Project(server.Owner).Id })
                Assert.DoesNotContain(theirs, seen.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Attempts_AgainstTheServersTable_AreMadeForEveryOperationThatNamesSomething(string protocol)
    {
        var dialect = Dialect.All[protocol];
        var tried = dialect.Attempts.Select(attempt => attempt.Operation).Concat(dialect.Nameless.Keys).ToHashSet();
        Assert.Empty(dialect.Table.Except(tried.Select(Dialect.NameOf)));
        Assert.Equal(dialect.Operations.Order(), tried.Order());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Attempts_AgainstGoodCalls_AreMadeWithEveryParameterThatNamesSomething(string protocol)
    {
        var dialect = Dialect.All[protocol];
        foreach (var operation in dialect.Operations.Except(dialect.Nameless.Keys))
        {
            var call = await server.CallAsync(protocol, operation, server.Stranger);
            var tried = dialect.Attempts.Where(each => each.Operation == operation).SelectMany(each => each.Parameters);
            var others = call.Parameters.Keys.Except(tried).Except(dialect.Values);
            Assert.Equal((operation, ""), (operation, string.Join(' ', others)));
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Lists_AreTriedOfEveryOperationThatLists(string protocol)
    {
        var dialect = Dialect.All[protocol];
        var lists = dialect.Nameless.Where(each => each.Value == "lists").Select(each => each.Key);
        Assert.Empty(lists.Except(dialect.Lists.Select(each => each.What)));
    }
}
