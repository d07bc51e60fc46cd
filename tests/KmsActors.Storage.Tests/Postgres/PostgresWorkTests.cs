using System.Text.Json;
using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Postgres;
using Npgsql;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>How much queries have the server do: pages looked at, whatever the planner knows of the tables.</summary>
public sealed class PostgresWorkTests
{
    private const int Few = 1000;
    private const int Many = 20_000;

    private readonly PostgresSchema _schema = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Queries_ForLittleAmongMore_CostTheSame(bool analyzed)
    {
        await using (await _schema.OpenAsync())
        {
        }

        // As a store's, with plans made while there is little.
        await using var connection = new NpgsqlConnection(Server.Settings(_schema.Options, 1));
        await connection.OpenAsync();
        var works = new List<IReadOnlyList<long>>();
        foreach (var count in (int[])[Few, Many])
        {
            await FillAsync(count);
            if (analyzed) await _schema.RunAsync("VACUUM ANALYZE keys, tags, aliases, grains, reminders, counts, changes, nonces");
            // The first of each also plans.
            for (var i = 0; i < 2; i++)
            {
                var work = await WorkAsync(connection, count);
                if (i > 0) works.Add(work);
            }
        }

        Assert.All(works[0].Zip(works[1]), of => Assert.InRange(of.Second, 1, (of.First * 1.3) + 40));
        Assert.All(works[0], work => Assert.InRange(work, 1, 700));
    }

    private static async Task<IReadOnlyList<long>> WorkAsync(NpgsqlConnection connection, int count)
    {
        var none = ListingQueries.Arguments(Account, KeyFilter.None);
        NpgsqlParameter[] page = [Arg.Number(5), Arg.Long(0)];
        TagCondition[] few = [new("few", ["x"])];
        TagCondition[] several = [new("all", []), new("half", ["0", "1", "2"]), new("few", ["x", "y"]), new("n", [])];
        TagCondition[] values = [new("n", ["17", "18"])];
        Sql[] queries =
        [
            new(PostgresGrainStore.Load, Arg.Small(3), Arg.Text(Account), Arg.Text("00017")),
            new(ListingQueries.Keys, [Arg.Text(Account), .. page]),
            // Another account's keys, of which there are ten.
            new(ListingQueries.Matches, [.. ListingQueries.Arguments("other", new() { AliasPart = "" }), .. page]),
            new(ListingQueries.Tagged, [.. none, Wanted(few), .. page]),
            new(ListingQueries.Tagged, [.. none, Wanted(several), .. page]),
            new(ListingQueries.Tagged, [.. none, Wanted(values), .. page]),
            new(ListingQueries.Tagged,
                [.. ListingQueries.Arguments(Account, new() { EnterpriseProjects = ProjectSet.Of("0", "1") }), Wanted(few), .. page]),
            new(ListingQueries.Tags, Arg.Text(Account), Arg.Number(5)),
            new(ListingQueries.TagsOfProjects,
                [Arg.Text(Account), .. ListingQueries.Arguments(ProjectSet.AllBut("1")), Arg.Number(5)]),
            new(ListingQueries.Aliases, [Arg.Text(Account), .. page]),
            new(ListingQueries.AliasesOfKey, [Arg.Text(Account), .. page, Arg.Text("00017")]),
            new(ListingQueries.Names,
                Arg.Small(3), Arg.Text(Account), Arg.Text("00017"), Arg.Flag(false), Arg.Number(5)),
            new(ListingQueries.Counts, Arg.Text(Account)),
            new(PostgresGrainStore.Due, Arg.Long(50), Arg.Number(10), Arg.Uuid(default), Arg.Span(TimeSpan.FromSeconds(30))),
            new(FeedQueries.Read, Arg.Transaction(count - 10)),
            new(NonceLedger.Prune, Arg.Number(10)),
            new(NonceLedger.Spend, Arg.Time(TimeProvider.System.GetUtcNow().AddMinutes(90)), Arg.Uuid(Guid.NewGuid())),
        ];
        List<long> work = [];
        foreach (var (text, arguments) in queries)
        {
            await using var command = new NpgsqlCommand($"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", connection);
            foreach (var argument in arguments) command.Parameters.Add(argument.Clone());
            await command.PrepareAsync();
            using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
            var root = plan.RootElement[0].GetProperty("Plan");
            work.Add(root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64());
        }

        return work;

        static NpgsqlParameter Wanted(TagCondition[] tags) => ListingQueries.Argument(FilterShape.Wanted(tags)!);
    }

    /// <summary>Makes them an account's only keys: with tags that all or half of them have, and one that ten have.</summary>
    private Task FillAsync(int count) => _schema.RunAsync($"""
        TRUNCATE keys, tags, aliases, grains, reminders, counts, changes, nonces;
        CREATE TEMP TABLE numbers AS
        SELECT n, n::bigint * 7919 % 1000003 AS at, lpad(n::text, 5, '0') AS id FROM generate_series(0, {count - 1}) AS n;
        INSERT INTO keys SELECT '{Account}', id, at, 0, 0, 0, 0, '', '0' FROM numbers;
        INSERT INTO keys SELECT 'other', id, at, 0, 0, 0, 0, '', '0' FROM numbers WHERE n < 10;
        INSERT INTO tags SELECT '{Account}', 'all', 'same', at, id FROM numbers;
        INSERT INTO tags SELECT '{Account}', 'half', (n % 2)::text, at, id FROM numbers;
        INSERT INTO tags SELECT '{Account}', 'few', 'x', at, id FROM numbers WHERE n % ({count} / 10) = 3;
        INSERT INTO tags SELECT '{Account}', 'n', n::text, at, id FROM numbers;
        INSERT INTO aliases SELECT '{Account}', 'a' || id, id FROM numbers;
        INSERT INTO grains SELECT 3, '{Account}', id, n + 1, true, NULL, '' FROM numbers;
        INSERT INTO grains SELECT 4, '{Account}', 'a' || id, n + 1, true, id, '' FROM numbers;
        INSERT INTO reminders SELECT 3, '{Account}', id, 1, n FROM numbers;
        INSERT INTO counts SELECT '{Account}', kind, {count} FROM unnest(ARRAY[3, 4]) AS kind;
        INSERT INTO changes SELECT n::text::xid8, 3, '{Account}', id, n + 1 FROM numbers;
        INSERT INTO nonces SELECT now() + interval '1 hour', gen_random_uuid() FROM numbers
        """);
}
