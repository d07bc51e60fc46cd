using KmsActors.Grains;
using KmsActors.Storage.Postgres;
using Npgsql;

namespace KmsActors.Storage.Tests.Postgres;

/// <summary>The contract, on PostgreSQL.</summary>
public sealed class PostgresGrainStoreTests : GrainStoreTests<PostgresGrainStore>
{
    private readonly PostgresSchema _schema = new();

    protected override Task<PostgresGrainStore> OpenAsync() => _schema.OpenAsync();

    protected override async Task<IReadOnlyList<AuditRow>> ReadAuditAsync()
    {
        await using var connection = await _schema.ConnectAsync();
        await using var command = new NpgsqlCommand(
            "SELECT seq, at, kind, account, name, actor, request_id, events FROM audit ORDER BY seq", connection);
        await using var rows = await command.ExecuteReaderAsync();
        List<AuditRow> audit = [];
        while (await rows.ReadAsync())
        {
            audit.Add(new AuditRow(
                rows.GetInt64(0),
                new DateTimeOffset(rows.GetInt64(1), TimeSpan.Zero),
                new GrainId((GrainKind)rows.GetInt16(2), rows.GetString(3), rows.GetString(4)),
                rows.GetString(5),
                rows.GetString(6),
                rows.GetString(7)));
        }

        return audit;
    }
}
