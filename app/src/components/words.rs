//! Sentences for what went wrong.

use leptos::prelude::use_context;
use openbok_domain::Lang;
use openbok_locales::{Text, errors, refusals};
use std::sync::Arc;

use crate::error::PortalError;
use crate::portal::Portal;

/// What happened, in a few words.
pub fn headline(error: &PortalError, lang: Lang) -> &'static str {
    let text: Text = match error {
        PortalError::Invalid(_) | PortalError::Refused(_) | PortalError::BadRequest => errors::BAD_REQUEST_TITLE,
        PortalError::SignedOut => errors::SIGNED_OUT_TITLE,
        PortalError::Forbidden => errors::FORBIDDEN_TITLE,
        PortalError::NotFound => errors::NOT_FOUND_TITLE,
        PortalError::TooMany(_) => errors::TOO_MANY_TITLE,
        PortalError::Busy(_) => errors::BUSY_TITLE,
        PortalError::Internal(_) => errors::INTERNAL_TITLE,
        PortalError::Offline => errors::OFFLINE_TITLE,
    };
    text.get(lang)
}

/// What to do about it, with the reference where there is one.
pub fn explain(error: &PortalError, lang: Lang) -> String {
    let text: Text = match error {
        PortalError::Invalid(_) | PortalError::BadRequest => errors::BAD_REQUEST,
        PortalError::Refused(refusal) => refusals::message(refusal),
        PortalError::SignedOut => errors::SIGNED_OUT,
        PortalError::Forbidden => errors::FORBIDDEN,
        PortalError::NotFound => errors::NOT_FOUND,
        PortalError::TooMany(retry_after_s) => {
            return errors::too_many(lang, i64::from(retry_after_s.div_ceil(60).max(1)));
        }
        PortalError::Busy(_) => errors::BUSY,
        PortalError::Internal(reference) if !reference.is_empty() => {
            let mut text = format!("{} {}", errors::INTERNAL.get(lang), errors::reference(lang, reference));
            // Around the pages, in the server's own news, nobody knows whose portal it is.
            if let Some(operator) = use_context::<Arc<Portal>>().and_then(|portal| portal.operator.clone()) {
                text = format!("{text} {}", errors::contact(lang, &operator.phone));
            }
            return text;
        }
        PortalError::Internal(_) => errors::INTERNAL,
        PortalError::Offline => errors::OFFLINE,
    };
    text.get(lang).to_owned()
}
