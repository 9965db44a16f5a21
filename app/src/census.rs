//! The policy's tables against what is really there, in both directions (R36, R44).

use http::Method;
use leptos_axum::generate_route_list;
use std::collections::BTreeSet;

use crate::App;
use crate::policy::{Effect, FUNCTIONS, PAGES};

#[tokio::test]
async fn r36_every_page_has_a_rule_and_every_rule_a_page() {
    let routed: BTreeSet<String> =
        generate_route_list(App).iter().map(|route| route.path().replace('{', ":").replace('}', "")).collect();
    let ruled: BTreeSet<String> = PAGES.iter().map(|page| page.path.to_owned()).collect();
    assert_eq!(routed, ruled);
    assert_eq!(ruled.len(), PAGES.len(), "no page is listed twice");
}

#[test]
fn r36_r44_every_function_has_a_rule_and_only_reading_ones_answer_to_get() {
    let registered: BTreeSet<(&str, Method)> = server_fn::axum::server_fn_paths().collect();
    let ruled: BTreeSet<(&str, Method)> = FUNCTIONS
        .iter()
        .map(|function| {
            let method = if function.effect == Effect::Reads { Method::GET } else { Method::POST };
            (function.path, method)
        })
        .collect();
    assert_eq!(registered, ruled);
    assert_eq!(ruled.len(), FUNCTIONS.len(), "no function is listed twice");
}
