//! One plan, one open service, its columns.

use crate::columns::{Filled, FilledList, Given, lent};
use crate::compiled::Module;
use crate::request::{Numbers, Reply, Request};
use std::collections::BTreeMap;
use std::sync::Arc;
use yibao_rules::batch::{Batch, Outcome};
use yibao_rules::decision::Engine;
use yibao_rules::diagnostic::{Diagnostic, Diagnostics};
use yibao_rules::plan::{self, Input};

/// Room for so many cases at most; a host with more of them runs again.
const MOST_CASES: usize = 1 << 20;
/// Room for so many records at most.
const MOST_RECORDS: usize = 1 << 24;

/// What an instance holds.
#[derive(Debug, Default)]
pub struct Host {
    text: Vec<u8>,
    reply: String,
    engine: Option<Arc<Engine>>,
    open: Option<Open>,
}

#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) batch: Batch,
    cases: usize,
    pub(crate) inputs: Vec<Filled>,
    lists: Vec<Option<FilledList>>,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) outputs: Vec<Given>,
    /// The service as a module of its own, for columns that stand where they do.
    compiled: Option<Module>,
}

fn problem(code: &'static str, message: String, help: &str) -> Diagnostics {
    Diagnostic::error(code, message).help(help.to_owned()).into()
}

impl Host {
    /// Room for a text.
    pub fn text_room(&mut self, bytes: usize) -> &mut [u8] {
        self.text.clear();
        self.text.resize(bytes, 0);
        &mut self.text
    }

    /// The answer to the last call, as JSON.
    #[must_use]
    pub fn reply(&self) -> &str {
        &self.reply
    }

    /// Takes the text as a plan; what was open is closed.
    pub fn load(&mut self) -> bool {
        self.open = None;
        self.engine = None;
        let text = core::mem::take(&mut self.text);
        let loaded = loaded(&text).map(|engine| self.engine = Some(engine));
        self.answer(loaded.map(|()| String::new()))
    }

    /// Takes the text as a request.
    pub fn open(&mut self) -> bool {
        self.open = None;
        let text = core::mem::take(&mut self.text);
        let opened = opened(self.engine.as_ref(), &text).map(|(open, reply)| {
            self.open = Some(open);
            reply
        });
        self.answer(opened)
    }

    /// Decides the first cases of the columns.
    pub fn run(&mut self, cases: usize) -> bool {
        self.decide(cases, Open::run)
    }

    /// Decides those of the first cases that the compiled service left.
    pub fn rest(&mut self, cases: usize) -> bool {
        self.decide(cases, Open::rest)
    }

    fn decide(&mut self, cases: usize, how: fn(&mut Open, usize) -> Result<(), Diagnostics>) -> bool {
        let done = match &mut self.open {
            Some(open) => open.within(cases).and_then(|()| how(open, cases)),
            None => Err(problem("batch-closed", "no service is open".into(), "open one first")),
        };
        self.answer(done.map(|()| String::new()))
    }

    /// Keeps the reply; whether the call did what it was asked to.
    fn answer(&mut self, answer: Result<String, Diagnostics>) -> bool {
        let done = answer.is_ok();
        self.reply = answer.unwrap_or_else(|problems| yibao_rules::json::to_string(&problems));
        done
    }
}

pub(crate) fn bad(message: String) -> Diagnostics {
    problem("batch-request", message, "")
}

fn loaded(text: &[u8]) -> Result<Arc<Engine>, Diagnostics> {
    let bad = |message: String| problem("bad-plan", message, "");
    let text = core::str::from_utf8(text).map_err(|e| bad(e.to_string()))?;
    let plan = plan::read(text).map_err(bad)?;
    Ok(Arc::new(Engine::load(plan).map_err(|e| bad(e.to_string()))?))
}

