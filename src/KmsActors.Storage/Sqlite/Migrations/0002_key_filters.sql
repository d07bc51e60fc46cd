-- Listings of keys by kind, usage and protection level as well as by state.
--
-- Such a listing looks at every key of its account: once to count those that match, and again as far as its
-- page. So the rows now lie in the order of creation, where each is one run through the b-tree that meets
-- the page in its order. With rows by id and an index in that order (0001), the page of 100 000 keys was
-- either a random look-up a row, up to 80 ms, or a sort of all that match, up to 100 ms; and an index that
-- has the state, too, would be written with every change of state.
--
-- The other index is how a turn finds and removes the row of a key that it knows by id. Nothing in it
-- changes as long as a key exists.
--
-- The table is made anew because a column that is added needs a default, and that would hide from then on
-- that a writer has forgotten it.
--
-- Keys made until now are of the kind (0, Aes256) and usage (0, EncryptDecrypt) that were the only ones.
-- Their protection level is in the state of their grain, JSON in UTF-8. One that cannot be told is NULL,
-- which ends the migration: nothing is guessed, and nothing has changed then.

ALTER TABLE keys RENAME TO keys_before;

CREATE TABLE keys (
    account TEXT NOT NULL,
    key_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    key_state INTEGER NOT NULL,
    key_spec INTEGER NOT NULL,
    key_usage INTEGER NOT NULL,
    protection_level INTEGER NOT NULL,
    PRIMARY KEY (account, created_at, key_id)
) STRICT, WITHOUT ROWID;

-- 3 is GrainKind.Cmk. LEFT, so that a key without a grain is not dropped but ends the migration.
INSERT INTO keys (account, key_id, created_at, key_state, key_spec, key_usage, protection_level)
SELECT keys_before.account, key_id, created_at, key_state, 0, 0,
    CASE json_extract(CAST(state AS TEXT), '$.ProtectionLevel') WHEN 'Software' THEN 0 WHEN 'Hsm' THEN 1 END
FROM keys_before LEFT JOIN grains ON kind = 3 AND grains.account = keys_before.account AND name = key_id
ORDER BY keys_before.account, created_at, key_id;

DROP TABLE keys_before;

CREATE UNIQUE INDEX keys_by_id ON keys (account, key_id);
