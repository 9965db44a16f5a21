//! Which pages the navigation leads to, for whom: at the side, in the tab bar of a phone, and what that has no room for.

use leptos::prelude::*;
use openbok_domain::staff::Role;
use openbok_locales::{Text, common, plans, services, staff};

use super::icon::Icon;
use crate::portal::{Who, has_planning, lang, portal};

/// One entry of the navigation.
#[derive(Clone, Copy)]
pub struct Entry {
    path: &'static str,
    icon: &'static str,
    name: Text,
    /// What is written where room is scarce.
    short: Text,
    /// Pages that belong to it without being below it, unless they have an entry of their own before it.
    also: &'static [&'static str],
}

const fn entry(path: &'static str, icon: &'static str, name: Text) -> Entry {
    Entry { path, icon, name, short: name, also: &[] }
}

const HOME: Entry = entry("/", "house", common::NAV_HOME);
const INVOICES: Entry = entry("/invoices", "receipt-text", common::NAV_INVOICES);
const CONTRACTS: Entry = entry("/contracts", "file-signature", common::NAV_CONTRACTS);
const PAYERS: Entry = entry("/payers", "wallet", common::NAV_PAYERS);
const SUPPLY_POINTS: Entry =
    Entry { short: common::TAB_SUPPLY_POINTS, ..entry("/supply-points", "map-pin", common::NAV_SUPPLY_POINTS) };
const PLANS: Entry = entry("/plans", "zap", plans::NAV);
const SERVICES: Entry = entry("/services", "id-card", services::TITLE);
const SETTINGS: Entry = entry("/settings", "settings", common::NAV_SETTINGS);
const ACCOUNT: Entry = entry("/settings", "user", common::EDIT_ACCOUNT);
const MORE: Entry =
    Entry { also: &["/contracts", "/payers", "/settings", "/services"], ..entry("/more", "menu", common::NAV_MORE) };

const BOARD: Entry = Entry { also: &["/staff/day", "/staff/plans"], ..entry("/staff", "zap", staff::NAV_BOARD) };
const START: Entry = entry("/staff", "house", staff::TITLE);
const REQUESTS: Entry = entry("/staff/requests", "mail", staff::NAV_REQUESTS);
const UNITS: Entry = entry("/staff/units", "gauge", staff::NAV_UNITS);
const PEOPLE: Entry = entry("/staff/people", "user", staff::NAV_PEOPLE);
const AUDIT: Entry = entry("/staff/audit", "file-text", staff::NAV_AUDIT);

/// The navigation at the side.
pub fn side(who: &Who) -> Vec<Entry> {
    match who {
        Who::Customer { has_office: true, is_producer: false, .. } => {
            vec![HOME, INVOICES, CONTRACTS, PAYERS, SUPPLY_POINTS, SETTINGS]
        }
        Who::Customer { has_office: true, .. } => {
            vec![HOME, INVOICES, CONTRACTS, PAYERS, SUPPLY_POINTS, PLANS, SETTINGS]
        }
        Who::Customer { is_producer: true, .. } => vec![PLANS, SERVICES, SETTINGS],
        Who::Customer { .. } => vec![SERVICES, SETTINGS],
        Who::Staff { .. } => {
            let mut entries = if takes_plans(who) { vec![BOARD, REQUESTS, UNITS] } else { vec![START] };
            if who.has_role(Role::Administrator) {
                entries.extend([PEOPLE, AUDIT]);
            }
            entries
        }
    }
}

/// The tab bar of a phone: five entries at most.
pub fn tabs(who: &Who) -> Vec<Entry> {
    match who {
        Who::Customer { has_office: true, is_producer: false, .. } => {
            vec![HOME, INVOICES, CONTRACTS, SUPPLY_POINTS, MORE]
        }
        Who::Customer { has_office: true, .. } => vec![HOME, INVOICES, PLANS, SUPPLY_POINTS, MORE],
        Who::Customer { is_producer: true, .. } => vec![PLANS, SERVICES, MORE],
        Who::Customer { .. } => vec![SERVICES, MORE],
        Who::Staff { .. } => side(who),
    }
}

