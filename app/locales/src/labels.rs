//! The customer's words for the domain's enumerations: statuses, kinds, commodities, languages.

use openbok_domain::access::RequestStatus;
use openbok_domain::plan::{PlanFormat, PlanStatus};
use openbok_domain::{Commodity, ContractStatus, Currency, CustomerKind, InvoiceKind, InvoiceStatus, Lang};

use crate::{Text, audit, common, contracts, invoice_pdf, invoices, plan_grid, registration, staff};

/// Where a contract stands.
#[must_use]
pub const fn contract_status(status: ContractStatus) -> Text {
    match status {
        ContractStatus::Draft => contracts::STATUS_DRAFT,
        ContractStatus::Sent => contracts::STATUS_SENT,
        ContractStatus::SignedByCustomer => contracts::STATUS_SIGNED_BY_CUSTOMER,
        ContractStatus::SignedBySeller => contracts::STATUS_SIGNED_BY_SELLER,
        ContractStatus::Active => contracts::STATUS_ACTIVE,
        ContractStatus::Ended => contracts::STATUS_ENDED,
    }
}

/// What is supplied.
#[must_use]
pub const fn commodity(commodity: Commodity) -> Text {
    match commodity {
        Commodity::Electricity => common::COMMODITY_ELECTRICITY,
        Commodity::Gas => common::COMMODITY_GAS,
        Commodity::Heat => common::COMMODITY_HEAT,
    }
}

/// What a currency is called beside an amount.
#[must_use]
pub const fn currency(currency: Currency) -> Text {
    match currency {
        Currency::Pln => invoice_pdf::CURRENCY_PLN,
        Currency::Uah => invoice_pdf::CURRENCY_UAH,
    }
}

/// Where a plan stands.
#[must_use]
pub const fn plan_status(status: PlanStatus) -> Text {
    match status {
        PlanStatus::Missing => plan_grid::STATUS_MISSING,
        PlanStatus::Draft => plan_grid::STATUS_DRAFT,
        PlanStatus::Approved => plan_grid::STATUS_APPROVED,
        PlanStatus::Accepted => plan_grid::STATUS_ACCEPTED,
        PlanStatus::Rejected => plan_grid::STATUS_REJECTED,
    }
}

/// What a format of plan files is called, in every language.
#[must_use]
pub const fn plan_format(format: PlanFormat) -> &'static str {
    match format {
        PlanFormat::Csv => "CSV (PGB)",
        PlanFormat::Xml => "XML (PGB)",
        PlanFormat::Iec => "XML (IEC 62325-451-7)",
        PlanFormat::Xlsx => "XLSX (Excel)",
        PlanFormat::Json => "JSON (planning-api)",
    }
}

/// Where the payment of an invoice stands.
#[must_use]
pub const fn invoice_status(status: InvoiceStatus) -> Text {
    match status {
        InvoiceStatus::Paid => invoices::STATUS_PAID,
        InvoiceStatus::PartPaid => invoices::STATUS_PART_PAID,
        InvoiceStatus::Due => invoices::STATUS_DUE,
        InvoiceStatus::Overdue => invoices::STATUS_OVERDUE,
        InvoiceStatus::Corrected => invoices::STATUS_CORRECTED,
    }
}

/// What kind of document an invoice is.
#[must_use]
pub const fn invoice_kind(kind: InvoiceKind) -> Text {
    match kind {
        InvoiceKind::Settlement => invoices::KIND_SETTLEMENT,
        InvoiceKind::Forecast => invoices::KIND_FORECAST,
        InvoiceKind::Correction => invoices::KIND_CORRECTION,
        InvoiceKind::Note => invoices::KIND_NOTE,
    }
}

/// A person or a business, as the registration form asks.
#[must_use]
pub const fn customer_kind(kind: CustomerKind) -> Text {
    match kind {
        CustomerKind::Individual => registration::KIND_INDIVIDUAL,
        CustomerKind::Business => registration::KIND_BUSINESS,
    }
}

/// A language's name in that language, as the language switch shows it to whoever cannot read the page.
#[must_use]
pub const fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::Pl => common::LANGUAGE_PL.get(Lang::Pl),
        Lang::Uk => common::LANGUAGE_UK.get(Lang::Uk),
        Lang::En => common::LANGUAGE_EN.get(Lang::En),
    }
}

/// The requests for access that stand somewhere.
#[must_use]
pub const fn request_list(status: RequestStatus) -> Text {
    match status {
        RequestStatus::New => staff::STATUS_NEW,
        RequestStatus::Incomplete => staff::STATUS_INCOMPLETE,
        RequestStatus::Approved => staff::STATUS_APPROVED,
        RequestStatus::Refused => staff::STATUS_REFUSED,
    }
}

