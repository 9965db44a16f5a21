-- Customers, contracts, invoices as the CRM delivers them; accounts and everything that guards them.
-- "sealed" columns hold personal data encrypted by the services; "*_index" columns are keyed hashes for look-ups.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

-- CRM ------------------------------------------------------------------------------------------------------

CREATE TABLE customers (
    id         UUID PRIMARY KEY,
    operator   TEXT NOT NULL,
    number     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    tax_index  BYTEA,
    sealed     BYTEA NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (operator, number)
);
CREATE INDEX customers_tax ON customers (operator, tax_index) WHERE tax_index IS NOT NULL;

CREATE TABLE contracts (
    id          UUID PRIMARY KEY,
    operator    TEXT NOT NULL,
    number      TEXT NOT NULL,
    number_key  TEXT NOT NULL,
    customer_id UUID NOT NULL REFERENCES customers (id),
    status      TEXT NOT NULL,
    commodity   TEXT NOT NULL,
    tariff      TEXT,
    signed_on   DATE,
    starts_on   DATE,
    ends_on     DATE,
    updated_at  TIMESTAMPTZ NOT NULL,
    UNIQUE (operator, number)
);
CREATE INDEX contracts_key ON contracts (operator, number_key);
CREATE INDEX contracts_customer ON contracts (customer_id, number);

CREATE TABLE payers (
    id            UUID PRIMARY KEY,
    operator      TEXT NOT NULL,
    number        TEXT NOT NULL,
    customer_id   UUID NOT NULL REFERENCES customers (id),
    sealed        BYTEA NOT NULL,
    opening_minor BIGINT NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL,
    UNIQUE (operator, number)
);
CREATE INDEX payers_customer ON payers (customer_id, number);

CREATE TABLE supply_points (
    id               UUID PRIMARY KEY,
    operator         TEXT NOT NULL,
    code             TEXT NOT NULL,
    contract_id      UUID NOT NULL REFERENCES contracts (id),
    payer_id         UUID REFERENCES payers (id),
    personal_account TEXT,
    sealed           BYTEA NOT NULL,
    updated_at       TIMESTAMPTZ NOT NULL,
    UNIQUE (operator, code)
);
CREATE INDEX supply_points_contract ON supply_points (contract_id, code);

CREATE TABLE meters (
    id              UUID PRIMARY KEY,
    operator        TEXT NOT NULL,
    number          TEXT NOT NULL,
    supply_point_id UUID NOT NULL REFERENCES supply_points (id),
    registers       TEXT NOT NULL,
    unit            TEXT NOT NULL,
    installed_on    DATE,
    removed_on      DATE,
    updated_at      TIMESTAMPTZ NOT NULL,
    UNIQUE (operator, number)
);
CREATE INDEX meters_supply_point ON meters (supply_point_id, number);

CREATE TABLE invoices (
    id              UUID PRIMARY KEY,
    operator        TEXT NOT NULL,
    number          TEXT NOT NULL,
    payer_id        UUID NOT NULL REFERENCES payers (id),
    customer_id     UUID NOT NULL REFERENCES customers (id),
    kind            TEXT NOT NULL,
    corrects_number TEXT,
    is_corrected    BOOLEAN NOT NULL,
    issued_on       DATE NOT NULL,
    period_from     DATE,
    period_to       DATE,
    due_on          DATE NOT NULL,
    gross_minor     BIGINT NOT NULL,
    paid_minor      BIGINT NOT NULL,
    ksef_number     TEXT,
    ksef_sha256     TEXT,
    pdf_file        TEXT,
    updated_at      TIMESTAMPTZ NOT NULL,
    UNIQUE (operator, number)
);
CREATE INDEX invoices_page ON invoices (customer_id, issued_on, id);
CREATE INDEX invoices_page_unpaid ON invoices (customer_id, issued_on, id) WHERE paid_minor < gross_minor AND gross_minor > 0 AND NOT is_corrected;
CREATE INDEX invoices_page_paid ON invoices (customer_id, issued_on, id) WHERE (paid_minor >= gross_minor OR gross_minor <= 0) AND NOT is_corrected;
CREATE INDEX invoices_due ON invoices (customer_id, due_on, id) WHERE paid_minor < gross_minor AND gross_minor > 0 AND NOT is_corrected;
CREATE INDEX invoices_open ON invoices (payer_id) WHERE paid_minor <> gross_minor OR is_corrected;
CREATE INDEX invoices_payer ON invoices (payer_id, customer_id);
CREATE INDEX invoices_pdf ON invoices (pdf_file) WHERE pdf_file IS NOT NULL;
CREATE INDEX invoices_corrects ON invoices (operator, corrects_number) WHERE corrects_number IS NOT NULL;

CREATE TABLE invoice_lines (
    invoice_id  UUID NOT NULL REFERENCES invoices (id),
    position    BIGINT NOT NULL,
    description TEXT NOT NULL,
    quantity    TEXT,
    unit        TEXT,
    unit_price  TEXT,
    net_minor   BIGINT NOT NULL,
    vat_rate    TEXT,
    gross_minor BIGINT NOT NULL,
    PRIMARY KEY (invoice_id, position)
);

