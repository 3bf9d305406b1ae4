//! Runs the cases of a pack and says what differs. The one runner: native tests, the Node command
//! and the self-test of a page all go through it.

mod compare;
mod coverage;
mod read;

pub use coverage::{Coverage, coverage};
pub use read::{CaseFile, Expected, Origin, Scenario, TestCase, parse_cases};

use crate::decision::{Decision, Engine, decide};
use crate::diagnostic::Diagnostics;
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
    pub failures: Vec<String>,
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

fn run_one(engine: &Engine, test: &TestCase) -> Report {
    let (service, answer) = match &test.scenario {
        Scenario::One(service, case) => {
            let answer = match decide(engine, service, case) {
                Ok(decision) => Answered::One(Box::new(decision)),
                Err(e) => Answered::Error(e),
            };
            (service.clone(), answer)
        }
        Scenario::Year(case) => {
            let service = case.encounters.first().map(|e| e.service.clone()).unwrap_or_default();
            let answer = match year(engine, case) {
                Ok(view) => Answered::Year(Box::new(view)),
                Err(e) => Answered::Error(e),
            };
            (service, answer)
        }
    };
    let answer = match answer {
        Answered::Error(problems) => Answered::Error(placed(problems, test)),
        answer => answer,
    };
    let failures = compare::differences(&test.expect, &answer);
    Report { id: test.id.clone(), service, origin: test.origin, failures, answer }
}
