using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsActors.Storage.Sqlite;

/// <summary>
/// What one commit does to the tables. Refusals are found on the way, so whoever calls takes back what a
/// refused commit has written.
/// </summary>
internal sealed class TurnStatements(SqliteConnection connection) : IDisposable
{
    private readonly Statement _etag = new(connection,
        "SELECT etag FROM grains WHERE kind = ?1 AND account = ?2 AND name = ?3");

    private readonly Statement _insert = new(connection, """
        INSERT INTO grains (kind, account, name, etag, counted, owner_key_id, state, root_key_version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING
        """);

    private readonly Statement _update = new(connection, """
        UPDATE grains SET etag = ?4, counted = ?5, owner_key_id = ?6, state = ?7, root_key_version = ?8
        WHERE kind = ?1 AND account = ?2 AND name = ?3 AND etag = ?9
        """);

    private readonly Statement _isRootKeyGone = new(connection,
        "SELECT coalesce((SELECT min(version) FROM root_keys) > ?1, 0)");

    private readonly Statement _delete = new(connection,
        "DELETE FROM grains WHERE kind = ?1 AND account = ?2 AND name = ?3 AND etag = ?4");

    private readonly Statement _deleteOwned = new(connection,
        "DELETE FROM grains WHERE account = ?1 AND owner_key_id = ?2 RETURNING kind, name, counted");

