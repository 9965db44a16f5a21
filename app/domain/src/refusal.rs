//! Refusals by the portal's rules: the request was well-formed and yet the answer is no.

use serde::{Deserialize, Serialize};

use crate::Challenge;
use crate::plan::{FileFault, PointFault};

/// Why a well-formed request was refused. Travels to the browser as a code; pages turn it into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Sign-in failed. One answer for every reason, so that it confirms nothing to a stranger.
    BadCredentials,
    /// The registration data do not match a contract; never says which part.
    NoMatch,
    /// Too many failures: prove first that a person is asking.
    Challenge(Challenge),
    /// The proof or the letters were wrong, or came too late; here is a new challenge.
    ChallengeFailed(Challenge),
    /// The link is not one of ours, or was cut.
    LinkUnknown,
    /// The link was used already.
    LinkUsed,
    /// The link or the one-time password is too old.
    LinkExpired,
    /// The terms changed while the page was open.
    TermsChanged,
    /// No such token was given out.
    TokenUnknown,
    /// Somebody came in with the token already.
    TokenUsed,
    /// The token is too old.
    TokenExpired,
    /// The operator took the token back.
    TokenRevoked,
    /// The token was given to another address.
    TokenForeign,
    /// Whoever has an account signs in and registers the service there.
    HasAccount,
    /// Somebody else changed the same record meanwhile.
    ChangedMeanwhile,
    /// The plan may no longer be changed, or not by this caller.
    GateClosed,
    /// The plan has mistakes or gaps.
    PlanFaults(Vec<PointFault>),
    /// The plan file has mistakes, so nothing of it was taken.
    PlanFile(Vec<FileFault>),
    /// The format holds whole plans only, and values are missing.
    PlanIncomplete,
    /// The format names units by their mRID, and one has none.
    NoMarketCode,
    /// A file of this format holds the plans of one unit.
    OneUnitOnly,
    /// No plan of that day counts, so that there is nothing to write into a file.
    NothingCounts,
    /// The version was decided already, or there is a newer one.
    AlreadyDecided,
    /// The last administrator must stay one.
    LastAdministrator,
    /// Whoever may not sign in needs no way to.
    MemberBlocked,
    /// Staff looks twice before somebody may write plans for a customer of this name: it is a person without units.
    UnlikelyCompany(String),
}
