-- Listings of keys by tag, own name and enterprise project.
--
-- tags has the order in which it is asked. The keys with a tag of any value, or with one of some values, are
-- one range or a few; so what such a listing costs is the number of keys with the rarest of its tags, however
-- many keys the account has. And the tags of an account are found by skipping from each to the next greater
-- one, however many keys have it. The time of creation is that of the key, which never changes: with it the row
-- of a key is found at once, and those of many keys in the order in which they lie.
--
-- The other index is how a turn finds the tags of its key, to see whether they have changed, and to remove
-- them; also how a listing looks at the other tags of a key that it has found by one. That a key has a tag
-- once is what lets the listing count matches instead of telling them apart. SQLite appends the columns of
-- the primary key, so the index has the value, too.
--
-- An own name is looked for by a part of it, which no index helps, and a project with keys of its own is seldom
-- a small part of the account: both are looked for in all keys, like what 0002 added. They are the last columns
-- because only filters that ask for them read as far.
--
-- keys is made anew for the reason in 0002: no defaults, so that a writer that forgets a column is found out.
--
-- Keys made until now have their tags in the state of their grain, JSON in UTF-8; own names and projects were
-- not yet, so that a state says nothing of them means none and the default one. A key without a grain or with
-- a tag that is no text ends the migration: nothing is guessed, and nothing has changed then.

ALTER TABLE keys RENAME TO keys_before;

CREATE TABLE keys (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    key_state INTEGER NOT NULL,
    key_spec INTEGER NOT NULL,
    key_usage INTEGER NOT NULL,
    protection_level INTEGER NOT NULL,
    -- Empty for none.
    alias TEXT NOT NULL,
    enterprise_project TEXT NOT NULL,
    PRIMARY KEY (account, created_at, key_id)
) STRICT, WITHOUT ROWID;

-- 3 is GrainKind.Cmk.
INSERT INTO keys (
    account, key_id, created_at, key_state, key_spec, key_usage, protection_level, alias, enterprise_project)
SELECT keys_before.account, key_id, created_at, key_state, key_spec, key_usage, protection_level,
    CASE WHEN state IS NOT NULL THEN coalesce(json_extract(CAST(state AS TEXT), '$.Alias'), '') END,
    CASE WHEN state IS NOT NULL THEN coalesce(json_extract(CAST(state AS TEXT), '$.EnterpriseProject'), '0') END
FROM keys_before LEFT JOIN grains ON kind = 3 AND grains.account = keys_before.account AND name = key_id
ORDER BY keys_before.account, created_at, key_id;

DROP TABLE keys_before;

CREATE UNIQUE INDEX keys_by_id ON keys (account, key_id);

CREATE TABLE tags (
    account TEXT NOT NULL,
    tag_key TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    PRIMARY KEY (account, tag_key, tag_value, created_at, key_id)
) STRICT, WITHOUT ROWID;

INSERT INTO tags (account, tag_key, tag_value, created_at, key_id)
SELECT keys.account, tag.key, CASE tag.type WHEN 'text' THEN tag.value END, created_at, key_id
FROM keys JOIN grains ON kind = 3 AND grains.account = keys.account AND name = key_id
JOIN json_each(CAST(state AS TEXT), '$.Tags') AS tag
ORDER BY keys.account, tag.key, tag.value, created_at, key_id;

CREATE UNIQUE INDEX tags_by_key ON tags (account, key_id, tag_key);
