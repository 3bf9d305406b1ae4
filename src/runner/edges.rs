//! Threshold edges of a pack, and on which sides of each its cases stand: one unit below (a fen, a day), at it, one
//! above.

use super::Report;
use crate::decision::{Decision, NamedValue, StepView, Value};
use crate::formula::{Expr, ExprKind, Figure, FigureUnit, Operator, parse, parse_figure};
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
    decision: &'a Decision,
    view: &'a StepView,
}

/// All edges of all services, in reading order.
pub(super) fn edges(plan: &Plan, reports: &[Report]) -> Vec<Edge> {
    let mut all = Vec::new();
    for service in &plan.services {
        for step in service.steps.iter().filter(|step| step.block.is_none()) {
            let seen = seen(reports, service, step);
            match &step.form {
                Form::Bands { rows, .. } => bands(service, step, rows, &seen, &mut all),
                Form::Table { keys, rows, .. } => cells(service, step, keys, rows, &seen, &mut all),
                Form::Value => thresholds(service, step, &seen, &mut all),
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
        for decision in decisions {
            let views = decision.steps.iter().filter(|view| view.id == step.id);
            all.extend(views.map(|view| Seen { by, decision, view }));
        }
    }
    all
}

/// A figure in its smallest unit: fen, days, months. Nothing for rates and the like, which are not counted.
fn smallest(figure: Figure) -> Option<Ratio> {
    match figure.unit {
        FigureUnit::Yuan => figure.value.mul(Ratio::from_int(100)),
        FigureUnit::Days | FigureUnit::Months => Some(figure.value),
        _ => None,
    }
}

/// The same for a figure as it is written.
fn counted(text: &str) -> Option<Ratio> {
    smallest(parse_figure(text.trim()).ok()?)
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

/// `min(threshold, amount)`, where a table gives the threshold, itself or by way of other steps: each of its figures is
/// an edge of the amount. A case is beside the edge of the row that it chose.
fn thresholds(service: &Service, step: &Step, seen: &[Seen], all: &mut Vec<Edge>) {
    let Some(text) = step.formulas.first().map(|formula| text_of(&formula.pieces)) else { return };
    let Some((a, b)) = least_of_two(&text) else { return };
    let tables = |e: &Expr| tables_under(service, e);
    let (threshold, table, amount) = match (tables(&a).as_slice(), tables(&b).as_slice()) {
        ([table], []) => (a, *table, b),
        ([], [table]) => (b, *table, a),
        _ => return,
    };
    let Form::Table { rows, .. } = &table.form else { return };
    let figures: BTreeMap<Ratio, &str> = rows.iter().filter_map(|row| Some((figure(row)?, row.is.as_str()))).collect();
    let itself = matches!(&threshold.kind, ExprKind::Name(name) if *name == table.id);
    let beside = |s: &Seen| -> Option<(usize, Ratio, Ratio)> {
        let reads = &s.view.formulas.first()?.reads;
        let (most, given) = (value_of(&threshold, reads)?, value_of(&amount, reads)?);
        let view = s.decision.steps.iter().find(|step| step.id == table.id)?;
        let chosen = counted(&view.rows.iter().find(|row| row.chosen)?.is)?;
        // An exception has put something else in the place of the row.
        (!itself || most == chosen).then_some(())?;
        Some((s.by, chosen, chosen.add(given.sub(most)?)?))
    };
    let values: Vec<(usize, Ratio, Ratio)> = seen.iter().filter_map(beside).collect();
    let of: String = text.chars().skip(amount.span.0).take(amount.span.1.saturating_sub(amount.span.0)).collect();
    for (figure, text) in figures {
        let values: Vec<(usize, Ratio)> = values.iter().filter(|v| v.1 == figure).map(|v| (v.0, v.2)).collect();
        all.push(edge(service, step, &of, text.to_owned(), figure, &values));
    }
}

fn text_of(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(words) => words.clone(),
        Piece::Name(name, _) => name.clone(),
    };
    pieces.iter().map(text).collect()
}

/// The two arguments of a formula that is `min(…, …)`.
fn least_of_two(text: &str) -> Option<(Expr, Expr)> {
    let ExprKind::Call(name, arguments) = parse(text).ok()?.kind else { return None };
    let mut arguments = arguments.into_iter();
    match (name.as_str(), arguments.next(), arguments.next(), arguments.next()) {
        ("min", Some(a), Some(b), None) => Some((a, b)),
        _ => None,
    }
}

/// A row's figure that can be an edge.
fn figure(row: &RowText) -> Option<Ratio> {
    counted(&row.is).filter(|figure| *figure > Ratio::ZERO)
}

/// Tables with such figures that an expression leans on, itself or by way of steps that are formulas.
fn tables_under<'a>(service: &'a Service, e: &Expr) -> Vec<&'a Step> {
    let (mut found, mut met, mut open) = (Vec::new(), BTreeSet::new(), Vec::new());
    names_of(e, &mut open);
    while let Some(name) = open.pop() {
        let Some(step) = service.steps.iter().find(|step| step.id == name && step.block.is_none()) else { continue };
        if !met.insert(name) {
            continue;
        }
        match &step.form {
            Form::Table { rows, .. } if rows.iter().any(|row| figure(row).is_some()) => found.push(step),
            Form::Value => open.extend(step.formulas.iter().flat_map(|f| &f.pieces).filter_map(|piece| match piece {
                Piece::Name(name, _) => Some(name.clone()),
                Piece::Text(_) => None,
            })),
            _ => {}
        }
    }
    found
}

fn names_of(e: &Expr, out: &mut Vec<String>) {
    if let ExprKind::Name(name) = &e.kind {
        out.push(name.clone());
    }
    e.parts(&mut |part| names_of(part, out));
}

/// What sums and differences of names and figures come to in a case, in the smallest unit.
fn value_of(e: &Expr, reads: &[NamedValue]) -> Option<Ratio> {
    match &e.kind {
        ExprKind::Name(name) => units(&reads.iter().find(|read| read.id == *name)?.value),
        ExprKind::Figure(figure) => smallest(*figure),
        ExprKind::Negative(a) => Some(value_of(a, reads)?.neg()),
        ExprKind::Binary(Operator::Add, a, b) => value_of(a, reads)?.add(value_of(b, reads)?),
        ExprKind::Binary(Operator::Sub, a, b) => value_of(a, reads)?.sub(value_of(b, reads)?),
        _ => None,
    }
}
