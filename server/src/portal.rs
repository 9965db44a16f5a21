//! What every handler and middleware shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRef;
use leptos::config::{LeptosOptions, ReloadWSProtocol};
use metrics_exporter_prometheus::PrometheusHandle;
use openbok_services::{Entropy, Services};

use crate::config::Config;

/// Handle on the running portal. Cheap to clone; clones are the same portal.
#[derive(Debug, Clone)]
pub struct Portal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    services: Services,
    entropy: Entropy,
    config: Config,
    leptos: LeptosOptions,
    metrics: Option<PrometheusHandle>,
    is_demo: bool,
    is_stopping: AtomicBool,
}

impl Portal {
    /// A portal on these services. Without counters `/metrics` does not exist.
    pub fn new(services: Services, config: Config, metrics: Option<PrometheusHandle>, is_demo: bool) -> Self {
        let leptos = site(&config);
        Self(Arc::new(Inner {
            services,
            entropy: Entropy::system(),
            config,
            leptos,
            metrics,
            is_demo,
            is_stopping: AtomicBool::new(false),
        }))
    }

    /// The use cases.
    pub fn services(&self) -> &Services {
        &self.0.services
    }

    /// Chance, for reference numbers and the noise around letters.
    pub fn entropy(&self) -> &Entropy {
        &self.0.entropy
    }

    /// What the portal was told.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Where the renderer finds the built front end.
    pub fn leptos(&self) -> &LeptosOptions {
        &self.0.leptos
    }

    /// The counters.
    pub fn metrics(&self) -> Option<&PrometheusHandle> {
        self.0.metrics.as_ref()
    }

    /// Whether everybody may read the mails and move the clock.
    pub fn is_demo(&self) -> bool {
        self.0.is_demo
    }

    /// Tells balancers from now on to look elsewhere.
    pub fn leave(&self) {
        self.0.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the portal is about to end.
    pub fn is_leaving(&self) -> bool {
        self.0.is_stopping.load(Ordering::Relaxed)
    }
}

impl FromRef<Portal> for LeptosOptions {
    fn from_ref(portal: &Portal) -> Self {
        portal.0.leptos.clone()
    }
}

/// The build writes `hash.txt` into the site or beside the executable; without it file names carry no hashes.
fn site(config: &Config) -> LeptosOptions {
    let site = &config.http.site;
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(|dir| dir.join("hash.txt")));
    let hashes = [Some(site.join("hash.txt")), beside].into_iter().flatten().find(|file| file.is_file());
    let hashes = hashes.and_then(|file| file.canonicalize().ok());
    LeptosOptions::builder()
        .output_name("openbok")
        .site_root(site.display().to_string())
        .site_pkg_dir("pkg")
        .site_addr(config.http.listen)
        .env(leptos::config::Env::PROD)
        .reload_ws_protocol(ReloadWSProtocol::WS)
        .hash_files(hashes.is_some())
        .hash_file(hashes.unwrap_or_default().display().to_string().into())
        .build()
}
