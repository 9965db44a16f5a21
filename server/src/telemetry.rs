//! Logs and counters. Personal data never comes here: callers pass codes, ids and counts, not values.

use std::io::{self, Write};
use std::panic::PanicHookInfo;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Log, LogFormat};

/// Upper bounds of the buckets of every duration, in seconds.
const DURATION_BUCKETS_S: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Libraries that write down the conversation with a mail server, which has a password and other people's letters.
const INDISCREET: [&str; 2] = ["async_imap", "imap_proto"];

/// Starts the log of this process on standard error, so that standard output stays for answers of commands.
///
/// # Errors
/// When the level does not read as a filter, or the log runs already.
pub fn start_log(log: &Log) -> anyhow::Result<()> {
    let lines = tracing_subscriber::fmt().with_env_filter(EnvFilter::try_new(&log.level)?).with_writer(OneLine);
    let started = match log.format {
        LogFormat::Json => discreet(lines.json().flatten_event(true).finish()).try_init(),
        LogFormat::Text => discreet(lines.with_ansi(false).finish()).try_init(),
    };
    std::panic::set_hook(Box::new(log_panic));
    Ok(started?)
}

/// The same log without a word of the indiscreet libraries, whatever the level says of them or of what is in them.
fn discreet(log: impl Subscriber + Send + Sync) -> impl Subscriber + Send + Sync {
    log.with(filter_fn(|event: &Metadata<'_>| {
        let library = event.target().split("::").next().unwrap_or_default();
        !INDISCREET.contains(&library)
    }))
}

/// A panic's message may quote the value it choked on, which may be somebody's: only its place is written.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panicked");
}

/// Starts the counters of this process.
///
/// # Errors
/// When they run already.
pub fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &DURATION_BUCKETS_S)?
        .install_recorder()?;
    metrics::describe_counter!("http_requests_total", "Requests answered, by route pattern and status.");
    metrics::describe_histogram!("http_request_duration_seconds", "Time from the head of a request to its answer.");
    Ok(handle)
}

/// Writes to standard error with every control character but the closing line break escaped, so that no value can
/// begin a line of its own or colour a terminal.
#[derive(Debug, Clone, Copy)]
struct OneLine;

impl<'a> MakeWriter<'a> for OneLine {
    type Writer = Self;

    fn make_writer(&'a self) -> Self::Writer {
        *self
    }
}

impl Write for OneLine {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(escaped(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

fn escaped(line: &str) -> String {
    let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
    let mut out = String::with_capacity(line.len());
    for character in body.chars() {
        if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out + end
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn r58_never_writes_down_what_is_said_to_a_mail_server() {
        for level in
            ["trace", "info,async_imap=trace,openbok=trace", "trace,async_imap::imap_stream=trace", "[reading]=trace"]
        {
            let filter = EnvFilter::try_new(level).unwrap();
            let log = discreet(tracing_subscriber::fmt().with_env_filter(filter).finish());
            tracing::subscriber::with_default(log, || {
                let _reading = tracing::error_span!("reading").entered();
                assert!(tracing::enabled!(target: "openbok::serve", Level::TRACE), "{level}");
                for is_heard in [
                    tracing::enabled!(target: "async_imap", Level::ERROR),
                    tracing::enabled!(target: "async_imap::imap_stream", Level::TRACE),
                    tracing::enabled!(target: "imap_proto::parser", Level::TRACE),
                ] {
                    assert!(!is_heard, "{level}");
                }
            });
        }
    }

    #[test]
    fn r59_keeps_an_injected_line_break_or_colour_on_its_own_line() {
        assert_eq!(escaped("a\n2026 ERROR forged\x1b[31m\n"), "a\\n2026 ERROR forged\\u{1b}[31m\n");
        assert_eq!(escaped("Łódź\tx\n"), "Łódź\\tx\n");
    }
}
