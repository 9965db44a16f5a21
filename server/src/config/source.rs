//! Keys and values with the place they came from: a file's line or an environment variable.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How the variables begin that are settings.
const PREFIX: &str = "OPENBOK_";

/// One mistake in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Absent for a setting that is not given.
    place: Option<Place>,
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
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.reason)
    }
}

impl Fault {
    fn of_file(file: &Path, reason: String) -> Self {
        let place = Place::File { name: file.display().to_string(), line: 1 };
        Self { place: Some(place), key: String::new(), reason }
    }
}

/// Where each setting was given, for mistakes that show only beside something else.
#[derive(Debug, Clone, Default)]
pub struct Places(BTreeMap<String, Place>);

impl Places {
    /// Whether a setting was given at all.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// A mistake in a setting, with its place if it was given.
    pub fn fault(&self, key: &str, reason: impl Into<String>) -> Fault {
        Fault { place: self.0.get(key).cloned(), key: key.to_owned(), reason: reason.into() }
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
        Fault { place: Some(self.at(offset)), key: String::new(), reason: error.message().to_owned() }
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
    /// Variables that are not settings, unless an underscore is missing.
    strays: Vec<String>,
    places: Places,
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
        let mut source = Self {
            given: BTreeMap::new(),
            known: Vec::new(),
            strays: Vec::new(),
            places: Places::default(),
            faults: Vec::new(),
        };
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

    /// `OPENBOK_HTTP__LISTEN` is `http.listen`. Variables without the double underscore are not settings: tools have such, and
    /// whatever starts containers makes some for each service it knows.
    fn overlay(&mut self, environment: impl Iterator<Item = (OsString, OsString)>) {
        for (name, value) in environment {
            let Some(name) = name.to_str() else { continue };
            let Some(rest) = name.strip_prefix(PREFIX) else { continue };
            let Some((section, key)) = rest.split_once("__") else {
                self.strays.push(name.to_owned());
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

    /// The path of a file or folder, or none.
    pub fn path(&mut self, key: &'static str) -> Option<PathBuf> {
        self.take(key, |text| if text.is_empty() { Err("names no path".to_owned()) } else { Ok(text.into()) })
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
        let Some((place, value)) = self.remove(key) else { return Vec::new() };
        let items = match value {
            Value::Many(items) => items,
            Value::One(text) => text.split(',').map(|item| item.trim().to_owned()).filter(|i| !i.is_empty()).collect(),
        };
        let parse = |item: String| {
            item.parse().map_err(|error: T::Err| Fault {
                place: Some(place.clone()),
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
        let (_, value) = self.remove(key)?;
        let result = match value {
            Value::One(text) => read(&text),
            Value::Many(_) => Err("must be a single value".to_owned()),
        };
        result.map_err(|reason| self.refuse(key, reason)).ok()
    }

    fn remove(&mut self, key: &str) -> Option<(Place, Value)> {
        let (place, value) = self.given.remove(key)?;
        self.places.0.insert(key.to_owned(), place.clone());
        Some((place, value))
    }

    /// Adds a mistake in a setting that was asked for already.
    pub fn refuse(&mut self, key: &str, reason: impl Into<String>) {
        self.faults.push(self.places.fault(key, reason));
    }

    /// Ends the reading: whatever nobody asked for is unknown. Otherwise it tells where each setting was given.
    ///
    /// # Errors
    /// Every mistake met, in the order of the file, then of the variables.
    pub fn finish(mut self) -> Result<Places, Vec<Fault>> {
        let known = self.known.join(", ");
        let unknown = self.given.into_iter().map(|(key, (place, _))| {
            let reason = format!("unknown key; known are {known}");
            Fault { place: Some(place), key, reason }
        });
        self.faults.extend(unknown);
        let misspelt = self.strays.into_iter().filter_map(|name| {
            let is_meant = |key: &&Cow<'_, str>| name[PREFIX.len()..].eq_ignore_ascii_case(&key.replace('.', "_"));
            let key = self.known.iter().find(is_meant)?.to_string();
            let reason = format!("is not read; write {PREFIX}{}", key.to_uppercase().replace('.', "__"));
            Some(Fault { place: Some(Place::Variable(name)), key, reason })
        });
        self.faults.extend(misspelt);
        self.faults.sort();
        if self.faults.is_empty() { Ok(self.places) } else { Err(self.faults) }
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
