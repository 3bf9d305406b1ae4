//! The plans with their two lists of contents, as a portal serves them.
//!
//! `public.json` holds the packs that an authority has reviewed and stands for; none as shipped. `demo.json` holds all,
//! and everything read from it is a demonstration. Beside each plan lie its cases, for the self-test.

use std::path::Path;

use anyhow::Result;
use flate2::Crc;
use serde_json::{Value, json};
use sha2::{Digest, Sha384};
use yibao_rules::plan::{Plan, Status};
use yibao_rules::runner::Origin;

use crate::packs::{self, Asked, Compiled};

/// Codes of GB/T 2260 that are no place with its own rules: not named, and the whole country.
const UNNAMED: &str = "000000";
const COUNTRY: &str = "100000";

/// Compiles every pack into `out`, an empty directory.
pub fn write(out: &Path) -> Result<()> {
    let all = packs::compile(&["packs"])?;
    let mut entries = Vec::new();
    for Compiled { folder, plan } in all {
        let id = plan.pack.id.clone();
        let text = packs::write(out, &file_of(&id, "plan"), &plan)?;
        let asked = packs::answers(&folder, plan.clone())?;
        let cases = cases_text(&asked);
        std::fs::write(out.join(file_of(&id, "cases")), &cases)?;
        entries.push((is_public(&plan), entry(&plan, text.as_bytes(), cases.as_bytes(), asked.len())));
    }
    let public: Vec<&Value> = entries.iter().filter(|(reviewed, _)| *reviewed).map(|(_, entry)| entry).collect();
    let demo: Vec<&Value> = entries.iter().map(|(_, entry)| entry).collect();
    let places = demo.iter().filter(|entry| entry["selectable"] == json!(true)).count();
    println!(
        "{} compiled, {places} of them places to choose, {} reviewed",
        crate::steps::plural(demo.len(), "pack"),
        public.len()
    );
    packs::write(out, "public.json", &public)?;
    packs::write(out, "demo.json", &demo)?;
    Ok(())
}

/// Whether somebody reviewed a pack, on a day that is said, and stands for it.
fn is_public(plan: &Plan) -> bool {
    plan.pack.reviewed_by.is_some() && plan.pack.reviewed_on.is_some()
}

fn file_of(id: &str, what: &str) -> String {
    format!("{id}.{what}.json")
}

fn entry(plan: &Plan, text: &[u8], cases: &[u8], count: usize) -> Value {
    let header = &plan.pack;
    let services: Vec<Value> = plan
        .services
        .iter()
        .map(|service| {
            json!({
                "id": service.id, "title": service.title, "kind": service.kind, "topic": service.topic,
                "officer": service.officer,
            })
        })
        .collect();
    let why = not_a_place(plan);
    json!({
        "id": header.id, "revision": header.revision, "title": header.title, "region": header.region,
        "regionCode": header.region_code, "status": header.status, "evidenceDate": header.evidence_date,
        "reviewedBy": header.reviewed_by, "reviewedOn": header.reviewed_on,
        "demonstration": !is_public(plan), "selectable": why.is_none(), "why": why,
        "format": plan.format, "engine": plan.engine, "digest": plan.digest,
        "plan": file_of(&header.id, "plan"), "integrity": integrity(text),
        "cases": { "file": file_of(&header.id, "cases"), "integrity": integrity(cases), "count": count },
        "services": services,
    })
}

/// Why nobody may choose a pack as the place where they are insured, or nothing where one may.
///
/// An authority that reviewed a pack answers for its sources. Otherwise each of them has to be the policy text or a page
/// of the authority, read at the issuer's own address: the weakest decides.
pub fn not_a_place(plan: &Plan) -> Option<&'static str> {
    let header = &plan.pack;
    let never = match header.status {
        Status::Proposal => Some("proposal"),
        Status::Comparison => Some("comparison"),
        Status::Illustrative => Some("illustrative"),
        Status::Invented => Some("invented"),
        Status::InForce | Status::Dated | Status::Historical => None,
    };
    let unplaced = match header.region_code.as_str() {
        UNNAMED => Some("anonymous"),
        COUNTRY => Some("national"),
        _ => None,
    };
    if never.or(unplaced).is_some() {
        return never.or(unplaced);
    }
    if is_public(plan) {
        return None;
    }
    // A document whose id has a colon belongs to a national pack that bounds this one.
    let own = || plan.sources.iter().filter(|source| !source.id.contains(':'));
    if own().next().is_none() {
        Some("unfound")
    } else if own().any(|source| source.grade == "seed") {
        Some("collected")
    } else if own().any(|source| source.grade == "press") {
        Some("press")
    } else if own().any(|source| source.mirror) {
        Some("mirror")
    } else {
        None
    }
}

