//! The letters to be read from a picture, for pages without scripts and for who does not want to wait.

use leptos::prelude::*;
use openbok_locales::challenge;

use super::icon::Icon;
use crate::portal::lang;

/// Name of the button that asks for another picture.
pub const OTHER_PICTURE: &str = "other_picture";

/// Picture, sound and input of one challenge.
#[component]
pub fn Letters(
    token: String,
    /// Whether an answer was given and wrong.
    has_failed: bool,
) -> impl IntoView {
    let lang = lang();
    let (picture, sound) = (format!("/captcha/{token}.png"), format!("/captcha/{token}.wav"));
    let described_by = if has_failed { "proof_answer-hint proof_answer-error" } else { "proof_answer-hint" };
    view! {
        <div class="letters field" class:field--wrong=has_failed>
            <p>{challenge::INTRO.get(lang)}</p>
            <input type="hidden" name="proof_token" value=token/>
            <img src=picture width="240" height="80" alt=challenge::IMAGE.get(lang)/>
            <audio controls preload="none" src=sound aria-label=challenge::LISTEN.get(lang)></audio>
            <label for="proof_answer">{challenge::FIELD_ANSWER.get(lang)}</label>
            <p class="field__hint" id="proof_answer-hint">{challenge::HINT_ANSWER.get(lang)}</p>
            <input
                class="input input--code" id="proof_answer" name="proof_answer" type="text" autocomplete="off"
                autocapitalize="characters" spellcheck="false" aria-describedby=described_by
                aria-invalid=has_failed.then_some("true")
            />
            {has_failed.then(|| view! {
                <p class="field__error" id="proof_answer-error"><Icon name="circle-x"/>{challenge::FAILED.get(lang)}</p>
            })}
        </div>
    }
}

/// The button for who cannot read the picture and has no scripts, which need none: the page comes back as it was, with
/// other letters.
pub fn other_picture() -> impl IntoView {
    view! {
        <button type="submit" class="button button--quiet" name=OTHER_PICTURE value="true">
            {challenge::OTHER_PICTURE.get(lang())}
        </button>
    }
}
