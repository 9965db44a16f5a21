//! The brands of this deployment: reading their profiles, finding one by host.

use std::collections::{HashMap, HashSet};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use openbok_domain::{Operator, OperatorSlug};
use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

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
        let (mut list, mut sources, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for path in paths {
            let file = path.display().to_string();
            match std::fs::read_to_string(&path) {
                Ok(text) => match parse(&file, &text) {
                    Ok(operator) => {
                        list.push(operator);
                        sources.push((file, text));
                    }
                    Err(found) => errors.extend(found),
                },
                Err(error) => errors.push(whole_file(&path, error.to_string())),
            }
        }
        let wrong = |position: usize, key: &str, reason: String| {
            let (file, text) = &sources[position];
            OperatorError { file: file.clone(), line: line_of(text, key), key: key.to_owned(), reason }
        };
        for (position, operator) in list.iter().enumerate() {
            let logo = operator.theme.logo.as_ref().map(|name| folder.join(name)).filter(|logo| !logo.is_file());
            errors.extend(logo.map(|logo| wrong(position, "theme.logo", format!("{} is no file", logo.display()))));
        }
        errors.extend(repeated(&list).map(|(position, key, value)| wrong(position, key, belongs_to_two(value))));
        if errors.is_empty() { Ok(Self::of(list, folder.to_path_buf())) } else { Err(errors) }
    }

    /// A deployment of these brands.
    ///
    /// # Errors
    /// Two of them with one slug or one host.
    pub fn new(list: Vec<Operator>, folder: PathBuf) -> Result<Self, OperatorError> {
        let clash = repeated(&list).next().map(|(position, key, value)| OperatorError {
            file: list[position].slug.as_str().to_owned(),
            line: None,
            key: key.to_owned(),
            reason: belongs_to_two(value),
        });
        clash.map_or_else(|| Ok(Self::of(list, folder)), Err)
    }

    fn of(list: Vec<Operator>, folder: PathBuf) -> Self {
        let list: Vec<_> = list.into_iter().map(Arc::new).collect();
        let mut by_host = HashMap::new();
        for operator in &list {
            by_host.extend(operator.hosts.iter().map(|host| (host.clone(), operator.clone())));
        }
        Self { list, by_host, folder }
    }

    /// All brands.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Operator>> {
        self.list.iter()
    }

    /// The brand that answers on a host, with or without a port. A point at the end only says that the name is whole.
    #[must_use]
    pub fn find_by_host(&self, host: &str) -> Option<Arc<Operator>> {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let name = name.strip_suffix('.').unwrap_or(name);
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

/// Slugs and hosts that stand in an earlier profile too: the later one's position, the key and the value.
fn repeated(list: &[Operator]) -> impl Iterator<Item = (usize, &'static str, &str)> {
    let mut seen = HashSet::new();
    let names = list.iter().enumerate().flat_map(|(position, operator)| {
        let hosts = operator.hosts.iter().map(|host| ("hosts", host.as_str()));
        iter::once(("slug", operator.slug.as_str())).chain(hosts).map(move |(key, value)| (position, key, value))
    });
    names.filter(move |(_, key, value)| !seen.insert((*key, *value)))
}

fn belongs_to_two(value: &str) -> String {
    format!("{value} belongs to two operators")
}

/// Reads one profile.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(file: &str, text: &str) -> Result<Operator, Vec<OperatorError>> {
    let operator = read(text).map_err(|errors| {
        let error = |(key, error): (String, toml::de::Error)| OperatorError {
            file: file.to_owned(),
            line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            key,
            reason: error.message().to_owned(),
        };
        errors.into_iter().map(error).collect::<Vec<_>>()
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

/// The profile, or what cannot be read in it, by key: everything that is wrong with the file's syntax, or else every key that
/// is unknown or has a value it cannot have. Reading ends at the first of these, so it is left out and reading starts over.
fn read(text: &str) -> Result<Operator, Vec<(String, toml::de::Error)>> {
    let (mut table, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        return Err(broken.into_iter().map(|error| ("(file)".to_owned(), error)).collect());
    }
    let mut errors: Vec<(String, toml::de::Error)> = Vec::new();
    loop {
        let error = match Operator::deserialize(Deserializer::from(table.clone())) {
            Ok(operator) if errors.is_empty() => return Ok(operator),
            Ok(_) => return Err(errors),
            Err(error) => error,
        };
        let Some(key) = error.span().and_then(|span| remove_at(table.get_mut(), span.start)) else {
            // A key is missing, perhaps only because it was left out.
            if errors.is_empty() {
                errors.push(("(file)".to_owned(), error));
            }
            return Err(errors);
        };
        let is_incomplete = errors.iter().any(|(former, _)| former.starts_with(&format!("{key}.")));
        if !is_incomplete {
            errors.push((key, error));
        }
    }
}

/// Removes the innermost key that stands at an offset, or whose value does; its name with dots between levels.
fn remove_at(table: &mut DeTable<'_>, offset: usize) -> Option<String> {
    let mut found = None;
    for (key, value) in table.iter_mut() {
        let is_here = key.span().contains(&offset) || value.span().contains(&offset);
        if let DeValue::Table(inner) = value.get_mut()
            && let Some(rest) = remove_at(inner, offset)
        {
            return Some(format!("{}.{rest}", key.get_ref()));
        }
        if is_here {
            found = Some(key.clone());
        }
    }
    let key: Spanned<_> = found?;
    table.remove(&key);
    Some(key.into_inner().into_owned())
}

/// The line on which a dotted key is set; where it is missing, the line of the innermost table that should have it.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let (mut table, mut offset) = (document.get_ref(), None);
    for name in key.split('.') {
        let Some((found, value)) = table.iter().find(|(found, _)| found.get_ref() == name) else { break };
        offset = Some(found.span().start);
        let DeValue::Table(inner) = value.get_ref() else { break };
        table = inner;
    }
    offset.map(|offset| text[..offset].matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::profile;

    /// Keys and lines of what is wrong with a profile after some replacements.
    fn wrong(replacements: &[(&str, &str)]) -> Vec<(String, Option<usize>)> {
        let text = replacements.iter().fold(profile("mojbok"), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let errors = parse("mojbok.toml", &text).unwrap_err();
        errors.into_iter().map(|error| (error.key, error.line)).collect()
    }

    fn at(key: &str, line: usize) -> (String, Option<usize>) {
        (key.to_owned(), Some(line))
    }

    #[test]
    fn names_every_value_that_cannot_be_read_and_every_unknown_key() {
        let mut found = wrong(&[
            ("\"PLN\"", "\"EUR\""),
            ("\"uk\", ", "\"fr\", "),
            ("#0b57a4", "blue"),
            ("absolute_hours = 12", "absolute_hours = \"long\""),
            ("idle_minutes = 15", "idle_minuts = 15"),
            ("country =", "county = \"PL\"\ncountry ="),
        ]);
        found.sort();
        let expected = [
            at("county", 8),
            at("currency", 7),
            at("languages", 5),
            at("session.absolute_hours", 19),
            at("session.idle_minuts", 19),
            at("theme.accent", 14),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn names_a_table_that_lacks_a_key_and_a_file_that_does() {
        assert_eq!(wrong(&[("absolute_hours = 12, ", "")]), [at("session", 18)]);
        assert_eq!(wrong(&[("currency = \"PLN\"\n", "")])[0].0, "(file)");
        assert_eq!(wrong(&[("\"PLN\"", "PLN")])[0], at("(file)", 7));
    }

    #[test]
    fn names_the_table_that_lacks_a_text_and_not_another_of_its_kind() {
        let line = |text: &str| profile("mojbok").lines().position(|line| line.starts_with(text)).map(|at| at + 1);
        assert_eq!(wrong(&[(", en = \"# Terms\"", "")]), [("terms.text.en".to_owned(), line("terms"))]);
        assert_eq!(wrong(&[(", en = \"Cookies\"", "")]), [("cookies.text.en".to_owned(), line("cookies"))]);
    }

    #[test]
    fn names_file_and_line_of_what_two_profiles_share_and_of_a_logo_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
        write("a.toml", &profile("mojbok").replace("theme = {", "theme = { logo = \"mojbok.svg\","));
        write("b.toml", &profile("ebok").replace("ebok.localhost", "mojbok.localhost"));
        write("c.toml", &profile("ebok"));
        let errors = Operators::read(folder.path()).unwrap_err();
        let found: Vec<_> = errors.into_iter().map(|error| (error.file, error.line, error.key)).collect();
        let at =
            |file: &str, line, key: &str| (folder.path().join(file).display().to_string(), Some(line), key.to_owned());
        assert_eq!(found, [at("a.toml", 13, "theme.logo"), at("b.toml", 4, "hosts"), at("c.toml", 2, "slug")]);
        write("mojbok.svg", "<svg/>");
        assert_eq!(Operators::read(folder.path()).unwrap_err().len(), 2);
    }

    #[test]
    fn names_rules_that_contradict_each_other_by_their_keys() {
        assert_eq!(wrong(&[("idle_minutes = 15", "idle_minutes = 2"), ("22 555 01 00", "call us")]).len(), 2);
    }
}
