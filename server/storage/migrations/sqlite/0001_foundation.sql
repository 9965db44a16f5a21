-- Customers, contracts, invoices as the CRM delivers them; accounts and everything that guards them.
-- "sealed" columns hold personal data encrypted by the services; "*_index" columns are keyed hashes for look-ups.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- CRM ------------------------------------------------------------------------------------------------------

CREATE TABLE customers (
    id         BLOB PRIMARY KEY,
    operator   TEXT NOT NULL,
    number     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    tax_index  BLOB,
    sealed     BLOB NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (operator, number)
) STRICT;
CREATE INDEX customers_tax ON customers (operator, tax_index) WHERE tax_index IS NOT NULL;

CREATE TABLE contracts (
    id          BLOB PRIMARY KEY,
    operator    TEXT NOT NULL,
    number      TEXT NOT NULL,
    number_key  TEXT NOT NULL,
    customer_id BLOB NOT NULL REFERENCES customers (id),
    status      TEXT NOT NULL,
    commodity   TEXT NOT NULL,
    tariff      TEXT,
    signed_on   TEXT,
    starts_on   TEXT,
    ends_on     TEXT,
    updated_at  INTEGER NOT NULL,
    UNIQUE (operator, number)
) STRICT;
CREATE INDEX contracts_key ON contracts (operator, number_key);
CREATE INDEX contracts_customer ON contracts (customer_id, number);

CREATE TABLE payers (
    id            BLOB PRIMARY KEY,
    operator      TEXT NOT NULL,
    number        TEXT NOT NULL,
    customer_id   BLOB NOT NULL REFERENCES customers (id),
    sealed        BLOB NOT NULL,
    opening_minor INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (operator, number)
) STRICT;
CREATE INDEX payers_customer ON payers (customer_id, number);

CREATE TABLE supply_points (
    id               BLOB PRIMARY KEY,
    operator         TEXT NOT NULL,
    code             TEXT NOT NULL,
    contract_id      BLOB NOT NULL REFERENCES contracts (id),
    payer_id         BLOB REFERENCES payers (id),
    personal_account TEXT,
    sealed           BLOB NOT NULL,
    updated_at       INTEGER NOT NULL,
    UNIQUE (operator, code)
) STRICT;
CREATE INDEX supply_points_contract ON supply_points (contract_id, code);

CREATE TABLE meters (
    id              BLOB PRIMARY KEY,
    operator        TEXT NOT NULL,
    number          TEXT NOT NULL,
    supply_point_id BLOB NOT NULL REFERENCES supply_points (id),
    registers       TEXT NOT NULL,
    unit            TEXT NOT NULL,
    installed_on    TEXT,
    removed_on      TEXT,
    updated_at      INTEGER NOT NULL,
    UNIQUE (operator, number)
) STRICT;
CREATE INDEX meters_supply_point ON meters (supply_point_id, number);

CREATE TABLE invoices (
    id              BLOB PRIMARY KEY,
    operator        TEXT NOT NULL,
    number          TEXT NOT NULL,
    payer_id        BLOB NOT NULL REFERENCES payers (id),
    customer_id     BLOB NOT NULL REFERENCES customers (id),
    kind            TEXT NOT NULL,
    corrects_number TEXT,
    is_corrected    INTEGER NOT NULL,
    issued_on       TEXT NOT NULL,
    period_from     TEXT,
    period_to       TEXT,
    due_on          TEXT NOT NULL,
    gross_minor     INTEGER NOT NULL,
    paid_minor      INTEGER NOT NULL,
    ksef_number     TEXT,
    ksef_sha256     TEXT,
    pdf_file        TEXT,
    updated_at      INTEGER NOT NULL,
    UNIQUE (operator, number)
) STRICT;
CREATE INDEX invoices_page ON invoices (customer_id, issued_on, id);
CREATE INDEX invoices_page_unpaid ON invoices (customer_id, issued_on, id) WHERE paid_minor < gross_minor AND gross_minor > 0 AND NOT is_corrected;
CREATE INDEX invoices_page_paid ON invoices (customer_id, issued_on, id) WHERE (paid_minor >= gross_minor OR gross_minor <= 0) AND NOT is_corrected;
CREATE INDEX invoices_due ON invoices (customer_id, due_on, id) WHERE paid_minor < gross_minor AND gross_minor > 0 AND NOT is_corrected;
CREATE INDEX invoices_open ON invoices (payer_id) WHERE paid_minor <> gross_minor OR is_corrected;
CREATE INDEX invoices_payer ON invoices (payer_id, customer_id);
CREATE INDEX invoices_pdf ON invoices (pdf_file) WHERE pdf_file IS NOT NULL;
CREATE INDEX invoices_corrects ON invoices (operator, corrects_number) WHERE corrects_number IS NOT NULL;