/// As in the `integrity` of a script element.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", base64(&Sha384::digest(bytes)))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// A pack's cases as its own self-test in a browser reads them: what is asked, and the check sum of the whole answer.
fn cases_text(all: &[Asked]) -> String {
    let one = |asked: &Asked| {
        let origin = match asked.origin {
            Origin::Published => "published",
            Origin::Derived => "derived",
            Origin::Invented => "invented",
        };
        let mut sum = Crc::new();
        sum.update(comparable(asked).as_bytes());
        packs::object(&[
            ("id", json!(asked.case).to_string()),
            ("origin", json!(origin).to_string()),
            ("service", json!(asked.service).to_string()),
            ("input", asked.input.clone()),
            ("sum", sum.sum().to_string()),
        ])
    };
    format!("[{}]", all.iter().map(one).collect::<Vec<_>>().join(",\n"))
}

/// Errors by content: their order is that of places in a file, which a case from JavaScript has not.
fn comparable(asked: &Asked) -> String {
    match &asked.answer {
        Ok(answer) => answer.clone(),
        Err(problems) => {
            let mut lines: Vec<String> =
                problems.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect();
            lines.sort();
            lines.join("\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{base64, entry, integrity, is_public, not_a_place};
    use crate::packs;

    /// From RFC 4648, section 10.
    #[test]
    fn base64_as_the_standard_shows_it() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    /// From the W3C recommendation on subresource integrity, section 3.2: `alert('Hello, world.');`.
    #[test]
    fn integrity_as_the_recommendation_shows_it() {
        let hash = "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO";
        assert_eq!(integrity(b"alert('Hello, world.');"), hash);
    }

    #[test]
    fn what_is_no_place_and_why() {
        let all = packs::compile(&["packs"]).unwrap();
        let why = |id: &str| not_a_place(&all.iter().find(|one| one.plan.pack.id == id).unwrap().plan);
        for (id, expected) in [
            ("anhui-suzhou-resident", None),
            ("gaizhou-2021", None),
            ("kaiser", Some("comparison")),
            ("nhs", Some("comparison")),
            ("guizhou-telehealth", Some("proposal")),
            ("example-we-02", Some("illustrative")),
            ("alliance-deductible-subsidy", Some("anonymous")),
            ("cn-national-frame", Some("national")),
            ("beijing-resident", Some("press")),
            ("shanghai-employee-2023", Some("press")),
            ("tianjin-topup", Some("mirror")),
            ("jiamusi-resident-2018", Some("mirror")),
            ("yingkou-resident", Some("collected")),
        ] {
            assert_eq!(why(id), expected, "{id}");
        }
    }

    #[test]
    fn an_authority_that_reviewed_a_pack_answers_for_its_sources() {
        let mut all = packs::compile(&["packs"]).unwrap();
        let one = all.iter_mut().find(|one| one.plan.pack.id == "tianjin-topup").unwrap();
        one.plan.pack.reviewed_by = Some("天津市医疗保障局".to_owned());
        assert_eq!((is_public(&one.plan), not_a_place(&one.plan)), (false, Some("mirror")), "a day is missing");
        one.plan.pack.reviewed_on = one.plan.pack.evidence_date;
        assert_eq!((is_public(&one.plan), not_a_place(&one.plan)), (true, None));
        assert_eq!(entry(&one.plan, b"", b"", 0)["demonstration"], false);
        let comparison = all.iter_mut().find(|one| one.plan.pack.id == "nhs").unwrap();
        comparison.plan.pack.reviewed_by = Some("somebody".to_owned());
        comparison.plan.pack.reviewed_on = comparison.plan.pack.evidence_date;
        assert_eq!(not_a_place(&comparison.plan), Some("comparison"));
    }
}
