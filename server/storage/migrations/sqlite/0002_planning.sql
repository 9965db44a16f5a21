-- Generating units and their production plans, the producers who write them, and the staff who take them over.

-- Staff ----------------------------------------------------------------------------------------------------

CREATE TABLE staff (
    id               BLOB PRIMARY KEY,
    operator         TEXT NOT NULL,
    login_index      BLOB NOT NULL,
    sealed           BLOB NOT NULL,
    roles            TEXT NOT NULL,
    language         TEXT NOT NULL,
    password_hash    TEXT,
    totp_sealed      BLOB,
    totp_step        INTEGER NOT NULL,
    token_hash       BLOB UNIQUE,
    token_expires_at INTEGER,
    is_active        INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    UNIQUE (operator, login_index)
) STRICT;

CREATE TABLE staff_sessions (
    id         BLOB PRIMARY KEY,
    hash       BLOB NOT NULL UNIQUE,
    operator   TEXT NOT NULL,
    staff_id   BLOB NOT NULL REFERENCES staff (id),
    stage      TEXT NOT NULL,
    failures   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id, created_at);
CREATE INDEX staff_sessions_seen ON staff_sessions (seen_at);

-- A browser that once signed a member of staff in, second step included.
CREATE TABLE staff_devices (
    hash     BLOB NOT NULL,
    staff_id BLOB NOT NULL REFERENCES staff (id),
    seen_at  INTEGER NOT NULL,
    PRIMARY KEY (hash, staff_id)
) STRICT;

-- Producers ------------------------------------------------------------------------------------------------

-- Accounts that write plans for a company. Several may write for one.
CREATE TABLE account_producers (
    account_id  BLOB NOT NULL REFERENCES accounts (id),
    customer_id BLOB NOT NULL REFERENCES customers (id),
    granted_at  INTEGER NOT NULL,
    PRIMARY KEY (account_id, customer_id)
) STRICT;
CREATE INDEX account_producers_customer ON account_producers (customer_id);

ALTER TABLE accounts ADD COLUMN default_service TEXT;

-- Who asked for access to planning, by the form or by mail.
CREATE TABLE access_requests (
    id           BLOB PRIMARY KEY,
    operator     TEXT NOT NULL,
    source       TEXT NOT NULL,
    status       TEXT NOT NULL,
    letter_hash  BLOB,
    sealed       BLOB NOT NULL,
    revision     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    decided_at   INTEGER,
    decided_by   BLOB REFERENCES staff (id),
    UNIQUE (operator, letter_hash)
) STRICT;
CREATE INDEX access_requests_page ON access_requests (operator, status, created_at, id);

CREATE TABLE invitations (
    id          BLOB PRIMARY KEY,
    operator    TEXT NOT NULL,
    request_id  BLOB NOT NULL REFERENCES access_requests (id),
    customer_id BLOB NOT NULL REFERENCES customers (id),
    email_index BLOB NOT NULL,
    hash        BLOB NOT NULL UNIQUE,
    created_at  INTEGER NOT NULL,
    created_by  BLOB NOT NULL REFERENCES staff (id),
    expires_at  INTEGER NOT NULL,
    used_at     INTEGER,
    used_by     BLOB REFERENCES accounts (id),
    revoked_at  INTEGER
) STRICT;
CREATE INDEX invitations_request ON invitations (request_id, created_at);

-- How far each of the operator's mailboxes was read.
CREATE TABLE mailboxes (
    operator     TEXT NOT NULL,
    mailbox_hash BLOB NOT NULL,
    uid_validity INTEGER NOT NULL,
    last_uid     INTEGER NOT NULL,
    PRIMARY KEY (operator, mailbox_hash)
) STRICT;

-- Units and plans ------------------------------------------------------------------------------------------

