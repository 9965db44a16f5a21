//! Parts of pages that are the same for everybody who is in the same place: drawn once, then kept in memory.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};

use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos::{PrefetchLazyFn, WasmSplitManifest};
use leptos_meta::HashedStylesheet;
use openbok_domain::Operator;
use openbok_services::Visit;

/// Far more than the languages, looks, kinds of visitors and pages of some dozens of operators.
const MOST_PARTS: usize = 20_000;

/// Which operator, by its place in memory, in which language, and what else decides.
type Key = (usize, &'static str, String);
/// The operator is held, so that no other one ever lies in its place.
type Part = (Arc<Operator>, Arc<str>);

static PARTS: LazyLock<RwLock<HashMap<Key, Part>>> = LazyLock::new(RwLock::default);

/// The HTML of a part that depends on the operator, the language and `key` alone.
pub fn part(key: String, draw: impl FnOnce() -> String) -> String {
    let Some(visit) = use_context::<Visit>() else { return draw() };
    let key = (Arc::as_ptr(&visit.operator).addr(), visit.lang.code(), key);
    // Whoever panicked left whole parts behind.
    let parts = PARTS.read().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, html)) = parts.get(&key) {
        return html.to_string();
    }
    drop(parts);
    let html = draw();
    let mut parts = PARTS.write().unwrap_or_else(PoisonError::into_inner);
    if parts.len() >= MOST_PARTS {
        parts.clear();
    }
    parts.insert(key, (visit.operator, html.as_str().into()));
    html
}

/// What a page's head names of the build, as the first page had it.
struct Build {
    html: String,
    nonce: String,
    split: Option<WasmSplitManifest>,
}

/// Style sheet and scripts of the build, whose names are read from the disk once, with the nonce of this answer, and those
/// parts of the code that hold what was `found` for the page.
pub fn build(options: LeptosOptions, found: &PrefetchLazyFn) -> impl IntoView + use<> {
    static BUILD: OnceLock<Build> = OnceLock::new();
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let build = BUILD.get_or_init(|| {
        let style = view! { <HashedStylesheet options=options.clone()/> }.to_html();
        let scripts = view! { <HydrationScripts options/> }.to_html();
        Build { html: waking(&scripts, &nonce) + &style, nonce: nonce.clone(), split: use_context() }
    });
    let html = if build.nonce.is_empty() { build.html.clone() } else { build.html.replace(&build.nonce, &nonce) };
    let parts = build.split.as_ref().map(|split| parts(split, found)).unwrap_or_default();
    InertElement::new(html + &parts)
}

/// What fetches the code of all pages and makes it ready while the page is still being read: it wakes up what is there when
/// everything is. The script of Leptos 0.8, which tells the names of the files here, waits for its turn behind the reading and
/// the laying out. Its nonce stands where scripts are, not where Leptos also writes it, in `crossorigin`, where style sheets
/// could read it. Browsers that compile nothing while it arrives, before 2021, do not know the instructions of this code
/// either, and leave the page as it is.
fn waking(scripts: &str, nonce: &str) -> String {
    let address = |ending: &str| {
        let addresses = scripts.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        addresses.filter(|address| address.ends_with(ending)).last().unwrap_or_default()
    };
    let (page, code) = (address(".js"), address(".wasm"));
    format!(
        r#"<link rel="modulepreload" href="{page}" crossorigin><link rel="preload" href="{code}" as="fetch" type="application/wasm" crossorigin><script nonce="{nonce}">{{const code=WebAssembly.compileStreaming(fetch("{code}"));import("{page}").then(async(page)=>{{await page.default({{module_or_path:code}});page.hydrate()}})}}</script>"#
    )
}

/// Asks for parts of the code as early as for what all pages have. Leptos 0.8 does so, too, but by what the thread was busy
/// with last, which is often another page.
fn parts(split: &WasmSplitManifest, found: &PrefetchLazyFn) -> String {
    let (split, found) = (split.0.read_value(), found.0.read_value());
    let (folder, files, loader) = &*split;
    let files = found.iter().filter_map(|function| files.get(*function)).flatten();
    let mut links: Vec<_> = files
        .map(|file| {
            format!(
                r#"<link rel="preload" href="{folder}/{file}.wasm" as="fetch" type="application/wasm" crossorigin>"#
            )
        })
        .collect();
    if !links.is_empty() {
        links.push(format!(r#"<link rel="modulepreload" href="{folder}/{loader}" crossorigin>"#));
    }
    links.concat()
}
