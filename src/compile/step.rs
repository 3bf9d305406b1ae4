//! Each form of step becomes instructions and a text for its reader.

use super::builder::number;
use super::quote::{Proof, readings};
use super::service::{BillState, Build};
use super::units::parts;
use crate::diagnostic::Diagnostic;
use crate::number::Rounding;
use crate::pack::{Formula, RawBand, RawCite, RawForm, RawPart, RawResult, RawStep, RawTable, RawVersion, Spot};
use crate::plan::{
    Amount, Bill, Cell, Comparison, Fold, Form, Formula as Shown, Instr, Kind, LOCAL, Part, Payment, Piece, Problem, Reg, Row, RowText,
    State, Step, Table, Text,
};

/// A value with its form and formulas.
type Made = (Reg, Form, Vec<Shown>);

impl<'a> Build<'_, '_, 'a> {
    /// Compiles one step (not an exception).
    pub(super) fn step(&mut self, raw: &RawStep<'a>) {
        self.figures.clear();
        self.dates.clear();
        if let Some(list) = &raw.each {
            self.per_record(raw, list);
            return;
        }
        let Some((register, form, formulas)) = self.make(raw) else {
            self.broken.insert(self.full_name(&raw.id));
            return;
        };
        self.prove(&raw.cites, &[]);
        let frame = raw.frame.as_ref().and_then(|spot| self.frame(spot, register, raw));
        let step = Step {
            id: self.full_name(&raw.id),
            label: raw.label.clone(),
            register,
            block: None,
            form,
            formulas,
            cites: self.cites(&raw.cites),
            readings: readings(&raw.cites),
            assumes: self.assumptions(raw),
            frame,
        };
        self.push_step(step);
    }

    fn assumptions(&self, raw: &RawStep<'a>) -> Vec<u32> {
        let all = &self.cx.plan.pack.assumptions;
        raw.assumes
            .iter()
            .filter_map(|spot| {
                let found = all.iter().position(|a| a.id == spot.text());
                if found.is_none() {
                    self.cx.scope.report(Diagnostic::error("unknown-name", format!("there is no assumption `{}`", spot.text())).at(spot.place()).meant(spot.text(), all.iter().map(|a| a.id.as_str())));
                }
                found.map(number)
            })
            .collect()
    }

    /// Proves the figures met since the last proof.
    fn prove(&mut self, cites: &[RawCite<'a>], more: &[RawCite<'a>]) {
        let (figures, dates) = (std::mem::take(&mut self.figures), std::mem::take(&mut self.dates));
        if !self.cx.raw.quoted {
            return;
        }
        let mut proof = Proof::new(&self.cx.found, self.cx.scope, &self.cx.plan.sources, cites);
        proof.add(&self.cx.plan.sources, more);
        for (figure, place) in figures {
            proof.figure(figure, place);
        }
        for (day, place) in dates {
            proof.day(day, false, place);
        }
    }

    fn report<T>(&self, problem: Diagnostic) -> Option<T> {
        self.cx.scope.report(problem);
        None
    }

    /// Adds an instruction on behalf of a place in the file.
    fn add(&mut self, instr: Instr, spot: &Spot<'a>) -> Option<Reg> {
        match self.builder.push(instr) {
            Ok(reg) => Some(reg),
            Err(Problem::TooMany(_)) if self.builder.told() => None,
            Err(problem) => self.report(misfit(&problem, spot)),
        }
    }

    /// A formula and its text with names.
    fn shown(&mut self, role: &str, formula: &Formula<'a>, want: Option<Kind>) -> Option<(Reg, Shown)> {
        let reg = self.formula(formula, want)?;
        Some((reg, Shown { role: role.into(), pieces: self.cut(formula) }))
    }

    fn cut(&mut self, formula: &Formula<'a>) -> Vec<Piece> {
        let mut names = std::mem::take(&mut self.pieces);
        names.retain(|(_, reg)| self.builder.block.is_some() || *reg < LOCAL);
        names.sort_by_key(|(span, _)| span.0);
        let chars: Vec<char> = formula.spot.text().chars().collect();
        let text = |from: usize, to: usize| chars.get(from..to.min(chars.len())).unwrap_or_default().iter().collect::<String>();
        let mut pieces = Vec::new();
        let mut at = 0;
        for ((start, end), reg) in names {
            if start > at {
                pieces.push(Piece::Text(text(at, start)));
            }
            pieces.push(Piece::Name(text(start, end), reg));
            at = end;
        }
        if at < chars.len() {
            pieces.push(Piece::Text(text(at, chars.len())));
        }
        pieces
    }

