//! What browsers report: that the policy of a page has stopped something.

use axum::body::Bytes;
use http::{StatusCode, Uri};
use serde::Deserialize;

/// Largest body of reports that is read.
pub const MOST_BYTES: usize = 16 << 10;

/// One report, as browsers write it.
#[derive(Debug, Deserialize)]
struct Report {
    #[serde(rename = "type")]
    kind: String,
    body: Option<Violation>,
}

/// What was stopped.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Violation {
    #[serde(default)]
    effective_directive: String,
    #[serde(rename = "blockedURL", default)]
    blocked_url: String,
}

/// Counts the reports, and writes one line about the first of them. Anybody can send any text, so the line has a rule of the
/// policy and a host at most; the rest of an address may be personal.
pub async fn receive(body: Bytes) -> StatusCode {
    let Ok(reports) = serde_json::from_slice::<Vec<Report>>(&body) else { return StatusCode::BAD_REQUEST };
    let reports = reports.into_iter().filter(|report| report.kind == "csp-violation");
    let stopped: Vec<Violation> = reports.filter_map(|report| report.body).collect();
    if let Some(first) = stopped.first() {
        let (directive, host) = (directive(&first.effective_directive), host(&first.blocked_url));
        tracing::warn!(directive, host, reports = stopped.len(), "a page's policy has stopped something");
        metrics::counter!("policy_violations_total").increment(stopped.len() as u64);
    }
    StatusCode::NO_CONTENT
}

/// The name of a rule, if it looks like one.
fn directive(name: &str) -> &str {
    let looks_like_one = name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if looks_like_one { name } else { "" }
}

/// The host of what was stopped, or the word that browsers have for what stood in the page itself.
fn host(address: &str) -> String {
    let address = address.parse::<Uri>().unwrap_or_default();
    address.host().filter(|host| host.len() <= 253).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r58_a_report_tells_the_log_a_rule_and_a_host_and_nothing_else() {
        let text = r#"[{"type":"csp-violation","age":1,"url":"https://mojbok.localhost/activate?token=x","body":
            {"effectiveDirective":"script-src-elem","blockedURL":"https://evil.example/x.js?pesel=1","sample":"y"}}]"#;
        let mut reports: Vec<Report> = serde_json::from_str(text).expect("reports");
        let stopped = reports.pop().and_then(|report| report.body).expect("a violation");
        assert_eq!(directive(&stopped.effective_directive), "script-src-elem");
        assert_eq!(host(&stopped.blocked_url), "evil.example");
        assert_eq!(host("inline"), "inline");
        assert_eq!(host(&format!("https://{}/", "x".repeat(254))), "");
        assert_eq!(directive("script-src\n<b>"), "");
    }

    #[tokio::test]
    async fn takes_reports_of_any_kind_and_nothing_that_is_none() {
        let other = Bytes::from_static(br#"[{"type":"deprecation","body":null},{"type":"csp-violation","body":{}}]"#);
        assert_eq!(receive(other).await, StatusCode::NO_CONTENT);
        assert_eq!(receive(Bytes::from_static(b"x")).await, StatusCode::BAD_REQUEST);
    }
}
