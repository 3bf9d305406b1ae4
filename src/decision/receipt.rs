//! The receipt: what a decision rests on, and a digest of the answers, so that it can be replayed.

use super::decide::decide;
use super::engine::Engine;
use crate::case::{Case, Encoded, value_of};
use crate::date::Date;
use crate::diagnostic::Diagnostics;
use crate::json::object;
use crate::plan::Service;
use sha2::{Digest, Sha256};
use std::fmt::Write;

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
    let mut lines: Vec<String> = program
        .inputs
        .iter()
        .zip(&encoded.inputs)
        .map(|(input, value)| match value {
            Ok(n) => format!("{}={}", input.name, value_of(input.kind, i128::from(input.den), i128::from(*n))),
            Err(state) => format!("{}:{state:?}", input.name),
        })
        .collect();
    for (list, records) in program.lists.iter().zip(&encoded.lists) {
        let mut line = format!("{}[", list.name);
        for record in records.iter().flatten() {
            for (field, value) in list.fields.iter().zip(record) {
                let _ = match value {
                    Ok(n) => {
                        write!(line, "{}={},", field.name, value_of(field.kind, i128::from(field.den), i128::from(*n)))
                    }
                    Err(_) => write!(line, "{}?,", field.name),
                };
            }
            line.push(';');
        }
        lines.push(line);
    }
    lines.sort();
    let hash = Sha256::digest(lines.join("\n"));
    hash.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Decides a kept case again and says whether it gives the receipt.
///
/// # Errors
/// Where the case itself is not one of this service.
pub fn replay(engine: &Engine, case: &Case, receipt: &Receipt) -> Result<Replay, Diagnostics> {
    let again = decide(engine, &receipt.service, case)?.receipt;
    let fields = [
        ("engine", again.engine == receipt.engine),
        ("pack", again.pack == receipt.pack),
        ("revision", again.revision == receipt.revision),
        ("digest", again.digest == receipt.digest),
        ("serviceDate", again.service_date == receipt.service_date),
        ("answers", again.answers == receipt.answers),
    ];
    let differs: Vec<&'static str> = fields.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
    Ok(Replay { same: differs.is_empty(), differs })
}
