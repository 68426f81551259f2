-- The queue and the ledger, in SQL that SQLite and PostgreSQL both take. The build replaces
-- @I64@ (the engine's 64-bit integer) and @STRICT@ (the engine's word for strict typing).
-- The rules that must hold whatever the program does are constraints here:
--   a job is paid or refunded at most once      UNIQUE (job_id, phase)
--   nothing unproved is paid                    result_job -> result
--   a result has one lease, a lease one result  UNIQUE (lease_id)
--   a state and its fields agree                CHECKs of job and lease
CREATE TABLE worker (
    id          TEXT  NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    name        TEXT  NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    backend     TEXT  NOT NULL CHECK (length(backend) BETWEEN 1 AND 64),
    secret_hash TEXT  NOT NULL UNIQUE CHECK (length(secret_hash) = 64),
    created_ms  @I64@ NOT NULL,
    seen_ms     @I64@ NOT NULL,
    n_accepted  @I64@ NOT NULL DEFAULT 0 CHECK (n_accepted >= 0),
    n_rejected  @I64@ NOT NULL DEFAULT 0 CHECK (n_rejected >= 0),
    n_failed    @I64@ NOT NULL DEFAULT 0 CHECK (n_failed >= 0)
)@STRICT@;

CREATE TABLE job (
    id             TEXT  NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    state          TEXT  NOT NULL
                   CHECK (state IN ('queued', 'leased', 'proved', 'failed', 'expired')),
    kind           TEXT  NOT NULL,
    public_words   TEXT  NOT NULL,
    access_hash    TEXT  NOT NULL UNIQUE CHECK (length(access_hash) = 64),
    request_digest TEXT  NOT NULL CHECK (length(request_digest) = 64),
    client         TEXT  NOT NULL CHECK (length(client) BETWEEN 1 AND 64),
    input_digest   TEXT  NOT NULL CHECK (length(input_digest) = 64),
    input_len      @I64@ NOT NULL CHECK (input_len >= 0),
    price          TEXT  NOT NULL CHECK (length(price) BETWEEN 1 AND 78),
    created_ms     @I64@ NOT NULL,
    deadline_ms    @I64@ NOT NULL CHECK (deadline_ms > created_ms),
    finished_ms    @I64@,
    attempts       @I64@ NOT NULL DEFAULT 0,
    max_attempts   @I64@ NOT NULL CHECK (max_attempts > 0),
    lease_id       TEXT,
    lease_until_ms @I64@,
    reason         TEXT  NOT NULL DEFAULT '',
    CHECK (attempts BETWEEN 0 AND max_attempts),
    CHECK ((state = 'leased') = (lease_id IS NOT NULL)),
    CHECK ((lease_id IS NULL) = (lease_until_ms IS NULL)),
    CHECK ((state IN ('proved', 'failed', 'expired')) = (finished_ms IS NOT NULL))
)@STRICT@;

CREATE INDEX job_ready ON job (created_ms, id) WHERE state = 'queued';
CREATE INDEX job_leased ON job (lease_until_ms) WHERE state = 'leased';
CREATE INDEX job_open ON job (deadline_ms) WHERE finished_ms IS NULL;

CREATE TABLE lease (
    id         TEXT  NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    job_id     TEXT  NOT NULL REFERENCES job (id),
    worker_id  TEXT  NOT NULL REFERENCES worker (id),
    token_hash TEXT  NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    attempt    @I64@ NOT NULL CHECK (attempt > 0),
    granted_ms @I64@ NOT NULL,
    until_ms   @I64@ NOT NULL,
    ended_ms   @I64@,
    outcome    TEXT  NOT NULL
               CHECK (outcome IN ('open', 'accepted', 'rejected', 'failed', 'expired')),
    reason     TEXT  NOT NULL DEFAULT '',
    stage      TEXT  NOT NULL DEFAULT '',
    permille   @I64@ NOT NULL DEFAULT 0 CHECK (permille BETWEEN 0 AND 1000),
    UNIQUE (job_id, attempt),
    CHECK ((outcome = 'open') = (ended_ms IS NULL))
)@STRICT@;

CREATE INDEX lease_worker ON lease (worker_id) WHERE outcome = 'open';

CREATE TABLE result (
    job_id        TEXT  NOT NULL PRIMARY KEY REFERENCES job (id),
    lease_id      TEXT  NOT NULL UNIQUE REFERENCES lease (id),
    proof_digest  TEXT  NOT NULL CHECK (length(proof_digest) = 64),
    proof_len     @I64@ NOT NULL CHECK (proof_len > 0),
    security_bits @I64@ NOT NULL CHECK (security_bits >= 0),
    backend       TEXT  NOT NULL,
    prove_ms      @I64@ NOT NULL CHECK (prove_ms >= 0),
    accepted_ms   @I64@ NOT NULL
)@STRICT@;

-- Append only: no statement of ours updates or deletes a ledger row.
CREATE TABLE ledger_tx (
    id         TEXT  NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    job_id     TEXT  NOT NULL REFERENCES job (id),
    phase      TEXT  NOT NULL CHECK (phase IN ('escrow', 'settlement')),
    kind       TEXT  NOT NULL CHECK (kind IN ('escrow', 'payout', 'refund')),
    result_job TEXT  REFERENCES result (job_id),
    created_ms @I64@ NOT NULL,
    UNIQUE (job_id, phase),
    CHECK ((phase = 'escrow') = (kind = 'escrow')),
    CHECK ((kind = 'payout') = (result_job IS NOT NULL)),
    CHECK (result_job IS NULL OR result_job = job_id)
)@STRICT@;

CREATE TABLE ledger_entry (
    tx_id   TEXT  NOT NULL REFERENCES ledger_tx (id),
    seq     @I64@ NOT NULL CHECK (seq >= 0),
    account TEXT  NOT NULL,
    side    TEXT  NOT NULL CHECK (side IN ('debit', 'credit')),
    amount  TEXT  NOT NULL CHECK (length(amount) BETWEEN 1 AND 78),
    PRIMARY KEY (tx_id, seq)
)@STRICT@;
