using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>The writer's connection, which commits a batch in one transaction.</summary>
internal sealed class WriteConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly TurnStatements _turn;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _last;
    private readonly Statement _setLast;
    private readonly Statement _save;
    private readonly Statement _rollBack;
    private readonly Statement _release;

    public WriteConnection(Database database)
    {
        _connection = database.OpenWriter();
        _turn = new TurnStatements(_connection);
        // Immediate: what the batch reads must not change before it writes, also with another process.
        _begin = new Statement(_connection, "BEGIN IMMEDIATE");
        _commit = new Statement(_connection, "COMMIT");
        _last = new Statement(_connection, "SELECT last FROM commits");
        _setLast = new Statement(_connection, "UPDATE commits SET last = ?1");
        _save = new Statement(_connection, "SAVEPOINT turn");
        _rollBack = new Statement(_connection, "ROLLBACK TO turn");
        _release = new Statement(_connection, "RELEASE turn");
    }

    /// <summary>
    /// Commits them all, apart from those that are refused or at fault. If it throws, none is known to be
    /// committed, and this connection is good for nothing but to be disposed of.
    /// </summary>
    public void Commit(List<PendingCommit> batch)
    {
        _begin.Run();
        var last = _last.Number()!.Value;
        var number = last;
        foreach (var pending in batch)
        {
            if (Apply(pending, number + 1)) number += pending.Commit.Audit.Count;
        }

        if (number != last) _setLast.Run(number);
        _commit.Run();
    }

    /// <summary>Moves the WAL into the database and leaves it empty, if no reader holds it.</summary>
    public void Checkpoint()
    {
        using var checkpoint = new Statement(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        checkpoint.Run();
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_begin, _commit, _last, _setLast, _save, _rollBack, _release])
        {
            statement.Dispose();
        }

        _turn.Dispose();
        _connection.Dispose();
    }

    /// <summary>Whether it will be committed; a refusal or a fault is taken back for its caller.</summary>
    private bool Apply(PendingCommit pending, long number)
    {
        _save.Run();
        try
        {
            pending.Result = _turn.Apply(pending.Commit, number);
        }
        catch (Exception e)
        {
            pending.Error = e switch
            {
                SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT } =>
                    new InvariantException("The commit contradicts the database.", e),
                SqliteException => new StoreUnavailableException("The commit failed.", e),
                _ => e,
            };
        }

        // An error that has ended the whole transaction shows here: there is no such savepoint any more.
        var done = pending.Result is { Status: CommitStatus.Committed };
        if (!done) _rollBack.Run();
        _release.Run();
        return done;
    }
}
