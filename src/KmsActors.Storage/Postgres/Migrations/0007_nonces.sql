-- Nonces of requests that may have changed something: each is taken by one node only.
--
-- A replay carries the time of its request, and so the same until: with it first, the one index that keeps a nonce
-- from being taken twice is also the one by which those whose time is over are found, and grows at one end.
--
-- It is logged, as an unlogged table is empty after the server has crashed, and on a standby that takes over: for the
-- width of a window every change that somebody overheard could be repeated at each other node. Only the commit does
-- not wait for the log (see NonceLedger): what the request then changes does, and its place in the log is after that
-- of its nonce. So no change is there without its nonce, and what is lost are nonces of requests that changed nothing.
--
-- A row takes about 120 bytes with its index, for 15 minutes and a little (30 of a request that is dated ahead): a
-- thousand changes a second keep it at some 100 MB. How many there are is what Kms:Limits let accounts call, and never
-- more than the database does commits.

CREATE TABLE nonces (
    until timestamptz NOT NULL,
    nonce uuid NOT NULL,
    PRIMARY KEY (until, nonce)
) WITH (autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 10000);
