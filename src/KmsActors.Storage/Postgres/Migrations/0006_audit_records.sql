-- A commit with several audit records: of changes to grains that are committed together to share what a commit costs,
-- and have no more to do with each other. The first record has the commit's number, the others have numbers of their
-- own, as they are keys.

CREATE PROCEDURE commit_turns(
    -- As commit_turn has them.
    w_kind smallint[], w_account text[], w_name text[], w_etag bigint[], w_does smallint[],
    w_state bytea[], w_counted boolean[], w_owner text[],
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
        w_kind, w_account, w_name, w_etag, w_does, w_state, w_counted, w_owner, w_orphans,
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
