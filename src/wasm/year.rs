//! A year as JavaScript walked it.

use super::wire::{Reading, Wire, among, joined, place};
use crate::diagnostic::clipped;
use crate::year::{Encounter, YearCase};

const KEYS: &str = "opening parameters encounters";
const ENCOUNTER_KEYS: &str = "id service follows facts parameters ledger previous";

impl Reading<'_> {
    fn known_keys(&mut self, wire: &Wire, keys: &str, path: &str) {
        for (key, _) in wire.entries() {
            if !among(keys, key) {
                self.report(
                    "unknown-key",
                    format!("`{}` is not a key here", clipped(key)),
                    &joined(path, key),
                    &["keys are ", keys].concat(),
                );
            }
        }
    }

    /// `{ opening?, parameters?, encounters: [{ id, service, follows?, facts, … }] }`
    pub(super) fn year(&mut self, wire: &Wire) -> YearCase {
        if !matches!(wire, Wire::Map(_)) {
            self.report(
                "expected-mapping",
                format!("found {} where a year is expected", wire.word()),
                "",
                "give { encounters: [ … ] }",
            );
            return YearCase::default();
        }
        self.known_keys(wire, KEYS, "");
        let opening = wire.get("opening").map(|_| self.opening(wire));
        let parameters = self.parameters(wire, "");
        let mut encounters = Vec::new();
        match wire.get("encounters") {
            Some(Wire::List(all)) => {
                for (i, item) in all.iter().enumerate() {
                    if let Some(encounter) = self.encounter(item, &format!("encounters[{i}]")) {
                        encounters.push(encounter);
                    }
                }
            }
            other => {
                let found = other.unwrap_or(&Wire::None).word();
                self.report(
                    "expected-list",
                    format!("found {found} where the list of encounters is expected"),
                    "encounters",
                    "give encounters: [ { id, service, facts } ]",
                );
            }
        }
        YearCase { opening, encounters, parameters }
    }

    fn encounter(&mut self, wire: &Wire, path: &str) -> Option<Encounter> {
        self.known_keys(wire, ENCOUNTER_KEYS, path);
        let word = |key: &str| wire.get(key).and_then(Wire::text).map(str::to_owned);
        let (Some(id), Some(service)) = (word("id"), word("service")) else {
            self.report(
                "missing-key",
                "an encounter has `id` and `service`".into(),
                path,
                "give { id: \"first\", service: \"inpatient\", facts: { … } }",
            );
            return None;
        };
        let case = self.sections(wire, "id service follows", path);
        Some(Encounter { id, service, follows: word("follows"), case, place: Some(place(path)) })
    }
}
