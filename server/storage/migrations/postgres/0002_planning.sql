-- Generating units and their production plans, the producers who write them, and the staff who take them over.

-- Staff ----------------------------------------------------------------------------------------------------

CREATE TABLE staff (
    id               UUID PRIMARY KEY,
    operator         TEXT NOT NULL,
    login_index      BYTEA NOT NULL,
    sealed           BYTEA NOT NULL,
    roles            TEXT NOT NULL,
    language         TEXT NOT NULL,
    password_hash    TEXT,
    totp_sealed      BYTEA,
    totp_step        BIGINT NOT NULL,
    token_hash       BYTEA UNIQUE,
    token_expires_at TIMESTAMPTZ,
    is_active        BOOLEAN NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    UNIQUE (operator, login_index)
);

CREATE TABLE staff_sessions (
    id         UUID PRIMARY KEY,
    hash       BYTEA NOT NULL UNIQUE,
    operator   TEXT NOT NULL,
    staff_id   UUID NOT NULL REFERENCES staff (id),
    stage      TEXT NOT NULL,
    failures   BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at    TIMESTAMPTZ NOT NULL,
    ends_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id, created_at);
CREATE INDEX staff_sessions_seen ON staff_sessions (seen_at);

-- A browser that once signed a member of staff in, second step included.
CREATE TABLE staff_devices (
    hash     BYTEA NOT NULL,
    staff_id UUID NOT NULL REFERENCES staff (id),
    seen_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (hash, staff_id)
);

-- Producers ------------------------------------------------------------------------------------------------

-- Accounts that write plans for a company. Several may write for one.
CREATE TABLE account_producers (
    account_id  UUID NOT NULL REFERENCES accounts (id),
    customer_id UUID NOT NULL REFERENCES customers (id),
    granted_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, customer_id)
);
CREATE INDEX account_producers_customer ON account_producers (customer_id);

ALTER TABLE accounts ADD COLUMN default_service TEXT;

-- Who asked for access to planning, by the form or by mail.
CREATE TABLE access_requests (
    id           UUID PRIMARY KEY,
    operator     TEXT NOT NULL,
    source       TEXT NOT NULL,
    status       TEXT NOT NULL,
    letter_hash  BYTEA,
    sealed       BYTEA NOT NULL,
    revision     BIGINT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    decided_at   TIMESTAMPTZ,
    decided_by   UUID REFERENCES staff (id),
    UNIQUE (operator, letter_hash)
);
CREATE INDEX access_requests_page ON access_requests (operator, status, created_at, id);

CREATE TABLE invitations (
    id          UUID PRIMARY KEY,
    operator    TEXT NOT NULL,
    request_id  UUID NOT NULL REFERENCES access_requests (id),
    customer_id UUID NOT NULL REFERENCES customers (id),
    email_index BYTEA NOT NULL,
    hash        BYTEA NOT NULL UNIQUE,
    created_at  TIMESTAMPTZ NOT NULL,
    created_by  UUID NOT NULL REFERENCES staff (id),
    expires_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ,
    used_by     UUID REFERENCES accounts (id),
    revoked_at  TIMESTAMPTZ
);
CREATE INDEX invitations_request ON invitations (request_id, created_at);

-- How far each of the operator's mailboxes was read.
CREATE TABLE mailboxes (
    operator     TEXT NOT NULL,
    mailbox_hash BYTEA NOT NULL,
    uid_validity BIGINT NOT NULL,
    last_uid     BIGINT NOT NULL,
    PRIMARY KEY (operator, mailbox_hash)
);

-- Units and plans ------------------------------------------------------------------------------------------

CREATE TABLE generating_units (
    id               UUID PRIMARY KEY,
    operator         TEXT NOT NULL,
    code             TEXT COLLATE "C" NOT NULL,
    mrid             TEXT,
    customer_id      UUID NOT NULL REFERENCES customers (id),
    name             TEXT NOT NULL,
    technology       TEXT NOT NULL,
    installed_kw     BIGINT NOT NULL,
    pmin_kw          BIGINT NOT NULL,
    pmax_kw          BIGINT NOT NULL,
    connection_point TEXT NOT NULL,
    search           TEXT NOT NULL,
    updated_at       TIMESTAMPTZ NOT NULL,
    UNIQUE (operator, code)
);
CREATE INDEX generating_units_customer ON generating_units (customer_id, code);
CREATE INDEX generating_units_mrid ON generating_units (operator, mrid) WHERE mrid IS NOT NULL;

-- One plan: a unit on a local day. What is being written, and where the newest version stands.
CREATE TABLE plans (
    id                UUID PRIMARY KEY,
    operator          TEXT NOT NULL,
    unit_id           UUID NOT NULL REFERENCES generating_units (id),
    day               DATE NOT NULL,
    resolution        TEXT NOT NULL,
    points            TEXT NOT NULL,
    revision          BIGINT NOT NULL,
    status            TEXT NOT NULL,
    version           BIGINT NOT NULL,
    is_changed        BOOLEAN NOT NULL,
    changed_by        UUID NOT NULL REFERENCES accounts (id),
    changed_at        TIMESTAMPTZ NOT NULL,
    UNIQUE (unit_id, day)
);
CREATE INDEX plans_day ON plans (operator, day, status, unit_id);

-- What was approved: never changed, never removed.
CREATE TABLE plan_versions (
    plan_id     UUID NOT NULL REFERENCES plans (id),
    number      BIGINT NOT NULL,
    resolution  TEXT NOT NULL,
    points      TEXT NOT NULL,
    checksum    TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    approved_by UUID NOT NULL REFERENCES accounts (id),
    approved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (plan_id, number)
);
CREATE FUNCTION refuse_plan_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a plan never changes or goes away';
END $$;
CREATE TRIGGER plan_versions_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_plan_version_change();

-- What the operator said to a version, once.
CREATE TABLE plan_decisions (
    plan_id    UUID NOT NULL,
    number     BIGINT NOT NULL,
    status     TEXT NOT NULL,
    reasons    TEXT NOT NULL,
    decided_by UUID NOT NULL REFERENCES staff (id),
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (plan_id, number),
    FOREIGN KEY (plan_id, number) REFERENCES plan_versions (plan_id, number)
);

-- Leave to change a plan after gate closure.
CREATE TABLE plan_consents (
    unit_id    UUID NOT NULL REFERENCES generating_units (id),
    day        DATE NOT NULL,
    until      TIMESTAMPTZ NOT NULL,
    granted_by UUID NOT NULL REFERENCES staff (id),
    granted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (unit_id, day)
);
CREATE INDEX plan_consents_until ON plan_consents (until);

-- Which company was reminded of which day.
CREATE TABLE plan_reminders (
    customer_id UUID NOT NULL REFERENCES customers (id),
    day         DATE NOT NULL,
    sent_at     TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (customer_id, day)
);

-- A day that a producer keeps to copy from.
CREATE TABLE plan_templates (
    unit_id    UUID PRIMARY KEY REFERENCES generating_units (id),
    day        DATE NOT NULL,
    resolution TEXT NOT NULL,
    points     TEXT NOT NULL,
    kept_by    UUID NOT NULL REFERENCES accounts (id),
    kept_at    TIMESTAMPTZ NOT NULL
);

CREATE INDEX audit_operator ON audit (operator, seq);
