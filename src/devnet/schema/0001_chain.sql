-- The chain on disk. Felts are 32 bytes, most significant first, so that they sort as numbers.
-- What is written is never changed, but for the one block that is not sealed.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row. n_groups counts the transactions of the database, so that after a commit that failed
-- it can be told whether it took place.
CREATE TABLE head (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    n_groups INTEGER NOT NULL,
    offset_s INTEGER NOT NULL -- of the chain's clock
) STRICT;

CREATE TABLE block (
    number             INTEGER NOT NULL PRIMARY KEY,
    timestamp          INTEGER NOT NULL,
    n_transactions     INTEGER NOT NULL,
    n_events           INTEGER NOT NULL,
    l1_gas_price       INTEGER NOT NULL, -- unsigned 64 bits, as all prices
    l2_gas_price       INTEGER NOT NULL,
    l1_data_gas_price  INTEGER NOT NULL,
    sequencer          BLOB    NOT NULL,
    trees              BLOB, -- while open: the commitments so far
    diff_length        INTEGER,
    hash               BLOB UNIQUE,
    parent_hash        BLOB,
    new_root           BLOB,
    transaction_commitment BLOB,
    event_commitment   BLOB,
    receipt_commitment BLOB,
    diff_commitment    BLOB,
    CHECK ((trees IS NULL) = (hash IS NOT NULL)),
    CHECK (hash IS NULL OR length(hash) = 32)
) STRICT;

-- The cells that a sealed block changed, 129 bytes each: kind, contract, key, before, after.
CREATE TABLE diff (
    block INTEGER NOT NULL PRIMARY KEY REFERENCES block (number),
    cells BLOB    NOT NULL
) STRICT;

-- id is block * 2^32 + index.
CREATE TABLE tx (
    id      INTEGER NOT NULL PRIMARY KEY,
    hash    BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    tx      TEXT    NOT NULL,
    receipt TEXT    NOT NULL,
    trace   TEXT    NOT NULL
) STRICT;

CREATE TABLE event (
    block    INTEGER NOT NULL,
    tx       INTEGER NOT NULL,
    idx      INTEGER NOT NULL,
    contract BLOB    NOT NULL,
    key0     BLOB,
    keys     BLOB    NOT NULL,
    data     BLOB    NOT NULL,
    PRIMARY KEY (block, tx, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_contract ON event (contract);
CREATE INDEX event_key ON event (key0);

-- Every value that a cell had, from the block that gave it.
CREATE TABLE cell (
    kind     INTEGER NOT NULL,
    contract BLOB    NOT NULL CHECK (length(contract) = 32),
    key      BLOB    NOT NULL CHECK (length(key) = 32),
    block    INTEGER NOT NULL,
    value    BLOB    NOT NULL CHECK (length(value) = 32),
    PRIMARY KEY (kind, contract, key, block)
) STRICT, WITHOUT ROWID;
