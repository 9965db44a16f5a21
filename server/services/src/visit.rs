//! Who is asking: a visit before sign-in is considered, and the caller a session belongs to.

use std::net::IpAddr;
use std::sync::Arc;

use openbok_domain::{AccountId, Lang, Operator, SessionId, Stage, Timestamp};
use openbok_storage::office::Scope;

use crate::{Deadlines, Token};

/// One request as the portal sees it, signed in or not.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The operator whose address was asked for.
    pub operator: Arc<Operator>,
    /// Language of the answer.
    pub lang: Lang,
    /// Address the request came from, as far as trusted proxies tell.
    pub source: IpAddr,
    /// The browser's long-lived mark, if it has one.
    pub device: Option<Token>,
    /// What the browser says it is.
    pub user_agent: String,
}

impl Visit {
    /// The network that limits are counted by: one IPv4 address, or the /56 that one IPv6 subscriber gets.
    #[must_use]
    pub fn network(&self) -> String {
        match self.source.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let prefix = u128::from(address) >> 72;
                format!("{prefix:014x}/56")
            }
        }
    }

    /// Browser and system in a few words, for the list of sessions; never the whole header.
    #[must_use]
    pub fn device_name(&self) -> String {
        let agent = self.user_agent.as_str();
        let first_of =
            |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
        // Order matters: most browsers also claim to be the ones after them.
        let browser = first_of(&[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox", "Firefox"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
        ]);
        let system = first_of(&[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ]);
        [browser, system].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A live session and what it may do. Built from the session's row at every request; nothing is cached, so that ending
/// a session on one server ends it on all.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Operator whose portal it is.
    pub operator: Arc<Operator>,
    /// The session.
    pub session: SessionId,
    /// The account.
    pub account: AccountId,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// What may be seen.
    pub scope: Scope,
    /// Whether the account writes plans for a company.
    pub is_producer: bool,
    /// Last noted activity.
    pub seen_at: Timestamp,
    /// When it ends however active.
    pub ends_at: Timestamp,
}

impl Caller {
    /// When the session ends.
    #[must_use]
    pub fn deadlines(&self) -> Deadlines {
        Deadlines::of(&self.operator, self.seen_at, self.ends_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_ipv6_subscribers_and_ipv4_addresses() {
        let visit = |source: &str| Visit {
            operator: crate::testing::operator("mojbok"),
            lang: Lang::Pl,
            source: source.parse().unwrap(),
            device: None,
            user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36".into(),
        };
        assert_eq!(visit("2001:db8:1:22ff::1").network(), visit("2001:db8:1:2200::9").network());
        assert_ne!(visit("2001:db8:1:2200::1").network(), visit("2001:db8:1:2300::1").network());
        assert_eq!(visit("::ffff:10.0.0.1").network(), visit("10.0.0.1").network());
        assert_eq!(visit("10.0.0.1").device_name(), "Chrome, Linux");
    }
}
