-- The versions of the root key, each sealed by what keeps it (see the HSA's custody). One that is not here any more is
-- gone for good, and nothing is committed that would need it.

CREATE TABLE root_keys (
    version bigint PRIMARY KEY,
    sealed bytea NOT NULL,
    -- By this server's clock: how old a version is, all nodes agree on.
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The oldest version of the root key that a row needs, NULL for none: what is to be wrapped anew is found by it. What
-- was there before is under the first version, or is none and is found to be so. The default is for those rows alone,
-- none of which is written for it.
ALTER TABLE grains ADD COLUMN root_key_version bigint DEFAULT 1;
ALTER TABLE grains ALTER COLUMN root_key_version DROP DEFAULT;
CREATE INDEX grains_by_root_key ON grains (root_key_version) WHERE root_key_version IS NOT NULL;

-- Removes the versions before one that there is, unless a row needs one. The lock is for what is found to be so until
-- they are gone: a commit under way is waited for, and later ones find the version gone.
CREATE FUNCTION remove_root_keys_before(oldest bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE grains IN SHARE MODE;
    DELETE FROM root_keys WHERE version < oldest AND EXISTS (SELECT FROM root_keys WHERE version = oldest)
    AND NOT EXISTS (SELECT FROM grains WHERE root_key_version < oldest);
    RETURN coalesce((SELECT min(version) FROM root_keys) = oldest, false);
END
$$;

-- A commit says which root key its rows need. The procedures of migrations 0003 and 0006, with this and nothing else
-- new. A node of an older program cannot commit any more: what it writes would not be found.

DROP PROCEDURE commit_turns;
DROP PROCEDURE commit_turn;

CREATE PROCEDURE commit_turn(
    -- As before, and the oldest version of the root key that what is written needs, NULL for none.
    w_kind smallint[], w_account text[], w_name text[], w_etag bigint[], w_does smallint[],
    w_state bytea[], w_counted boolean[], w_owner text[], w_root_key bigint[],
    w_orphans boolean[],
    w_label text[], w_created_at bigint[], w_key_state smallint[], w_key_spec smallint[], w_key_usage smallint[],
    w_level smallint[], w_project text[], w_tags jsonb[],
    r_write integer[], r_reminder smallint[], r_due_at bigint[],
    c_account text[], c_kind smallint[], c_change bigint[], c_limit bigint[],
    a_at bigint, a_kind smallint, a_account text, a_name text, a_actor text, a_request_id text, a_events text,
    INOUT o_status smallint, INOUT o_etag bigint,
    INOUT o_kind smallint[], INOUT o_account text[], INOUT o_name text[])
LANGUAGE plpgsql AS $$
DECLARE
    writes constant integer := cardinality(w_kind);
    orphans constant boolean := true = ANY (w_orphans);
    o_counted boolean[];
    total bigint;
BEGIN
    o_status := 0;
    FOR i IN 1..writes LOOP
        CONTINUE WHEN w_etag[i] <> 0;
        PERFORM pg_advisory_xact_lock(hashtextextended(w_account[i] || '/' || w_name[i], w_kind[i]));
        PERFORM FROM grains WHERE kind = w_kind[i] AND account = w_account[i] AND name = w_name[i] FOR KEY SHARE;
        IF FOUND THEN
            o_status := 1;
            EXIT;
        END IF;
    END LOOP;
    IF o_status = 0 THEN
        IF orphans THEN
            PERFORM FROM (
                SELECT w_kind[i] AS kind, w_account[i] AS account, w_name[i] AS name
                FROM generate_series(1, writes) AS i
                UNION
                SELECT owned.kind, owned.account, owned.name FROM generate_series(1, writes) AS i
                JOIN grains AS owned ON owned.account = w_account[i] AND owned.owner_key_id = w_name[i]
                WHERE w_orphans[i]) AS these
            JOIN grains USING (kind, account, name)
            ORDER BY grains.kind, grains.account, grains.name FOR UPDATE OF grains;
        END IF;
        o_etag := nextval('etags');
        FOR i IN 1..writes LOOP
            IF w_etag[i] <> 0 THEN
                IF w_does[i] = 0 THEN
                    PERFORM FROM grains
                    WHERE kind = w_kind[i] AND account = w_account[i] AND name = w_name[i] AND etag = w_etag[i]
                    FOR SHARE;
                ELSIF w_does[i] = 1 THEN
                    UPDATE grains
                    SET etag = o_etag, counted = w_counted[i], owner_key_id = w_owner[i], state = w_state[i],
                        root_key_version = w_root_key[i]
                    WHERE kind = w_kind[i] AND account = w_account[i] AND name = w_name[i] AND etag = w_etag[i];
                ELSE
                    DELETE FROM grains
                    WHERE kind = w_kind[i] AND account = w_account[i] AND name = w_name[i] AND etag = w_etag[i];
                END IF;
                IF NOT FOUND THEN
                    o_status := 1;
                    EXIT;
                END IF;
            ELSIF w_does[i] = 1 THEN
                INSERT INTO grains (kind, account, name, etag, counted, owner_key_id, state, root_key_version)
                VALUES (w_kind[i], w_account[i], w_name[i], o_etag, w_counted[i], w_owner[i], w_state[i], w_root_key[i]);
            END IF;
            CONTINUE WHEN w_does[i] = 0;
            INSERT INTO changes (kind, account, name, etag) VALUES (w_kind[i], w_account[i], w_name[i], o_etag);
            -- What is beside a row; beside one that was not there is nothing. A row that stays as it is costs no
            -- write.
            IF w_kind[i] = 3 AND w_label[i] IS NOT NULL THEN
                INSERT INTO keys AS listed (account, key_id, created_at,
                    key_state, key_spec, key_usage, protection_level, alias, enterprise_project)
                VALUES (w_account[i], w_name[i], w_created_at[i],
                    w_key_state[i], w_key_spec[i], w_key_usage[i], w_level[i], w_label[i], w_project[i])
                ON CONFLICT (account, key_id) DO UPDATE
                SET (created_at, key_state, key_spec, key_usage, protection_level, alias, enterprise_project)
                    = (excluded.created_at, excluded.key_state, excluded.key_spec, excluded.key_usage,
                        excluded.protection_level, excluded.alias, excluded.enterprise_project)
                WHERE listed IS DISTINCT FROM excluded;
                IF w_etag[i] <> 0 THEN
                    DELETE FROM tags WHERE account = w_account[i] AND key_id = w_name[i]
                    AND (created_at <> w_created_at[i] OR tag_value IS DISTINCT FROM w_tags[i] ->> tag_key);
                END IF;
                IF w_tags[i] IS NOT NULL THEN
                    INSERT INTO tags (account, tag_key, tag_value, created_at, key_id)
                    SELECT w_account[i], key, value, w_created_at[i], w_name[i] FROM jsonb_each_text(w_tags[i])
                    WHERE NOT EXISTS (
                        SELECT FROM tags WHERE account = w_account[i] AND key_id = w_name[i] AND tag_key = key);
                END IF;
            ELSIF w_kind[i] = 3 AND w_etag[i] <> 0 THEN
                DELETE FROM keys WHERE account = w_account[i] AND key_id = w_name[i];
                DELETE FROM tags WHERE account = w_account[i] AND key_id = w_name[i];
            ELSIF w_kind[i] = 4 AND w_label[i] IS NOT NULL THEN
                INSERT INTO aliases AS listed (account, alias, key_id)
                VALUES (w_account[i], w_name[i], w_label[i])
                ON CONFLICT (account, alias) DO UPDATE SET key_id = excluded.key_id
                WHERE listed.key_id <> excluded.key_id;
            ELSIF w_kind[i] = 4 AND w_etag[i] <> 0 THEN
                DELETE FROM aliases WHERE account = w_account[i] AND alias = w_name[i];
            END IF;
            IF w_does[i] = 2 AND w_etag[i] <> 0 THEN
                DELETE FROM reminders WHERE kind = w_kind[i] AND account = w_account[i] AND name = w_name[i];
            END IF;
        END LOOP;
    END IF;
    -- After the writes: whoever takes away a version of the root key has the table locked, and lets nobody write until
    -- that can be seen here.
    IF o_status = 0 AND (SELECT min(version) FROM root_keys) > ANY (w_root_key) THEN
        o_status := 1;
    END IF;
    IF o_status = 0 THEN
        FOR j IN 1..cardinality(r_write) LOOP
            IF r_due_at[j] IS NULL THEN
                DELETE FROM reminders WHERE kind = w_kind[r_write[j]] AND account = w_account[r_write[j]]
                AND name = w_name[r_write[j]] AND reminder = r_reminder[j];
            ELSE
                INSERT INTO reminders (kind, account, name, reminder, due_at)
                VALUES (w_kind[r_write[j]], w_account[r_write[j]], w_name[r_write[j]], r_reminder[j], r_due_at[j])
                ON CONFLICT (kind, account, name, reminder) DO UPDATE
                SET due_at = excluded.due_at, claimed_by = NULL, claimed_until = NULL;
            END IF;
        END LOOP;
        -- After all writes: what one of them has given to the CMK goes as well, what one has taken stays. What has a
        -- greater ETag was given to it after this.
        IF orphans THEN
            WITH gone AS (
                DELETE FROM grains USING generate_series(1, writes) AS i
                WHERE w_orphans[i] AND account = w_account[i] AND owner_key_id = w_name[i] AND etag <= o_etag
                RETURNING kind, account, name, counted)
            SELECT array_agg(kind), array_agg(account), array_agg(name), array_agg(counted)
            INTO o_kind, o_account, o_name, o_counted FROM gone;
            DELETE FROM aliases USING unnest(o_kind, o_account, o_name) AS gone (kind, account, name)
            WHERE gone.kind = 4 AND aliases.account = gone.account AND aliases.alias = gone.name;
            DELETE FROM keys USING unnest(o_kind, o_account, o_name) AS gone (kind, account, name)
            WHERE gone.kind = 3 AND keys.account = gone.account AND keys.key_id = gone.name;
            DELETE FROM tags USING unnest(o_kind, o_account, o_name) AS gone (kind, account, name)
            WHERE gone.kind = 3 AND tags.account = gone.account AND tags.key_id = gone.name;
            DELETE FROM reminders USING unnest(o_kind, o_account, o_name) AS gone (kind, account, name)
            WHERE (reminders.kind, reminders.account, reminders.name) = (gone.kind, gone.account, gone.name);
            INSERT INTO changes (kind, account, name, etag)
            SELECT kind, account, name, o_etag FROM unnest(o_kind, o_account, o_name) AS gone (kind, account, name);
            SELECT array_agg(account ORDER BY account, kind), array_agg(kind ORDER BY account, kind),
                array_agg(change ORDER BY account, kind), array_agg(most ORDER BY account, kind)
            INTO c_account, c_kind, c_change, c_limit
            FROM (
                SELECT account COLLATE "C", kind, sum(change)::bigint AS change, min(most) AS most FROM (
                    SELECT * FROM unnest(c_account, c_kind, c_change, c_limit)
                    UNION ALL
                    SELECT account, kind, -1, NULL
                    FROM unnest(o_account, o_kind, o_counted) AS gone (account, kind, counted) WHERE counted
                ) AS each (account, kind, change, most)
                GROUP BY account COLLATE "C", kind) AS summed;
        END IF;
        -- Last, as everybody who makes or deletes something of the account waits for them.
        FOR j IN 1..coalesce(cardinality(c_kind), 0) LOOP
            UPDATE counts SET count = count + c_change[j] WHERE account = c_account[j] AND kind = c_kind[j]
            RETURNING count INTO total;
            IF NOT FOUND THEN
                INSERT INTO counts AS counted (account, kind, count) VALUES (c_account[j], c_kind[j], c_change[j])
                ON CONFLICT (account, kind) DO UPDATE SET count = counted.count + excluded.count
                RETURNING count INTO total;
            END IF;
            IF total > c_limit[j] THEN
                o_status := 2;
                EXIT;
            END IF;
        END LOOP;
    END IF;
    IF o_status <> 0 THEN
        ROLLBACK;
        o_etag := 0;
        o_kind := NULL;
        o_account := NULL;
        o_name := NULL;
        RETURN;
    END IF;
    INSERT INTO audit (seq, at, kind, account, name, actor, request_id, events)
    VALUES (o_etag, a_at, a_kind, a_account, a_name, a_actor, a_request_id, a_events);
END
$$;

CREATE PROCEDURE commit_turns(
    -- As commit_turn has them.
    w_kind smallint[], w_account text[], w_name text[], w_etag bigint[], w_does smallint[],
    w_state bytea[], w_counted boolean[], w_owner text[], w_root_key bigint[],
    w_orphans boolean[],
    w_label text[], w_created_at bigint[], w_key_state smallint[], w_key_spec smallint[], w_key_usage smallint[],
    w_level smallint[], w_project text[], w_tags jsonb[],
    r_write integer[], r_reminder smallint[], r_due_at bigint[],
    c_account text[], c_kind smallint[], c_change bigint[], c_limit bigint[],
    -- One of each for a record, two records at least.
    a_at bigint[], a_kind smallint[], a_account text[], a_name text[], a_actor text[], a_request_id text[],
    a_events text[],
    INOUT o_status smallint, INOUT o_etag bigint,
    INOUT o_kind smallint[], INOUT o_account text[], INOUT o_name text[])
LANGUAGE plpgsql AS $$
BEGIN
    -- Taken back by a refusal, this has a new transaction, with nothing in it.
    CALL commit_turn(
        w_kind, w_account, w_name, w_etag, w_does, w_state, w_counted, w_owner, w_root_key, w_orphans,
        w_label, w_created_at, w_key_state, w_key_spec, w_key_usage, w_level, w_project, w_tags,
        r_write, r_reminder, r_due_at, c_account, c_kind, c_change, c_limit,
        a_at[1], a_kind[1], a_account[1], a_name[1], a_actor[1], a_request_id[1], a_events[1],
        o_status, o_etag, o_kind, o_account, o_name);
    IF o_status = 0 THEN
        INSERT INTO audit (seq, at, kind, account, name, actor, request_id, events)
        SELECT nextval('etags'), at, kind, account, name, actor, request_id, events
        FROM unnest(a_at[2:], a_kind[2:], a_account[2:], a_name[2:], a_actor[2:], a_request_id[2:], a_events[2:])
            AS record (at, kind, account, name, actor, request_id, events);
    END IF;
END
$$;