/// Where one request for access stands.
#[must_use]
pub const fn request_status(status: RequestStatus) -> Text {
    match status {
        RequestStatus::New => staff::REQUEST_NEW,
        RequestStatus::Incomplete => staff::REQUEST_INCOMPLETE,
        RequestStatus::Approved => staff::REQUEST_APPROVED,
        RequestStatus::Refused => staff::REQUEST_REFUSED,
    }
}

/// What happened, by its code in the record of acts; nothing for a code of another release.
#[must_use]
pub fn audit_event(code: &str) -> Option<Text> {
    Some(match code {
        "sign_in" => audit::EVENT_SIGN_IN,
        "sign_out" => audit::EVENT_SIGN_OUT,
        "end_session" => audit::EVENT_END_SESSION,
        "reauthentication" => audit::EVENT_REAUTHENTICATION,
        "register" => audit::EVENT_REGISTER,
        "activate" => audit::EVENT_ACTIVATE,
        "recover_password" => audit::EVENT_RECOVER_PASSWORD,
        "remind_login" => audit::EVENT_REMIND_LOGIN,
        "change_password" => audit::EVENT_CHANGE_PASSWORD,
        "accept_terms" => audit::EVENT_ACCEPT_TERMS,
        "unlock" => audit::EVENT_UNLOCK,
        "ask_access" => audit::EVENT_ASK_ACCESS,
        "access_list" => audit::EVENT_ACCESS_LIST,
        "access_read" => audit::EVENT_ACCESS_READ,
        "access_complete" => audit::EVENT_ACCESS_COMPLETE,
        "access_approve" => audit::EVENT_ACCESS_APPROVE,
        "access_refuse" => audit::EVENT_ACCESS_REFUSE,
        "access_close" => audit::EVENT_ACCESS_CLOSE,
        "token_reissue" => audit::EVENT_TOKEN_REISSUE,
        "token_revoke" => audit::EVENT_TOKEN_REVOKE,
        "access_withdraw" => audit::EVENT_ACCESS_WITHDRAW,
        "redeem_token" => audit::EVENT_REDEEM_TOKEN,
        "staff_sign_in" => audit::EVENT_STAFF_SIGN_IN,
        "staff_second_step" => audit::EVENT_STAFF_SECOND_STEP,
        "staff_sign_out" => audit::EVENT_STAFF_SIGN_OUT,
        "staff_enrol" => audit::EVENT_STAFF_ENROL,
        "staff_add" => audit::EVENT_STAFF_ADD,
        "staff_change" => audit::EVENT_STAFF_CHANGE,
        "staff_reset" => audit::EVENT_STAFF_RESET,
        "unit_change" => audit::EVENT_UNIT_CHANGE,
        "plan_approve" => audit::EVENT_PLAN_APPROVE,
        "plan_accept" => audit::EVENT_PLAN_ACCEPT,
        "plan_reject" => audit::EVENT_PLAN_REJECT,
        "plan_accept_day" => audit::EVENT_PLAN_ACCEPT_DAY,
        "plan_consent" => audit::EVENT_PLAN_CONSENT,
        "plan_reminder" => audit::EVENT_PLAN_REMINDER,
        "plan_export" => audit::EVENT_PLAN_EXPORT,
        "plan_import" => audit::EVENT_PLAN_IMPORT,
        "access" => audit::EVENT_ACCESS,
        "import" => audit::EVENT_IMPORT,
        "export" => audit::EVENT_EXPORT,
        _ => return None,
    })
}

/// How it ended.
#[must_use]
pub fn audit_outcome(code: &str) -> Option<Text> {
    Some(match code {
        "begun" => audit::OUTCOME_BEGUN,
        "ok" => audit::OUTCOME_OK,
        "refused" => audit::OUTCOME_REFUSED,
        "denied" => audit::OUTCOME_DENIED,
        "locked" => audit::OUTCOME_LOCKED,
        "wrong" => audit::OUTCOME_WRONG,
        "given up" => audit::OUTCOME_GIVEN_UP,
        "foreign" => audit::OUTCOME_FOREIGN,
        "letter" => audit::OUTCOME_LETTER,
        "requested" => audit::OUTCOME_REQUESTED,
        "exists" => audit::OUTCOME_EXISTS,
        "no_match" => audit::OUTCOME_NO_MATCH,
        "taken" => audit::OUTCOME_TAKEN,
        "nothing" => audit::OUTCOME_NOTHING,
        "partly" => audit::OUTCOME_PARTLY,
        "limited" => audit::OUTCOME_LIMITED,
        "busy" => audit::OUTCOME_BUSY,
        "challenged" => audit::OUTCOME_CHALLENGED,
        "challenge_failed" => audit::OUTCOME_CHALLENGE_FAILED,
        "link_used" => audit::OUTCOME_LINK_USED,
        "link_expired" => audit::OUTCOME_LINK_EXPIRED,
        "link_unknown" => audit::OUTCOME_LINK_UNKNOWN,
        "token_used" => audit::OUTCOME_TOKEN_USED,
        "token_expired" => audit::OUTCOME_TOKEN_EXPIRED,
        "token_revoked" => audit::OUTCOME_TOKEN_REVOKED,
        "token_unknown" => audit::OUTCOME_TOKEN_UNKNOWN,
        _ => return None,
    })
}

