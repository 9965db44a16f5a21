//! The policy's tables against what is really there, in both directions (R36, R44).

use http::Method;
use std::collections::BTreeSet;

use crate::pages;
use crate::policy::{Effect, FUNCTIONS, PAGES};

#[tokio::test]
async fn r36_every_page_with_a_rule_is_drawn_and_no_other() {
    for page in PAGES {
        let path = page.path.replace(":id", "7").replace(":name", "terms");
        let draw = pages::find(&path.replace(":unit", "U1").replace(":day", "2026-11-25")).await;
        assert!(!std::ptr::fn_addr_eq(draw, pages::nothing as pages::Draw), "{}", page.path);
    }
    assert!(std::ptr::fn_addr_eq(pages::find("/unknown").await, pages::nothing as pages::Draw));
    let ruled: BTreeSet<&str> = PAGES.iter().map(|page| page.path).collect();
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
