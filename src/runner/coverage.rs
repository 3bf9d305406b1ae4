//! Which rows, bands, conditions and exceptions the cases of a pack reach.

use super::Report;
use crate::plan::{Form, Plan};
use std::collections::BTreeSet;

/// What cases reach of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Rules there are.
    pub rules: usize,
    /// Rules that no case reaches: `service.step#row` and the like.
    pub unreached: Vec<String>,
}

/// Rules of a pack that its reports reach: each table row and band chosen, each condition held and
/// not held, each exception applied, each other step computed.
#[must_use]
pub fn coverage(plan: &Plan, reports: &[Report]) -> Coverage {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    for decision in reports.iter().flat_map(|r| r.answer.decisions()) {
        let service = &decision.service.id;
        for step in &decision.steps {
            for (i, _) in step.rows.iter().enumerate().filter(|(_, row)| row.chosen) {
                reached.insert(format!("{service}.{}#{i}", step.id));
            }
            let known =
                step.value.as_ref().is_some_and(|v| v.state == crate::plan::State::Known) || !step.records.is_empty();
            if known {
                reached.insert(format!("{service}.{}", step.id));
                reached.insert(format!(
                    "{service}.{}={}",
                    step.id,
                    step.value.as_ref().map(|v| v.text.as_str()).unwrap_or_default()
                ));
            }
            if step.applied == Some(true) {
                reached.insert(format!("{service}.{} applied", step.id));
            }
        }
    }
    let all = rules(plan);
    let unreached: Vec<String> = all.iter().filter(|rule| !reached.contains(*rule)).cloned().collect();
    Coverage { rules: all.len(), unreached }
}

fn rules(plan: &Plan) -> Vec<String> {
    let mut all = Vec::new();
    for service in &plan.services {
        for step in &service.steps {
            let name = format!("{}.{}", service.id, step.id);
            match &step.form {
                Form::Table { rows, .. } if step.block.is_none() => {
                    let refusing = |i: usize| {
                        let Form::Table { table, .. } = &step.form else { return false };
                        let result =
                            service.program.tables.get(*table as usize).and_then(|t| t.rows.get(i)).map(|r| r.result);
                        let constant = result
                            .and_then(|r| (r as usize).checked_sub(service.program.inputs.len()))
                            .and_then(|c| service.program.constants.get(c));
                        constant.is_some_and(|c| c.state != crate::plan::State::Known)
                    };
                    all.extend((0..rows.len()).filter(|i| !refusing(*i)).map(|i| format!("{name}#{i}")));
                }
                Form::Bands { rows, .. } => all.extend((0..rows.len()).map(|i| format!("{name}#{i}"))),
                Form::Condition { .. } => all.extend([format!("{name}=true"), format!("{name}=false")]),
                Form::Exception { .. } => all.push(format!("{name} applied")),
                _ => all.push(name),
            }
        }
    }
    all
}
