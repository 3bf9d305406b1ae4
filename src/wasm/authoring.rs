//! Packs and cases from text, for authors.

use super::{thrown, thrown_one, written};
use crate::case::{Answer, AnswerKind, Case, Earlier, Named, case_of};
use crate::compile::{Library, Pack};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, render_human};
use crate::text::{self, Limits};
use serde::{Deserialize, Serialize, Serializer};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// What a pack leans on.
#[derive(Deserialize)]
struct Sources {
    file: String,
    text: String,
    #[serde(default)]
    vocabulary: Option<(String, String)>,
    #[serde(default)]
    frames: Vec<(String, String)>,
}

fn parse(sources: &str) -> Result<Pack, Diagnostics> {
    let sources: Sources = serde_json::from_str(sources)
        .map_err(|e| Diagnostics::from(Diagnostic::error("unreadable-pack", e.to_string())))?;
    let mut library = Library::new();
    if let Some((file, text)) = &sources.vocabulary {
        library.add_vocabulary(file, text.as_bytes())?;
    }
    for (file, text) in &sources.frames {
        let frame = Pack::parse(file, text.as_bytes(), &library)?;
        library.add_frame(&frame);
    }
    Pack::parse(&sources.file, sources.text.as_bytes(), &library)
}

/// Compiles a pack to its plan, as JSON.
///
/// # Errors
/// Every problem of the pack, or of what it leans on.
#[wasm_bindgen(js_name = compilePack)]
pub fn compile_pack(sources: &str) -> Result<String, JsValue> {
    let pack = parse(sources).map_err(|e| thrown(&e))?;
    written(pack.plan())
}

/// All problems of a pack, warnings included, as JSON.
///
/// # Errors
/// Never but for a fault of the engine.
#[wasm_bindgen(js_name = checkPack)]
pub fn check_pack(sources: &str) -> Result<String, JsValue> {
    match parse(sources) {
        Ok(pack) => written(pack.warnings()),
        Err(problems) => written(&problems),
    }
}

/// A case as plain data, and where each of its answers stands.
#[derive(Serialize)]
struct ReadCase {
    case: Plain,
    places: Vec<Place>,
}

/// Answers written back as plain JSON.
enum Plain {
    One(AnswerKind),
    Case(Case),
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(kind) => match kind {
                AnswerKind::None => serializer.serialize_unit(),
                AnswerKind::Truth(yes) => serializer.serialize_bool(*yes),
                AnswerKind::Text(text) | AnswerKind::Unreadable(text) => serializer.serialize_str(text),
                AnswerKind::List(all) => serializer.collect_seq(all.iter().map(|a| Self::One(a.kind.clone()))),
                AnswerKind::Map(all) => serializer.collect_map(entries(all)),
            },
            Self::Case(case) => {
                let mut all: Vec<(&str, Self)> = vec![("facts", Self::One(AnswerKind::Map(case.facts.clone())))];
                for (key, named) in [("parameters", &case.parameters), ("ledger", &case.ledger)] {
                    if !named.is_empty() {
                        all.push((key, Self::One(AnswerKind::Map(named.clone()))));
                    }
                }
                match &case.previous {
                    Earlier::Unknown => {}
                    Earlier::None => all.push(("previous", Self::One(AnswerKind::Text("none".into())))),
                    Earlier::Known(named) => all.push(("previous", Self::One(AnswerKind::Map(named.clone())))),
                }
                serializer.collect_map(all)
            }
        }
    }
}

fn entries(named: &Named) -> impl Iterator<Item = (&str, Plain)> {
    named.iter().map(|(name, answer)| (name.as_str(), Plain::One(answer.kind.clone())))
}

fn places(answer: &Answer, out: &mut Vec<Place>) {
    out.extend(answer.place.clone());
    match &answer.kind {
        AnswerKind::List(all) => all.iter().for_each(|a| places(a, out)),
        AnswerKind::Map(all) => all.iter().for_each(|(_, a)| places(a, out)),
        _ => {}
    }
}

/// Reads a case from YAML or JSON text.
///
/// # Errors
/// Every problem of the text.
#[wasm_bindgen(js_name = readCase)]
pub fn read_case(file: &str, source: &str) -> Result<String, JsValue> {
    let node = text::parse(file, source.as_bytes(), &Limits::default()).map_err(|e| thrown(&e))?;
    let case = case_of(file, "", &node).map_err(|e| thrown(&e))?;
    let mut all = Vec::new();
    let known = match &case.previous {
        Earlier::Known(named) => named.as_slice(),
        _ => &[],
    };
    for (_, answer) in case.facts.iter().chain(&case.parameters).chain(&case.ledger).chain(known) {
        places(answer, &mut all);
    }
    written(&ReadCase { case: Plain::Case(case), places: all })
}

/// A diagnostic as JavaScript has it.
#[derive(Deserialize)]
struct Shown {
    code: String,
    severity: String,
    message: String,
    help: Option<String>,
    place: Option<Place>,
}

/// A diagnostic for a terminal, with the line it is about.
///
/// # Errors
/// Where it is no diagnostic.
#[wasm_bindgen(js_name = renderDiagnostic)]
pub fn render_diagnostic(diagnostic: &str, source: Option<String>) -> Result<String, JsValue> {
    let shown: Shown = serde_json::from_str(diagnostic)
        .map_err(|e| thrown_one(Diagnostic::error("unreadable-diagnostic", e.to_string())))?;
    let make = if shown.severity == "warning" { Diagnostic::warning } else { Diagnostic::error };
    let mut made = make(shown.code, shown.message);
    made.help = shown.help;
    made.place = shown.place;
    Ok(render_human(&made, source.as_deref()))
}
