//! Keys and values with the place they came from: a file's line or an environment variable.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One mistake in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    place: Place,
    key: String,
    reason: String,
}

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    File { name: String, line: usize },
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, line } => write!(f, "{name}:{line}"),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.reason)
    }
}

impl Fault {
    fn of_file(file: &Path, reason: String) -> Self {
        let place = Place::File { name: file.display().to_string(), line: 1 };
        Self { place, key: String::new(), reason }
    }
}

/// A TOML text whose mistakes are to be told with their lines.
struct Lines<'a> {
    name: String,
    text: &'a str,
}

impl<'a> Lines<'a> {
    fn of(file: &Path, text: &'a str) -> Self {
        Self { name: file.display().to_string(), text }
    }

    fn fault(&self, error: &toml::de::Error) -> Fault {
        let offset = error.span().map_or(0, |span| span.start);
        Fault { place: self.at(offset), key: String::new(), reason: error.message().to_owned() }
    }

    fn at(&self, offset: usize) -> Place {
        let line =
            self.text.char_indices().take_while(|(place, _)| *place < offset).filter(|(_, c)| *c == '\n').count() + 1;
        Place::File { name: self.name.clone(), line }
    }
}

#[derive(Debug)]
enum Value {
    One(String),
    Many(Vec<String>),
}

/// All settings that were given and not yet asked for, and the mistakes met so far.
#[derive(Debug)]
pub struct Source {
    given: BTreeMap<String, (Place, Value)>,
    known: Vec<Cow<'static, str>>,
    faults: Vec<Fault>,
}

impl Source {
    /// The given file, or `openbok.toml` in the working directory when there is one, under the process's environment.
    ///
    /// # Errors
    /// When the file cannot be read or is no TOML.
    pub fn usual(file: Option<&Path>) -> Result<Self, Vec<Fault>> {
        let beside = Path::new("openbok.toml");
        Self::open(file.or_else(|| beside.is_file().then_some(beside)), std::env::vars_os())
    }

    /// Sets a value that neither the file nor the environment has set.
    pub fn set_default(&mut self, key: &str, value: &str) {
        let place = Place::Variable("default".to_owned());
        self.given.entry(key.to_owned()).or_insert((place, Value::One(value.to_owned())));
    }

