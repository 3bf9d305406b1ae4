//! Steps for their reader: formula with its numbers, the row chosen and why not the others.

use super::amounts::{Reader, is_local, unit_word};
use super::view::{FormulaView, NamedValue, RowView, StepView, Value};
use crate::case::value_of;
use crate::evaluate::Slot;
use crate::number::Ratio;
use crate::plan::{Cell, Form, Instr, Kind, Piece, Reg, RowText, Shape, State, Step, Table};
use std::cmp::Ordering;

impl Reader<'_> {
    pub(super) fn steps(&self) -> Vec<StepView> {
        let mut all = Vec::with_capacity(self.service.steps.len());
        for step in &self.service.steps {
            all.push(self.step(all.len(), step));
        }
        all
    }

    fn step(&self, index: usize, step: &Step) -> StepView {
        let slot = self.slot(step.register);
        let local = step.block.is_some();
        let mut view = StepView {
            id: step.id.clone(),
            label: step.label.clone(),
            form: form_word(&step.form),
            value: None,
            records: Vec::new(),
            formulas: Vec::new(),
            rows: Vec::new(),
            keys: Vec::new(),
            replaced_by: self.replaced_by(index),
            applied: None,
            says: None,
            reason: None,
            cites: self.cites(&step.cites),
            readings: step.readings.clone(),
            assumes: Vec::new(),
        };
        match step.block {
            None => view.value = Some(self.value(step.register)),
            Some(block) => {
                let shape = self.shape(Some(block), step.register);
                for slot in self.engine.record_values(self.index, self.run, block, step.register).unwrap_or_default() {
                    view.records.push(self.value_as(slot, shape));
                }
            }
        }
        for formula in &step.formulas {
            view.formulas.push(self.formula(local, &formula.role, &formula.pieces));
        }
        for at in &step.assumes {
            if let Some(assumption) = self.plan().pack.assumptions.get(*at as usize) {
                view.assumes.push(assumption.text.clone());
            }
        }
        if matches!(slot.state, State::Unset | State::Failed) && !local {
            view.reason = self.service.reasons.get(slot.reason as usize).map(|r| r.text.clone());
        }
        match &step.form {
            Form::Condition { holds, .. } if slot.is_true() => view.says = Some(holds.clone()),
            Form::Condition { fails, .. } if slot.is_false() => view.says = Some(fails.clone()),
            Form::Exception { when, .. } => view.applied = Some(self.slot(*when).is_true()),
            Form::Table { table, keys, rows, .. } => {
                if let Some(table) = self.service.program.tables.get(*table as usize) {
                    view.keys.clone_from(keys);
                    view.rows = self.table_rows(table, keys, rows, local);
                }
            }
            Form::Bands { bands, rows } => view.rows = self.band_rows(*bands, rows),
            _ => {}
        }
        view
    }

    fn replaced_by(&self, index: usize) -> Option<String> {
        for step in &self.service.steps {
            if let Form::Exception { to, when } = &step.form
                && *to as usize == index
                && self.slot(*when).is_true()
            {
                return Some(step.id.clone());
            }
        }
        None
    }

    fn formula(&self, local: bool, role: &str, pieces: &[Piece]) -> FormulaView {
        let (mut text, mut filled) = (String::new(), String::new());
        let mut reads: Vec<NamedValue> = Vec::new();
        for piece in pieces {
            let (words, reg) = match piece {
                Piece::Text(words) => (words, None),
                Piece::Name(name, reg) => (name, Some(*reg).filter(|reg| !(local && is_local(*reg)))),
            };
            text.push_str(words);
            let Some(reg) = reg else {
                filled.push_str(words);
                continue;
            };
            let value = self.value(reg);
            if value.state == State::Known {
                filled.push_str(&value.text);
                filled.push_str(match value.unit {
                    "points" => " points",
                    "days" => " days",
                    "months" => " months",
                    _ => "",
                });
            } else {
                filled.push_str(words);
                filled.push('?');
            }
            if !reads.iter().any(|r| r.id == *words) {
                reads.push(NamedValue { id: words.clone(), label: self.label_of(words, reg), value });
            }
        }
        FormulaView { role: role.into(), text, filled, reads }
    }

    fn row(&self, row: &RowText) -> RowView {
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

    fn rows(&self, rows: &[RowText]) -> Vec<RowView> {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(self.row(row));
        }
        all
    }

    /// The rows of a table; of one per record, each record chooses its own.
    fn table_rows(&self, table: &Table, keys: &[String], rows: &[RowText], local: bool) -> Vec<RowView> {
        let mut views = self.rows(rows);
        if local {
            return views;
        }
        views.truncate(table.rows.len());
        let known = table.keys.iter().all(|reg| self.slot(*reg).is_known());
        for (row, view) in table.rows.iter().zip(&mut views) {
            for ((cell, reg), key) in row.cells.iter().zip(&table.keys).zip(keys) {
                let slot = self.slot(*reg);
                if slot.is_known() && !fits(cell, slot, self.shape(None, *reg)) {
                    view.because.push(key.clone());
                }
            }
            view.chosen = known && view.because.is_empty();
        }
        views
    }

    fn exact(&self, reg: Reg) -> Option<Ratio> {
        let slot = self.slot(reg);
        if slot.is_known() { Ratio::new(slot.num, self.shape(None, reg)?.den) } else { None }
    }

    /// Each band's stretch and what it pays; the rows alone where one of its figures is not known.
    fn band_rows(&self, bands: Reg, rows: &[RowText]) -> Vec<RowView> {
        let Some(Instr::Bands { of, from, edges, rates, .. }) = self.service.program.writer(bands) else {
            return Vec::new();
        };
        let mut views = self.rows(rows);
        let Some(sums) = self.band_sums(*of, *from, edges, rates) else { return views };
        views.truncate(sums.len());
        for (view, (portion, pays)) in views.iter_mut().zip(sums) {
            view.chosen = portion > Ratio::ZERO;
            view.portion = Some(money(portion));
            view.pays = Some(money(pays));
        }
        views
    }

    /// What falls in each band and what it pays, recomputed from the registers the evaluator kept.
    fn band_sums(&self, of: Reg, from: Reg, edges: &[Reg], rates: &[Reg]) -> Option<Vec<(Ratio, Ratio)>> {
        let zero = Ratio::ZERO;
        let start = self.exact(from)?.max(zero);
        let end = start.add(self.exact(of)?.max(zero))?;
        let mut below = zero;
        let mut all = Vec::with_capacity(rates.len());
        for (i, rate) in rates.iter().enumerate() {
            let edge = match edges.get(i) {
                Some(edge) => Some(self.exact(*edge)?),
                None => None,
            };
            let top = edge.map_or(end, |edge| edge.min(end));
            let portion = top.sub(start.max(below)).unwrap_or(zero).max(zero);
            let pays = portion.mul(self.exact(*rate)?).unwrap_or(zero);
            below = edge.unwrap_or(below);
            all.push((portion, pays));
        }
        Some(all)
    }
}

fn money(amount: Ratio) -> Value {
    let text = value_of(Kind::Money, amount.den(), amount.num());
    Value { state: State::Known, text, unit: unit_word(Kind::Money), label: None }
}

fn fits(cell: &Cell, slot: Slot<i128>, shape: Option<&Shape>) -> bool {
    let den = shape.map_or(1, |s| s.den);
    // slot / den against num / d, cross-multiplied: the far side of an end, or on it.
    let beyond = |end: &Option<(i64, i64, bool)>, far: Ordering| {
        end.as_ref().is_none_or(|(num, d, with)| {
            let left = slot.num.saturating_mul(i128::from(*d));
            let order = left.cmp(&i128::from(*num).saturating_mul(den));
            order == far || order == Ordering::Equal && *with
        })
    };
    match cell {
        Cell::Any => true,
        Cell::Options(all) => all.iter().any(|o| i128::from(*o) == slot.num),
        Cell::Interval(low, high) => beyond(low, Ordering::Greater) && beyond(high, Ordering::Less),
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