    fn make(&mut self, raw: &RawStep<'a>) -> Option<Made> {
        let want = raw.options_of.as_ref().and_then(|spot| self.look_up(spot.text())).and_then(|reg| self.builder.kind(reg));
        let made = match &raw.form {
            RawForm::Value(formula) => {
                let (reg, shown) = self.shown("value", formula, want)?;
                (self.rounded(reg, raw)?, Form::Value, vec![shown])
            }
            RawForm::Versions(versions) => self.versions(raw, versions, want)?,
            RawForm::Table(table) => {
                let (reg, form, formulas) = self.table(raw, table, want)?;
                (self.rounded(reg, raw)?, form, formulas)
            }
            RawForm::Bands { of, from, rows } => self.make_bands(raw, of, from, rows)?,
            RawForm::Bill { total, parts } => self.make_bill(raw, total, parts)?,
            RawForm::Pay { .. } => self.pay(raw)?,
            RawForm::Benefit { payer, amount } => {
                let (reg, shown) = self.shown("amount", amount, None)?;
                let reg = self.whole_fen(reg, raw, &amount.spot)?;
                let payer = self.payer(payer)?;
                self.out.benefits.push(Amount { step: number(self.steps.len()), payer, amount: reg });
                (reg, Form::Benefit { payer }, vec![shown])
            }
            RawForm::Condition { holds_if, holds, fails, document } => {
                let (reg, shown) = self.shown("condition", holds_if, Some(Kind::Bool))?;
                self.truth(reg, &holds_if.spot)?;
                (reg, Form::Condition { holds: holds.clone(), fails: fails.clone(), document: document.clone() }, vec![shown])
            }
            RawForm::Require { must, refuse } => {
                let (reg, shown) = self.shown("require", must, Some(Kind::Bool))?;
                self.truth(reg, &must.spot)?;
                let cites = self.cites(&raw.cites);
                let reason = self.reason_text("not-covered", refuse, cites);
                let required = self.add(Instr::Require(reg, reg, reason), &must.spot)?;
                self.out.requires.push(required);
                (required, Form::Require, vec![shown])
            }
            RawForm::Limit { from, to } => {
                let mut formulas = Vec::new();
                let from = match from {
                    Some(formula) => {
                        let (reg, shown) = self.shown("from", formula, None)?;
                        formulas.push(shown);
                        Some(reg)
                    }
                    None => None,
                };
                let (reg, shown) = self.shown("limit", to, None)?;
                formulas.push(shown);
                let reg = self.rounded(reg, raw)?;
                if self.out.limit.is_some() {
                    return self.report(Diagnostic::error("step-form", "a service has one limit").at(raw.at.place()));
                }
                self.out.limit = Some(number(self.steps.len()));
                (reg, Form::Limit { from }, formulas)
            }
            RawForm::Allocate { payer, amount } => {
                let (reg, shown) = self.shown("amount", amount, None)?;
                let reg = self.whole_fen(reg, raw, &amount.spot)?;
                let payer = self.payer(payer)?;
                self.out.allocations.push(Amount { step: number(self.steps.len()), payer, amount: reg });
                (reg, Form::Allocate { payer }, vec![shown])
            }
            RawForm::Exception { .. } => return None,
        };
        Some(made)
    }

    fn truth(&self, reg: Reg, spot: &Spot<'a>) -> Option<()> {
        if self.builder.kind(reg) == Some(Kind::Bool) {
            return Some(());
        }
        let word = self.builder.kind(reg).map_or("nothing", crate::plan::kind_word);
        self.report(Diagnostic::error("units", format!("found `{word}` where yes or no is expected")).at(spot.place()))
    }

    /// Applies the step's `round`, if it has one.
    fn rounded(&mut self, reg: Reg, raw: &RawStep<'a>) -> Option<Reg> {
        let Some((how, totals, spot)) = &raw.round else { return Some(reg) };
        if *totals {
            return self.report(Diagnostic::error("rounding", "only bands have totals to round").at(spot.place()));
        }
        if (self.builder.kind(reg) == Some(Kind::Money)) != how.money {
            return self.report(Diagnostic::error("rounding", "money rounds to fen or yuan, other numbers to a number").at(spot.place()));
        }
        let (num, den) = parts(how.unit)?;
        self.add(Instr::Round(reg, how.mode, num, den), spot)
    }