CREATE TABLE generating_units (
    id               BLOB PRIMARY KEY,
    operator         TEXT NOT NULL,
    code             TEXT NOT NULL,
    mrid             TEXT,
    customer_id      BLOB NOT NULL REFERENCES customers (id),
    name             TEXT NOT NULL,
    technology       TEXT NOT NULL,
    installed_kw     INTEGER NOT NULL,
    pmin_kw          INTEGER NOT NULL,
    pmax_kw          INTEGER NOT NULL,
    connection_point TEXT NOT NULL,
    search           TEXT NOT NULL,
    updated_at       INTEGER NOT NULL,
    UNIQUE (operator, code)
) STRICT;
CREATE INDEX generating_units_customer ON generating_units (customer_id, code);
CREATE INDEX generating_units_mrid ON generating_units (operator, mrid) WHERE mrid IS NOT NULL;

-- One plan: a unit on a local day. What is being written, and where the newest version stands.
CREATE TABLE plans (
    id                BLOB PRIMARY KEY,
    operator          TEXT NOT NULL,
    unit_id           BLOB NOT NULL REFERENCES generating_units (id),
    day               TEXT NOT NULL,
    resolution        TEXT NOT NULL,
    points            TEXT NOT NULL,
    revision          INTEGER NOT NULL,
    status            TEXT NOT NULL,
    version           INTEGER NOT NULL,
    is_changed        INTEGER NOT NULL,
    changed_by        BLOB NOT NULL REFERENCES accounts (id),
    changed_at        INTEGER NOT NULL,
    UNIQUE (unit_id, day)
) STRICT;
CREATE INDEX plans_day ON plans (operator, day, status, unit_id);

-- What was approved: never changed, never removed.
CREATE TABLE plan_versions (
    plan_id     BLOB NOT NULL REFERENCES plans (id),
    number      INTEGER NOT NULL,
    resolution  TEXT NOT NULL,
    points      TEXT NOT NULL,
    checksum    TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    approved_by BLOB NOT NULL REFERENCES accounts (id),
    approved_at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, number)
) STRICT;
CREATE TRIGGER plan_versions_no_update BEFORE UPDATE ON plan_versions
BEGIN
    SELECT RAISE(ABORT, 'a version of a plan never changes');
END;
CREATE TRIGGER plan_versions_no_delete BEFORE DELETE ON plan_versions
BEGIN
    SELECT RAISE(ABORT, 'a version of a plan never goes away');
END;

-- What the operator said to a version, once.
CREATE TABLE plan_decisions (
    plan_id    BLOB NOT NULL,
    number     INTEGER NOT NULL,
    status     TEXT NOT NULL,
    reasons    TEXT NOT NULL,
    decided_by BLOB NOT NULL REFERENCES staff (id),
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, number),
    FOREIGN KEY (plan_id, number) REFERENCES plan_versions (plan_id, number)
) STRICT;

-- Leave to change a plan after gate closure.
CREATE TABLE plan_consents (
    unit_id    BLOB NOT NULL REFERENCES generating_units (id),
    day        TEXT NOT NULL,
    until      INTEGER NOT NULL,
    granted_by BLOB NOT NULL REFERENCES staff (id),
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (unit_id, day)
) STRICT;
CREATE INDEX plan_consents_until ON plan_consents (until);

-- Which company was reminded of which day.
CREATE TABLE plan_reminders (
    customer_id BLOB NOT NULL REFERENCES customers (id),
    day         TEXT NOT NULL,
    sent_at     INTEGER NOT NULL,
    PRIMARY KEY (customer_id, day)
) STRICT;

-- A day that a producer keeps to copy from.
CREATE TABLE plan_templates (
    unit_id    BLOB PRIMARY KEY REFERENCES generating_units (id),
    day        TEXT NOT NULL,
    resolution TEXT NOT NULL,
    points     TEXT NOT NULL,
    kept_by    BLOB NOT NULL REFERENCES accounts (id),
    kept_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX audit_operator ON audit (operator, seq);
