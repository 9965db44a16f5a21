//! Why the portal refused a well-formed request, in words.

use openbok_domain::Refusal;

use crate::{Text, activation, challenge, errors, invitation, plan_files, plans, registration, sign_in, staff, terms};

/// The sentence above the form for one refusal. It confirms nothing to a stranger: one text for every failed sign-in,
/// one for every registration that matches no contract.
#[must_use]
pub const fn message(refusal: &Refusal) -> Text {
    match refusal {
        Refusal::BadCredentials => sign_in::FAILED,
        Refusal::NoMatch => registration::NO_MATCH,
        Refusal::Challenge(_) => challenge::ASKED,
        Refusal::ChallengeFailed(_) => challenge::FAILED,
        Refusal::LinkUnknown => activation::LINK_UNKNOWN,
        Refusal::LinkUsed => activation::LINK_USED,
        Refusal::LinkExpired => activation::LINK_EXPIRED,
        Refusal::TermsChanged => terms::CHANGED,
        Refusal::TokenUnknown => invitation::TOKEN_UNKNOWN,
        Refusal::TokenUsed => invitation::TOKEN_USED,
        Refusal::TokenExpired => invitation::TOKEN_EXPIRED,
        Refusal::TokenRevoked => invitation::TOKEN_REVOKED,
        Refusal::TokenForeign => invitation::TOKEN_FOREIGN,
        Refusal::HasAccount => invitation::HAS_ACCOUNT,
        Refusal::ChangedMeanwhile => errors::CHANGED_MEANWHILE,
        Refusal::GateClosed => plans::GATE_CLOSED,
        Refusal::PlanFaults(_) => plans::FAULTS,
        Refusal::PlanFile(_) => plan_files::FAULTS,
        Refusal::PlanIncomplete => plan_files::INCOMPLETE,
        Refusal::NoMarketCode => plan_files::NO_MARKET_CODE,
        Refusal::OneUnitOnly => plan_files::ONE_UNIT_ONLY,
        Refusal::NothingCounts => plan_files::NOTHING_COUNTS,
        Refusal::AlreadyDecided => plans::ALREADY_DECIDED,
        Refusal::LastAdministrator => staff::LAST_ADMINISTRATOR,
        Refusal::MemberBlocked => staff::MEMBER_BLOCKED,
        Refusal::UnlikelyCompany(..) => staff::UNLIKELY_COMPANY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openbok_domain::{Challenge, Lang};
    use std::collections::BTreeSet;

    #[test]
    fn words_every_refusal_differently() {
        let challenge = Challenge { token: String::new(), bits: 0 };
        let refusals = [
            Refusal::BadCredentials,
            Refusal::NoMatch,
            Refusal::Challenge(challenge.clone()),
            Refusal::ChallengeFailed(challenge),
            Refusal::LinkUnknown,
            Refusal::LinkUsed,
            Refusal::LinkExpired,
            Refusal::TermsChanged,
            Refusal::TokenUnknown,
            Refusal::TokenUsed,
            Refusal::TokenExpired,
            Refusal::TokenRevoked,
            Refusal::TokenForeign,
            Refusal::HasAccount,
            Refusal::ChangedMeanwhile,
            Refusal::GateClosed,
            Refusal::PlanFaults(Vec::new()),
            Refusal::PlanFile(Vec::new()),
            Refusal::PlanIncomplete,
            Refusal::NoMarketCode,
            Refusal::OneUnitOnly,
            Refusal::NothingCounts,
            Refusal::AlreadyDecided,
            Refusal::LastAdministrator,
            Refusal::MemberBlocked,
            Refusal::UnlikelyCompany(String::new()),
        ];
        for &lang in Lang::ALL {
            let texts: BTreeSet<_> = refusals.iter().map(|refusal| message(refusal).get(lang)).collect();
            assert_eq!(texts.len(), refusals.len(), "{lang}");
        }
    }
}