CREATE TABLE payments (
    id           UUID PRIMARY KEY,
    operator     TEXT NOT NULL,
    number       TEXT NOT NULL,
    payer_id     UUID NOT NULL REFERENCES payers (id),
    invoice_id   UUID REFERENCES invoices (id),
    paid_on      DATE NOT NULL,
    amount_minor BIGINT NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL,
    UNIQUE (operator, number)
);
CREATE INDEX payments_invoice ON payments (invoice_id, paid_on);
CREATE INDEX payments_unbooked ON payments (payer_id) WHERE invoice_id IS NULL;

-- Accounts -------------------------------------------------------------------------------------------------

CREATE TABLE accounts (
    id                  UUID PRIMARY KEY,
    operator            TEXT NOT NULL,
    login_index         BYTEA NOT NULL,
    email_index         BYTEA NOT NULL,
    sealed              BYTEA NOT NULL,
    language            TEXT NOT NULL,
    password_hash       TEXT,
    one_time_hash       TEXT,
    one_time_expires_at TIMESTAMPTZ,
    locked_at           TIMESTAMPTZ,
    created_at          TIMESTAMPTZ NOT NULL,
    activated_at        TIMESTAMPTZ,
    UNIQUE (operator, login_index)
);
CREATE INDEX accounts_email ON accounts (operator, email_index);

-- One account a customer: the customer is the key.
CREATE TABLE account_customers (
    customer_id UUID PRIMARY KEY REFERENCES customers (id),
    account_id  UUID NOT NULL REFERENCES accounts (id)
);
CREATE INDEX account_customers_account ON account_customers (account_id);

CREATE TABLE acceptances (
    account_id  UUID NOT NULL REFERENCES accounts (id),
    document    TEXT NOT NULL,
    version     TEXT NOT NULL,
    text_hash   BYTEA NOT NULL,
    accepted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, document, version)
);

CREATE TABLE links (
    hash       BYTEA PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id),
    purpose    TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ
);
CREATE INDEX links_account ON links (account_id, purpose);

CREATE TABLE sessions (
    id         UUID PRIMARY KEY,
    hash       BYTEA NOT NULL UNIQUE,
    operator   TEXT NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id),
    stage      TEXT NOT NULL,
    device     TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at    TIMESTAMPTZ NOT NULL,
    ends_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id, created_at);
CREATE INDEX sessions_seen ON sessions (seen_at);

-- A browser that once signed in to an account.
CREATE TABLE known_devices (
    hash       BYTEA NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id),
    seen_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (hash, account_id)
);

-- Failed sign-ins of a login (real or invented): one lane for strangers (empty), one for each known device.
CREATE TABLE lanes (
    operator    TEXT NOT NULL,
    login_index BYTEA NOT NULL,
    lane        BYTEA NOT NULL,
    failures    BIGINT NOT NULL,
    failed_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (operator, login_index, lane)
);
CREATE INDEX lanes_failed ON lanes (failed_at);

-- Which logins failed from which source, to notice one source trying many.
CREATE TABLE source_failures (
    source_index BYTEA NOT NULL,
    login_index  BYTEA NOT NULL,
    failed_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (source_index, login_index)
);
CREATE INDEX source_failures_at ON source_failures (failed_at);

CREATE TABLE limits (
    name       BYTEA PRIMARY KEY,
    started_at TIMESTAMPTZ NOT NULL,
    hits       BIGINT NOT NULL
);
CREATE INDEX limits_started ON limits (started_at);

CREATE TABLE spent_challenges (
    hash       BYTEA PRIMARY KEY,
    expires_at TIMESTAMPTZ NOT NULL
);

-- Work and records -----------------------------------------------------------------------------------------

CREATE TABLE outbox (
    id           UUID PRIMARY KEY,
    operator     TEXT NOT NULL,
    kind         TEXT NOT NULL,
    sealed       BYTEA NOT NULL,
    state        TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    due_at       TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ,
    created_at   TIMESTAMPTZ NOT NULL,
    last_error   TEXT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting';
CREATE INDEX outbox_dead ON outbox (created_at) WHERE state = 'dead';

-- The demo's mailbox: mails that would have gone out.
CREATE TABLE mailbox (
    id          UUID PRIMARY KEY,
    operator    TEXT NOT NULL,
    sealed      BYTEA NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  TIMESTAMPTZ NOT NULL
);

CREATE TABLE audit (
    seq      BIGINT PRIMARY KEY,
    at       TIMESTAMPTZ NOT NULL,
    operator TEXT NOT NULL,
    event    TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    actor    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    note     TEXT NOT NULL,
    mac      BYTEA NOT NULL
);

CREATE TABLE audit_head (
    id  BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    mac BYTEA NOT NULL
);
INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, '');

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
