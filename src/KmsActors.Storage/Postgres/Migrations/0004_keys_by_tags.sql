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
LANGUAGE plpgsql STABLE
-- A bitmap is of all that is found, also where a few of it will do.
SET enable_bitmapscan = off AS $$
DECLARE
    tag_keys constant text[] := ARRAY(SELECT key FROM jsonb_each(wanted) ORDER BY key);
    tag_values constant jsonb[] := ARRAY(SELECT nullif(value, '[]') FROM jsonb_each(wanted) ORDER BY key);
    bound bigint := 100;
    number bigint;
    least_number bigint;
    rarest integer := 1;
    rarest_key text;
    rarest_values text[];
    other_keys text[];
    other_values jsonb[];
BEGIN
    -- None is counted much further than the rarest: the bound grows until one of them stays below it.
    WHILE cardinality(tag_keys) > 1 LOOP
        least_number := bound;
        FOR i IN 1..cardinality(tag_keys) LOOP
            -- Two branches, and each value by itself: one condition would look at all values of the tag.
            SELECT count(*) INTO number FROM (
                SELECT FROM jsonb_array_elements_text(tag_values[i]) AS may CROSS JOIN LATERAL (
                    SELECT FROM tags WHERE account = in_account AND tag_key = tag_keys[i] AND tag_value = may
                    OFFSET 0) AS of_value
                UNION ALL
                SELECT FROM tags WHERE account = in_account AND tag_key = tag_keys[i] AND tag_values[i] IS NULL
                LIMIT bound) AS counted;
            IF number < least_number THEN
                least_number := number;
                rarest := i;
            END IF;
        END LOOP;
        EXIT WHEN least_number < bound;
        bound := bound * 10;
    END LOOP;
    rarest_key := tag_keys[rarest];
    rarest_values := CASE WHEN tag_values[rarest] IS NOT NULL
        THEN ARRAY(SELECT jsonb_array_elements_text(tag_values[rarest])) END;
    other_keys := tag_keys[:rarest - 1] || tag_keys[rarest + 1:];
    other_values := tag_values[:rarest - 1] || tag_values[rarest + 1:];
    WITH found AS MATERIALIZED (
        SELECT found.key_id, tagged.created_at FROM (
            SELECT created_at, key_id FROM unnest(rarest_values) AS may CROSS JOIN LATERAL (
                SELECT created_at, key_id FROM tags
                WHERE account = in_account AND tag_key = rarest_key AND tag_value = may OFFSET 0) AS of_value
            UNION ALL
            SELECT created_at, key_id FROM tags
            WHERE account = in_account AND tag_key = rarest_key AND rarest_values IS NULL) AS tagged
        CROSS JOIN LATERAL (
            SELECT key_id FROM keys
            WHERE account = in_account AND created_at = tagged.created_at AND key_id = tagged.key_id
            AND ((states >> key_state) & 1) = 1 AND ((specs >> key_spec) & 1) = 1
            AND ((usages >> key_usage) & 1) = 1 AND ((levels >> protection_level) & 1) = 1
            AND (part IS NULL OR strpos(alias, part) > 0)
            AND (projects IS NULL OR (enterprise_project = ANY (projects)) <> all_but)
            OFFSET 0) AS found
        WHERE cardinality(other_keys) = 0 OR NOT EXISTS (
            SELECT FROM unnest(other_keys, other_values) AS other (key, may) WHERE NOT EXISTS (
                SELECT FROM tags WHERE account = in_account AND key_id = found.key_id AND tag_key = other.key
                AND (other.may IS NULL OR other.may ? tag_value) OFFSET 0)
            OFFSET 0))
    SELECT (SELECT count(*) FROM found),
        ARRAY(SELECT key_id FROM found ORDER BY created_at, key_id LIMIT at_most OFFSET past)
    INTO total, ids;
END
$$;
