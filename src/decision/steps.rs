//! Steps for their reader: formula with its numbers, the row chosen and why not the others.

use super::amounts::{Reader, is_local};
use super::view::{FormulaView, NamedValue, RowView, StepView, Value};
use crate::evaluate::Slot;
use crate::plan::{Cell, Form, Instr, Kind, Piece, Reg, RowText, Shape, State, Step, Table};

impl Reader<'_> {
    pub(super) fn steps(&self) -> Vec<StepView> {
        self.service.steps.iter().enumerate().map(|(i, step)| self.step(i, step)).collect()
    }

    fn step(&self, index: usize, step: &Step) -> StepView {
        let slot = self.slot(step.register);
        let local = step.block.is_some();
        let reason = match slot.state {
            State::Unset | State::Failed if !local => {
                self.service.reasons.get(slot.reason as usize).map(|r| r.text.clone())
            }
            _ => None,
        };
        let says = match &step.form {
            Form::Condition { holds, .. } if slot.is_true() => Some(holds.clone()),
            Form::Condition { fails, .. } if slot.is_false() => Some(fails.clone()),
            _ => None,
        };
        let applied = match &step.form {
            Form::Exception { when, .. } => Some(self.slot(*when).is_true()),
            _ => None,
        };
        let (keys, rows) = self.rows(step);
        let assumptions = &self.plan().pack.assumptions;
        StepView {
            id: step.id.clone(),
            label: step.label.clone(),
            form: form_word(&step.form),
            value: (!local).then(|| self.value(step.register)),
            records: self.records(step),
            formulas: step.formulas.iter().map(|f| self.formula(step, &f.role, &f.pieces)).collect(),
            rows,
            keys,
            replaced_by: self.replaced_by(index),
            applied,
            says,
            reason,
            cites: self.cites(&step.cites),
            readings: step.readings.clone(),
            assumes: step.assumes.iter().filter_map(|a| assumptions.get(*a as usize)).map(|a| a.text.clone()).collect(),
        }
    }

    fn replaced_by(&self, index: usize) -> Option<String> {
        let replaces = |step: &&Step| matches!(&step.form, Form::Exception { to, when } if *to as usize == index && self.slot(*when).is_true());
        self.service.steps.iter().find(replaces).map(|s| s.id.clone())
    }

    fn records(&self, step: &Step) -> Vec<Value> {
        let Some(block) = step.block else { return Vec::new() };
        let values = self.engine.record_values(self.index, self.run, block, step.register).unwrap_or_default();
        let shape = self.shape(Some(block), step.register);
        values.into_iter().map(|slot| self.value_as(slot, shape)).collect()
    }

    fn formula(&self, step: &Step, role: &str, pieces: &[Piece]) -> FormulaView {
        let (mut text, mut filled) = (String::new(), String::new());
        let mut reads: Vec<NamedValue> = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(words) => {
                    text.push_str(words);
                    filled.push_str(words);
                }
                Piece::Name(name, reg) => {
                    text.push_str(name);
                    if step.block.is_some() && is_local(*reg) {
                        filled.push_str(name);
                        continue;
                    }
                    let value = self.value(*reg);
                    filled.push_str(&shown(&value, name));
                    if !reads.iter().any(|r| r.id == *name) {
                        reads.push(NamedValue { id: name.clone(), label: self.label_of(name, *reg), value });
                    }
                }
            }
        }
        FormulaView { role: role.into(), text, filled, reads }
    }

    fn rows(&self, step: &Step) -> (Vec<String>, Vec<RowView>) {
        match &step.form {
            Form::Table { table, keys, rows, .. } => {
                let Some(known) = self.service.program.tables.get(*table as usize) else { return Default::default() };
                let views = if step.block.is_some() {
                    rows.iter().map(|row| self.plain_row(row)).collect()
                } else {
                    self.table_rows(known, keys, rows)
                };
                (keys.clone(), views)
            }
            Form::Bands { bands, rows } => (Vec::new(), self.band_rows(*bands, rows)),
            _ => Default::default(),
        }
    }

    fn plain_row(&self, row: &RowText) -> RowView {
        RowView {
            cells: row.cells.clone(),
            is: row.is.clone(),
            chosen: false,
            because: Vec::new(),
            portion: None,
            pays: None,
            cites: self.cites(&row.cites),
        }
    }

    fn table_rows(&self, table: &Table, keys: &[String], rows: &[RowText]) -> Vec<RowView> {
        let slots: Vec<(Slot<i128>, Option<&Shape>)> =
            table.keys.iter().map(|reg| (self.slot(*reg), self.shape(None, *reg))).collect();
        let known = slots.iter().all(|(slot, _)| slot.is_known());
        table
            .rows
            .iter()
            .zip(rows)
            .map(|(row, text)| {
                let misses = row
                    .cells
                    .iter()
                    .zip(&slots)
                    .zip(keys)
                    .filter(|((cell, (slot, shape)), _)| slot.is_known() && !fits(cell, *slot, *shape));
                let because: Vec<String> = misses.map(|(_, key)| key.clone()).collect();
                RowView { chosen: known && because.is_empty(), because, ..self.plain_row(text) }
            })
            .collect()
    }

    /// Each band's stretch and what it pays, recomputed from the registers the evaluator kept.
    fn band_rows(&self, bands: Reg, rows: &[RowText]) -> Vec<RowView> {
        let Some(Instr::Bands { of, from, edges, rates, .. }) = self.service.program.writer(bands) else {
            return Vec::new();
        };
        let plain = || rows.iter().map(|row| self.plain_row(row)).collect();
        let all: Vec<Reg> = [*of, *from].iter().chain(edges).chain(rates).copied().collect();
        let exact = |reg: Reg| -> Option<crate::number::Ratio> {
            let slot = self.slot(reg);
            if slot.is_known() { crate::number::Ratio::new(slot.num, self.shape(None, reg)?.den) } else { None }
        };
        if !all.iter().all(|reg| exact(*reg).is_some()) {
            return plain();
        }
        let value = |reg: Reg| exact(reg).unwrap_or(crate::number::Ratio::ZERO);
        let zero = crate::number::Ratio::ZERO;
        let start = value(*from).max(zero);
        let Some(end) = start.add(value(*of).max(zero)) else { return plain() };
        let mut below = zero;
        let mut views = Vec::new();
        for (i, (row, rate)) in rows.iter().zip(rates).enumerate() {
            let top = edges.get(i).map_or(end, |edge| value(*edge).min(end));
            let portion = top.sub(start.max(below)).unwrap_or(zero).max(zero);
            let pays = portion.mul(value(*rate)).unwrap_or(zero);
            below = edges.get(i).map_or(below, |edge| value(*edge));
            let money = |r: crate::number::Ratio| {
                self.value_as(Slot::known(r.num()), Some(&Shape::new(Kind::Money, r.den(), 0, 0)))
            };
            views.push(RowView {
                chosen: portion > zero,
                portion: Some(money(portion)),
                pays: Some(money(pays)),
                ..self.plain_row(row)
            });
        }
        views
    }
}

