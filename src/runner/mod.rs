//! Runs the cases of a pack and says what differs. The one runner: native tests, the Node command
//! and the self-test of a page all go through it.

mod compare;
mod coverage;
mod edges;
mod form;
mod read;
mod view;
mod working;

pub use compare::Difference;
pub use coverage::{Coverage, Rule, coverage};
pub use edges::Edge;
pub use read::{CaseFile, Expected, Origin, Scenario, TestCase, parse_cases};
pub use view::{CaseView, Tested};

use crate::analyse::bounds;
use crate::decision::{Decision, Engine, decide};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::year::{YearView, year};

/// What became of one case.
#[derive(Debug, Clone)]
pub struct Report {
    /// Id of the case.
    pub id: String,
    /// Service asked (for a year, of the first encounter).
    pub service: String,
    /// Where its numbers come from.
    pub origin: Origin,
    /// What differs; empty if nothing does.
    pub failures: Vec<Difference>,
    /// What the engine answered.
    pub answer: Answered,
}

/// What the engine answered.
#[derive(Debug, Clone)]
pub enum Answered {
    /// A decision.
    One(Box<Decision>),
    /// A year.
    Year(Box<YearView>),
    /// An error of the answers.
    Error(Diagnostics),
}

impl Answered {
    /// All decisions in it.
    #[must_use]
    pub fn decisions(&self) -> Vec<&Decision> {
        match self {
            Self::One(decision) => vec![decision],
            Self::Year(year) => year.encounters.iter().flat_map(|e| &e.pieces).map(|p| &p.decision).collect(),
            Self::Error(_) => Vec::new(),
        }
    }
}

/// Runs all cases of a file.
#[must_use]
pub fn run(engine: &Engine, file: &CaseFile) -> Vec<Report> {
    file.cases.iter().map(|case| run_one(engine, case)).collect()
}

/// Problems that stand nowhere stand at the case.
fn placed(problems: Diagnostics, test: &TestCase) -> Diagnostics {
    problems
        .iter()
        .map(|problem| match problem.place {
            Some(_) => problem.clone(),
            None => problem.clone().at(test.place.clone()),
        })
        .collect()
}

/// What a case asks, with the day that decides among the facts where the case gives it apart from them.
///
/// # Errors
/// Where no day decides, or the facts give it too.
pub fn asked(engine: &Engine, test: &TestCase) -> Result<Scenario, Diagnostics> {
    let (Scenario::One(service, case), Some(date)) = (&test.scenario, &test.date) else {
        return Ok(test.scenario.clone());
    };
    let (_, found) = engine.service(service)?;
    let wrong = |code: &'static str, message: String| {
        let problem = Diagnostic::error(code, message).at(date.place.clone().unwrap_or_default());
        Err(Diagnostics::from(problem))
    };
    let Some(input) = found.deciding_day().and_then(|reg| found.program.inputs.get(reg as usize)) else {
        return wrong("unknown-key", format!("`date` is not a key here: no day decides `{service}`"));
    };
    if case.facts.iter().any(|(name, _)| *name == input.name) {
        return wrong("duplicate-key", format!("`date` and `facts.{}` both give the day", input.name));
    }
    let mut case = case.clone();
    case.facts.push((input.name.clone(), date.clone()));
    Ok(Scenario::One(service.clone(), case))
}

/// The service asked; of a year, the first.
fn service_of(scenario: &Scenario) -> String {
    match scenario {
        Scenario::One(service, _) => service.clone(),
        Scenario::Year(case) => case.encounters.first().map(|e| e.service.clone()).unwrap_or_default(),
    }
}

fn answered(engine: &Engine, scenario: &Scenario) -> Result<Answered, Diagnostics> {
    Ok(match scenario {
        Scenario::One(service, case) => Answered::One(Box::new(decide(engine, service, case)?)),
        Scenario::Year(case) => Answered::Year(Box::new(year(engine, case)?)),
    })
}

fn run_one(engine: &Engine, test: &TestCase) -> Report {
    let scenario = asked(engine, test);
    let answer = scenario.as_ref().map_err(Clone::clone).and_then(|scenario| answered(engine, scenario));
    let answer = answer.unwrap_or_else(|problems| Answered::Error(placed(problems, test)));
    let mut found = compare::Found::new();
    compare::differences(&test.expect, &answer, &mut found);
    if let (Ok(Scenario::One(service, case)), Answered::One(_)) = (&scenario, &answer)
        && !test.expect.bounds.is_empty()
    {
        match bounds(engine, service, case) {
            Ok(known) => compare::of_bounds(&test.expect, &known, &mut found),
            Err(problems) => compare::differences(&Expected::default(), &Answered::Error(problems), &mut found),
        }
    }
    working::check(&test.working, &test.expect, &mut found);
    let (service, failures) = (service_of(&test.scenario), found.all());
    Report { id: test.id.clone(), service, origin: test.origin, failures, answer }
}
