//! What the crate promises, in words.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod bounds;
mod docs;
mod example;
mod foreign;
mod handling;
mod leaves;
mod random;
mod round;
