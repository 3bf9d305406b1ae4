//! The packs under `packs/`, with the native engine: compiled, and decided case by case.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use yibao_rules::case::{Answer, AnswerKind, Case, Earlier, Named, case_of};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Engine, decide};
use yibao_rules::diagnostic::{Diagnostics, render_human};
use yibao_rules::json::to_string;
use yibao_rules::plan::Plan;
use yibao_rules::runner::{Origin, Scenario, parse_cases};
use yibao_rules::text::{Limits, parse};
use yibao_rules::year::{YearCase, year};

use crate::paths;

/// A pack's folder and what it compiled to.
pub struct Compiled {
    pub folder: PathBuf,
    pub plan: Plan,
}

/// Writes a value as JSON and returns the text.
pub fn write(out: &Path, name: &str, value: &impl serde::Serialize) -> Result<String> {
    let file = out.join(name);
    let text = serde_json::to_string(value)?;
    fs::write(&file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(text)
}

/// A pack's file, its name as diagnostics show it, and its bytes.
type Source = (PathBuf, String, Vec<u8>);

/// The packs of these folders of the repository, those that bound others first. Such a pack says so in `frame` at the top
/// level, and has no bounds itself.
fn sources(folders: &[&str]) -> Result<Vec<Source>> {
    let mut all = Vec::new();
    for folder in folders {
        let folder = paths::root().join(folder);
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path().join("pack.yaml");
            if path.is_file() {
                let (name, bytes) = read(&path)?;
                all.push((path, name, bytes));
            }
        }
    }
    all.sort_by_key(|(path, _, bytes)| (!declares_bounds(bytes), path.clone()));
    Ok(all)
}

/// The vocabulary, without bounds.
fn vocabulary() -> Result<Library> {
    let mut library = Library::new();
    let (name, bytes) = read(&paths::root().join("packs/vocabulary.yaml"))?;
    library.add_vocabulary(&name, &bytes).map_err(|problems| rendered(&problems, &name, &bytes))?;
    Ok(library)
}

/// What any pack may lean on: the vocabulary and the bounds of the shipped frames.
pub fn library() -> Result<Library> {
    let mut library = vocabulary()?;
    for (_, name, bytes) in sources(&["packs"])?.iter().filter(|(_, _, bytes)| declares_bounds(bytes)) {
        let frame = Pack::parse(name, bytes, &library).map_err(|problems| rendered(&problems, name, bytes))?;
        library.add_frame(&frame);
    }
    Ok(library)
}

/// Copies what packs elsewhere lean on: the vocabulary, and the packs that bound others.
pub fn share(out: &Path) -> Result<()> {
    let (_, vocabulary) = read(&paths::root().join("packs/vocabulary.yaml"))?;
    fs::write(out.join("vocabulary.yaml"), vocabulary).context("cannot write the vocabulary")?;
    for (path, name, bytes) in sources(&["packs"])?.iter().filter(|(_, _, bytes)| declares_bounds(bytes)) {
        let folder = path.parent().and_then(Path::file_name).with_context(|| format!("{name} has no folder"))?;
        fs::create_dir_all(out.join(folder))?;
        fs::write(out.join(folder).join("pack.yaml"), bytes).with_context(|| format!("cannot copy {name}"))?;
    }
    Ok(())
}

/// The files of all shipped packs.
pub fn shipped() -> Result<Vec<String>> {
    let mut all: Vec<String> = sources(&["packs"])?.into_iter().map(|(path, ..)| path.display().to_string()).collect();
    all.sort();
    Ok(all)
}

