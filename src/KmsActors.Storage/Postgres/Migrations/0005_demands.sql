-- What each node is asked for of limits that are at stake. It is worth nothing a moment later, so it is not logged.

CREATE UNLOGGED TABLE demands (
    node uuid NOT NULL,
    limit_name text COLLATE "C" NOT NULL,
    per_second double precision NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (node, limit_name)
) WITH (fillfactor = 50);
