//! Paths side by side: the same illness at other levels, dates or packs, and the steps that differ.

use crate::case::Case;
use crate::decision::{Decision, Engine, Outcome, Value, decide};
use crate::diagnostic::Diagnostics;
use crate::json::object;
use crate::number::Wide;
use crate::plan::Text;

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
    let mut ids: Vec<(String, Text)> = Vec::new();
    for step in decisions.iter().flat_map(|d| &d.steps) {
        if !ids.iter().any(|(id, _)| *id == step.id) {
            ids.push((step.id.clone(), step.label.clone()));
        }
    }
    let of = |d: &Decision, id: &str| d.steps.iter().find(|s| s.id == id).cloned();
    ids.into_iter()
        .filter_map(|(id, label)| {
            let steps: Vec<_> = decisions.iter().map(|d| of(d, &id)).collect();
            let values: Vec<Option<Value>> = steps.iter().map(|s| s.as_ref().and_then(|s| s.value.clone())).collect();
            let same = values.iter().all(|v| Some(v) == values.first());
            let clauses = steps
                .iter()
                .map(|s| {
                    s.iter()
                        .flat_map(|s| s.rows.iter().filter(|r| r.chosen).flat_map(|r| &r.cites).chain(&s.cites))
                        .map(|c| c.clause.clone())
                        .collect()
                })
                .collect();
            (!same).then_some(Difference { step: id, label, values, clauses })
        })
        .collect()
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
