//! What the measurements are made with.

pub mod client;
pub mod server;

use std::thread;
use std::time::Duration;

use openbok_services::{Entropy, Passwords};
use tokio::time::Instant;

/// Password hashes a second when every processor does nothing else.
pub fn bare_argon2(length: Duration) -> anyhow::Result<f64> {
    let workers = thread::available_parallelism()?.get();
    let entropy = Entropy::system();
    let passwords = Passwords::new(workers, &entropy);
    let started = Instant::now();
    let threads: Vec<_> = (0..workers)
        .map(|_| {
            let (passwords, entropy) = (passwords.clone(), entropy.clone());
            thread::spawn(move || -> anyhow::Result<()> {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                while started.elapsed() < length {
                    runtime.block_on(passwords.hash(&entropy, "Zielony-Rower-26"))?;
                }
                Ok(())
            })
        })
        .collect();
    for thread in threads {
        thread.join().map_err(|_| anyhow::anyhow!("a hashing thread fell over"))??;
    }
    Ok(passwords.hashed() as f64 / started.elapsed().as_secs_f64())
}