/// What the note of an entry means where it is a code or a number; nothing for ids, names of pages and the like.
#[must_use]
pub fn audit_note(event: &str, note: &str, lang: Lang) -> Option<String> {
    let text = match (event, note) {
        ("sign_in" | "staff_sign_in", "full") => audit::NOTE_FULL,
        ("sign_in" | "staff_sign_in", "second_step") => audit::NOTE_SECOND_STEP,
        ("sign_in", "must_change_password") => audit::NOTE_MUST_CHANGE_PASSWORD,
        ("sign_in", "accept_terms") => audit::NOTE_ACCEPT_TERMS,
        ("ask_access", status) => request_status(status.parse().ok()?),
        ("access_list", status) => request_list(status.parse().ok()?),
        ("plan_import", count) => return Some(audit::note_plans(lang, count.parse().ok()?)),
        ("plan_accept_day", note) => {
            let (day, count) = note.split_once(": ")?;
            return Some(format!("{day}: {}", audit::note_plans(lang, count.parse().ok()?)));
        }
        _ => return None,
    };
    Some(text.get(lang).to_owned())
}

/// Who did it: the kind before the id.
#[must_use]
pub fn audit_actor(kind: &str) -> Option<Text> {
    Some(match kind {
        "visitor" => audit::ACTOR_VISITOR,
        "account" => audit::ACTOR_ACCOUNT,
        "staff" => audit::ACTOR_STAFF,
        "command-line" => audit::ACTOR_COMMAND_LINE,
        "system" => audit::ACTOR_SYSTEM,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use openbok_domain::Stage;
    use openbok_domain::staff::StaffStage;
    use std::collections::BTreeSet;

    /// Every value has a word of its own in every language.
    #[track_caller]
    fn assert_distinct<T: Copy>(values: &[T], label: impl Fn(T) -> Text) {
        for &lang in Lang::ALL {
            let words: BTreeSet<_> = values.iter().map(|value| label(*value).get(lang)).collect();
            assert_eq!(words.len(), values.len(), "{lang}: {words:?}");
        }
    }

    #[test]
    fn gives_every_value_a_word_of_its_own() {
        assert_distinct(ContractStatus::ALL, contract_status);
        assert_distinct(Commodity::ALL, commodity);
        assert_distinct(InvoiceStatus::ALL, invoice_status);
        assert_distinct(InvoiceKind::ALL, invoice_kind);
        assert_distinct(CustomerKind::ALL, customer_kind);
        assert_distinct(RequestStatus::ALL, request_status);
        assert_distinct(RequestStatus::ALL, request_list);
    }

    #[test]
    fn says_what_the_notes_of_the_log_mean() {
        let note = |event, note| audit_note(event, note, Lang::Pl);
        for stage in Stage::ALL {
            assert!(note("sign_in", stage.as_str()).is_some(), "{stage}");
        }
        for stage in StaffStage::ALL {
            assert!(note("staff_sign_in", stage.as_str()).is_some(), "{stage}");
        }
        assert_eq!(note("ask_access", "new").as_deref(), Some("Nowa"), "one request");
        assert_eq!(note("access_list", "new").as_deref(), Some("Nowe"), "a list of them");
        assert_eq!(note("plan_import", "2").as_deref(), Some("2 plany"));
        assert_eq!(note("plan_accept_day", "2026-11-26: 5").as_deref(), Some("2026-11-26: 5 planów"));
        assert_eq!(note("plan_approve", "FW-1 2026-11-26 v1 0a1b2c3d4e5f"), None);
    }

    #[test]
    fn keeps_the_names_that_customers_know() {
        assert_eq!(contract_status(ContractStatus::SignedByCustomer).get(Lang::Pl), "Podpisana przez klienta");
        assert_eq!(customer_kind(CustomerKind::Individual).get(Lang::Pl), "Klient indywidualny");
        assert_eq!(customer_kind(CustomerKind::Business).get(Lang::Pl), "Klient biznesowy");
        assert_eq!(language(Lang::Uk), "Українська");
    }
}