/// Every pack of these folders of the repository, compiled after the bounds that others refer to. All packs with problems
/// are reported at once.
pub fn compile(folders: &[&str]) -> Result<Vec<Compiled>> {
    let mut library = vocabulary()?;
    let sources = sources(folders)?;
    let mut all = Vec::new();
    let mut problems = Vec::new();
    for (path, name, bytes) in sources {
        match Pack::parse(&name, &bytes, &library) {
            Ok(pack) => {
                for warning in pack.warnings().iter() {
                    println!("{}", render_human(warning, std::str::from_utf8(&bytes).ok()));
                }
                library.add_frame(&pack);
                all.push(Compiled {
                    folder: path.parent().map(Path::to_path_buf).unwrap_or_default(),
                    plan: pack.into_plan(),
                });
            }
            Err(found) => problems.push(rendered(&found, &name, &bytes).to_string()),
        }
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    all.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok(all)
}

fn declares_bounds(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"frame:"))
}

/// A file's name as diagnostics show it, and its bytes.
pub fn read(path: &Path) -> Result<(String, Vec<u8>)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok((shown(path), bytes))
}

/// A path from the repository's root, as everybody else writes it.
fn shown(path: &Path) -> String {
    path.strip_prefix(paths::root()).unwrap_or(path).display().to_string()
}

/// Diagnostics as an error, each with the line it is about.
pub fn rendered(problems: &Diagnostics, file: &str, bytes: &[u8]) -> anyhow::Error {
    let text = std::str::from_utf8(bytes).ok();
    let all: Vec<String> = problems
        .iter()
        .map(|problem| {
            let own = problem.place.as_ref().is_none_or(|place| place.file == file);
            render_human(problem, text.filter(|_| own))
        })
        .collect();
    anyhow::anyhow!("{file} has problems\n{}", all.join("\n"))
}

/// A case as a caller of the package gives it, with what the native engine answers.
pub struct Asked {
    pub case: String,
    pub origin: Origin,
    /// None for a year.
    pub service: Option<String>,
    /// JSON, with the answers in the order of the file.
    pub input: String,
    pub answer: Result<String, Diagnostics>,
}

/// Every case of a pack, answered. A pack without cases is for other tests to report.
pub fn answers(folder: &Path, plan: Plan) -> Result<Vec<Asked>> {
    let path = folder.join("cases.yaml");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let engine = Engine::load(plan).context("a compiled plan does not load")?;
    let (name, bytes) = read(&path)?;
    let cases = match parse_cases(&name, &bytes) {
        Err(problems) if problems.iter().all(|problem| problem.code == "no-cases") => return Ok(Vec::new()),
        read => read.map_err(|problems| rendered(&problems, &name, &bytes))?,
    };
    let mut all = Vec::new();
    for case in cases.cases {
        let (service, input, answer) = match case.scenario {
            Scenario::One(service, one) => {
                let answer = decide(&engine, &service, &one).map(|answer| to_string(&answer));
                (Some(service), object(&case_parts(&one)), answer)
            }
            Scenario::Year(whole) => (None, year_json(&whole), year(&engine, &whole).map(|answer| to_string(&answer))),
        };
        all.push(Asked { case: case.id, origin: case.origin, service, input, answer });
    }
    Ok(all)
}

/// What the native engine answers to every case of every pack: in the directory `out`, the plans and one line a case in
/// `decisions.jsonl` (what was asked, a tab, the answer). The tests hold the other builds to the same bytes.
pub fn write_decisions(out: &Path) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let list = out.join("decisions.jsonl");
    let mut file = BufWriter::new(File::create(&list).with_context(|| format!("cannot write {}", list.display()))?);
    let mut lines = 0;
    for Compiled { folder, plan } in compile(&["packs", "tests/packs"])? {
        let id = plan.pack.id.clone();
        write(out, &format!("{id}.plan.json"), &plan)?;
        for Asked { case, service, input, answer, .. } in answers(&folder, plan)? {
            let asked = object(&[
                ("pack", json!(id).to_string()),
                ("case", json!(case).to_string()),
                ("service", json!(service).to_string()),
                ("input", input),
            ]);
            writeln!(file, "{asked}\t{}", answered(answer))?;
            lines += 1;
        }
    }
    file.flush()?;
    println!("{lines} decisions written to {}", list.display());
    Ok(())
}