    // A listing row that stays as it is costs no write, and another state touches no index: what an update
    // sets counts as changed, so a row found in its place is not given its place again.
    private readonly Statement _listKey = new(connection, """
        INSERT INTO keys (account, key_id, created_at,
            key_state, key_spec, key_usage, protection_level, alias, enterprise_project)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (account, created_at, key_id) DO UPDATE
        SET (key_state, key_spec, key_usage, protection_level, alias, enterprise_project)
            = (?4, ?5, ?6, ?7, ?8, ?9)
        WHERE (key_state, key_spec, key_usage, protection_level, alias, enterprise_project)
            <> (?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (account, key_id) DO UPDATE
        SET (created_at, key_state, key_spec, key_usage, protection_level, alias, enterprise_project)
            = (?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    private readonly Statement _unlistKey = new(connection,
        "DELETE FROM keys WHERE account = ?1 AND key_id = ?2");

    private readonly TagStatements _tags = new(connection);

    private readonly Statement _listAlias = new(connection, """
        INSERT INTO aliases (account, alias, key_id) VALUES (?1, ?2, ?3)
        ON CONFLICT DO UPDATE SET key_id = excluded.key_id WHERE key_id <> excluded.key_id
        """);

    private readonly Statement _unlistAlias = new(connection,
        "DELETE FROM aliases WHERE account = ?1 AND alias = ?2");

    private readonly Statement _remind = new(connection, """
        INSERT INTO reminders (kind, account, name, reminder, due_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET due_at = excluded.due_at
        """);

    private readonly Statement _forget = new(connection,
        "DELETE FROM reminders WHERE kind = ?1 AND account = ?2 AND name = ?3 AND reminder = ?4");

    private readonly Statement _forgetAll = new(connection,
        "DELETE FROM reminders WHERE kind = ?1 AND account = ?2 AND name = ?3");

    private readonly Statement _count = new(connection,
        "SELECT count FROM counts WHERE account = ?1 AND kind = ?2");

    private readonly Statement _addToCount = new(connection,
        "UPDATE counts SET count = count + ?3 WHERE account = ?1 AND kind = ?2");

    private readonly Statement _firstCount = new(connection,
        "INSERT INTO counts (account, kind, count) VALUES (?1, ?2, ?3)");

    private readonly Statement _audit = new(connection, """
        INSERT INTO audit (seq, at, kind, account, name, actor, request_id, events)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """);

    /// <summary>Does what the commit says, with this number; its audit records have this and the next.</summary>
    public CommitResult Apply(GrainCommit commit, long number)
    {
        foreach (var write in commit.Writes)
        {
            var found = write.Change is { } change
                ? WriteRow(write, change, number)
                : ETag(write.Id) == write.ExpectedETag;
            if (!found) return CommitResult.Conflict;
        }

        // After all writes: what one of them has given to the CMK goes as well, what one has taken stays.
        List<GrainId> cascaded = [];
        foreach (var write in commit.Writes) DeleteOwned(write, cascaded);
        if (commit.Writes.Any(IsPastLimit)) return CommitResult.LimitExceeded;
        for (var i = 0; i < commit.Audit.Count; i++)
        {
            var (at, subject, actor, requestId, events) = commit.Audit[i];
            _audit.Run(
                number + i, at.UtcTicks, (long)subject.Kind, subject.Account, subject.Name, actor, requestId,
                string.Join(',', events));
        }

        return new CommitResult(CommitStatus.Committed, number, cascaded);
    }

    public void Dispose()
    {
        _tags.Dispose();
        foreach (var statement in (Statement[])
            [_etag, _insert, _update, _isRootKeyGone, _delete, _deleteOwned, _listKey, _unlistKey, _listAlias,
                _unlistAlias, _remind, _forget, _forgetAll, _count, _addToCount, _firstCount, _audit])
        {
            statement.Dispose();
        }
    }

    private long ETag(GrainId id) => _etag.Number((long)id.Kind, id.Account, id.Name) ?? 0;

    private bool WriteRow(GrainWrite write, GrainChange change, long number)
    {
        if (change.RootKeyVersion is { } version && _isRootKeyGone.Number(version) == 1) return false;
        if (!SwapState(write, change, number)) return false;
        var id = write.Id;
        if (change.State is null) Forget(id);
        else KeepCompanions(id, change);
        AddToCount(id, (change.ExistsNow ? 1 : 0) - (change.ExistedBefore ? 1 : 0));
        return true;
    }

    /// <summary>Compares and swaps; false when the ETag is another.</summary>
    private bool SwapState(GrainWrite write, GrainChange change, long number)
    {
        var (kind, account, name) = ((long)write.Id.Kind, write.Id.Account, write.Id.Name);
        return (change.State, write.ExpectedETag) switch
        {
            (null, 0) => ETag(write.Id) == 0,
            (null, var expected) => _delete.Run(kind, account, name, expected) == 1,
            (var state, 0) => _insert.Run(
                kind, account, name, number, change.ExistsNow, change.OwnerKeyId, state, change.RootKeyVersion)
                == 1,
            var (state, expected) => _update.Run(
                kind, account, name, number, change.ExistsNow, change.OwnerKeyId, state, change.RootKeyVersion,
                expected) == 1,
        };
    }

    private void KeepCompanions(GrainId id, GrainChange change)
    {
        var (kind, account, name) = ((long)id.Kind, id.Account, id.Name);
        switch (change.Listing)
        {
            case KeyListing key:
                _listKey.Run(
                    account, name, key.CreatedAt.UtcTicks, (long)key.KeyState, (long)key.Spec,
                    (long)key.Usage, (long)key.ProtectionLevel, key.Alias, key.EnterpriseProject);
                _tags.Keep(account, name, key.CreatedAt.UtcTicks, key.Tags);
                break;
            case AliasListing alias:
                _listAlias.Run(account, name, alias.KeyId);
                break;
            default:
                Unlist(id);
                break;
        }

        foreach (var (reminder, due) in change.Reminders)
        {
            if (due is { } at) _remind.Run(kind, account, name, (long)reminder, at.UtcTicks);
            else _forget.Run(kind, account, name, (long)reminder);
        }
    }

    /// <summary>Removes what stands beside a grain's row.</summary>
    private void Forget(GrainId id)
    {
        Unlist(id);
        _forgetAll.Run((long)id.Kind, id.Account, id.Name);
    }

    private void Unlist(GrainId id)
    {
        if (id.Kind == GrainKind.Cmk)
        {
            _unlistKey.Run(id.Account, id.Name);
            _tags.RemoveAll(id.Account, id.Name);
        }

        if (id.Kind == GrainKind.Alias) _unlistAlias.Run(id.Account, id.Name);
    }

    private void DeleteOwned(GrainWrite write, List<GrainId> cascaded)
    {
        if (write.Id.Kind != GrainKind.Cmk) return;
        if (write.Change is not { ExistedBefore: true, ExistsNow: false }) return;
        List<(GrainId Id, bool Counted)> owned = [];
        using (var rows = _deleteOwned.Read(write.Id.Account, write.Id.Name))
        {
            while (rows.Read())
            {
                var id = new GrainId((GrainKind)rows.GetByte(0), write.Id.Account, rows.GetString(1));
                owned.Add((id, rows.GetBoolean(2)));
            }
        }

        foreach (var (id, counted) in owned)
        {
            Forget(id);
            AddToCount(id, counted ? -1 : 0);
            cascaded.Add(id);
        }
    }

    private void AddToCount(GrainId id, long difference)
    {
        if (difference == 0) return;
        if (_addToCount.Run(id.Account, (long)id.Kind, difference) == 0)
        {
            _firstCount.Run(id.Account, (long)id.Kind, difference);
        }
    }

    private bool IsPastLimit(GrainWrite write) =>
        write.Change is { ExistedBefore: false, ExistsNow: true, CountLimit: < long.MaxValue } change
        && _count.Number(write.Id.Account, (long)write.Id.Kind) > change.CountLimit;
}
