//! What became of cases, as plain data.

use super::{Answered, CaseFile, Coverage, Difference, Origin, Report, coverage, run};
use crate::decision::{Decision, Engine};
use crate::diagnostic::{Diagnostics, Place};
use crate::json::{ToJson, Writer, object};
use crate::year::YearView;

/// Cases of one or more files, and what they reach together.
#[derive(Debug, Clone)]
pub struct Tested {
    /// Cases in the order of their files.
    pub cases: Vec<CaseView>,
    /// What they reach; numbers are places in `cases`.
    pub coverage: Coverage,
}

/// A case that ran.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// Id.
    pub id: String,
    /// Service asked.
    pub service: String,
    /// Where its numbers come from.
    pub origin: &'static str,
    /// Words by which it is chosen.
    pub tags: Vec<String>,
    /// Where it stands.
    pub place: Place,
    /// Clauses that its answer shows.
    pub clauses: Vec<String>,
    /// What differs, each with the place of what was expected.
    pub differences: Vec<Placed>,
    /// Hand calculations: path and sum.
    pub working: Vec<(String, String)>,
    /// What the engine answered, where something differs or all is asked for.
    pub answer: Option<Answer>,
}

/// A difference, and where the expected value stands.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The difference.
    pub difference: Difference,
    /// The place.
    pub place: Option<Place>,
}

/// What the engine answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A decision.
    Decision(Box<Decision>),
    /// A year.
    Year(Box<YearView>),
    /// Errors of the answers.
    Errors(Diagnostics),
}

impl Tested {
    /// Runs the cases of these files. With `all`, every answer is kept, else those in which something differs.
    #[must_use]
    pub fn run(engine: &Engine, files: &[CaseFile], all: bool) -> Self {
        let tests = files.iter().flat_map(|file| &file.cases);
        let reports: Vec<Report> = files.iter().flat_map(|file| run(engine, file)).collect();
        let cases = tests.zip(&reports).map(|(test, report)| CaseView {
            id: report.id.clone(),
            service: report.service.clone(),
            origin: match report.origin {
                Origin::Published => "published",
                Origin::Derived => "derived",
                Origin::Invented => "invented",
            },
            tags: test.tags.clone(),
            place: test.place.clone(),
            clauses: clauses(report),
            differences: report
                .failures
                .iter()
                .map(|difference| Placed {
                    place: test.spots.iter().find(|(path, _)| *path == difference.path).map(|(_, at)| at.clone()),
                    difference: difference.clone(),
                })
                .collect(),
            working: test.working.clone(),
            answer: (all || !report.failures.is_empty()).then(|| match &report.answer {
                Answered::One(decision) => Answer::Decision(decision.clone()),
                Answered::Year(year) => Answer::Year(year.clone()),
                Answered::Error(problems) => Answer::Errors(problems.clone()),
            }),
        });
        Self { cases: cases.collect(), coverage: coverage(engine.plan(), &reports) }
    }
}

fn clauses(report: &Report) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for clause in report.answer.decisions().into_iter().flat_map(|d| &d.clauses) {
        if !all.contains(&clause.id) {
            all.push(clause.id.clone());
        }
    }
    all
}

impl ToJson for Answer {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Decision(decision) => out.object("decision", &[&**decision]),
            Self::Year(year) => out.object("year", &[&**year]),
            Self::Errors(problems) => out.object("errors", &[problems]),
        }
    }
}

object!(Tested { cases "cases", coverage "coverage" });
object!(CaseView {
    id "id", service "service", origin "origin", tags "tags", place "place", clauses "clauses",
    differences "differences", working "working", answer "answer",
});
object!(Placed { difference "difference", place "place" });