/// Opens what a request asks for, and says where its columns stand.
fn opened(engine: Option<&Arc<Engine>>, text: &[u8]) -> Result<(Open, String), Diagnostics> {
    let bad = |message: String, help: &str| problem("batch-request", message, help);
    let engine = engine.ok_or_else(|| problem("batch-closed", "no plan is loaded".into(), "load one first"))?;
    let request: Request = serde_json::from_slice(text).map_err(|e| bad(e.to_string(), ""))?;
    if request.cases == 0 || request.cases > MOST_CASES {
        return Err(bad(format!("room for {} cases", request.cases), "from 1 to 1048576; run again for more"));
    }
    let outputs: Vec<&str> = request.outputs.iter().map(String::as_str).collect();
    let batch = Batch::open(Arc::clone(engine), &request.service, &outputs)?;
    let inputs = columns(batch.inputs(), &request.inputs, request.cases)?;
    let mut lists = Vec::new();
    for list in batch.lists() {
        let asked = request.lists.get(&list.name);
        if asked.is_some_and(|asked| asked.records > MOST_RECORDS) {
            return Err(bad(format!("room for too many records of `{}`", list.name), "at most 16777216"));
        }
        lists.push(match asked {
            None => None,
            Some(asked) => Some(FilledList {
                starts: vec![0; request.cases.saturating_add(1)],
                fields: columns(&list.fields, &asked.fields, asked.records)?,
                records: asked.records,
            }),
        });
    }
    known(request.lists.keys(), &mut batch.lists().iter().map(|list| list.name.as_str()))?;
    let outputs: Vec<Given> =
        batch.outputs().iter().map(|output| Given::new(output, request.whole, request.cases)).collect();
    let outcomes = vec![Outcome::Incomplete; request.cases];
    let mut open = Open { batch, cases: request.cases, inputs, lists, outcomes, outputs, compiled: None };
    // Records are read by the interpreter alone.
    if request.compiled && request.lists.is_empty() {
        open.compiled = Module::of(&open);
    }
    let reply = serde_json::to_string(&open.reply()).map_err(|e| bad(e.to_string(), ""))?;
    Ok((open, reply))
}

/// One column an input, filled where the host says so.
fn columns(inputs: &[Input], asked: &BTreeMap<String, Numbers>, cases: usize) -> Result<Vec<Filled>, Diagnostics> {
    known(asked.keys(), &mut inputs.iter().map(|input| input.name.as_str()))?;
    Ok(inputs.iter().map(|input| Filled::new(asked.get(&input.name).copied(), cases)).collect())
}

/// Refuses a name that is none of those there are.
fn known<'a>(
    asked: impl Iterator<Item = &'a String>,
    there: &mut dyn Iterator<Item = &'a str>,
) -> Result<(), Diagnostics> {
    let there: Vec<&str> = there.collect();
    for name in asked {
        if !there.contains(&name.as_str()) {
            let help = format!("there are {}", there.join(" "));
            return Err(problem("unknown-fact", format!("the service reads no `{name}`"), &help));
        }
    }
    Ok(())
}

impl Open {
    fn reply(&self) -> Reply {
        let lists = self.batch.lists().iter().zip(&self.lists);
        Reply {
            inputs: self
                .batch
                .inputs()
                .iter()
                .zip(&self.inputs)
                .filter_map(|(input, column)| column.place(input))
                .collect(),
            lists: lists.filter_map(|(list, filled)| Some(filled.as_ref()?.place(list))).collect(),
            outcomes: self.outcomes.as_ptr() as usize,
            outputs: self
                .batch
                .outputs()
                .iter()
                .zip(&self.outputs)
                .map(|(output, given)| given.place(output))
                .collect(),
            compiled: self.compiled.as_ref().map(Module::place),
        }
    }

    pub(crate) fn is_compiled(&self) -> bool {
        self.compiled.is_some()
    }

    fn within(&self, cases: usize) -> Result<(), Diagnostics> {
        let most = self.cases;
        if cases <= most { Ok(()) } else { Err(bad(format!("{cases} cases, there is room for {most}"))) }
    }

    pub(crate) fn run(&mut self, cases: usize) -> Result<(), Diagnostics> {
        let inputs: Vec<_> = self.inputs.iter().map(|column| column.column(cases)).collect();
        let mut filled = Vec::new();
        for list in &self.lists {
            filled.push(match list {
                None => None,
                Some(list) => {
                    Some(list.fields(cases).ok_or_else(|| bad("there are more records than room for them".into()))?)
                }
            });
        }
        let mut values: Vec<_> = self.outputs.iter_mut().map(|given| given.values(cases)).collect();
        let outcomes = self.outcomes.get_mut(..cases).unwrap_or_default();
        self.batch.run(&inputs, &lent(&filled), outcomes, &mut values).map_err(|e| bad(e.to_string()))
    }
}
