//! Wakes the rendered page in the browser, and nothing else.

/// Called by the page's own script once the code has arrived.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    openbok_app::wake();
}
