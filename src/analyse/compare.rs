//! Paths side by side: the same illness at other levels, dates or packs, and the steps that differ.

use crate::case::Case;
use crate::decision::{Decision, Engine, Outcome, StepView, Value, decide};
use crate::diagnostic::Diagnostics;
use crate::json::object;
use crate::number::Wide;
use crate::plan::Text;
use std::collections::BTreeMap;

/// One way to go.
pub struct Path<'a> {
    /// Its name.
    pub label: Text,
    /// The rules it falls under.
    pub engine: &'a Engine,
    /// Service.
    pub service: String,
    /// Answers.
    pub case: Case,
}

/// A step that comes out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Step.
    pub step: String,
    /// Label.
    pub label: Text,
    /// Its value on each path; `None` where the path has no such step.
    pub values: Vec<Option<Value>>,
    /// Clauses that the step cites on each path.
    pub clauses: Vec<Vec<String>>,
}

/// Paths side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Names of the paths.
    pub labels: Vec<Text>,
    /// A decision each.
    pub decisions: Vec<Decision>,
    /// Steps that differ, in the first path's reading order.
    pub differences: Vec<Difference>,
    /// The path on which the person pays least, where all are computed; the first of equals.
    pub least: Option<usize>,
}

/// Decides every path and says where they part.
///
/// ```
/// use yibao_rules::analyse::{Path, compare};
/// # use yibao_rules::{case::{Answer, Case}, compile::{Library, Pack}, decision::Engine, plan::Text};
/// # let mut library = Library::new();
/// # library.add_vocabulary("v", &std::fs::read("packs/vocabulary.yaml").unwrap()).unwrap();
/// # let pack = std::fs::read("packs/anhui-suzhou-resident/pack.yaml").unwrap();
/// # let engine = Engine::load(Pack::parse("p", &pack, &library).unwrap().into_plan()).unwrap();
/// let stay = |level: &str| {
///     let known = [
///         ("total", "20000"), ("out_of_scope", "0"), ("over_limit", "0"), ("first_pay", "0"), ("level", level),
///         ("admission_date", "2023-06-20"), ("scheme", "resident"), ("place", "in_city"),
///     ];
///     let facts = known.map(|(fact, answer)| (fact.into(), Answer::text(answer))).to_vec();
///     let label = Text { zh: level.into(), en: level.into() };
///     Path { label, engine: &engine, service: "inpatient".into(), case: Case { facts, ..Case::default() } }
/// };
/// let found = compare(&[stay("city_third"), stay("county")]).unwrap();
/// assert_eq!(found.least, Some(1));
/// let steps: Vec<&str> = found.differences.iter().map(|d| d.step.as_str()).collect();
/// assert_eq!(steps, ["deductible", "rate", "borne", "basic"]);
/// ```
///
/// # Errors
/// The first path whose answers are none.
pub fn compare(paths: &[Path<'_>]) -> Result<Comparison, Diagnostics> {
    let decisions: Vec<Decision> =
        paths.iter().map(|p| decide(p.engine, &p.service, &p.case)).collect::<Result<_, _>>()?;
    Ok(Comparison::of(paths.iter().map(|p| p.label.clone()).collect(), decisions))
}

impl Comparison {
    /// Where decisions part that were made already.
    #[must_use]
    pub fn of(labels: Vec<Text>, decisions: Vec<Decision>) -> Self {
        Self { labels, differences: differences(&decisions), least: least(&decisions), decisions }
    }
}

fn differences(decisions: &[Decision]) -> Vec<Difference> {
    let mut ids: Vec<(&str, &Text)> = Vec::new();
    let mut all: BTreeMap<&str, Vec<Option<&StepView>>> = BTreeMap::new();
    for (path, decision) in decisions.iter().enumerate() {
        for step in &decision.steps {
            let steps = all.entry(&step.id).or_insert_with(|| {
                ids.push((&step.id, &step.label));
                vec![None; decisions.len()]
            });
            if let Some(slot @ None) = steps.get_mut(path) {
                *slot = Some(step);
            }
        }
    }
    let difference = |(id, label): (&str, &Text)| {
        let steps = all.get(id)?;
        let values: Vec<Option<Value>> = steps.iter().map(|step| step.and_then(|step| step.value.clone())).collect();
        let same = values.iter().all(|v| Some(v) == values.first());
        let clauses = steps.iter().map(|step| step.map(clauses).unwrap_or_default()).collect();
        (!same).then(|| Difference { step: id.to_owned(), label: label.clone(), values, clauses })
    };
    ids.into_iter().filter_map(difference).collect()
}

/// Clauses of a step: of its chosen rows, then its own.
fn clauses(step: &StepView) -> Vec<String> {
    let rows = step.rows.iter().filter(|row| row.chosen).flat_map(|row| &row.cites);
    rows.chain(&step.cites).map(|cite| cite.clause.clone()).collect()
}

fn least(decisions: &[Decision]) -> Option<usize> {
    let net = |d: &Decision| -> Option<Wide> {
        let amounts = d.amounts.as_ref().filter(|_| d.outcome == Outcome::Computed)?;
        amounts.net.text.replace('.', "").parse().ok()
    };
    let all: Option<Vec<Wide>> = decisions.iter().map(net).collect();
    let all = all?;
    let best = all.iter().min()?;
    all.iter().position(|n| n == best)
}

object!(Difference { step "step", label "label", values "values", clauses "clauses" });
object!(Comparison { labels "labels", decisions "decisions", differences "differences", least "least" });
