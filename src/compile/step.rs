//! Each form of step becomes instructions and a text for its reader.

use super::builder::number;
use super::quote::Proof;
use super::service::Build;
use super::units::parts;
use crate::diagnostic::Diagnostic;
use crate::pack::{Formula, RawCite, RawForm, RawStep, Spot};
use crate::plan::{Amount, Comparison, Fold, Form, Formula as Shown, Instr, Kind, LOCAL, Piece, Problem, Reg, Step};

/// A value with its form and formulas.
type Made = (Reg, Form, Vec<Shown>);

impl<'a> Build<'_, '_, 'a> {
    /// Compiles one step (not an exception).
    pub(super) fn step(&mut self, raw: &RawStep<'a>) {
        self.begin(raw);
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
            readings: self.readings(&raw.cites),
            assumes: self.assumptions(raw),
            frame,
        };
        self.push_step(step);
    }

    /// Another step begins.
    fn begin(&mut self, raw: &RawStep<'a>) {
        let before = std::mem::replace(&mut self.at_step, raw.id.clone());
        self.moves_one_way(&before);
        self.cx.found.next_step();
    }

    pub(super) fn assumptions(&self, raw: &RawStep<'a>) -> Vec<u32> {
        let all = &self.cx.plan.pack.assumptions;
        raw.assumes
            .iter()
            .filter_map(|spot| {
                let found = all.iter().position(|a| a.id == spot.text());
                if found.is_none() {
                    self.cx.scope.report(
                        Diagnostic::error("unknown-name", format!("there is no assumption `{}`", spot.text()))
                            .at(spot.place())
                            .meant(spot.text(), all.iter().map(|a| a.id.as_str())),
                    );
                }
                found.map(number)
            })
            .collect()
    }

    pub(super) fn readings(&self, cites: &[RawCite<'a>]) -> Vec<crate::plan::Text> {
        super::quote::readings(&self.cx.found, &self.cx.plan.sources, cites)
    }

    /// Proves the figures met since the last proof.
    pub(super) fn prove(&mut self, cites: &[RawCite<'a>], more: &[RawCite<'a>]) {
        self.prove_row(cites, more, (Vec::new(), false, false));
    }

    /// As [`Self::prove`], of a row: words of its options, whether it ends some day, whether rows stand in order.
    pub(super) fn prove_row(
        &mut self,
        cites: &[RawCite<'a>],
        more: &[RawCite<'a>],
        (labels, past, ordered): (Vec<String>, bool, bool),
    ) {
        let (figures, dates) = (std::mem::take(&mut self.figures), std::mem::take(&mut self.dates));
        if !self.cx.raw.quoted {
            return;
        }
        let mut proof = Proof::new(&self.cx.found, self.cx.scope, &self.cx.plan.sources, cites);
        proof.add(&self.cx.plan.sources, more);
        proof.of_row(labels, past, ordered);
        for met in figures {
            self.motions.extend(proof.motion(&met));
            if let Some(doubt) = proof.figure(&met) {
                self.doubts.push((self.at_step.clone(), doubt));
            }
        }
        for (day, place) in dates {
            proof.day(day, false, place);
        }
    }

    pub(super) fn report<T>(&self, problem: Diagnostic) -> Option<T> {
        self.cx.scope.report(problem);
        None
    }

    /// Adds an instruction on behalf of a place in the file.
    pub(super) fn add(&mut self, instr: Instr, spot: &Spot<'a>) -> Option<Reg> {
        match self.builder.push(instr) {
            Ok(reg) => Some(reg),
            Err(Problem::TooMany(_)) if self.builder.told() => None,
            Err(problem) => self.report(misfit(&problem, spot)),
        }
    }

    /// A formula and its text with names.
    pub(super) fn shown(&mut self, role: &str, formula: &Formula<'a>, want: Option<Kind>) -> Option<(Reg, Shown)> {
        let reg = self.formula(formula, want)?;
        Some((reg, Shown { role: role.into(), pieces: self.cut(formula) }))
    }

    pub(super) fn cut(&mut self, formula: &Formula<'a>) -> Vec<Piece> {
        let mut names = std::mem::take(&mut self.pieces);
        names.retain(|(_, reg)| self.builder.block.is_some() || *reg < LOCAL);
        names.sort_by_key(|(span, _)| span.0);
        let chars: Vec<char> = formula.spot.text().chars().collect();
        let text = |from: usize, to: usize| {
            chars.get(from..to.min(chars.len())).unwrap_or_default().iter().collect::<String>()
        };
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

    pub(super) fn make(&mut self, raw: &RawStep<'a>) -> Option<Made> {
        let want =
            raw.options_of.as_ref().and_then(|spot| self.look_up(spot.text())).and_then(|reg| self.builder.kind(reg));
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
                let reg = self.never_negative(reg, &amount.spot)?;
                let payer = self.payer(payer)?;
                self.out.benefits.push(Amount { step: number(self.steps.len()), payer, amount: reg });
                (reg, Form::Benefit { payer }, vec![shown])
            }
            RawForm::Condition { holds_if, holds, fails, document } => {
                let (reg, shown) = self.shown("condition", holds_if, Some(Kind::Bool))?;
                self.truth(reg, &holds_if.spot)?;
                (
                    reg,
                    Form::Condition { holds: holds.clone(), fails: fails.clone(), document: document.clone() },
                    vec![shown],
                )
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
                let reg = self.never_negative(reg, &amount.spot)?;
                let payer = self.payer(payer)?;
                self.out.allocations.push(Amount { step: number(self.steps.len()), payer, amount: reg });
                (reg, Form::Allocate { payer }, vec![shown])
            }
            RawForm::Exception { .. } => return None,
        };
        Some(made)
    }

    pub(super) fn truth(&self, reg: Reg, spot: &Spot<'a>) -> Option<()> {
        if self.builder.kind(reg) == Some(Kind::Bool) {
            return Some(());
        }
        let word = self.builder.kind(reg).map_or("nothing", crate::plan::kind_word);
        self.report(Diagnostic::error("units", format!("found `{word}` where yes or no is expected")).at(spot.place()))
    }

    /// Applies the step's `round`, if it has one.
    pub(super) fn rounded(&mut self, reg: Reg, raw: &RawStep<'a>) -> Option<Reg> {
        let Some((how, totals, spot)) = &raw.round else { return Some(reg) };
        if *totals {
            return self.report(Diagnostic::error("rounding", "only bands have totals to round").at(spot.place()));
        }
        if (self.builder.kind(reg) == Some(Kind::Money)) != how.money {
            return self.report(
                Diagnostic::error("rounding", "money rounds to fen or yuan, other numbers to a number")
                    .at(spot.place()),
            );
        }
        let (num, den) = parts(how.unit)?;
        self.add(Instr::Round(reg, how.mode, num, den), spot)
    }

    /// Money in whole fen: rounded, or proved to need no rounding.
    pub(super) fn whole_fen(&mut self, reg: Reg, raw: &RawStep<'a>, spot: &Spot<'a>) -> Option<Reg> {
        let reg = self.rounded(reg, raw)?;
        let shape = self.builder.shape(reg)?;
        if shape.kind != Kind::Money {
            return self.report(
                Diagnostic::error(
                    "units",
                    format!("an amount is money, found `{}`", crate::plan::kind_word(shape.kind)),
                )
                .at(spot.place()),
            );
        }
        if shape.den != 1 {
            return self.report(
                Diagnostic::error("round-needed", "the amount may have fractions of a fen")
                    .at(spot.place())
                    .help("say how it rounds, as in `round: half_up to fen`"),
            );
        }
        Some(reg)
    }

    pub(super) fn payer(&self, spot: &Spot<'a>) -> Option<u32> {
        let found = self.cx.plan.payers.iter().position(|p| p.id == spot.text());
        if found.is_none() {
            return self.report(
                Diagnostic::error("unknown-payer", format!("there is no payer `{}`", spot.text()))
                    .at(spot.place())
                    .meant(spot.text(), self.cx.plan.payers.iter().map(|p| p.id.as_str())),
            );
        }
        found.map(number)
    }

    /// Adds `reg` guarded by its own sign: a negative amount is refused.
    pub(super) fn not_negative(&mut self, reg: Reg, code: &str, zh: &str, en: &str, spot: &Spot<'a>) -> Option<Reg> {
        if self.builder.shape(reg).is_some_and(|s| s.lo >= 0) {
            return Some(reg);
        }
        let reason = self.reason(code, zh, en, Vec::new());
        let zero = self.builder.constant(Kind::Money, 0, 1).ok()?;
        let holds = self.add(Instr::Cmp(Comparison::Ge, reg, zero), spot)?;
        self.add(Instr::Require(reg, holds, reason), spot)
    }

    /// An amount that somebody pays: who owes whom where it is negative is not said.
    pub(super) fn never_negative(&mut self, reg: Reg, spot: &Spot<'a>) -> Option<Reg> {
        self.not_negative(reg, "negative-payment", "支付金额小于零", "the payment is below zero", spot)
    }

    // Per-record steps.

    pub(super) fn per_record(&mut self, raw: &RawStep<'a>, list: &Spot<'a>) {
        let Some(index) = self.cx.lists.iter().position(|l| l.name == list.text()).map(number) else {
            self.cx
                .scope
                .report(Diagnostic::error("unknown-name", format!("`{}` is not a list", list.text())).at(list.place()));
            return;
        };
        if !matches!(raw.form, RawForm::Value(_) | RawForm::Table(_) | RawForm::Versions(_)) {
            self.cx
                .scope
                .report(Diagnostic::error("step-form", "a step per record is a value or a table").at(raw.at.place()));
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
        if self
            .builder
            .push(Instr::Aggregate(crate::plan::Aggregate { fold: Fold::Count, block, value: yes, filter: None }))
            .is_err()
        {
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
            readings: self.readings(&raw.cites),
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
        self.begin(raw);
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
            readings: self.readings(&raw.cites),
            assumes: self.assumptions(raw),
            frame: None,
        };
        self.push_step(step);
        Some((when_reg, value_reg))
    }
}

fn misfit(problem: &Problem, spot: &Spot<'_>) -> Diagnostic {
    Diagnostic::error(super::expr::problem_code(problem), problem.to_string()).at(spot.place())
}
