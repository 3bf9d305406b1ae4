//! Threshold edges of a pack, and on which sides of each its cases stand: one unit below (a fen, a day), at it, one
//! above.

use super::Report;
use crate::decision::{StepView, Value};
use crate::formula::{FigureUnit, parse_figure};
use crate::json::object;
use crate::number::{Ratio, parse_decimal};
use crate::plan::{Form, Piece, Plan, RowText, Service, State, Step};
use std::collections::{BTreeMap, BTreeSet};

/// An edge, and the cases beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Service.
    pub service: String,
    /// Step.
    pub step: String,
    /// What is held against the edge: a table's key, an amount's name, or `bands`.
    pub of: String,
    /// The edge as the pack writes it.
    pub at: String,
    /// Reports one unit below, by their number.
    pub below: Vec<usize>,
    /// Reports at it.
    pub equal: Vec<usize>,
    /// Reports one unit above.
    pub above: Vec<usize>,
}

object!(Edge { service "service", step "step", of "of", at "at", below "below", equal "equal", above "above" });

/// What a step showed in a report.
struct Seen<'a> {
    by: usize,
    view: &'a StepView,
}

/// All edges of all services, in reading order.
pub(super) fn edges(plan: &Plan, reports: &[Report]) -> Vec<Edge> {
    let mut all = Vec::new();
    for service in &plan.services {
        let tables: BTreeMap<&str, &[RowText]> = service
            .steps
            .iter()
            .filter_map(|step| match &step.form {
                Form::Table { rows, .. } => Some((step.id.as_str(), rows.as_slice())),
                _ => None,
            })
            .collect();
        for step in service.steps.iter().filter(|step| step.block.is_none()) {
            let seen = seen(reports, service, step);
            match &step.form {
                Form::Bands { rows, .. } => bands(service, step, rows, &seen, &mut all),
                Form::Table { keys, rows, .. } => cells(service, step, keys, rows, &seen, &mut all),
                Form::Value => thresholds(service, step, &tables, &seen, &mut all),
                _ => {}
            }
        }
    }
    all
}

fn seen<'a>(reports: &'a [Report], service: &Service, step: &Step) -> Vec<Seen<'a>> {
    let mut all = Vec::new();
    for (by, report) in reports.iter().enumerate() {
        let decisions = report.answer.decisions().into_iter().filter(|d| d.service.id == service.id);
        all.extend(decisions.flat_map(|d| d.steps.iter().filter(|s| s.id == step.id)).map(|view| Seen { by, view }));
    }
    all
}

/// A figure in its smallest unit: fen, days, months. Nothing for rates and the like, which are not counted.
fn counted(text: &str) -> Option<Ratio> {
    let figure = parse_figure(text.trim()).ok()?;
    match figure.unit {
        FigureUnit::Yuan => figure.value.mul(Ratio::from_int(100)),
        FigureUnit::Days | FigureUnit::Months => Some(figure.value),
        _ => None,
    }
}

/// The same for a value of a decision.
fn units(value: &Value) -> Option<Ratio> {
    if value.state != State::Known {
        return None;
    }
    let number = parse_decimal(&value.text).ok()?;
    match value.unit {
        "yuan" => number.mul(Ratio::from_int(100)),
        "days" | "months" => Some(number),
        _ => None,
    }
}

fn beside(values: &[(usize, Ratio)], edge: Ratio, by: i64) -> Vec<usize> {
    let Some(wanted) = edge.add(Ratio::from_int(by)) else { return Vec::new() };
    let found: BTreeSet<usize> = values.iter().filter(|(_, value)| *value == wanted).map(|(by, _)| *by).collect();
    found.into_iter().collect()
}

fn edge(service: &Service, step: &Step, of: &str, at: String, edge: Ratio, values: &[(usize, Ratio)]) -> Edge {
    Edge {
        service: service.id.clone(),
        step: step.id.clone(),
        of: of.to_owned(),
        at,
        below: beside(values, edge, -1),
        equal: beside(values, edge, 0),
        above: beside(values, edge, 1),
    }
}

