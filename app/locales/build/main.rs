//! Compiles the message catalogue under `messages/` into one Rust module per area.
//!
//! A flaw in the catalogue fails the build and names the file and the key.

mod catalogue;
mod generate;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use catalogue::{Area, Flaw, LANGUAGES, Language};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=messages");
    println!("cargo::rerun-if-changed=build");

    let mut areas = Vec::new();
    let mut flaws = Vec::new();
    for (name, texts) in read_areas(Path::new("messages"))? {
        match Area::compile(&name, &texts) {
            Ok(area) => areas.push(area),
            Err(found) => flaws.extend(found),
        }
    }
    if flaws.is_empty() {
        let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("areas.rs");
        return fs::write(target, generate::modules(&areas));
    }
    for Flaw { file, key, what } in flaws {
        println!("cargo::error={file}: {}{what}", key.map(|key| format!("{key}: ")).unwrap_or_default());
    }
    Ok(())
}

/// The text of every area in every language; `None` where a language lacks the file.
fn read_areas(folder: &Path) -> io::Result<BTreeMap<String, [Option<String>; LANGUAGES.len()]>> {
    let mut areas: BTreeMap<String, [Option<String>; LANGUAGES.len()]> = BTreeMap::new();
    for (index, Language { code, .. }) in LANGUAGES.iter().enumerate() {
        for entry in fs::read_dir(folder.join(code))? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) else { continue };
            areas.entry(name.to_owned()).or_default()[index] = Some(fs::read_to_string(&path)?);
        }
    }
    Ok(areas)
}
