-- Jobs: what came of their last runs. A run is open until it has finished; of a job there is one that is open at most.

CREATE TABLE job_runs (
    id TEXT NOT NULL PRIMARY KEY,
    job TEXT NOT NULL,
    state INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    -- Where it runs, or ran last, and for the how manieth time it was begun; an attempt that is not the last one
    -- writes nothing any more.
    node TEXT,
    attempt INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    message TEXT NOT NULL,
    -- From where another attempt goes on.
    checkpoint TEXT,
    stop_asked INTEGER NOT NULL,
    report TEXT
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX job_runs_open ON job_runs (job) WHERE finished_at IS NULL;
CREATE INDEX job_runs_by_job ON job_runs (job, opened_at);

-- Tombstones, which are few among many.
CREATE INDEX grains_tombstones ON grains (kind, account, name) WHERE counted = 0;
