using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using static KmsActors.Storage.Tests.Make;

namespace KmsActors.Storage.Tests.Sqlite;

/// <summary>How much reads by tag have SQLite do.</summary>
public sealed class SqliteTagWorkTests : IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    // A plan does not tell how many rows a search goes through.
    [Fact]
    public async Task Listing_TagsOfFewKeysAmongMore_CostsTheSame()
    {
        await using (await _file.OpenAsync())
        {
        }

        TagCondition[] few = [new("few", ["x"])];
        TagCondition[] several = [new("all", []), new("half", ["0", "1", "2"]), new("few", ["x", "y"]), new("n", [])];
        List<long[]> works = [];
        foreach (var count in (int[])[1000, 20_000])
        {
            using var connection = _file.Connect();
            FillWithKeys(connection, count);
            var work = 0L;
            SQLitePCL.raw.sqlite3_progress_handler(connection.Handle, 1, _ => { work++; return 0; }, null);
            using var reads = new TagReads(connection);
            works.Add(
            [
                Of(() => Assert.Equal(10, reads.Keys(Account, ByTags(few), few, 0, 5).TotalCount)),
                Of(() => Assert.Equal(10, reads.Keys(Account, ByTags(several), several, 8, 5).TotalCount)),
                Of(() => Assert.Equal(10, reads.Keys(Account, OfProject(few), few, 0, 5).TotalCount)),
                Of(() => Assert.Equal(5, reads.Tags(Account, ProjectSet.All, 5).Count)),
                Of(() => Assert.Equal(5, reads.Tags(Account, ProjectSet.AllBut("1"), 5).Count)),
            ]);

            KeyFilter OfProject(TagCondition[] tags) =>
                ByTags(tags) with { EnterpriseProjects = ProjectSet.Of("0", "1") };

            long Of(Action read)
            {
                var before = work;
                read();
                return work - before;
            }
        }

        Assert.All(works[0].Zip(works[1]), of => Assert.InRange(of.Second, of.First * 0.9, of.First * 1.1));
        Assert.All(works[0], work => Assert.InRange(work, 1, 5000));
    }

    /// <summary>Makes them the account's only keys: with tags that all or half of them have, and one that ten have.</summary>
    private static void FillWithKeys(SqliteConnection connection, int count) => SqliteFile.Run(connection, $"""
        DELETE FROM tags;
        DELETE FROM keys;
        CREATE TEMP TABLE numbers AS
        WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers LIMIT {count})
        SELECT n, n * 7919 % 1000003 AS at FROM numbers;
        INSERT INTO keys SELECT '{Account}', format('%05d', n), at, 0, 0, 0, 0, '', '0' FROM numbers;
        INSERT INTO tags SELECT '{Account}', 'all', 'same', at, format('%05d', n) FROM numbers;
        INSERT INTO tags SELECT '{Account}', 'half', n % 2, at, format('%05d', n) FROM numbers;
        INSERT INTO tags SELECT '{Account}', 'few', 'x', at, format('%05d', n) FROM numbers WHERE n % ({count} / 10) = 3;
        INSERT INTO tags SELECT '{Account}', 'n', n, at, format('%05d', n) FROM numbers;
        """);
}
