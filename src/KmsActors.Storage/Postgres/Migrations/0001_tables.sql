-- Why the tables have this shape:
--
-- Text compares by its UTF-8 bytes (COLLATE "C"), whatever the database's own collation: the order in which
-- aliases are listed. Text here cannot have U+0000, and what is stored stands for it (see StoredText).
-- Times of grains are ticks of 100 ns since year 1, UTC, which is what DateTimeOffset holds: nothing is rounded.
-- Times of nodes are this server's own clock, which has microseconds.
-- Enumerations are stored as their numbers, events as their names.
--
-- Rows that are updated have room on their page for the next version, which is then found without a new entry in
-- any index: no index has a column that an ordinary turn changes.
--
-- What is replaced or deleted stays in the file until it is vacuumed, and in the log: material as the HSA has
-- wrapped it, and no use without its root key.

CREATE TABLE grains (
    kind smallint NOT NULL,
    account text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    etag bigint NOT NULL,
    -- True while the grain exists for its users and is part of its account's count; false for a tombstone.
    counted boolean NOT NULL,
    owner_key_id text COLLATE "C",
    state bytea NOT NULL,
    PRIMARY KEY (kind, account, name)
) WITH (fillfactor = 80);

-- What goes when a CMK goes.
CREATE INDEX grains_by_owner ON grains (account, owner_key_id) WHERE owner_key_id IS NOT NULL;

-- The number of the last commit: the ETag of the rows it wrote, and seq of its first audit row.
CREATE SEQUENCE etags;

CREATE TABLE keys (
    account text COLLATE "C" NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    key_state smallint NOT NULL,
    key_spec smallint NOT NULL,
    key_usage smallint NOT NULL,
    protection_level smallint NOT NULL,
    -- Empty for none.
    alias text COLLATE "C" NOT NULL,
    enterprise_project text COLLATE "C" NOT NULL,
    PRIMARY KEY (account, key_id)
) WITH (fillfactor = 80);

-- The order of listings. A listing by anything but tags looks at every key of its account, and they lie about in
-- this order, as keys are added at the end.
CREATE UNIQUE INDEX keys_by_creation ON keys (account, created_at, key_id);

-- In the order in which it is asked. The keys with a tag of any value, or with one of some values, are one range or
-- a few; so what such a listing costs is the number of keys with the rarest of its tags, however many keys the
-- account has. And the tags of an account are found by skipping from each to the next greater one, however many
-- keys have it. The time of creation is that of the key, which never changes: with it the row of a key is found.
CREATE TABLE tags (
    account text COLLATE "C" NOT NULL,
    tag_key text COLLATE "C" NOT NULL,
    tag_value text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (account, tag_key, tag_value, created_at, key_id)
);

-- How a turn finds the tags of its key, and a listing the other tags of a key that it has found by one. That a key
-- has a tag once is what lets the listing count matches instead of telling them apart.
CREATE UNIQUE INDEX tags_by_key ON tags (account, key_id, tag_key);

CREATE TABLE aliases (
    account text COLLATE "C" NOT NULL,
    alias text COLLATE "C" NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (account, alias)
);

CREATE INDEX aliases_by_key ON aliases (account, key_id, alias);

-- A node that is given a due reminder claims it for a while, so that the others are given others.
CREATE TABLE reminders (
    kind smallint NOT NULL,
    account text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    reminder smallint NOT NULL,
    due_at bigint NOT NULL,
    claimed_by uuid,
    claimed_until timestamptz,
    PRIMARY KEY (kind, account, name, reminder)
) WITH (fillfactor = 70);

CREATE INDEX reminders_by_due_at ON reminders (due_at, kind, account, name, reminder);

-- How many grains of a kind an account has: limits and the totals of listings cost one row.
CREATE TABLE counts (
    account text COLLATE "C" NOT NULL,
    kind smallint NOT NULL,
    count bigint NOT NULL CHECK (count >= 0),
    PRIMARY KEY (account, kind)
) WITH (fillfactor = 50);

-- Of a commit one row, or several.
CREATE TABLE audit (
    seq bigint PRIMARY KEY,
    at bigint NOT NULL,
    kind smallint NOT NULL,
    account text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    request_id text COLLATE "C" NOT NULL,
    events text COLLATE "C" NOT NULL
);

-- What belongs to the database as a whole, such as the check value of the root key.
CREATE TABLE meta (
    name text COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL
);
