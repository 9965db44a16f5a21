//! The command line: what can be asked of `openbok`, and what its help says. The doing is in `commands`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use openbok_domain::OperatorSlug;
use openbok_services::AuditHead;

/// Customer portal for electricity, gas and heat.
#[derive(Debug, Parser)]
#[command(name = "openbok", version, arg_required_else_help = true, after_help = SETTINGS)]
pub struct Cli {
    /// Configuration file (TOML). Without it: `openbok.toml` in the working directory, if there is one.
    #[arg(long, global = true, env = "OPENBOK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const SETTINGS: &str = "\
Every setting of the file can be given by the environment: OPENBOK_DATABASE__URL is `url` of section `database`.
`openbok check-config` names each setting that is unknown or wrong, with its line.

Exit status: 0 done, 1 not done (the reason is on standard error), 2 of `import`: some rows were refused.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the portal
    Serve,
    /// Start the portal with invented operators and customers
    ///
    /// Works on an empty machine: writes five operator profiles, keys and demo data into `openbok-data/` (or where
    /// `database.url` points) unless they are there, prints addresses and sign-ins, and keeps every mail readable at
    /// `/dev/mailbox`. A second start keeps the data of the first.
    Demo,
    /// Bring in customers, contracts, invoices … of an operator from CSV or JSON Lines files
    ///
    /// Rows are new or replace those with the same key. Bad rows are printed with file, line, field and reason; the good
    /// ones are kept. Exit status: 0 all rows taken, 2 some refused, 1 nothing could be read.
    Import(Exchange),
    /// Write an operator's customers, contracts, invoices … as the files that `import` reads
    ///
    /// Only the owner of the files can read them; they hold personal data in plain text.
    Export(Exchange),
    /// The operator's staff, and what it does without a page
    #[command(subcommand)]
    Staff(Staff),
    /// Bring the database to the shape this version needs; `serve` does so by itself
    Migrate,
    /// Check the configuration and the operator profiles, and start nothing
    ///
    /// Prints every unknown key and every bad value with file, line, key and reason; exit status 1 if there is any.
    CheckConfig,
    /// Copy the database to a file while the portal runs
    ///
    /// SQLite only. On PostgreSQL it prints the `pg_dump` command that does the same, and exits with 1.
    Backup {
        /// File to write; must not exist yet
        file: PathBuf,
    },
    /// The log of what was done to accounts
    #[command(subcommand)]
    Audit(Audit),
}

/// An operator and a folder of data.
#[derive(Debug, Args)]
pub struct Exchange {
    /// Whose data: the `slug` of the operator's profile
    #[arg(long, value_name = "SLUG")]
    pub operator: OperatorSlug,
    /// Folder of the files
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Work of the operator's staff.
#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Add a member of staff, or let one in again who lost password or authenticator
    ///
    /// Prints an address that works once, for three days: behind it the member sets up an authenticator and chooses a
    /// password. So the first administrator comes in. Whoever is let in again loses the former ones and every session.
    Add {
        /// For whom: the `slug` of the operator's profile
        #[arg(long, value_name = "SLUG")]
        operator: OperatorSlug,
        /// Their e-mail address, which is the login
        #[arg(long)]
        email: String,
        /// Their name
        #[arg(long, default_value = "")]
        name: String,
        /// What they may do; unless named, a new member may do both, and one who is let in again keeps what they have
        #[arg(long, value_name = "ROLE", value_parser = ["dispatcher", "administrator"])]
        role: Vec<String>,
    },
    /// Open an account that was locked by wrong passwords
    ///
    /// First make sure by the customer's documents who is calling. The reason is kept in the audit log, the customer
    /// gets a mail, the password stays as it is. An account that is not locked is left alone.
    Unlock {
        /// Whose customer: the `slug` of the operator's profile
        #[arg(long, value_name = "SLUG")]
        operator: OperatorSlug,
        /// The account's login
        login: String,
        /// Why it is opened, and how the caller was identified
        #[arg(long)]
        reason: String,
    },
}

/// Questions to the audit log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Check that no entry was changed, removed, added or moved; exit status 1 if one was
    ///
    /// A log that was cut is whole as far as it goes. Only an end that was kept elsewhere shows the cut: servers write it
    /// to their log every hour and when they stop ("end of the audit log").
    Verify {
        /// An end of the log as a server's log has it; it must still be in the audit log
        #[arg(long, value_name = "NUMBER:HASH")]
        head: Option<AuditHead>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn describes_itself_without_contradiction() {
        Cli::command().debug_assert();
    }

    #[test]
    fn takes_an_unlock_only_with_a_reason() {
        let words = ["openbok", "staff", "unlock", "--operator", "mojbok", "anna"];
        assert!(Cli::try_parse_from(words).is_err());
        assert!(Cli::try_parse_from(words.into_iter().chain(["--reason", "identity card seen"])).is_ok());
    }
}
