//! The document around the app: language, theme, operator's colours, scripts.

use leptos::PrefetchLazyFn;
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use openbok_domain::operator::Theme;
use openbok_services::Visit;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::kept;
use crate::{App, pages};

/// The document of one request.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    let portal = super::portal();
    // What is found here is written down there under the names of the functions that know it.
    let found = PrefetchLazyFn::default();
    provide_context(found.clone());
    // On the server all code is there, so that the answer is, too.
    let draw = match pin!(pages::find(&portal.path)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(draw) => draw,
        Poll::Pending => pages::nothing,
    };
    let colours =
        use_context::<Visit>().map(|visit| kept::part("colours".to_owned(), || colours(&visit.operator.theme)));
    let has_operator = colours.is_some();
    let text = if portal.appearance.larger_text { "larger" } else { "normal" };
    view! {
        <!DOCTYPE html>
        <html lang=portal.lang.code() data-theme=portal.appearance.theme.code() data-text=text>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {has_operator.then(|| view! { <link rel="manifest" href="/manifest.webmanifest"/> })}
                {colours.map(|colours| view! { <style nonce=leptos::nonce::use_nonce()>{colours}</style> })}
                {kept::build(options, &found)}
                <MetaTags/>
            </head>
            <body>
                <App draw/>
            </body>
        </html>
    }
}

/// The operator's colours, which the style sheet maps to roles.
fn colours(theme: &Theme) -> String {
    let (light, dark) = (theme.light(), theme.dark());
    format!(
        ":root{{--brand-accent:{};--brand-accent-text:{};--brand-focus:{};\
         --brand-accent-dark:{};--brand-accent-text-dark:{};--brand-focus-dark:{}}}",
        light.accent, light.accent_text, light.focus, dark.accent, dark.accent_text, dark.focus
    )
}