CREATE TABLE invoice_lines (
    invoice_id  BLOB NOT NULL REFERENCES invoices (id),
    position    INTEGER NOT NULL,
    description TEXT NOT NULL,
    quantity    TEXT,
    unit        TEXT,
    unit_price  TEXT,
    net_minor   INTEGER NOT NULL,
    vat_rate    TEXT,
    gross_minor INTEGER NOT NULL,
    PRIMARY KEY (invoice_id, position)
) STRICT;

CREATE TABLE payments (
    id           BLOB PRIMARY KEY,
    operator     TEXT NOT NULL,
    number       TEXT NOT NULL,
    payer_id     BLOB NOT NULL REFERENCES payers (id),
    invoice_id   BLOB REFERENCES invoices (id),
    paid_on      TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    UNIQUE (operator, number)
) STRICT;
CREATE INDEX payments_invoice ON payments (invoice_id, paid_on);
CREATE INDEX payments_unbooked ON payments (payer_id) WHERE invoice_id IS NULL;

-- Accounts -------------------------------------------------------------------------------------------------

CREATE TABLE accounts (
    id                  BLOB PRIMARY KEY,
    operator            TEXT NOT NULL,
    login_index         BLOB NOT NULL,
    email_index         BLOB NOT NULL,
    sealed              BLOB NOT NULL,
    language            TEXT NOT NULL,
    password_hash       TEXT,
    one_time_hash       TEXT,
    one_time_expires_at INTEGER,
    locked_at           INTEGER,
    created_at          INTEGER NOT NULL,
    activated_at        INTEGER,
    UNIQUE (operator, login_index)
) STRICT;
CREATE INDEX accounts_email ON accounts (operator, email_index);

-- One account a customer: the customer is the key.
CREATE TABLE account_customers (
    customer_id BLOB PRIMARY KEY REFERENCES customers (id),
    account_id  BLOB NOT NULL REFERENCES accounts (id)
) STRICT;
CREATE INDEX account_customers_account ON account_customers (account_id);

CREATE TABLE acceptances (
    account_id  BLOB NOT NULL REFERENCES accounts (id),
    document    TEXT NOT NULL,
    version     TEXT NOT NULL,
    text_hash   BLOB NOT NULL,
    accepted_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, document, version)
) STRICT;

CREATE TABLE links (
    hash       BLOB PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    purpose    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX links_account ON links (account_id, purpose);

CREATE TABLE sessions (
    id         BLOB PRIMARY KEY,
    hash       BLOB NOT NULL UNIQUE,
    operator   TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    stage      TEXT NOT NULL,
    device     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_account ON sessions (account_id, created_at);
CREATE INDEX sessions_seen ON sessions (seen_at);

-- A browser that once signed in to an account.
CREATE TABLE known_devices (
    hash       BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (hash, account_id)
) STRICT;

-- Failed sign-ins of a login (real or invented): one lane for strangers (empty), one for each known device.
CREATE TABLE lanes (
    operator    TEXT NOT NULL,
    login_index BLOB NOT NULL,
    lane        BLOB NOT NULL,
    failures    INTEGER NOT NULL,
    failed_at   INTEGER NOT NULL,
    PRIMARY KEY (operator, login_index, lane)
) STRICT;
CREATE INDEX lanes_failed ON lanes (failed_at);

-- Which logins failed from which source, to notice one source trying many.
CREATE TABLE source_failures (
    source_index BLOB NOT NULL,
    login_index  BLOB NOT NULL,
    failed_at    INTEGER NOT NULL,
    PRIMARY KEY (source_index, login_index)
) STRICT;
CREATE INDEX source_failures_at ON source_failures (failed_at);

CREATE TABLE limits (
    name       BLOB PRIMARY KEY,
    started_at INTEGER NOT NULL,
    hits       INTEGER NOT NULL
) STRICT;
CREATE INDEX limits_started ON limits (started_at);

CREATE TABLE spent_challenges (
    hash       BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;

-- Work and records -----------------------------------------------------------------------------------------

CREATE TABLE outbox (
    id           BLOB PRIMARY KEY,
    operator     TEXT NOT NULL,
    kind         TEXT NOT NULL,
    sealed       BLOB NOT NULL,
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    expires_at   INTEGER,
    created_at   INTEGER NOT NULL,
    last_error   TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting';
CREATE INDEX outbox_dead ON outbox (created_at) WHERE state = 'dead';

-- The demo's mailbox: mails that would have gone out.
CREATE TABLE mailbox (
    id          BLOB PRIMARY KEY,
    operator    TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    operator TEXT NOT NULL,
    event    TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    actor    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    note     TEXT NOT NULL,
    mac      BLOB NOT NULL
) STRICT;

CREATE TABLE audit_head (
    id  INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    mac BLOB NOT NULL
) STRICT;
INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, x'');

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
