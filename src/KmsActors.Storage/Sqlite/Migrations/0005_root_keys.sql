-- The versions of the root key, each sealed by what keeps it (see the HSA's custody). One that is not here any more is
-- gone for good, and nothing is committed that would need it.

CREATE TABLE root_keys (
    version INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL,
    -- By the database's own clock, as everywhere else no clock is asked for it: milliseconds since 1970, UTC.
    made_at INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER))
) STRICT;

-- The oldest version of the root key that a row needs, NULL for none: what is to be wrapped anew is found by it. What
-- was there before is under the first version, or is none and is found to be so.
ALTER TABLE grains ADD COLUMN root_key_version INTEGER;
UPDATE grains SET root_key_version = 1;
CREATE INDEX grains_by_root_key ON grains (root_key_version) WHERE root_key_version IS NOT NULL;