    /// Money in whole fen: rounded, or proved to need no rounding.
    fn whole_fen(&mut self, reg: Reg, raw: &RawStep<'a>, spot: &Spot<'a>) -> Option<Reg> {
        let reg = self.rounded(reg, raw)?;
        let shape = self.builder.shape(reg)?;
        if shape.kind != Kind::Money {
            return self.report(Diagnostic::error("units", format!("an amount is money, found `{}`", crate::plan::kind_word(shape.kind))).at(spot.place()));
        }
        if shape.den != 1 {
            return self.report(Diagnostic::error("round-needed", "the amount may have fractions of a fen").at(spot.place()).help("say how it rounds, as in `round: half_up to fen`"));
        }
        Some(reg)
    }

    fn payer(&self, spot: &Spot<'a>) -> Option<u32> {
        let found = self.cx.plan.payers.iter().position(|p| p.id == spot.text());
        if found.is_none() {
            return self.report(Diagnostic::error("unknown-payer", format!("there is no payer `{}`", spot.text())).at(spot.place()).meant(spot.text(), self.cx.plan.payers.iter().map(|p| p.id.as_str())));
        }
        found.map(number)
    }

    /// Adds `reg` guarded by its own sign: a negative amount is refused.
    fn not_negative(&mut self, reg: Reg, code: &str, zh: &str, en: &str, spot: &Spot<'a>) -> Option<Reg> {
        if self.builder.shape(reg).is_some_and(|s| s.lo >= 0) {
            return Some(reg);
        }
        let reason = self.reason(code, zh, en, Vec::new());
        let zero = self.builder.constant(Kind::Money, 0, 1).ok()?;
        let holds = self.add(Instr::Cmp(Comparison::Ge, reg, zero), spot)?;
        self.add(Instr::Require(reg, holds, reason), spot)
    }

    // Per-record steps.

    fn per_record(&mut self, raw: &RawStep<'a>, list: &Spot<'a>) {
        let Some(index) = self.cx.lists.iter().position(|l| l.name == list.text()).map(number) else {
            self.cx.scope.report(Diagnostic::error("unknown-name", format!("`{}` is not a list", list.text())).at(list.place()));
            return;
        };
        if !matches!(raw.form, RawForm::Value(_) | RawForm::Table(_) | RawForm::Versions(_)) {
            self.cx.scope.report(Diagnostic::error("step-form", "a step per record is a value or a table").at(raw.at.place()));
            return;
        }
        let Ok(yes) = self.builder.truth(true) else { return };
        let Some(block) = self.open_list(index) else { return };
        let made = self.record_value(raw);
        self.prove(&raw.cites, &[]);
        self.close_list();
        let Some((register, form, formulas)) = made else {
            self.broken.insert(self.full_name(&raw.id));
            return;
        };
        // The block runs for the reader; other steps compute the value in blocks of their own.
        if self.builder.push(Instr::Aggregate(crate::plan::Aggregate { fold: Fold::Count, block, value: yes, filter: None })).is_err() {
            return;
        }
        self.remember_each(index, raw);
        let step = Step {
            id: self.full_name(&raw.id),
            label: raw.label.clone(),
            register,
            block: Some(block),
            form,
            formulas,
            cites: self.cites(&raw.cites),
            readings: readings(&raw.cites),
            assumes: self.assumptions(raw),
            frame: None,
        };
        self.push_step(step);
    }

    /// The value of a per-record step, in the open block.
    pub(super) fn record_value(&mut self, raw: &RawStep<'a>) -> Option<Made> {
        self.make(raw)
    }

    // Exceptions.

    pub(super) fn exception(&mut self, raw: &RawStep<'a>, base: u32) -> Option<(Reg, Reg)> {
        self.figures.clear();
        self.dates.clear();
        let RawForm::Exception { when, value, .. } = &raw.form else { return None };
        let kind = self.steps.get(base as usize).and_then(|s| self.builder.kind(s.register));
        let (when_reg, when_shown) = self.shown("when", when, Some(Kind::Bool))?;
        self.truth(when_reg, &when.spot)?;
        let (value_reg, value_shown) = self.shown("value", value, kind)?;
        let value_reg = self.rounded(value_reg, raw)?;
        self.prove(&raw.cites, &[]);
        let step = Step {
            id: self.full_name(&raw.id),
            label: raw.label.clone(),
            register: value_reg,
            block: None,
            form: Form::Exception { to: base, when: when_reg },
            formulas: vec![when_shown, value_shown],
            cites: self.cites(&raw.cites),
            readings: readings(&raw.cites),
            assumes: self.assumptions(raw),
            frame: None,
        };
        self.push_step(step);
        Some((when_reg, value_reg))
    }