    /// Reads the file, if one is named, and lays the environment over it.
    ///
    /// # Errors
    /// When the file cannot be read or is no TOML.
    fn open(file: Option<&Path>, environment: impl Iterator<Item = (OsString, OsString)>) -> Result<Self, Vec<Fault>> {
        let Some(path) = file else { return Self::parse("", "", environment) };
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&name, &text, environment),
            Err(error) => Err(vec![Fault::of_file(path, format!("cannot be read: {error}"))]),
        }
    }

    /// The same from a text; `name` is how faults call it.
    ///
    /// # Errors
    /// When the text is no TOML.
    pub fn parse(
        name: &str,
        text: &str,
        environment: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Self, Vec<Fault>> {
        let lines = Lines::of(Path::new(name), text);
        let table = DeTable::parse(text).map_err(|error| vec![lines.fault(&error)])?;
        let mut source = Self { given: BTreeMap::new(), known: Vec::new(), faults: Vec::new() };
        source.flatten("", table.get_ref(), &lines);
        source.overlay(environment);
        Ok(source)
    }

    fn flatten(&mut self, prefix: &str, table: &DeTable<'_>, lines: &Lines<'_>) {
        for (name, value) in table {
            let key = format!("{prefix}{}", name.get_ref());
            let place = lines.at(name.span().start);
            match (value.get_ref(), scalar(value)) {
                (DeValue::Table(inner), _) => self.flatten(&format!("{key}."), inner, lines),
                (DeValue::Array(items), _) => {
                    let items = items.iter().map(|item| scalar(item).unwrap_or_default()).collect();
                    self.given.insert(key, (place, Value::Many(items)));
                }
                (_, text) => {
                    self.given.insert(key, (place, Value::One(text.unwrap_or_default())));
                }
            }
        }
    }

    /// `OPENBOK_HTTP__LISTEN` is `http.listen`. Variables without the double underscore are not settings.
    fn overlay(&mut self, environment: impl Iterator<Item = (OsString, OsString)>) {
        for (name, value) in environment {
            let Some(name) = name.to_str() else { continue };
            let Some((section, key)) = name.strip_prefix("OPENBOK_").and_then(|rest| rest.split_once("__")) else {
                continue;
            };
            let key = format!("{}.{}", section.to_lowercase(), key.to_lowercase());
            let value = Value::One(value.to_string_lossy().into_owned());
            self.given.insert(key, (Place::Variable(name.to_owned()), value));
        }
    }

    /// A text that passes `check`.
    pub fn text(&mut self, key: &'static str, default: &str, check: fn(&str) -> Result<(), String>) -> String {
        self.take(key, |text| check(text).map(|()| text.to_owned())).unwrap_or_else(|| default.to_owned())
    }

    /// A value that has a text form, or the default.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(&mut self, key: &'static str, default: T) -> T {
        self.optional(key).unwrap_or(default)
    }

    /// A value that has a text form, or none.
    pub fn optional<T: FromStr<Err: fmt::Display>>(&mut self, key: &'static str) -> Option<T> {
        self.take(key, |text| text.parse().map_err(|error: T::Err| format!("`{text}` does not fit: {error}")))
    }

    /// A number within bounds, or the default.
    pub fn ranged<T>(&mut self, key: &'static str, default: T, bounds: RangeInclusive<T>) -> T
    where
        T: FromStr<Err: fmt::Display> + PartialOrd + fmt::Display,
    {
        self.take(key, |text| {
            let number: T = text.parse().map_err(|error: T::Err| format!("`{text}` does not fit: {error}"))?;
            let outside = || format!("must be between {} and {}", bounds.start(), bounds.end());
            if bounds.contains(&number) { Ok(number) } else { Err(outside()) }
        })
        .unwrap_or(default)
    }

    /// A span of time in whole seconds, at least one.
    pub fn seconds(&mut self, key: &'static str, default: u64) -> Duration {
        Duration::from_secs(self.ranged(key, default, 1..=86_400))
    }

    /// One of a few words.
    pub fn one_of<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)], default: T) -> T {
        self.take(key, |text| {
            let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
            let expected = || words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
            found.ok_or_else(|| format!("`{text}` is not {}", expected()))
        })
        .unwrap_or(default)
    }

    /// Any number of values; in a variable they are separated by commas.
    pub fn list<T: FromStr<Err: fmt::Display>>(&mut self, key: &'static str) -> Vec<T> {
        self.known.push(Cow::Borrowed(key));
        let Some((place, value)) = self.given.remove(key) else { return Vec::new() };
        let items = match value {
            Value::Many(items) => items,
            Value::One(text) => text.split(',').map(|item| item.trim().to_owned()).filter(|i| !i.is_empty()).collect(),
        };
        let parse = |item: String| {
            item.parse().map_err(|error: T::Err| Fault {
                place: place.clone(),
                key: key.into(),
                reason: error.to_string(),
            })
        };
        let (good, bad): (Vec<_>, Vec<_>) = items.into_iter().map(parse).partition(Result::is_ok);
        self.faults.extend(bad.into_iter().filter_map(Result::err));
        good.into_iter().filter_map(Result::ok).collect()
    }

    /// A section whose keys are names of the administrator's choosing; `name` is what messages call such a key.
    pub fn section<K, T>(&mut self, section: &str, name: &str, read: fn(&str) -> Result<T, String>) -> BTreeMap<K, T>
    where
        K: FromStr<Err: fmt::Display> + Ord,
    {
        let prefix = format!("{section}.");
        self.known.push(Cow::Owned(format!("{prefix}{name}")));
        let keys: Vec<String> = self.given.keys().filter(|key| key.starts_with(&prefix)).cloned().collect();
        let values = keys.into_iter().filter_map(|key| {
            let chosen = key[prefix.len()..]
                .parse()
                .map_err(|error| format!("`{}` does not fit: {error}", &key[prefix.len()..]));
            let value = self.read(&key, |text| chosen.and_then(|chosen: K| Ok((chosen, read(text)?))))?;
            Some(value)
        });
        values.collect()
    }

    fn take<T>(&mut self, key: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.known.push(Cow::Borrowed(key));
        self.read(key, read)
    }

    fn read<T>(&mut self, key: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let (place, value) = self.given.remove(key)?;
        let result = match value {
            Value::One(text) => read(&text),
            Value::Many(_) => Err("must be a single value".to_owned()),
        };
        result.map_err(|reason| self.faults.push(Fault { place, key: key.to_owned(), reason })).ok()
    }

    /// Ends the reading: whatever nobody asked for is unknown.
    ///
    /// # Errors
    /// Every mistake met, in the order of the file, then of the variables.
    pub fn finish(mut self) -> Result<(), Vec<Fault>> {
        let known = self.known.join(", ");
        let unknown = self.given.into_iter().map(|(key, (place, _))| {
            let reason = format!("unknown key; known are {known}");
            Fault { place, key, reason }
        });
        self.faults.extend(unknown);
        self.faults.sort();
        if self.faults.is_empty() { Ok(()) } else { Err(self.faults) }
    }
}

fn scalar(value: &Spanned<DeValue<'_>>) -> Option<String> {
    Some(match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string().replace('_', ""),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) | DeValue::Table(_) => return None,
    })
}