/// A value inside a formula.
fn shown(value: &Value, name: &str) -> String {
    match value.state {
        State::Known => match (&value.label, value.unit) {
            (Some(_), _) => value.text.clone(),
            (None, "points") => format!("{} points", value.text),
            (None, "days") => format!("{} days", value.text),
            (None, "months") => format!("{} months", value.text),
            _ => value.text.clone(),
        },
        _ => format!("{name}?"),
    }
}

fn fits(cell: &Cell, slot: Slot<i128>, shape: Option<&Shape>) -> bool {
    let den = shape.map_or(1, |s| s.den);
    // slot / den against num / d, cross-multiplied.
    let order = |end: &(i64, i64, bool)| {
        let left = slot.num.saturating_mul(i128::from(end.1));
        let right = i128::from(end.0).saturating_mul(den);
        left.cmp(&right)
    };
    match cell {
        Cell::Any => true,
        Cell::Options(all) => all.iter().any(|o| i128::from(*o) == slot.num),
        Cell::Interval(low, high) => {
            let above = low.as_ref().is_none_or(|end| order(end).is_gt() || (order(end).is_eq() && end.2));
            let below = high.as_ref().is_none_or(|end| order(end).is_lt() || (order(end).is_eq() && end.2));
            above && below
        }
    }
}

fn form_word(form: &Form) -> &'static str {
    match form {
        Form::Value => "value",
        Form::Table { .. } => "table",
        Form::Bands { .. } => "bands",
        Form::Bill => "bill",
        Form::Pay { .. } => "pay",
        Form::Benefit { .. } => "benefit",
        Form::Condition { .. } => "condition",
        Form::Require => "require",
        Form::Exception { .. } => "exception",
        Form::Limit { .. } => "limit",
        Form::Allocate { .. } => "allocate",
    }
}
