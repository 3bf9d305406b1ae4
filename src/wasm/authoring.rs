//! Packs and cases from text, for authors.

use super::{Handle, json, one_problem, thrown, written};
use crate::case::{Answer, AnswerKind, Case, Earlier, Named, answer_of, case_of};
use crate::compile::{Library, Pack};
use crate::diagnostic::{Also, Diagnostic, Diagnostics, Place, render_human};
use crate::json::{ToJson, Writer, object, to_string};
use crate::runner::{CaseFile, Scenario, Tested, asked, parse_cases};
use crate::text::{self, Limits};
use crate::year::{Encounter, YearCase};
use serde::Deserialize;
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
    let sources: Sources = serde_json::from_str(sources).map_err(|e| one_problem("unreadable-pack", e.to_string()))?;
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
    serde_json::to_string(pack.plan()).map_err(|e| thrown(&one_problem("internal", e.to_string())))
}

/// The text whose SHA-256 is a pack's digest.
///
/// # Errors
/// As [`compile_pack`].
#[wasm_bindgen(js_name = canonicalPack)]
pub fn canonical_pack(sources: &str) -> Result<String, JsValue> {
    Ok(parse(sources).map_err(|e| thrown(&e))?.canonical().to_owned())
}

/// All problems of a pack, warnings included, as JSON.
///
/// # Errors
/// Never but for a fault of the engine.
#[wasm_bindgen(js_name = checkPack)]
pub fn check_pack(sources: &str) -> Result<String, JsValue> {
    Ok(match parse(sources) {
        Ok(pack) => to_string(pack.warnings()),
        Err(problems) => to_string(&problems),
    })
}

/// A case as plain data, and where each of its answers stands.
struct ReadCase {
    case: Case,
    places: Vec<Place>,
}

object!(ReadCase { case "case", places "places" });

impl ToJson for Answer {
    fn write(&self, out: &mut Writer) {
        match &self.kind {
            AnswerKind::None => out.plain("null"),
            AnswerKind::Truth(yes) => yes.write(out),
            AnswerKind::Text(text) | AnswerKind::Unreadable(text) => out.text(text),
            AnswerKind::List(all) => all.write(out),
            AnswerKind::Map(all) => Entries(all).write(out),
        }
    }
}

/// Named answers as an object.
struct Entries<'a>(&'a Named);

impl ToJson for Entries<'_> {
    fn write(&self, out: &mut Writer) {
        out.named(&mut self.0.iter().map(|(name, answer)| (name.as_str(), answer as &dyn ToJson)));
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

impl ToJson for Earlier {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Unknown | Self::None => out.text("none"),
            Self::Known(named) => Entries(named).write(out),
        }
    }

    fn is_absent(&self) -> bool {
        *self == Self::Unknown
    }
}

impl ToJson for Case {
    fn write(&self, out: &mut Writer) {
        let Self { facts, parameters, ledger, previous } = self;
        out.object(
            "facts parameters? ledger? previous?",
            &[&Entries(facts), &Entries(parameters), &Entries(ledger), previous],
        );
    }
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
    written(Ok(ReadCase { case, places: all }))
}

/// Plain data, and where each part of it stands.
struct ReadData {
    case: Answer,
    places: Vec<Place>,
}

object!(ReadData { case "case", places "places" });

impl ToJson for Scenario {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::One(service, case) => out.object("service case", &[service, case]),
            Self::Year(year) => out.object("year", &[year]),
        }
    }
}

impl ToJson for YearCase {
    fn write(&self, out: &mut Writer) {
        let Self { opening, parameters, encounters } = self;
        out.object(
            "opening? parameters? encounters",
            &[&opening.as_ref().map(Entries), &Entries(parameters), encounters],
        );
    }
}

impl ToJson for Encounter {
    fn write(&self, out: &mut Writer) {
        let Self { id, service, follows, case: Case { facts, parameters, ledger, previous }, place: _ } = self;
        out.object(
            "id service follows? facts parameters? ledger? previous?",
            &[id, service, follows, &Entries(facts), &Entries(parameters), &Entries(ledger), previous],
        );
    }
}

/// Case files, given as a JSON list of name and text.
fn case_files(files: &str) -> Result<Vec<CaseFile>, JsValue> {
    let files: Vec<(String, String)> =
        json::from_str(files).map_err(|e| thrown(&one_problem("unreadable-case", e.to_string())))?;
    let (mut read, mut problems) = (Vec::new(), Diagnostics::new());
    for (file, text) in &files {
        match parse_cases(file, text.as_bytes()) {
            Ok(cases) => read.push(cases),
            Err(found) => problems.append(found),
        }
    }
    if problems.has_errors() { Err(thrown(&problems)) } else { Ok(read) }
}

#[wasm_bindgen]
impl Handle {
    /// Runs the cases of files; what became of them, as JSON. With `all`, every answer stands in it, else those in which
    /// something differs.
    ///
    /// # Errors
    /// Every problem of the files' form.
    #[wasm_bindgen(js_name = testCases)]
    pub fn test_cases(&self, files: &str, all: bool) -> Result<String, JsValue> {
        Ok(to_string(&Tested::run(&self.engine, &case_files(files)?, all)))
    }

    /// What the cases of files ask, in their order, as JSON; nothing for one that asks what cannot be asked.
    ///
    /// # Errors
    /// Every problem of the files' form.
    #[wasm_bindgen(js_name = askedByCases)]
    pub fn asked_by_cases(&self, files: &str) -> Result<String, JsValue> {
        let files = case_files(files)?;
        let cases = files.iter().flat_map(|file| &file.cases);
        Ok(to_string(&cases.map(|case| asked(&self.engine, case).ok()).collect::<Vec<_>>()))
    }
}

/// Reads plain data from YAML or JSON text, such as a year of encounters.
///
/// # Errors
/// Every problem of the text.
#[wasm_bindgen(js_name = readData)]
pub fn read_data(file: &str, source: &str) -> Result<String, JsValue> {
    let node = text::parse(file, source.as_bytes(), &Limits::default()).map_err(|e| thrown(&e))?;
    let answer = answer_of(file, "", &node);
    let mut all = Vec::new();
    places(&answer, &mut all);
    Ok(to_string(&ReadData { case: answer, places: all }))
}

/// A diagnostic as JavaScript has it.
#[derive(Deserialize)]
struct Shown {
    code: String,
    severity: String,
    message: String,
    help: Option<String>,
    place: Option<Place>,
    #[serde(default)]
    also: Vec<Also>,
}

/// A diagnostic for a terminal, with the line it is about.
///
/// # Errors
/// Where it is no diagnostic.
#[wasm_bindgen(js_name = renderDiagnostic)]
pub fn render_diagnostic(diagnostic: &str, source: Option<String>) -> Result<String, JsValue> {
    let shown: Shown =
        serde_json::from_str(diagnostic).map_err(|e| thrown(&one_problem("unreadable-diagnostic", e.to_string())))?;
    let make = if shown.severity == "warning" { Diagnostic::warning } else { Diagnostic::error };
    let mut made = make(shown.code, shown.message);
    made.help = shown.help;
    made.place = shown.place;
    made.also = shown.also;
    Ok(render_human(&made, source.as_deref()))
}
