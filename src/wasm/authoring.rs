//! Packs and cases from text, for authors.

use super::{Handle, json, thrown, thrown_one, written};
use crate::case::{Answer, AnswerKind, Case, Earlier, Named, answer_of, case_of};
use crate::compile::{Library, Pack};
use crate::diagnostic::{Also, Diagnostic, Diagnostics, Place, render_human};
use crate::runner::{CaseFile, Scenario, Tested, asked, parse_cases};
use crate::text::{self, Limits};
use crate::year::YearCase;
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// What a pack leans on.
struct Sources {
    file: String,
    text: String,
    vocabulary: Option<(String, String)>,
    frames: Vec<(String, String)>,
}

json::record!(Sources { file "file", text "text", vocabulary "vocabulary", frames "frames" default });

fn parse(sources: &str) -> Result<Pack, Diagnostics> {
    let sources: Sources =
        json::from_str(sources).map_err(|e| Diagnostics::from(Diagnostic::error("unreadable-pack", e.to_string())))?;
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
    Map(Vec<(&'static str, Self)>),
    List(Vec<Self>),
}

impl Plain {
    fn text(text: &str) -> Self {
        Self::One(AnswerKind::Text(text.to_owned()))
    }

    fn map(named: &Named) -> Self {
        Self::One(AnswerKind::Map(named.clone()))
    }

    /// What a case of a case file asks: a service and its answers, or a year.
    fn asked(scenario: Scenario) -> Self {
        Self::Map(match scenario {
            Scenario::One(service, case) => vec![("service", Self::text(&service)), ("case", Self::Case(case))],
            Scenario::Year(year) => vec![("year", Self::year(&year))],
        })
    }

    fn year(year: &YearCase) -> Self {
        let mut all: Vec<(&'static str, Self)> = Vec::new();
        all.extend(year.opening.as_ref().map(|opening| ("opening", Self::map(opening))));
        if !year.parameters.is_empty() {
            all.push(("parameters", Self::map(&year.parameters)));
        }
        let encounters = year.encounters.iter().map(|encounter| {
            let mut fields = vec![("id", Self::text(&encounter.id)), ("service", Self::text(&encounter.service))];
            fields.extend(encounter.follows.as_ref().map(|before| ("follows", Self::text(before))));
            fields.extend(sections(&encounter.case));
            Self::Map(fields)
        });
        all.push(("encounters", Self::List(encounters.collect())));
        Self::Map(all)
    }
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
            Self::Case(case) => serializer.collect_map(sections(case)),
            Self::Map(all) => serializer.collect_map(all.iter().map(|(key, value)| (key, value))),
            Self::List(all) => serializer.collect_seq(all),
        }
    }
}

fn sections(case: &Case) -> Vec<(&'static str, Plain)> {
    let mut all = vec![("facts", Plain::map(&case.facts))];
    for (key, named) in [("parameters", &case.parameters), ("ledger", &case.ledger)] {
        if !named.is_empty() {
            all.push((key, Plain::map(named)));
        }
    }
    match &case.previous {
        Earlier::Unknown => {}
        Earlier::None => all.push(("previous", Plain::text("none"))),
        Earlier::Known(named) => all.push(("previous", Plain::map(named))),
    }
    all
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

/// Case files, given as a JSON list of name and text.
fn case_files(files: &str) -> Result<Vec<CaseFile>, JsValue> {
    let files: Vec<(String, String)> =
        json::from_str(files).map_err(|e| thrown_one(Diagnostic::error("unreadable-case", e.to_string())))?;
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
        written(&Tested::run(&self.engine, &case_files(files)?, all))
    }

    /// What the cases of files ask, in their order, as JSON; nothing for one that asks what cannot be asked.
    ///
    /// # Errors
    /// Every problem of the files' form.
    #[wasm_bindgen(js_name = askedByCases)]
    pub fn asked_by_cases(&self, files: &str) -> Result<String, JsValue> {
        let files = case_files(files)?;
        let cases = files.iter().flat_map(|file| &file.cases);
        written(&cases.map(|case| asked(&self.engine, case).ok().map(Plain::asked)).collect::<Vec<_>>())
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
    written(&ReadCase { case: Plain::One(answer.kind), places: all })
}

/// A diagnostic as JavaScript has it.
struct Shown {
    code: String,
    severity: String,
    message: String,
    help: Option<String>,
    place: Option<Place>,
    also: Vec<Also>,
}

json::record!(Shown {
    code "code", severity "severity", message "message", help "help", place "place", also "also" default,
});
json::record!(Also { place "place", label "label" });
json::record!(Place { file "file", line "line", column "column", end_line "endLine", end_column "endColumn", path "path" });

/// A diagnostic for a terminal, with the line it is about.
///
/// # Errors
/// Where it is no diagnostic.
#[wasm_bindgen(js_name = renderDiagnostic)]
pub fn render_diagnostic(diagnostic: &str, source: Option<String>) -> Result<String, JsValue> {
    let shown: Shown = json::from_str(diagnostic)
        .map_err(|e| thrown_one(Diagnostic::error("unreadable-diagnostic", e.to_string())))?;
    let make = if shown.severity == "warning" { Diagnostic::warning } else { Diagnostic::error };
    let mut made = make(shown.code, shown.message);
    made.help = shown.help;
    made.place = shown.place;
    made.also = shown.also;
    Ok(render_human(&made, source.as_deref()))
}