/// What the tab bar has no room for, the account last: by the name that the way to "Moje serwisy" goes by, where there
/// is planning to register for.
pub fn rest(who: &Who, has_planning: bool) -> Vec<Entry> {
    let tabs = tabs(who);
    let pages = side(who).into_iter().filter(|entry| entry.path != SETTINGS.path);
    let account = if has_planning { ACCOUNT } else { SETTINGS };
    pages.chain([account, SERVICES]).filter(|entry| tabs.iter().all(|tab| tab.path != entry.path)).collect()
}

/// What the first page of the back office leads to, where it is not the board.
pub fn beyond_start(who: &Who) -> Vec<Entry> {
    side(who).into_iter().filter(|entry| entry.path != START.path).collect()
}

/// Whether somebody decides about plans, and the operator has any.
pub fn takes_plans(who: &Who) -> bool {
    who.has_role(Role::Dispatcher) && has_planning()
}

impl Entry {
    fn is_above(&self, path: &str) -> bool {
        let is_at_or_below =
            |above: &str| path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        // Below the first page lies everything else.
        let is_first = [HOME.path, START.path].contains(&self.path);
        path == self.path
            || (!is_first && is_at_or_below(self.path))
            || self.also.iter().any(|path| is_at_or_below(path))
    }
}

/// Which of the entries leads to the page that is shown.
pub fn present(entries: &[Entry]) -> Option<usize> {
    let path = &portal().path;
    entries.iter().position(|entry| entry.is_above(path))
}

/// The entries as a list of links, the present one marked.
pub fn links(entries: Vec<Entry>, is_short: bool) -> impl IntoView {
    let lang = lang();
    let here = present(&entries);
    let entries = entries
        .into_iter()
        .enumerate()
        .map(|(place, entry)| {
            let current = (here == Some(place)).then_some("page");
            let name = entry.name.get(lang);
            let short = if is_short { entry.short.get(lang) } else { name };
            let label = (short != name).then_some(name);
            view! { <li><a href=entry.path aria-current=current aria-label=label><Icon name=entry.icon/>{short}</a></li> }
        })
        .collect_view();
    view! { <ul class="plain">{entries}</ul> }
}

/// The entries as rows of a page.
pub fn rows(entries: Vec<Entry>) -> impl IntoView {
    let lang = lang();
    let row = |entry: Entry| view! { <li><a href=entry.path><Icon name=entry.icon/>{entry.name.get(lang)}</a></li> };
    entries.into_iter().map(row).collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;
    use openbok_domain::Stage;

    fn customers() -> [Who; 4] {
        [(true, false), (true, true), (false, true), (false, false)].map(|(has_office, is_producer)| Who::Customer {
            stage: Stage::Full,
            has_office,
            is_producer,
        })
    }

    fn paths(entries: Vec<Entry>) -> Vec<&'static str> {
        entries.into_iter().map(|entry| entry.path).collect()
    }

    #[test]
    fn a_phone_reaches_every_page_of_the_side_and_each_by_one_way() {
        for who in customers() {
            let tabs = paths(tabs(&who));
            assert!(tabs.len() <= 5 && tabs.last() == Some(&"/more"), "{tabs:?}");
            let mut reached = [tabs, paths(rest(&who, true))].concat();
            for path in paths(side(&who)) {
                assert!(reached.contains(&path), "{path}: {who:?}");
            }
            let ways = reached.len();
            reached.sort_unstable();
            reached.dedup();
            assert_eq!(reached.len(), ways, "{who:?}");
        }
    }

    #[test]
    fn every_page_marks_the_tab_that_leads_to_it() {
        for who in customers() {
            for entry in rest(&who, false) {
                let tabs = tabs(&who);
                let marked = tabs.iter().position(|tab| tab.is_above(entry.path));
                assert_eq!(marked.map(|place| tabs[place].path), Some("/more"), "{}: {who:?}", entry.path);
            }
        }
        let [customer, ..] = customers();
        let marked = |path| tabs(&customer).iter().position(|tab| tab.is_above(path));
        assert_eq!((marked("/"), marked("/invoices/7"), marked("/contracts")), (Some(0), Some(1), Some(2)));
    }
}