/// Ends of the intervals in a table's cells.
fn cells(service: &Service, step: &Step, keys: &[String], rows: &[RowText], seen: &[Seen], all: &mut Vec<Edge>) {
    for (i, key) in keys.iter().enumerate() {
        let ends: BTreeMap<Ratio, &str> = rows
            .iter()
            .filter_map(|row| row.cells.get(i))
            .flat_map(|cell| cell.split(['[', ']', '(', ')', ',', '<', '>', '=']))
            .filter_map(|end| Some((counted(end).filter(|n| *n > Ratio::ZERO)?, end.trim())))
            .collect();
        let read = |s: &Seen| -> Option<(usize, Ratio)> {
            let formula = s.view.formulas.iter().find(|f| f.role == "key" && f.text == *key)?;
            // A key that is calculated has no value of its own among what was read.
            let [read] = formula.reads.as_slice() else { return None };
            Some((s.by, units(&read.value)?))
        };
        let values: Vec<(usize, Ratio)> = seen.iter().filter_map(read).collect();
        all.extend(ends.into_iter().map(|(end, text)| edge(service, step, key, text.to_owned(), end, &values)));
    }
}

/// Inner edges of bands. Below an edge the band lacks one fen of being full; above it the next one holds one.
fn bands(service: &Service, step: &Step, rows: &[RowText], seen: &[Seen], all: &mut Vec<Edge>) {
    let mut before = Ratio::ZERO;
    for (i, row) in rows.iter().enumerate().take(rows.len().saturating_sub(1)) {
        let text = row.cells.first().map(String::as_str).unwrap_or_default();
        let portions: Vec<(usize, Ratio, Ratio)> = seen
            .iter()
            .filter_map(|s| {
                let portion = |at: usize| units(s.view.rows.get(at)?.portion.as_ref()?);
                Some((s.by, portion(i)?, portion(i.checked_add(1)?)?))
            })
            .collect();
        // A stay that begins within the band fills less of it: what it holds where the next one begins is full too.
        let one = Ratio::from_int(1);
        let mut full: BTreeSet<Ratio> = portions.iter().filter(|p| p.2 == one).map(|p| p.1).collect();
        if let Some(end) = counted(text) {
            full.extend(end.sub(before));
            before = end;
        }
        let with = |less: i64, over: Ratio| -> Vec<usize> {
            let holds = |n: Ratio| full.iter().any(|f| f.sub(Ratio::from_int(less)) == Some(n));
            let found: BTreeSet<usize> = portions.iter().filter(|p| p.2 == over && holds(p.1)).map(|p| p.0).collect();
            found.into_iter().collect()
        };
        all.push(Edge {
            service: service.id.clone(),
            step: step.id.clone(),
            of: "bands".into(),
            at: text.to_owned(),
            below: with(1, Ratio::ZERO),
            equal: with(0, Ratio::ZERO),
            above: with(0, one),
        });
    }
}

/// `min(threshold, amount)`, where a table gives the threshold: each of its figures is an edge of the amount.
fn thresholds(service: &Service, step: &Step, tables: &BTreeMap<&str, &[RowText]>, seen: &[Seen], all: &mut Vec<Edge>) {
    let Some(pieces) = step.formulas.first().map(|f| f.pieces.as_slice()) else { return };
    if !matches!(pieces.first(), Some(Piece::Text(words)) if words.starts_with("min(")) {
        return;
    }
    let names: Vec<&str> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Name(name, _) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
        .collect();
    let (threshold, amount, rows) = match names.as_slice() {
        [a, b] => match (tables.get(a), tables.get(b)) {
            (Some(rows), None) => (*a, *b, *rows),
            (None, Some(rows)) => (*b, *a, *rows),
            _ => return,
        },
        _ => return,
    };
    let figures: BTreeMap<Ratio, &str> =
        rows.iter().filter_map(|row| Some((counted(&row.is).filter(|n| *n > Ratio::ZERO)?, row.is.as_str()))).collect();
    let read = |s: &Seen, name: &str| {
        let reads = &s.view.formulas.first()?.reads;
        units(&reads.iter().find(|r| r.id == name)?.value)
    };
    let both: Vec<(usize, Ratio, Ratio)> =
        seen.iter().filter_map(|s| Some((s.by, read(s, threshold)?, read(s, amount)?))).collect();
    for (figure, text) in figures {
        let values: Vec<(usize, Ratio)> = both.iter().filter(|b| b.1 == figure).map(|b| (b.0, b.2)).collect();
        all.push(edge(service, step, amount, text.to_owned(), figure, &values));
    }
}
