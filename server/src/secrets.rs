//! The file with the master key: read, or made at the first start.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use openbok_services::{Entropy, Vault, make_private_file, make_private_folder};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secrets {
    /// 32 random bytes in base64.
    master_key: String,
}

/// Opens the vault. A missing file is made with a new key, readable for its owner only.
///
/// # Errors
/// When the file cannot be read, written or understood.
pub fn open(file: &Path, entropy: &Entropy) -> anyhow::Result<Vault> {
    if !file.exists() {
        make(file, entropy).with_context(|| format!("{} cannot be made", file.display()))?;
        tracing::warn!(file = %file.display(), "new master key made; keep a copy of this file apart from the database");
    }
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    // An error of the parser would quote the line, and with it the key.
    let Ok(secrets) = toml::from_str::<Secrets>(&text) else {
        bail!("{} must hold one line: master_key = \"…\"", file.display())
    };
    Vault::new(&secrets.master_key).with_context(|| file.display().to_string())
}

fn make(file: &Path, entropy: &Entropy) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        make_private_folder(folder)?;
    }
    let key = Vault::generate_key(entropy);
    let text = format!("# Seals personal data. Without it the database is unreadable.\nmaster_key = \"{key}\"\n");
    let draft = file.with_extension(format!("{:016x}", u64::from_be_bytes(entropy.bytes())));
    let mut open = make_private_file(&draft)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()?;
    // Two servers starting together must not make two keys: the file appears whole, and only once.
    let made = fs::hard_link(&draft, file);
    fs::remove_file(&draft)?;
    match made {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_a_key_once_and_keeps_it_to_its_owner() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sub/keys.toml");
        let first = open(&file, &Entropy::system()).unwrap();
        let second = open(&file, &Entropy::system()).unwrap();
        assert_eq!(first.fingerprint(), second.fingerprint());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn servers_that_start_together_make_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.toml");
        let start = |_| {
            let file = file.clone();
            std::thread::spawn(move || open(&file, &Entropy::system()).unwrap().fingerprint().to_vec())
        };
        let starts: Vec<_> = (0..16).map(start).collect();
        let keys: std::collections::BTreeSet<_> = starts.into_iter().map(|start| start.join().unwrap()).collect();
        assert_eq!(keys.len(), 1);
    }

    #[test]
    fn r06_refuses_a_placeholder_and_never_quotes_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.toml");
        for text in ["master_key = \"changeme\"", "master_key = hunter2", "key = \"hunter2\""] {
            fs::write(&file, text).unwrap();
            let error = format!("{:#}", open(&file, &Entropy::system()).unwrap_err());
            assert!(!error.contains("hunter2") && !error.contains("changeme"), "{error}");
        }
    }
}
