using KmsActors.Grains;
using KmsActors.Storage.Sqlite;

namespace KmsActors.Storage.Tests.Sqlite;

/// <summary>The contract, on SQLite.</summary>
public sealed class SqliteGrainStoreTests : GrainStoreTests<SqliteGrainStore>, IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    protected override Task<SqliteGrainStore> OpenAsync() => _file.OpenAsync();

    protected override Task<IReadOnlyList<AuditRow>> ReadAuditAsync()
    {
        using var connection = _file.Connect();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT seq, at, kind, account, name, actor, request_id, events FROM audit ORDER BY seq";
        using var rows = command.ExecuteReader();
        List<AuditRow> audit = [];
        while (rows.Read())
        {
            audit.Add(new AuditRow(
                rows.GetInt64(0),
                new DateTimeOffset(rows.GetInt64(1), TimeSpan.Zero),
                new GrainId((GrainKind)rows.GetByte(2), rows.GetString(3), rows.GetString(4)),
                rows.GetString(5),
                rows.GetString(6),
                rows.GetString(7)));
        }

        return Task.FromResult<IReadOnlyList<AuditRow>>(audit);
    }
}
