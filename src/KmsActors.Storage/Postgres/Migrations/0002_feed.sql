-- How nodes learn of each other's commits.
--
-- Transactions do not become visible in the order of any number that they draw: one with a lower number may commit
-- after one with a higher has been read. But all numbers below a snapshot's xmin are over when it is taken. So a
-- node reads from the xmin of its last snapshot on: it misses nothing, and sees again what was committed while older
-- transactions were under way.

CREATE TABLE changes (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind smallint NOT NULL,
    account text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    etag bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 10000);

CREATE INDEX changes_by_xid ON changes (xid);

CREATE TABLE nodes (
    node uuid PRIMARY KEY,
    -- When it last told that it is alive.
    beat_at timestamptz NOT NULL,
    -- It heeds all that was committed before.
    applied_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- One row. Changes before pruned_to are not known any more. Those before mark were over at marked_at: when that is
-- long enough ago, they are pruned.
CREATE TABLE feed (
    pruned_to xid8 NOT NULL,
    mark xid8 NOT NULL,
    marked_at timestamptz NOT NULL
) WITH (fillfactor = 50);

INSERT INTO feed (pruned_to, mark, marked_at)
SELECT pg_snapshot_xmin(snapshot), pg_snapshot_xmin(snapshot), clock_timestamp()
FROM pg_current_snapshot() AS snapshot;

-- Prunes up to so many changes that have been there for that long; whether there may be more to prune.
CREATE FUNCTION prune(kept interval, most integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    last feed%ROWTYPE;
    pruned bigint;
BEGIN
    -- One node at a time; the others need not wait for it.
    SELECT * INTO last FROM feed FOR UPDATE SKIP LOCKED;
    IF NOT FOUND OR last.marked_at > clock_timestamp() - kept THEN
        RETURN false;
    END IF;
    UPDATE feed SET pruned_to = mark;
    DELETE FROM changes WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM changes WHERE xid < last.mark ORDER BY xid LIMIT most));
    GET DIAGNOSTICS pruned = ROW_COUNT;
    IF pruned = most THEN
        RETURN true;
    END IF;
    UPDATE feed SET mark = pg_snapshot_xmin(pg_current_snapshot()), marked_at = clock_timestamp();
    -- A node that has been silent for an hour has been counted on by nobody for about as long.
    DELETE FROM nodes WHERE beat_at < clock_timestamp() - interval '1 hour';
    RETURN false;
END
$$;
