//! A year as JavaScript walked it.

use super::wire::{Reading, Wire, joined, place};
use crate::diagnostic::clipped;
use crate::year::{Encounter, YearCase};

const KEYS: &str = "opening parameters encounters";
const ENCOUNTER_KEYS: &str = "id service follows facts parameters ledger previous";

impl Reading<'_> {
    fn known_keys(&mut self, wire: &Wire, keys: &str, path: &str) {
        for (key, _) in wire.entries() {
            if !keys.split(' ').any(|known| known == key) {
                self.report(
                    "unknown-key",
                    format!("`{}` is not a key here", clipped(key)),
                    &joined(path, key),
                    &format!("keys are {keys}"),
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
        let opening = wire.get("opening").map(|w| self.opening(w, "opening"));
        let parameters = wire.get("parameters").map(|w| self.parameters(w, "parameters")).unwrap_or_default();
        let mut encounters = Vec::new();
        match wire.get("encounters") {
            Some(Wire::List(all)) => {
                for (i, item) in all.iter().enumerate() {
                    encounters.extend(self.encounter(item, &format!("encounters[{i}]")));
                }
            }
            other => {
                let found = other.map_or_else(|| "nothing".into(), Wire::word);
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
        let sections = wire
            .entries()
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "id" | "service" | "follows"))
            .cloned()
            .collect();
        // Without a section there are no facts; the encounter's own keys are none.
        let mut sections = Wire::Map(sections);
        if let (Wire::Map(all), None) = (&mut sections, wire.get("facts")) {
            all.push(("facts".into(), Wire::Map(Vec::new())));
        }
        let case = self.case(&sections, path);
        Some(Encounter { id, service, follows: word("follows"), case, place: Some(place(path)) })
    }
}
