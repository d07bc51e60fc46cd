-- Keys by their tags, in one round trip and, as a function that is STABLE sees what its caller sees, one snapshot.
--
-- It starts from the tag that the fewest keys have, whose keys are one range of tags or a few, looks each of them up
-- and looks at its other tags. Subqueries with OFFSET 0 are not taken apart: so no plan, whatever the planner knows
-- or believes of the tables, goes through all keys of the account instead.

CREATE FUNCTION keys_by_tags(
    in_account text,
    -- Of which projects; NULL for all. All but those, when it says so.
    projects text[], all_but boolean,
    -- Bit n of a mask is set when the number n matches. A part of the own name; NULL for any.
    states bigint, specs bigint, usages bigint, levels bigint, part text,
    -- A JSON object: of each tag its key, and the values that will do; none when any will. It has one at least.
    wanted jsonb,
    at_most integer, past bigint,
    OUT total bigint, OUT ids text[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
    tags_wanted constant bigint := (SELECT count(*) FROM jsonb_object_keys(wanted));
    tag record;
    bound bigint := 100;
    number bigint;
    least_number bigint;
    rarest text;
    rarest_values text[];
BEGIN
    -- None is counted much further than the rarest: the bound grows until one of them stays below it.
    LOOP
        least_number := NULL;
        FOR tag IN
            SELECT key, CASE WHEN value <> '[]' THEN ARRAY(SELECT jsonb_array_elements_text(value)) END AS may
            FROM jsonb_each(wanted)
        LOOP
            -- Two branches, because one condition for both would look at all values of the tag.
            SELECT count(*) INTO number FROM (
                SELECT FROM tags WHERE account = in_account AND tag_key = tag.key AND tag_value = ANY (tag.may)
                UNION ALL
                SELECT FROM tags WHERE account = in_account AND tag_key = tag.key AND tag.may IS NULL
                LIMIT CASE WHEN tags_wanted > 1 THEN bound ELSE 0 END) AS counted;
            IF least_number IS NULL OR number < least_number THEN
                least_number := number;
                rarest := tag.key;
                rarest_values := tag.may;
            END IF;
        END LOOP;
        EXIT WHEN least_number < bound;
        bound := bound * 10;
    END LOOP;
    WITH found AS MATERIALIZED (
        SELECT found.key_id, tagged.created_at FROM (
            SELECT created_at, key_id FROM tags
            WHERE account = in_account AND tag_key = rarest AND tag_value = ANY (rarest_values)
            UNION ALL
            SELECT created_at, key_id FROM tags
            WHERE account = in_account AND tag_key = rarest AND rarest_values IS NULL) AS tagged
        CROSS JOIN LATERAL (
            SELECT key_id FROM keys
            WHERE account = in_account AND created_at = tagged.created_at AND key_id = tagged.key_id
            AND ((states >> key_state) & 1) = 1 AND ((specs >> key_spec) & 1) = 1
            AND ((usages >> key_usage) & 1) = 1 AND ((levels >> protection_level) & 1) = 1
            AND (part IS NULL OR strpos(alias, part) > 0)
            AND (projects IS NULL OR (enterprise_project = ANY (projects)) <> all_but)
            OFFSET 0) AS found
        WHERE tags_wanted = 1 OR tags_wanted = (
            SELECT count(*) FROM tags
            WHERE account = in_account AND key_id = found.key_id AND wanted ? tag_key
            AND (wanted -> tag_key = '[]' OR wanted -> tag_key ? tag_value)))
    SELECT (SELECT count(*) FROM found),
        ARRAY(SELECT key_id FROM found ORDER BY created_at, key_id LIMIT at_most OFFSET past)
    INTO total, ids;
END
$$;
