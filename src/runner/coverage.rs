//! Which rows, bands, conditions and exceptions the cases of a pack reach, and which threshold edges.

use super::Report;
use super::edges::{Edge, edges};
use crate::json::object;
use crate::plan::{Cite, Form, Plan, RowText, Service, State, Step};
use std::collections::{BTreeMap, BTreeSet};

/// What cases reach of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Rules there are.
    pub rules: Vec<Rule>,
    /// Threshold edges there are.
    pub edges: Vec<Edge>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `service.step#row` and the like.
    pub id: String,
    /// Service.
    pub service: String,
    /// Step.
    pub step: String,
    /// `row`, `band`, `condition`, `exception` or `step`.
    pub kind: &'static str,
    /// Clauses that it cites: `source/clause`.
    pub clauses: Vec<String>,
    /// Reports that reach it, by their number.
    pub by: Vec<usize>,
}

object!(Coverage { rules "rules", edges "edges" });
object!(Rule { id "id", service "service", step "step", kind "kind", clauses "clauses", by "by" });

impl Coverage {
    /// Rules that no case reaches.
    pub fn unreached(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().filter(|rule| rule.by.is_empty()).map(|rule| rule.id.as_str())
    }
}

/// Rules of a pack that its reports reach: each table row and band chosen, each condition held and
/// not held, each exception applied, each other step computed; and each side of its threshold edges.
#[must_use]
pub fn coverage(plan: &Plan, reports: &[Report]) -> Coverage {
    let mut reached: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (number, report) in reports.iter().enumerate() {
        for name in report.answer.decisions().into_iter().flat_map(reached_by) {
            reached.entry(name).or_default().insert(number);
        }
    }
    let mut rules: Vec<Rule> = Vec::new();
    for service in &plan.services {
        rules.extend(service.steps.iter().flat_map(|step| rules_of(plan, service, step)));
    }
    for rule in &mut rules {
        rule.by = reached.get(&rule.id).map(|all| all.iter().copied().collect()).unwrap_or_default();
    }
    Coverage { rules, edges: edges(plan, reports) }
}

fn reached_by(decision: &crate::decision::Decision) -> Vec<String> {
    let mut reached = Vec::new();
    for step in &decision.steps {
        let name = format!("{}.{}", decision.service.id, step.id);
        reached.extend(step.rows.iter().enumerate().filter(|(_, r)| r.chosen).map(|(i, _)| format!("{name}#{i}")));
        if step.value.as_ref().is_some_and(|v| v.state == State::Known) || !step.records.is_empty() {
            let value = step.value.as_ref().map(|v| v.text.as_str()).unwrap_or_default();
            reached.extend([name.clone(), format!("{name}={value}")]);
        }
        if step.applied == Some(true) {
            reached.push(format!("{name} applied"));
        }
    }
    reached
}

fn rules_of(plan: &Plan, service: &Service, step: &Step) -> Vec<Rule> {
    let name = format!("{}.{}", service.id, step.id);
    let rule = |id: String, kind: &'static str, row: &[Cite]| {
        let cited = step.cites.iter().chain(row).filter_map(|cite| clause_id(plan, cite));
        let clauses: BTreeSet<String> = cited.collect();
        let clauses = clauses.into_iter().collect();
        Rule { id, service: service.id.clone(), step: step.id.clone(), kind, clauses, by: Vec::new() }
    };
    let row = |(i, row): (usize, &RowText), kind| rule(format!("{name}#{i}"), kind, &row.cites);
    match &step.form {
        Form::Table { rows, table, .. } if step.block.is_none() => {
            let refusing = |i: usize| refuses(service, *table, i);
            rows.iter().enumerate().filter(|(i, _)| !refusing(*i)).map(|r| row(r, "row")).collect()
        }
        Form::Bands { rows, .. } => rows.iter().enumerate().map(|r| row(r, "band")).collect(),
        Form::Condition { .. } => ["true", "false"].map(|is| rule(format!("{name}={is}"), "condition", &[])).into(),
        Form::Exception { .. } => vec![rule(format!("{name} applied"), "exception", &[])],
        _ => vec![rule(name.clone(), "step", &[])],
    }
}

/// Whether a row has no value to give.
fn refuses(service: &Service, table: u32, row: usize) -> bool {
    let result = service.program.tables.get(table as usize).and_then(|t| t.rows.get(row)).map(|r| r.result);
    let constant = result
        .and_then(|r| (r as usize).checked_sub(service.program.inputs.len()))
        .and_then(|c| service.program.constants.get(c));
    constant.is_some_and(|c| c.state != State::Known)
}

fn clause_id(plan: &Plan, cite: &Cite) -> Option<String> {
    let source = plan.sources.get(cite.source as usize)?;
    Some(format!("{}/{}", source.id, source.clauses.get(cite.clause as usize)?.id))
}
