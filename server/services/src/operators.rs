//! The brands of this deployment: reading their profiles, finding one by host.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use openbok_domain::{Operator, OperatorSlug};

/// What is wrong with a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {key}: {reason}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct OperatorError {
    /// File it stands in.
    pub file: String,
    /// Line, counted from 1, when it is known.
    pub line: Option<usize>,
    /// Key, with dots between levels.
    pub key: String,
    /// What is wrong with it.
    pub reason: String,
}

/// The brands of this deployment.
#[derive(Debug, Clone, Default)]
pub struct Operators {
    list: Vec<Arc<Operator>>,
    by_host: HashMap<String, Arc<Operator>>,
    /// Where logos lie beside the profiles.
    folder: PathBuf,
}

impl Operators {
    /// Reads all `*.toml` profiles of a folder, in the order of their names.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn read(folder: &Path) -> Result<Self, Vec<OperatorError>> {
        let whole_file = |path: &Path, reason: String| OperatorError {
            file: path.display().to_string(),
            line: None,
            key: "(file)".to_owned(),
            reason,
        };
        let entries = std::fs::read_dir(folder).map_err(|error| vec![whole_file(folder, error.to_string())])?;
        let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        let (mut list, mut errors) = (Vec::new(), Vec::new());
        for path in paths {
            match std::fs::read_to_string(&path) {
                Ok(text) => match parse(&path.display().to_string(), &text) {
                    Ok(operator) => list.push(operator),
                    Err(found) => errors.extend(found),
                },
                Err(error) => errors.push(whole_file(&path, error.to_string())),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Self::new(list, folder.to_path_buf()).map_err(|error| vec![error])
    }

    /// A deployment of these brands.
    ///
    /// # Errors
    /// Two of them with one slug or one host.
    pub fn new(list: Vec<Operator>, folder: PathBuf) -> Result<Self, OperatorError> {
        let list: Vec<_> = list.into_iter().map(Arc::new).collect();
        let mut by_host = HashMap::new();
        for (position, operator) in list.iter().enumerate() {
            let clash = |key: &str, value: &str| OperatorError {
                file: operator.slug.as_str().to_owned(),
                line: None,
                key: key.to_owned(),
                reason: format!("{value} belongs to two operators"),
            };
            if list[..position].iter().any(|other| other.slug == operator.slug) {
                return Err(clash("slug", operator.slug.as_str()));
            }
            for host in &operator.hosts {
                if by_host.insert(host.clone(), operator.clone()).is_some() {
                    return Err(clash("hosts", host));
                }
            }
        }
        Ok(Self { list, by_host, folder })
    }

    /// All brands.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Operator>> {
        self.list.iter()
    }

    /// The brand that answers on a host (with or without a port).
    #[must_use]
    pub fn find_by_host(&self, host: &str) -> Option<Arc<Operator>> {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        self.by_host.get(&name.to_ascii_lowercase()).cloned()
    }

    /// The brand with a slug.
    #[must_use]
    pub fn find(&self, slug: &OperatorSlug) -> Option<Arc<Operator>> {
        self.list.iter().find(|operator| operator.slug == *slug).cloned()
    }

    /// Where a brand's logo lies, if it has one.
    #[must_use]
    pub fn logo(&self, operator: &Operator) -> Option<PathBuf> {
        operator.theme.logo.as_ref().map(|name| self.folder.join(name))
    }
}

/// Reads one profile.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(file: &str, text: &str) -> Result<Operator, Vec<OperatorError>> {
    let operator: Operator = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].lines().count().max(1));
        let key = error.span().and_then(|span| text.get(span)).unwrap_or("(file)").lines().next().unwrap_or_default();
        vec![OperatorError { file: file.to_owned(), line, key: key.to_owned(), reason: error.message().to_owned() }]
    })?;
    let faults: Vec<_> = operator
        .validate()
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|fault| OperatorError {
            file: file.to_owned(),
            line: line_of(text, &fault.key),
            key: fault.key,
            reason: fault.reason.to_owned(),
        })
        .collect();
    if faults.is_empty() { Ok(operator) } else { Err(faults) }
}

/// The line on which the last part of a dotted key is set.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let name = key.rsplit('.').next().unwrap_or(key).split('[').next().unwrap_or(key);
    text.lines().position(|line| line.trim_start().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))).map(|at| at + 1)
}
