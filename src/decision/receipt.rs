//! The receipt: what a decision rests on, and a digest of the answers, so that it can be replayed.

use super::decide::decide;
use super::engine::Engine;
use crate::case::{Case, Encoded, value_of};
use crate::date::Date;
use crate::diagnostic::{Diagnostics, joined};
use crate::json::object;
use crate::number::wide;
use crate::plan::{Input, Service, State};
use sha2::{Digest, Sha256};

/// Basis of a decision and digest of its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Version of the engine.
    pub engine: String,
    /// Pack.
    pub pack: String,
    /// Revision.
    pub revision: String,
    /// Digest of the pack.
    pub digest: String,
    /// Service.
    pub service: String,
    /// The date that decided.
    pub service_date: Option<Date>,
    /// SHA-256 of the answers in canonical form.
    pub answers: String,
}

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// Whether the case gives this receipt again.
    pub same: bool,
    /// Fields that differ.
    pub differs: Vec<&'static str>,
}

object!(Receipt {
    engine "engine", pack "pack", revision "revision", digest "digest", service "service", service_date "serviceDate",
    answers "answers",
});
object!(Replay { same "same", differs "differs" });

/// The answers in canonical form: one line a known answer, sorted by name. How a figure was spelt
/// (`20000`, `20,000.00`) leaves no trace.
pub(super) fn answers_digest(service: &Service, encoded: &Encoded) -> String {
    let program = &service.program;
    let mut lines: Vec<String> = Vec::with_capacity(program.inputs.len().saturating_add(program.lists.len()));
    for (input, value) in program.inputs.iter().zip(&encoded.inputs) {
        let line = match value {
            Ok(n) => figure(input, *n),
            Err(state) => [&input.name, ":", state_name(*state)].concat(),
        };
        insert(&mut lines, line);
    }
    for (list, records) in program.lists.iter().zip(&encoded.lists) {
        let mut line = [&list.name, "["].concat();
        for record in records.iter().flatten() {
            for (field, value) in list.fields.iter().zip(record) {
                match value {
                    Ok(n) => line.push_str(&figure(field, *n)),
                    Err(_) => line.push_str(&[&field.name, "?"].concat()),
                }
                line.push(',');
            }
            line.push(';');
        }
        insert(&mut lines, line);
    }
    let mut digest = String::with_capacity(64);
    for byte in Sha256::digest(joined(&mut lines.iter().map(String::as_str), "\n")) {
        for half in [byte >> 4, byte & 15] {
            digest.extend(char::from_digit(u32::from(half), 16));
        }
    }
    digest
}

fn figure(input: &Input, n: i64) -> String {
    [&input.name, "=", &value_of(input.kind, wide(input.den), wide(n))].concat()
}

/// Inserts a line where it belongs among sorted ones.
fn insert(lines: &mut Vec<String>, line: String) {
    let at = lines.partition_point(|known| *known <= line);
    lines.insert(at, line);
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Known => "Known",
        State::Unknown => "Unknown",
        State::NotApplicable => "NotApplicable",
        State::Unset => "Unset",
        State::Failed => "Failed",
    }
}

/// Decides a kept case again and says whether it gives the receipt.
///
/// # Errors
/// Where the case itself is not one of this service.
pub fn replay(engine: &Engine, case: &Case, receipt: &Receipt) -> Result<Replay, Diagnostics> {
    let decision = decide(engine, &receipt.service, case)?;
    let again = &decision.receipt;
    let mut differs = Vec::new();
    for (name, same) in [
        ("engine", again.engine == receipt.engine),
        ("pack", again.pack == receipt.pack),
        ("revision", again.revision == receipt.revision),
        ("digest", again.digest == receipt.digest),
        ("serviceDate", again.service_date == receipt.service_date),
        ("answers", again.answers == receipt.answers),
    ] {
        if !same {
            differs.push(name);
        }
    }
    Ok(Replay { same: differs.is_empty(), differs })
}
