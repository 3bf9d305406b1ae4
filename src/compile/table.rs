//! Tables and dated versions.

use super::builder::number;
use super::quote::Proof;
use super::service::Build;
use crate::diagnostic::Diagnostic;
use crate::pack::{RawCite, RawForm, RawResult, RawStep, RawTable, RawVersion, Spot};
use crate::plan::{Cell, Form, Formula as Shown, Instr, Kind, Reg, Row, RowText, State, Table, Text};

/// A value with its form and formulas.
type Made = (Reg, Form, Vec<Shown>);

impl<'a> Build<'_, '_, 'a> {
    pub(super) fn versions(
        &mut self,
        raw: &RawStep<'a>,
        versions: &[RawVersion<'a>],
        want: Option<Kind>,
    ) -> Option<Made> {
        let rows = versions
            .iter()
            .map(|v| crate::pack::RawRow {
                cells: Vec::new(),
                is: RawResult::Is(v.value.clone()),
                from: v.from,
                until: v.until,
                cites: v.cites.clone(),
                spot: v.spot.clone(),
            })
            .collect();
        let table = RawTable {
            by: Vec::new(),
            rows,
            impossible: Vec::new(),
            otherwise: None,
            whole: true,
            spot: raw.at.clone(),
        };
        let (reg, form, formulas) = self.table(raw, &table, want)?;
        Some((self.rounded(reg, raw)?, form, formulas))
    }

    pub(super) fn table(&mut self, raw: &RawStep<'a>, table: &RawTable<'a>, want: Option<Kind>) -> Option<Made> {
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
        let dated = matches!(raw.form, RawForm::Versions(_))
            || table.rows.iter().any(|row| row.from.is_some() || row.until.is_some());
        if dated {
            let Some((day, name)) = self.decides.clone() else {
                return self.report(
                    Diagnostic::error(
                        "needs-as-of",
                        "rows have dates, but the service does not say which date decides",
                    )
                    .at(raw.at.place())
                    .help("add `as_of: admission_date` to the service"),
                );
            };
            keys.push(day);
            names.push(name);
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
            let labels = self.row_labels(row, &names, &kinds);
            self.prove_row(&row.cites, &raw.cites, (labels, row.until.is_some(), false));
            texts.push(RowText {
                cells: self.cell_texts(row, &names, dated),
                is,
                readings: self.readings(&row.cites),
                cites: self.cites(&row.cites),
            });
            cells.push(of_row);
            results.push(result);
        }
        let otherwise = self.otherwise(table, raw, want);
        let failed = |result: &RawResult<'_>, reg: Option<Reg>| matches!(result, RawResult::Is(_)) && reg.is_none();
        let fallback_failed = table.otherwise.as_ref().is_some_and(|(result, _)| failed(result, otherwise.0));
        if !table.whole
            || cells.iter().any(Option::is_none)
            || fallback_failed
            || table.rows.iter().zip(&results).any(|(row, reg)| failed(&row.is, *reg))
        {
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
        let impossible: Vec<Option<Vec<Cell>>> = table
            .impossible
            .iter()
            .map(|combination| self.row_cells(combination, &names, &kinds, dated.then_some((None, None))))
            .collect();
        let impossible = impossible.into_iter().collect::<Option<Vec<_>>>()?;
        let impossible_reason =
            self.reason("impossible", "这些回答不可能同时成立", "these answers cannot hold together", Vec::new());
        let made = Table { keys: keys.clone(), rows, impossible, otherwise: fallback, impossible_reason };
        self.check_cover(&made, table, &names, dated);
        let index = number(self.builder.program.tables.len());
        self.builder.program.tables.push(made);
        let reg = self.add(Instr::Table(index), &table.spot)?;
        Some((reg, Form::Table { table: index, keys: names, rows: texts, otherwise: otherwise.1 }, formulas))
    }

    pub(super) fn refusing(&mut self, text: &Text, cites: Vec<crate::plan::Cite>, like: Reg) -> Option<Reg> {
        let reason = self.reason_text("not-covered", text, cites);
        self.builder.refusal(State::Failed, reason, like).ok()
    }

    pub(super) fn otherwise(
        &mut self,
        table: &RawTable<'a>,
        raw: &RawStep<'a>,
        want: Option<Kind>,
    ) -> (Option<Reg>, Vec<crate::plan::Cite>) {
        let Some((result, cites)) = &table.otherwise else { return (None, Vec::new()) };
        self.figures.clear();
        let reg = match result {
            RawResult::Is(formula) => self.formula(formula, want),
            RawResult::Refuse(..) => None,
        };
        self.prove(cites, &raw.cites);
        (reg, self.cites(cites))
    }

    /// What the row's options are called, where its cells name one each.
    fn row_labels(&self, row: &crate::pack::RawRow<'a>, names: &[String], kinds: &[Kind]) -> Vec<String> {
        let option = |(name, kind): (&String, &Kind)| {
            let Kind::Choice(set) = kind else { return None };
            let (_, _, spot) = row.cells.iter().find(|(key, _, _)| key == name)?;
            let id = spot.node.as_text()?;
            let set = self.cx.plan.choices.get(*set as usize)?;
            set.options.iter().find(|o| o.id == id).map(|o| o.label.zh.clone())
        };
        names.iter().zip(kinds).filter_map(option).collect()
    }

    pub(super) fn row_cells(
        &mut self,
        written: &[(String, crate::diagnostic::Place, Spot<'a>)],
        names: &[String],
        kinds: &[Kind],
        period: Option<(Option<crate::date::Date>, Option<crate::date::Date>)>,
    ) -> Option<Vec<Cell>> {
        let mut whole = true;
        for (key, place, _) in written {
            if !names.contains(key) {
                self.cx.scope.report(
                    Diagnostic::error("unknown-key", format!("`{key}` is not a column of this table"))
                        .at(place.clone()),
                );
                whole = false;
            }
        }
        let plain = names.len().saturating_sub(usize::from(period.is_some()));
        let mut cells: Vec<Cell> = Vec::new();
        for (name, kind) in names.iter().zip(kinds).take(plain) {
            let cell = written.iter().find(|(key, _, _)| key == name);
            let read = match cell {
                Some((_, _, spot)) => self.cell(*kind, name, spot),
                None => Some(Cell::Any),
            };
            whole &= read.is_some();
            cells.push(read.unwrap_or(Cell::Any));
        }
        if let Some((from, until)) = period {
            let end = |day: Option<crate::date::Date>, closed: bool| day.map(|day| (i64::from(day.days()), 1, closed));
            cells.push(if from.is_none() && until.is_none() {
                Cell::Any
            } else {
                Cell::Interval(end(from, true), end(until, false))
            });
        }
        whole.then_some(cells)
    }

    pub(super) fn prove_days(&self, row: &crate::pack::RawRow<'a>, step: &[RawCite<'a>]) {
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

    pub(super) fn cell_texts(&self, row: &crate::pack::RawRow<'a>, names: &[String], dated: bool) -> Vec<String> {
        let plain = names.len().saturating_sub(usize::from(dated));
        let mut texts: Vec<String> = names
            .iter()
            .take(plain)
            .map(|name| {
                row.cells.iter().find(|(key, _, _)| key == name).map_or_else(String::new, |(_, _, spot)| {
                    match spot.node.as_sequence() {
                        Some(all) => all.iter().filter_map(|n| n.as_text()).collect::<Vec<_>>().join(" / "),
                        None => spot.text().to_owned(),
                    }
                })
            })
            .collect();
        if dated {
            let side = |day: Option<crate::date::Date>| day.map(|d| d.to_string()).unwrap_or_default();
            texts.push(if row.from.is_none() && row.until.is_none() {
                String::new()
            } else {
                format!("[{}, {})", side(row.from), side(row.until))
            });
        }
        texts
    }

    pub(super) fn check_cover(&mut self, made: &Table, raw: &RawTable<'a>, names: &[String], dated: bool) {
        let keys: Vec<crate::plan::Shape> =
            made.keys.iter().filter_map(|reg| self.builder.shape(*reg).cloned()).collect();
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
            self.cx.scope.report(
                Diagnostic::error("table-too-large", message)
                    .at(raw.spot.place())
                    .help("split the pack, or give its tables fewer columns"),
            );
        }
    }
}
