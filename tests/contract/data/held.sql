-- Two held pilots, for tow-held: the dump of a state file.
BEGIN TRANSACTION;
CREATE TABLE memory (
    entry  TEXT PRIMARY KEY,
    plan   TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE override (
    override    TEXT NOT NULL,
    key         TEXT NOT NULL,
    value       TEXT NOT NULL,
    entries     TEXT NOT NULL,
    until       INTEGER NOT NULL,
    why         TEXT NOT NULL,
    author      TEXT NOT NULL,
    lifted_at   INTEGER,
    lifted_by   TEXT,
    replaced_by TEXT,
    PRIMARY KEY (override, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE pause (
    system  TEXT PRIMARY KEY,
    until   INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    why     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE pilot (
    number       INTEGER PRIMARY KEY,
    pilot        TEXT NOT NULL UNIQUE,
    request      TEXT,
    entry        TEXT NOT NULL,
    job_group    TEXT,
    backend      TEXT NOT NULL,
    state        TEXT NOT NULL,
    backend_id   TEXT,
    intended_at  INTEGER NOT NULL,
    submitted_at INTEGER,
    started_at   INTEGER,
    ended_at     INTEGER,
    expires_at   INTEGER,
    exit_code    INTEGER,
    reason       TEXT,
    removal      TEXT
, cores INTEGER NOT NULL DEFAULT 0, cost_per_core_hour REAL, currency TEXT, walltime INTEGER, hold_code INTEGER, releases INTEGER NOT NULL DEFAULT 0, released_at INTEGER) STRICT;
INSERT INTO "pilot" VALUES(1,'01M7YZMHG0RB0YF6RDWRAW0000','01M7YZMHG0RZ4S2RJZ2W4V1B0B','CE',NULL,'condor','held','37.0',1795262000,1795262000,NULL,NULL,NULL,NULL,'code 1 (held by a person): via condor_hold (by user ada)',NULL,1,NULL,NULL,3600,1,1,1795262300);
INSERT INTO "pilot" VALUES(2,'01M7YZMHG0RB0YF6RDWRAW0001','01M7YZMHG0RZ4S2RJZ2W4V1B0B','CE',NULL,'condor','held','37.1',1795262000,1795262000,NULL,NULL,NULL,NULL,'code 13/2 (input transfer): Transfer input files failure',NULL,1,NULL,NULL,3600,13,1,1795262300);
CREATE TABLE use_of_day (
    day                INTEGER NOT NULL,
    entry              TEXT NOT NULL,
    currency           TEXT NOT NULL,
    cost_per_core_hour REAL NOT NULL,
    pilots             INTEGER NOT NULL,
    core_seconds       INTEGER NOT NULL,
    PRIMARY KEY (day, entry, currency, cost_per_core_hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX pilot_request ON pilot (request);
CREATE INDEX pilot_removal ON pilot (removal) WHERE removal IS NOT NULL;
CREATE INDEX pilot_living ON pilot (entry) WHERE state NOT IN ('done', 'failed', 'lost');
CREATE INDEX pilot_ended ON pilot (ended_at) WHERE ended_at IS NOT NULL;
COMMIT;
PRAGMA user_version = 3;
