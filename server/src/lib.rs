//! The portal's program: command line, configuration, routes, middleware, telemetry. No business rules live here.

pub mod assembly;
pub mod cli;
pub mod commands;
pub mod config;
pub mod demo;
pub mod dev;
pub mod files;
pub mod health;
pub mod listen;
pub mod middleware;
pub mod pages;
pub mod plain;
pub mod portal;
pub mod reports;
pub mod router;
pub mod routes;
pub mod secrets;
pub mod serve;
pub mod signals;
pub mod telemetry;
