-- Why the tables have this shape:
--
-- Text compares by its UTF-8 bytes (BINARY, SQLite's default): the order in which aliases are listed.
-- Times are ticks of 100 ns since year 1, UTC, which is what DateTimeOffset holds: nothing is rounded.
-- Enumerations are stored as their numbers, events as their names.
--
-- grains has a rowid, unlike the rest: a row carries a state of several hundred bytes, and in the b-tree
-- of a WITHOUT ROWID table such rows leave about five children a page. Rows are appended, and an update
-- of the state touches no index.
--
-- The other tables are their own key, so they are WITHOUT ROWID: one b-tree each, not two.

CREATE TABLE grains (
    kind INTEGER NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    etag INTEGER NOT NULL,
    -- 1 while the grain exists for its users and is part of its account's count; 0 for a tombstone.
    counted INTEGER NOT NULL,
    owner_key_id TEXT,
    -- Last, because it may overflow the page and the columns after it would be found only through that.
    state BLOB NOT NULL,
    UNIQUE (kind, account, name)
) STRICT;

-- What goes when a CMK goes.
CREATE INDEX grains_by_owner ON grains (account, owner_key_id) WHERE owner_key_id IS NOT NULL;

-- The key is what a turn knows when it removes the row; the listing's order is in the index, which has
-- all columns a listing reads and is not touched when only the key's state changes.
CREATE TABLE keys (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    key_state INTEGER NOT NULL,
    PRIMARY KEY (account, key_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX keys_by_creation ON keys (account, created_at, key_id);

CREATE TABLE aliases (
    account TEXT NOT NULL,
    alias TEXT NOT NULL,
    key_id TEXT NOT NULL,
    PRIMARY KEY (account, alias)
) STRICT, WITHOUT ROWID;

CREATE INDEX aliases_by_key ON aliases (account, key_id, alias);

CREATE TABLE reminders (
    kind INTEGER NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    reminder INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (kind, account, name, reminder)
) STRICT, WITHOUT ROWID;

-- SQLite appends the columns of the primary key, so reminders of one instant have an order, too.
CREATE INDEX reminders_by_due_at ON reminders (due_at);

-- How many grains of a kind an account has: limits and the totals of listings cost one row.
CREATE TABLE counts (
    account TEXT NOT NULL,
    kind INTEGER NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (account, kind)
) STRICT, WITHOUT ROWID;

-- Of a commit one row, or several; seq of the first is the commit's number and the ETag of the rows it wrote.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    actor TEXT NOT NULL,
    request_id TEXT NOT NULL,
    events TEXT NOT NULL
) STRICT;

-- The number of the last commit. Not the greatest of audit: old audit rows may be moved elsewhere, and
-- a number that came back would let a stale write pass for a fresh one.
CREATE TABLE commits (last INTEGER NOT NULL) STRICT;
INSERT INTO commits (last) VALUES (0);

-- What belongs to the database as a whole, such as the check value of the root key.
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