/// Answers what a test asks. Each line of `questions.tsv` in a folder is a plan's file there, a service and a case in
/// JSON, with tabs between; `answers.jsonl` gets a line for each, as in `decisions.jsonl`.
pub fn write_answers(folder: &Path) -> Result<()> {
    let asked = folder.join("questions.tsv");
    let asked = fs::read_to_string(&asked).with_context(|| format!("cannot read {}", asked.display()))?;
    let mut engines: BTreeMap<&str, Engine> = BTreeMap::new();
    let mut out = BufWriter::new(File::create(folder.join("answers.jsonl")).context("cannot write answers.jsonl")?);
    for line in asked.lines() {
        let [plan, service, case] = line.splitn(3, '\t').collect::<Vec<_>>()[..] else { bail!("no question: {line}") };
        if !engines.contains_key(plan) {
            let text = fs::read(folder.join(plan)).with_context(|| format!("cannot read {plan}"))?;
            engines.insert(plan, Engine::load(serde_json::from_slice(&text)?).context("a plan does not load")?);
        }
        let case = parse("case", case.as_bytes(), &Limits::default()).and_then(|node| case_of("case", "", &node));
        let answer = case.and_then(|case| decide(&engines[plan], service, &case)).map(|answer| to_string(&answer));
        writeln!(out, "{}", answered(answer))?;
    }
    out.flush()?;
    Ok(())
}

/// Objects are written by hand: the order of answers is kept, and serde_json's own objects are sorted.
pub fn object(all: &[(&str, String)]) -> String {
    let one = |(key, value): &(&str, String)| format!("{}:{value}", json!(key));
    format!("{{{}}}", all.iter().map(one).collect::<Vec<_>>().join(","))
}

fn named_json(named: &Named) -> String {
    let all: Vec<(&str, String)> = named.iter().map(|(name, answer)| (name.as_str(), answer_json(answer))).collect();
    object(&all)
}

fn answer_json(answer: &Answer) -> String {
    match &answer.kind {
        AnswerKind::None => "null".to_owned(),
        AnswerKind::Truth(yes) => yes.to_string(),
        AnswerKind::Text(text) | AnswerKind::Unreadable(text) => json!(text).to_string(),
        AnswerKind::List(all) => {
            let all: Vec<String> = all.iter().map(answer_json).collect();
            format!("[{}]", all.join(","))
        }
        AnswerKind::Map(named) => named_json(named),
    }
}

/// A case as a caller of the package gives it.
fn case_parts(case: &Case) -> Vec<(&'static str, String)> {
    let mut all = vec![("facts", named_json(&case.facts))];
    for (key, named) in [("parameters", &case.parameters), ("ledger", &case.ledger)] {
        if !named.is_empty() {
            all.push((key, named_json(named)));
        }
    }
    match &case.previous {
        Earlier::Unknown => {}
        Earlier::None => all.push(("previous", json!("none").to_string())),
        Earlier::Known(named) => all.push(("previous", named_json(named))),
    }
    all
}

fn year_json(year: &YearCase) -> String {
    let encounters: Vec<String> = year
        .encounters
        .iter()
        .map(|encounter| {
            let mut all = case_parts(&encounter.case);
            all.push(("id", json!(encounter.id).to_string()));
            all.push(("service", json!(encounter.service).to_string()));
            if let Some(followed) = &encounter.follows {
                all.push(("follows", json!(followed).to_string()));
            }
            object(&all)
        })
        .collect();
    let mut all = vec![("encounters", format!("[{}]", encounters.join(",")))];
    if let Some(opening) = &year.opening {
        all.push(("opening", named_json(opening)));
    }
    if !year.parameters.is_empty() {
        all.push(("parameters", named_json(&year.parameters)));
    }
    object(&all)
}

/// The answer, or what was found wrong as JSON.
fn answered(answer: Result<String, Diagnostics>) -> String {
    answer.unwrap_or_else(|problems| {
        let all: Vec<Value> = problems
            .iter()
            .map(|problem| json!({ "code": problem.code, "message": problem.message, "help": problem.help }))
            .collect();
        json!({ "error": all }).to_string()
    })
}
