using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Npgsql;

namespace KmsActors.Storage.Postgres;

public sealed partial class PostgresGrainStore
{
    /// <inheritdoc/>
    public ValueTask<Page<string>> KeysAsync(
        string account, KeyFilter filter, long offset, int limit, CancellationToken cancellation)
    {
        CheckPage(offset, limit);
        FilterShape.Check(filter);
        NpgsqlParameter[] page = [Arg.Number(limit), Arg.Long(offset)];
        // Asks nothing, and must not cost a look at all keys.
        if (filter.EnterpriseProjects is { IsAll: true }) filter = filter with { EnterpriseProjects = null };
        if (filter == KeyFilter.None)
        {
            return _server.AskAsync(KeyPage, cancellation, new Sql(ListingQueries.Keys, [Arg.Text(account), .. page]));
        }

        var arguments = ListingQueries.Arguments(account, filter);
        if (filter.Tags is not { } tags)
        {
            return _server.AskAsync(KeyPage, cancellation, new Sql(ListingQueries.Matches, [.. arguments, .. page]));
        }

        if (FilterShape.Wanted(tags) is not { } wanted) return new(new Page<string>([], 0));
        return _server.AskAsync(
            KeyPage,
            cancellation,
            new Sql(ListingQueries.Tagged, [.. arguments, ListingQueries.Argument(wanted), .. page]));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> TagsAsync(
        string account, ProjectSet projects, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await _server.AskAsync(
            static async (rows, cancellation) =>
            {
                List<KeyValuePair<string, string>> tags = [];
                while (await rows.ReadAsync(cancellation)) tags.Add(new(Columns.Text(rows, 0), Columns.Text(rows, 1)));
                return tags;
            },
            cancellation,
            projects.IsAll
                ? new Sql(ListingQueries.Tags, Arg.Text(account), Arg.Number(limit))
                : new Sql(
                    ListingQueries.TagsOfProjects,
                    [Arg.Text(account), .. ListingQueries.Arguments(projects), Arg.Number(limit)]));
    }

    /// <inheritdoc/>
    public ValueTask<Page<AliasRow>> AliasesAsync(
        string account, long offset, int limit, CancellationToken cancellation)
    {
        CheckPage(offset, limit);
        return _server.AskAsync(
            AliasPage,
            cancellation,
            new Sql(ListingQueries.Aliases, Arg.Text(account), Arg.Number(limit), Arg.Long(offset)));
    }

    /// <inheritdoc/>
    public ValueTask<Page<AliasRow>> AliasesOfKeyAsync(
        string account, string keyId, long offset, int limit, CancellationToken cancellation)
    {
        CheckPage(offset, limit);
        return _server.AskAsync(
            AliasPage,
            cancellation,
            new Sql(
                ListingQueries.AliasesOfKey,
                Arg.Text(account), Arg.Number(limit), Arg.Long(offset), Arg.Text(keyId)));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> NamesAsync(
        GrainKind kind, string account, Rows which, string after, int limit,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await _server.AskAsync(
            static async (rows, cancellation) =>
            {
                List<string> names = [];
                while (await rows.ReadAsync(cancellation)) names.Add(Columns.Text(rows, 0));
                return names;
            },
            cancellation,
            new Sql(
                ListingQueries.Names,
                Arg.Small((int)kind), Arg.Text(account), Arg.Text(after),
                Arg.Flag(which == Rows.All), Arg.Number(limit)));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<GrainKind, long>> CountsAsync(
        string account, CancellationToken cancellation) =>
        await _server.AskAsync(
            static async (rows, cancellation) =>
            {
                Dictionary<GrainKind, long> counts = [];
                while (await rows.ReadAsync(cancellation)) counts.Add((GrainKind)rows.GetInt16(0), rows.GetInt64(1));
                return counts;
            },
            cancellation,
            new Sql(ListingQueries.Counts, Arg.Text(account)));

    private static void CheckPage(long offset, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
    }

    private static async ValueTask<Page<string>> KeyPage(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        await rows.ReadAsync(cancellation);
        return new Page<string>(Columns.Texts(rows, 1), rows.GetInt64(0));
    }

    private static async ValueTask<Page<AliasRow>> AliasPage(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        await rows.ReadAsync(cancellation);
        var total = rows.GetInt64(0);
        if (rows.IsDBNull(1)) return new Page<AliasRow>([], total);
        var aliases = Columns.Texts(rows, 1).Zip(Columns.Texts(rows, 2), (alias, keyId) => new AliasRow(alias, keyId));
        return new Page<AliasRow>([.. aliases], total);
    }
}