    // Tables.

    fn versions(&mut self, raw: &RawStep<'a>, versions: &[RawVersion<'a>], want: Option<Kind>) -> Option<Made> {
        let rows = versions
            .iter()
            .map(|v| crate::pack::RawRow { cells: Vec::new(), is: RawResult::Is(v.value.clone()), from: v.from, until: v.until, cites: v.cites.clone(), spot: v.spot.clone() })
            .collect();
        let table = RawTable { by: Vec::new(), rows, impossible: Vec::new(), otherwise: None, whole: true, spot: raw.at.clone() };
        let (reg, form, formulas) = self.table(raw, &table, want)?;
        Some((self.rounded(reg, raw)?, form, formulas))
    }

    fn table(&mut self, raw: &RawStep<'a>, table: &RawTable<'a>, want: Option<Kind>) -> Option<Made> {
        let mut keys = Vec::new();
        let mut names = Vec::new();
        let mut formulas = Vec::new();
        for key in &table.by {
            let (reg, shown) = self.shown("key", key, None)?;
            keys.push(reg);
            names.push(key.spot.text().trim().to_owned());
            formulas.push(shown);
        }
        self.prove(&raw.cites, &[]);
        let dated = matches!(raw.form, RawForm::Versions(_)) || table.rows.iter().any(|row| row.from.is_some() || row.until.is_some());
        if dated {
            let Some(day) = self.as_of else {
                return self.report(Diagnostic::error("needs-as-of", "rows have dates, but the service does not say which date decides").at(raw.at.place()).help("add `as_of: admission_date` to the service"));
            };
            keys.push(day);
            names.push(self.as_of_name.clone());
        }
        let kinds: Vec<Kind> = keys.iter().filter_map(|reg| self.builder.kind(*reg)).collect();
        let mut results: Vec<Option<Reg>> = Vec::new();
        let mut texts = Vec::new();
        let mut cells = Vec::new();
        for row in &table.rows {
            self.figures.clear();
            self.dates.clear();
            let of_row = self.row_cells(&row.cells, &names, &kinds, dated.then_some((row.from, row.until)));
            let (result, is) = match &row.is {
                RawResult::Is(formula) => (self.formula(formula, want), formula.spot.text().to_owned()),
                RawResult::Refuse(text, _) => (None, text.zh.clone()),
            };
            self.prove_days(row, &raw.cites);
            self.prove(&row.cites, &raw.cites);
            texts.push(RowText { cells: self.cell_texts(row, &names, dated), is, readings: readings(&row.cites), cites: self.cites(&row.cites) });
            cells.push(of_row);
            results.push(result);
        }
        let otherwise = self.otherwise(table, raw, want);
        let failed = |result: &RawResult<'_>, reg: Option<Reg>| matches!(result, RawResult::Is(_)) && reg.is_none();
        let fallback_failed = table.otherwise.as_ref().is_some_and(|(result, _)| failed(result, otherwise.0));
        if !table.whole || cells.iter().any(Option::is_none) || fallback_failed || table.rows.iter().zip(&results).any(|(row, reg)| failed(&row.is, *reg)) {
            return None;
        }
        // A refusing row takes the shape of one that gives a figure.
        let like = results.iter().flatten().next().copied().or(otherwise.0);
        let Some(like) = like else {
            return self.report(Diagnostic::error("table-empty", "no row gives a value").at(table.spot.place()));
        };
        let mut rows = Vec::new();
        for ((row, result), cells) in table.rows.iter().zip(&results).zip(cells.into_iter().flatten()) {
            let result = match (&row.is, result) {
                (_, Some(reg)) => *reg,
                (RawResult::Refuse(text, _), None) => {
                    let cites = self.cites(&row.cites);
                    self.refusing(text, cites, like)?
                }
                (RawResult::Is(_), None) => return None,
            };
            rows.push(Row { cells, result });
        }
        let fallback = match (&table.otherwise, otherwise.0) {
            (None, _) => None,
            (Some(_), Some(reg)) => Some(reg),
            (Some((RawResult::Refuse(text, _), cites)), None) => {
                let cites = self.cites(cites);
                Some(self.refusing(text, cites, like)?)
            }
            (Some((RawResult::Is(_), _)), None) => return None,
        };
        let impossible: Vec<Option<Vec<Cell>>> = table.impossible.iter().map(|combination| self.row_cells(combination, &names, &kinds, dated.then_some((None, None)))).collect();
        let impossible = impossible.into_iter().collect::<Option<Vec<_>>>()?;
        let impossible_reason = self.reason("impossible", "这些回答不可能同时成立", "these answers cannot hold together", Vec::new());
        let made = Table { keys: keys.clone(), rows, impossible, otherwise: fallback, impossible_reason };
        self.check_cover(&made, table, &names, dated);
        let index = number(self.builder.program.tables.len());
        self.builder.program.tables.push(made);
        let reg = self.add(Instr::Table(index), &table.spot)?;
        Some((reg, Form::Table { table: index, keys: names, rows: texts, otherwise: otherwise.1 }, formulas))
    }

    fn refusing(&mut self, text: &Text, cites: Vec<crate::plan::Cite>, like: Reg) -> Option<Reg> {
        let reason = self.reason_text("not-covered", text, cites);
        self.builder.refusal(State::Failed, reason, like).ok()
    }

    fn otherwise(&mut self, table: &RawTable<'a>, raw: &RawStep<'a>, want: Option<Kind>) -> (Option<Reg>, Vec<crate::plan::Cite>) {
        let Some((result, cites)) = &table.otherwise else { return (None, Vec::new()) };
        self.figures.clear();
        let reg = match result {
            RawResult::Is(formula) => self.formula(formula, want),
            RawResult::Refuse(..) => None,
        };
        self.prove(cites, &raw.cites);
        (reg, self.cites(cites))
    }

    fn row_cells(
        &mut self,
        written: &[(String, crate::diagnostic::Place, Spot<'a>)],
        names: &[String],
        kinds: &[Kind],
        period: Option<(Option<crate::date::Date>, Option<crate::date::Date>)>,
    ) -> Option<Vec<Cell>> {
        let mut whole = true;
        for (key, place, _) in written {
            if !names.contains(key) {
                self.cx.scope.report(Diagnostic::error("unknown-key", format!("`{key}` is not a column of this table")).at(place.clone()));
                whole = false;
            }
        }
        let plain = names.len().saturating_sub(usize::from(period.is_some()));
        let mut cells: Vec<Cell> = Vec::new();
        for (name, kind) in names.iter().zip(kinds).take(plain) {
            let cell = written.iter().find(|(key, _, _)| key == name);
            let read = match cell {
                Some((_, _, spot)) => self.cell(*kind, spot),
                None => Some(Cell::Any),
            };
            whole &= read.is_some();
            cells.push(read.unwrap_or(Cell::Any));
        }
        if let Some((from, until)) = period {
            let end = |day: Option<crate::date::Date>, closed: bool| day.map(|day| (i64::from(day.days()), 1, closed));
            cells.push(if from.is_none() && until.is_none() { Cell::Any } else { Cell::Interval(end(from, true), end(until, false)) });
        }
        whole.then_some(cells)
    }

    fn prove_days(&self, row: &crate::pack::RawRow<'a>, step: &[RawCite<'a>]) {
        if !self.cx.raw.quoted {
            return;
        }
        let mut proof = Proof::new(&self.cx.found, self.cx.scope, &self.cx.plan.sources, &row.cites);
        proof.add(&self.cx.plan.sources, step);
        for (day, end) in [(row.from, false), (row.until, true)] {
            if let Some(day) = day {
                proof.day(day, end, row.spot.place());
            }
        }
    }

    fn cell_texts(&self, row: &crate::pack::RawRow<'a>, names: &[String], dated: bool) -> Vec<String> {
        let plain = names.len().saturating_sub(usize::from(dated));
        let mut texts: Vec<String> = names
            .iter()
            .take(plain)
            .map(|name| {
                row.cells.iter().find(|(key, _, _)| key == name).map_or_else(String::new, |(_, _, spot)| match spot.node.as_sequence() {
                    Some(all) => all.iter().filter_map(|n| n.as_text()).collect::<Vec<_>>().join(" / "),
                    None => spot.text().to_owned(),
                })
            })
            .collect();
        if dated {
            let side = |day: Option<crate::date::Date>| day.map(|d| d.to_string()).unwrap_or_default();
            texts.push(if row.from.is_none() && row.until.is_none() { String::new() } else { format!("[{}, {})", side(row.from), side(row.until)) });
        }
        texts
    }

    fn check_cover(&mut self, made: &Table, raw: &RawTable<'a>, names: &[String], dated: bool) {
        let keys: Vec<crate::plan::Shape> = made.keys.iter().filter_map(|reg| self.builder.shape(*reg).cloned()).collect();
        let refs: Vec<&crate::plan::Shape> = keys.iter().collect();
        let most = crate::plan::MOST_CELLS_IN_ALL;
        let spent = self.cx.spent.get().0;
        if self.cells.saturating_add(spent) > most {
            self.block_cells.push(0);
            return;
        }
        let size = match crate::plan::cover(made, &refs) {
            Ok(cover) => cover.dense.len(),
            Err(faults) => {
                self.table_faults(&faults, raw, names, &keys, dated);
                0
            }
        };
        self.block_cells.push(size);
        self.cells = self.cells.saturating_add(size);
        if self.cells.saturating_add(spent) > most {
            let message = format!("the tables of the pack so far have more than {most} combinations of key values");
            self.cx.scope.report(Diagnostic::error("table-too-large", message).at(raw.spot.place()).help("split the pack, or give its tables fewer columns"));
        }
    }

    // Bands.

    fn make_bands(&mut self, raw: &RawStep<'a>, of: &Formula<'a>, from: &Formula<'a>, rows: &[RawBand<'a>]) -> Option<Made> {
        let (of_reg, of_shown) = self.shown("of", of, None)?;
        let (from_reg, from_shown) = self.shown("from", from, None)?;
        self.prove(&raw.cites, &[]);
        let (mut edges, mut rates, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let last = rows.len().saturating_sub(1);
        for (i, band) in rows.iter().enumerate() {
            match (&band.up_to, i == last) {
                (Some(edge), false) => {
                    let reg = self.formula(edge, None)?;
                    self.check_edge(edges.last().copied(), reg, edge)?;
                    edges.push(reg);
                }
                (None, true) => {}
                (None, false) => return self.report(Diagnostic::error("missing-key", "`up_to` is missing: only the last band is open").at(band.spot.place())),
                (Some(edge), true) => return self.report(Diagnostic::error("band-edges", "the last band has no `up_to`: everything above belongs to it").at(edge.spot.place())),
            }
            rates.push(self.formula(&band.rate, None)?);
            self.prove(&band.cites, &raw.cites);
            texts.push(RowText {
                cells: vec![band.up_to.as_ref().map(|f| f.spot.text().to_owned()).unwrap_or_default()],
                is: band.rate.spot.text().to_owned(),
                readings: readings(&band.cites),
                cites: self.cites(&band.cites),
            });
        }
        let totals = match &raw.round {
            Some((how, true, spot)) => {
                if !how.money || how.unit != crate::number::Ratio::ONE {
                    return self.report(Diagnostic::error("rounding", "totals round to fen").at(spot.place()));
                }
                Some(how.mode)
            }
            _ => None,
        };
        let reg = self.add(Instr::Bands { of: of_reg, from: from_reg, edges, rates, totals }, &raw.at)?;
        let result = if totals.is_some() { reg } else { self.rounded(reg, raw)? };
        self.bands.insert(self.full_name(&raw.id), reg);
        Some((result, Form::Bands { bands: reg, rows: texts }, vec![of_shown, from_shown]))
    }

    /// An upper edge lies above the one before it, whatever the answers.
    fn check_edge(&self, before: Option<Reg>, edge: Reg, formula: &Formula<'a>) -> Option<()> {
        let shape = self.builder.shape(edge)?;
        let (least, den) = (shape.lo, shape.den);
        let rises = match before.and_then(|reg| self.builder.shape(reg)) {
            None => least > 0,
            Some(before) => before.hi.checked_mul(den).zip(least.checked_mul(before.den)).is_none_or(|(x, y)| x < y),
        };
        if rises {
            return Some(());
        }
        let message = match before {
            None => format!("the upper edge `{}` may be zero or less", formula.spot.text()),
            Some(_) => format!("the upper edge `{}` is not proved to lie above the one before it", formula.spot.text()),
        };
        self.report(Diagnostic::error("band-edges", message).at(formula.spot.place()).help("bands stand in rising order; the bounds of the facts must prove it"))
    }

    // The bill.

    fn make_bill(&mut self, raw: &RawStep<'a>, total: &Formula<'a>, parts: &[RawPart<'a>]) -> Option<Made> {
        if self.bill.is_some() {
            return self.report(Diagnostic::error("step-form", "a service has one bill").at(raw.at.place()));
        }
        let (total_reg, shown) = self.shown("bill", total, None)?;
        let total_reg = self.whole_fen(total_reg, raw, &total.spot)?;
        let mut formulas = vec![shown];
        let mut amounts: Vec<Option<Reg>> = Vec::new();
        for part in parts {
            let Some(formula) = &part.amount else {
                amounts.push(None);
                continue;
            };
            let (reg, shown) = self.shown(&part.id, formula, None)?;
            let shape = self.builder.shape(reg)?;
            if shape.kind != Kind::Money {
                return self.report(Diagnostic::error("units", "a part of the bill is money").at(formula.spot.place()));
            }
            if shape.den != 1 {
                return self.report(Diagnostic::error("part-not-whole", format!("part `{}` may have fractions of a fen", part.id)).at(formula.spot.place()).help("round it in a step of its own"));
            }
            let reg = self.not_negative(reg, "over-bill", "账单的一部分小于零", "a part of the bill is below zero", &formula.spot)?;
            formulas.push(shown);
            amounts.push(Some(reg));
        }
        if amounts.iter().filter(|a| a.is_none()).count() > 1 {
            let mut rests = parts.iter().filter(|part| part.amount.is_none()).map(|part| part.at.clone());
            let (first, second) = (rests.next().unwrap_or_else(|| raw.at.place()), rests.next().unwrap_or_else(|| raw.at.place()));
            return self.report(Diagnostic::error("bill-rest", "only one part can be `rest`").at(second).also(first, "the other one").help("write a formula for one of them"));
        }
        let mut rest = total_reg;
        for reg in amounts.iter().flatten() {
            rest = self.add(Instr::Sub(rest, *reg), &raw.at)?;
        }
        let over = ("over-bill", "账单各部分之和超过总费用", "the parts of the bill add up to more than the total");
        let mut rest = self.not_negative(rest, over.0, over.1, over.2, &raw.at)?;
        if amounts.iter().all(Option::is_some) {
            let zero = self.builder.constant(Kind::Money, 0, 1).ok()?;
            let all = self.add(Instr::Cmp(Comparison::Eq, rest, zero), &raw.at)?;
            let reason = self.reason("over-bill", "账单各部分之和不等于总费用", "the parts of the bill do not add up to the total", Vec::new());
            rest = self.add(Instr::Require(rest, all, reason), &raw.at)?;
        }
        self.out.requires.push(rest);
        let parts: Vec<Part> = parts
            .iter()
            .zip(amounts)
            .map(|(part, amount)| {
                let amount = amount.unwrap_or(rest);
                Part { id: part.id.clone(), label: part.label.clone(), amount, left: amount }
            })
            .collect();
        self.bill = Some(BillState { total: total_reg, parts });
        Some((total_reg, Form::Bill, formulas))
    }

    fn pay(&mut self, raw: &RawStep<'a>) -> Option<Made> {
        let RawForm::Pay { payer, from, amount, cap, at_least, leaves } = &raw.form else { return None };
        let payer = self.payer(payer)?;
        if self.bill.is_none() {
            if self.has_broken() {
                return None;
            }
            return self.report(Diagnostic::error("no-bill", "there is no bill above this payment").at(raw.at.place()).help("write the `bill` step first: payments draw from its parts"));
        }
        let mut formulas = Vec::new();
        let (reg, shown) = self.shown("amount", amount, None)?;
        formulas.push(shown);
        let reg = self.whole_fen(reg, raw, &amount.spot)?;
        let mut asked = self.not_negative(reg, "negative-payment", "支付金额小于零", "the payment is below zero", &amount.spot)?;
        if let Some(floor) = at_least {
            let (reg, shown) = self.shown("at_least", floor, None)?;
            formulas.push(shown);
            let reg = self.whole_fen(reg, raw, &floor.spot)?;
            asked = self.add(Instr::Max(asked, reg), &floor.spot)?;
        }
        let parts = self.parts_of(from)?;
        let mut room = self.sum_left(&parts, &raw.at)?;
        if let Some(cap) = cap {
            let (reg, shown) = self.shown("cap", cap, None)?;
            formulas.push(shown);
            let reg = self.limit_in_fen(reg, &cap.spot)?;
            room = self.add(Instr::Min(room, reg), &cap.spot)?;
        }
        if let Some(share) = leaves {
            let (reg, shown) = self.shown("leaves", share, None)?;
            formulas.push(shown);
            let all: Vec<usize> = (0..self.bill.as_ref().map_or(0, |b| b.parts.len())).collect();
            let left = self.sum_left(&all, &share.spot)?;
            let above = self.add(Instr::Sub(left, reg), &share.spot)?;
            let reg = self.limit_in_fen(above, &share.spot)?;
            room = self.add(Instr::Min(room, reg), &share.spot)?;
        }
        let paid = self.add(Instr::Min(asked, room), &raw.at)?;
        let draws = self.draw(&parts, paid, &raw.at)?;
        let index = number(self.out.payments.len());
        self.out.payments.push(Payment { step: number(self.steps.len()), payer, paid, asked, draws });
        Some((paid, Form::Pay { payment: index }, formulas))
    }

    /// A limit on a payment: never below zero, cut (not rounded up) to whole fen.
    fn limit_in_fen(&mut self, reg: Reg, spot: &Spot<'a>) -> Option<Reg> {
        let zero = self.builder.constant(Kind::Money, 0, 1).ok()?;
        let reg = self.add(Instr::Max(reg, zero), spot)?;
        if self.builder.shape(reg).is_some_and(|s| s.den == 1) { Some(reg) } else { self.add(Instr::Round(reg, Rounding::Floor, 1, 1), spot) }
    }

    fn parts_of(&self, from: &[Spot<'a>]) -> Option<Vec<usize>> {
        let mut all = Vec::new();
        for spot in from {
            let found = self.bill.as_ref().and_then(|bill| bill.parts.iter().position(|p| p.id == spot.text()));
            match found {
                Some(at) if !all.contains(&at) => all.push(at),
                Some(_) => return self.report(Diagnostic::error("duplicate-id", format!("`{}` is named twice", spot.text())).at(spot.place())),
                None => {
                    let parts = self.bill.iter().flat_map(|bill| &bill.parts).map(|p| p.id.as_str());
                    return self.report(Diagnostic::error("unknown-part", format!("the bill has no part `{}`", spot.text())).at(spot.place()).meant(spot.text(), parts));
                }
            }
        }
        Some(all)
    }

    fn sum_left(&mut self, parts: &[usize], spot: &Spot<'a>) -> Option<Reg> {
        let regs: Vec<Reg> = self.bill.as_ref()?.parts.iter().enumerate().filter(|(i, _)| parts.contains(i)).map(|(_, p)| p.left).collect();
        let mut sum: Option<Reg> = None;
        for reg in regs {
            sum = Some(match sum {
                None => reg,
                Some(so_far) => self.add(Instr::Add(so_far, reg), spot)?,
            });
        }
        sum
    }

    /// Takes a payment from the parts in the order named.
    fn draw(&mut self, parts: &[usize], paid: Reg, spot: &Spot<'a>) -> Option<Vec<(u32, Reg)>> {
        let mut draws = Vec::new();
        let mut remaining = paid;
        for (i, part) in parts.iter().enumerate() {
            let left = self.bill.as_ref()?.parts.get(*part)?.left;
            let last = i.saturating_add(1) == parts.len();
            let taken = if last { remaining } else { self.add(Instr::Min(left, remaining), spot)? };
            let after = self.add(Instr::Sub(left, taken), spot)?;
            if !last {
                remaining = self.add(Instr::Sub(remaining, taken), spot)?;
            }
            if let Some(part) = self.bill.as_mut()?.parts.get_mut(*part) {
                part.left = after;
            }
            draws.push((number(*part), taken));
        }
        Some(draws)
    }

    /// The person's share, the cash and the net amount, after the last payment.
    pub(super) fn close_bill(&mut self) {
        let Some(bill) = self.bill.take() else { return };
        let _ = self.close_parts(bill);
    }

    fn close_parts(&mut self, bill: BillState) -> Result<(), Problem> {
        let mut cash = match bill.parts.first() {
            Some(part) => part.left,
            None => bill.total,
        };
        for part in bill.parts.iter().skip(1) {
            cash = self.builder.push(Instr::Add(cash, part.left))?;
        }
        let mut patient = cash;
        for payment in &self.out.payments {
            if self.cx.plan.payers.get(payment.payer as usize).is_some_and(|p| p.own) {
                patient = self.builder.push(Instr::Add(patient, payment.paid))?;
            }
        }
        let mut net = patient;
        for benefit in &self.out.benefits {
            net = self.builder.push(Instr::Sub(net, benefit.amount))?;
        }
        self.out.bill = Some(Bill { total: bill.total, parts: bill.parts, patient, cash, net });
        Ok(())
    }
}

fn misfit(problem: &Problem, spot: &Spot<'_>) -> Diagnostic {
    Diagnostic::error(super::expr::problem_code(problem), problem.to_string()).at(spot.place())
}
