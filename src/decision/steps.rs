//! Steps for their reader: formula with its numbers, the row chosen and why not the others.

use super::amounts::{Reader, is_local, unit_word};
use super::view::{FormulaView, NamedValue, RowView, StepView, Value};
use crate::case::value_of;
use crate::number::{Wide, lcm, wide};
use crate::plan::{Form, HUNDREDTHS, Instr, Kind, Piece, Reg, RowText, State, Step};

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
            view.reason = self.reason(slot).map(|r| r.text);
        }
        match &step.form {
            Form::Condition { holds, .. } if slot.is_true() => view.says = Some(holds.clone()),
            Form::Condition { fails, .. } if slot.is_false() => view.says = Some(fails.clone()),
            Form::Exception { when, .. } => view.applied = Some(self.slot(*when).is_true()),
            Form::Table { table, keys, rows, .. } => {
                view.keys.clone_from(keys);
                view.rows = self.table_rows(*table, keys, rows, local);
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
    fn table_rows(&self, at: u32, keys: &[String], rows: &[RowText], local: bool) -> Vec<RowView> {
        let table = self.service.program.tables.get(at as usize);
        let (Some(table), Some(cover)) = (table, self.engine.cover(self.index, at)) else { return Vec::new() };
        let mut views = self.rows(rows);
        if local {
            return views;
        }
        views.truncate(table.rows.len());
        // With a key open the rows that are still possible decided, if they agreed.
        let left = self.rows_left(at);
        let decided = left.len() == 1 || self.result_of(at).is_some_and(|reg| self.slot(reg).is_known());
        for ((row, view), number) in table.rows.iter().zip(&mut views).zip(0_u16..) {
            for (((cell, reg), key), column) in row.cells.iter().zip(&table.keys).zip(keys).zip(&cover.columns) {
                let slot = self.slot(*reg);
                if slot.is_known() && !column.takes(cell, slot.num) {
                    view.because.push(key.clone());
                }
            }
            view.chosen = decided && left.contains(&number);
        }
        views
    }

    /// The register that a table's look-up writes.
    fn result_of(&self, table: u32) -> Option<Reg> {
        let program = &self.service.program;
        let at = program.code.iter().position(|instr| matches!(instr, Instr::Table(at) if *at == table))?;
        program.first_code().checked_add(Reg::try_from(at).ok()?)
    }

    /// Each band's stretch and what it pays; the rows alone where one of its figures is not known.
    fn band_rows(&self, bands: Reg, rows: &[RowText]) -> Vec<RowView> {
        let Some(Instr::Bands { of, from, edges, rates, .. }) = self.service.program.writer(bands) else {
            return Vec::new();
        };
        let mut views = self.rows(rows);
        if let Some(sums) = self.band_sums(*of, *from, edges, rates) {
            views.truncate(sums.len());
            for (view, sum) in views.iter_mut().zip(sums) {
                view.chosen = sum.any;
                (view.portion, view.pays) = (Some(sum.portion), Some(sum.pays));
            }
        }
        views
    }

    /// A denominator that all of these have.
    fn common_den(&self, all: &[Reg]) -> Option<Wide> {
        let mut den = wide(1);
        for reg in all {
            den = lcm(den, self.shape(None, *reg)?.den)?;
        }
        Some(den)
    }

    /// A register over a denominator.
    fn over(&self, reg: Reg, den: Wide) -> Option<Wide> {
        let slot = self.slot(reg);
        let factor = den.checked_div(self.shape(None, reg)?.den)?;
        if slot.is_known() { slot.num.checked_mul(factor) } else { None }
    }

    /// What falls in each band and what it pays, worked out from the registers that the evaluator kept.
    fn band_sums(&self, of: Reg, from: Reg, edges: &[Reg], rates: &[Reg]) -> Option<Vec<BandSum>> {
        let amount = lcm(self.common_den(&[of, from])?, self.common_den(edges)?)?;
        let share = self.common_den(rates)?;
        let start = self.over(from, amount)?.max(0);
        let end = start.checked_add(self.over(of, amount)?.max(0))?;
        let mut below = 0;
        let mut all = Vec::with_capacity(rates.len());
        for (i, rate) in rates.iter().enumerate() {
            let edge = match edges.get(i) {
                Some(edge) => Some(self.over(*edge, amount)?),
                None => None,
            };
            let top = edge.map_or(end, |edge| edge.min(end));
            let portion = top.checked_sub(start.max(below))?.max(0);
            let pays = portion.checked_mul(self.over(*rate, share)?)?;
            below = edge.unwrap_or(below);
            all.push(BandSum {
                any: portion > 0,
                portion: money(portion, amount)?,
                pays: money(pays, amount.checked_mul(share)?)?,
            });
        }
        Some(all)
    }
}

/// What falls in a band, and what it pays.
struct BandSum {
    any: bool,
    portion: Value,
    pays: Value,
}

/// An amount over a denominator that leaves room to write it.
fn money(num: Wide, den: Wide) -> Option<Value> {
    den.checked_mul(HUNDREDTHS)?;
    let text = value_of(Kind::Money, den, num);
    Some(Value { state: State::Known, text, unit: unit_word(Kind::Money), label: None })
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
