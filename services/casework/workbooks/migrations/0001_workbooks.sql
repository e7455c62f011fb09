-- Workbooks being brought in and what became of them: how far an import has come, and its answer for a repeated
-- request. Rows and columns are named, never what stands in them; the workbook itself is kept as evidence.
CREATE TABLE workbook_batches (
    batch_id        uuid        PRIMARY KEY,
    principal       text        NOT NULL,
    division        text        NOT NULL COLLATE "C",  -- area of the principal
    digest          bytea       NOT NULL,              -- keyed digest of the request, as in commands
    file_sha256     text        NOT NULL,
    started_at      timestamptz NOT NULL,
    subjects_seen   int         NOT NULL,
    subjects_done   int         NOT NULL DEFAULT 0,
    summary         jsonb                              -- what was answered; null until every subject had its turn
);
