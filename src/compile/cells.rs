//! Cells of a table row, and what is wrong with a table, told with an example.

use super::service::Build;
use super::units::{kind_of, parts, register_value};
use super::usage::{Met, Side, Use, is_balance};
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::formula::parse_figure;
use crate::number::{format_fen, format_scaled};
use crate::pack::{RawTable, Spot};
use crate::plan::{Cell, Fault, Kind, Shape};

type End = (i64, i64, bool);

impl<'a> Build<'_, '_, 'a> {
    /// Reads a cell for a key of this kind.
    pub(super) fn cell(&mut self, kind: Kind, key: &str, spot: &Spot<'a>) -> Option<Cell> {
        match kind {
            Kind::Choice(set) => {
                let mut codes = Vec::new();
                let mut known = true;
                for item in items(spot) {
                    match self.option(set, item.text()).and_then(|n| u32::try_from(n).ok()) {
                        Some(code) => codes.push(code),
                        None => {
                            known = false;
                            let all: Vec<&str> = self
                                .cx
                                .plan
                                .choices
                                .get(set as usize)
                                .map(|s| s.options.iter().map(|o| o.id.as_str()).collect())
                                .unwrap_or_default();
                            self.cx.scope.report(
                                Diagnostic::error(
                                    "unknown-option",
                                    format!("there is no option `{}` here", item.text()),
                                )
                                .at(item.place())
                                .meant(item.text(), all.iter().copied()),
                            );
                        }
                    }
                }
                known.then_some(Cell::Options(codes))
            }
            Kind::Bool => match spot.text() {
                "true" => Some(Cell::Options(vec![1])),
                "false" => Some(Cell::Options(vec![0])),
                other => self.bad_cell(spot, &format!("`{other}` is not `true` or `false`")),
            },
            kind => self.interval(kind, is_balance(key), spot),
        }
    }

    fn bad_cell<T>(&self, spot: &Spot<'a>, message: &str) -> Option<T> {
        self.cx.scope.report(
            Diagnostic::error("bad-cell", message.to_owned())
                .at(spot.place())
                .help("write an interval as `\">= 60\"`, `\"< 18\"`, `\"[18, 60)\"`, or one figure"),
        );
        None
    }

    fn interval(&mut self, kind: Kind, ledger: bool, spot: &Spot<'a>) -> Option<Cell> {
        let text = spot.text().trim();
        // A lower end that is closed, and an upper one that is open, leave their figure with what is more.
        let edge = |low: bool, closed: bool| Use::Edge(Side { with_less: low != closed, ledger });
        for (sign, low, closed) in [(">=", true, true), ("<=", false, true), (">", true, false), ("<", false, false)] {
            if let Some(rest) = text.strip_prefix(sign) {
                let end = self.end(kind, rest, (closed, edge(low, closed)), spot)?;
                return Some(if low { Cell::Interval(Some(end), None) } else { Cell::Interval(None, Some(end)) });
            }
        }
        let open = text
            .strip_prefix('[')
            .map(|rest| (true, rest))
            .or_else(|| text.strip_prefix('(').map(|rest| (false, rest)));
        let Some((low_closed, rest)) = open else {
            let (num, den, _) = self.end(kind, text, (true, if ledger { Use::Balance } else { Use::Plain }), spot)?;
            return Some(Cell::Interval(Some((num, den, true)), Some((num, den, true))));
        };
        let close = rest
            .strip_suffix(']')
            .map(|rest| (true, rest))
            .or_else(|| rest.strip_suffix(')').map(|rest| (false, rest)));
        let Some((high_closed, inner)) = close else {
            return self.bad_cell(spot, &format!("`{text}` does not close its interval"));
        };
        let Some((low, high)) = inner.split_once(',') else {
            return self.bad_cell(spot, &format!("`{text}` needs two ends"));
        };
        let low = self.end(kind, low, (low_closed, edge(true, low_closed)), spot);
        let high = self.end(kind, high, (high_closed, edge(false, high_closed)), spot);
        Some(Cell::Interval(Some(low?), Some(high?)))
    }

    fn end(&mut self, kind: Kind, text: &str, (closed, how): (bool, Use), spot: &Spot<'a>) -> Option<End> {
        let text = text.trim();
        if kind == Kind::Date {
            return match Date::parse(text) {
                Ok(date) => {
                    self.dates.push((date, spot.place()));
                    Some((i64::from(date.days()), 1, closed))
                }
                Err(e) => self.bad_cell(spot, &e.to_string()),
            };
        }
        match parse_figure(text) {
            Ok(figure) if kind_of(figure.unit) == kind => {
                self.figures.push(Met { how, ..Met::plain(figure, spot.place()) });
                match register_value(figure).and_then(parts) {
                    Some((num, den)) => Some((num, den, closed)),
                    None => self.bad_cell(spot, &format!("`{text}` is too large")),
                }
            }
            Ok(_) => self.bad_cell(
                spot,
                &format!("`{text}` has another unit than its column, which holds {}", crate::plan::kind_word(kind)),
            ),
            Err(e) => self.bad_cell(spot, &e.message),
        }
    }

    /// Reports the faults of a table with an example input each.
    pub(super) fn table_faults(
        &self,
        faults: &[Fault],
        raw: &RawTable<'a>,
        names: &[String],
        keys: &[Shape],
        dated: bool,
    ) {
        let row = |i: usize| raw.rows.get(i).map_or_else(|| raw.spot.place(), |row| row.spot.place());
        for fault in faults {
            let problem = match fault {
                Fault::Gap(example) => {
                    Diagnostic::error("table-gap", format!("no row answers {}", self.example(names, keys, example)))
                        .at(raw.spot.place())
                        .help(if dated {
                            "add a row for those days, or an `otherwise`"
                        } else {
                            "add a row, or `otherwise: { refuse: … }`, or declare the combination `impossible`"
                        })
                }
                Fault::Overlap(a, b, example) => Diagnostic::error(
                    "table-overlap",
                    format!("two rows answer {}", self.example(names, keys, example)),
                )
                .at(row(*b))
                .also(row(*a), "the other row"),
                Fault::Unreachable(a) => Diagnostic::error("table-unreachable", "no input reaches this row")
                    .at(row(*a))
                    .help("correct its cells, or leave it out: the bounds of the facts, or `impossible`, exclude it"),
                Fault::TooLarge => {
                    Diagnostic::error("table-too-large", "the table has more than 65,536 combinations of key values")
                        .at(raw.spot.place())
                        .help("split it into two tables")
                }
                Fault::TooWide => {
                    Diagnostic::error("overflow", crate::plan::Problem::TooWide.to_string()).at(raw.spot.place())
                }
                Fault::Cell(a, _) => {
                    Diagnostic::error("bad-cell", "the row has an interval or option that cannot be").at(row(*a))
                }
            };
            self.cx.scope.report(problem);
        }
    }

    /// An input in words: `level = third, age = 60`.
    fn example(&self, names: &[String], keys: &[Shape], example: &[i128]) -> String {
        let all: Vec<String> = names
            .iter()
            .zip(keys)
            .zip(example)
            .map(|((name, key), n)| format!("`{name} = {}`", self.value_text(key, *n)))
            .collect();
        all.join(", ")
    }

    fn value_text(&self, key: &Shape, n: i128) -> String {
        match key.kind {
            Kind::Choice(set) => self
                .cx
                .plan
                .choices
                .get(set as usize)
                .and_then(|s| s.options.get(usize::try_from(n).ok()?))
                .map_or_else(|| n.to_string(), |o| o.id.clone()),
            Kind::Bool => (n != 0).to_string(),
            Kind::Date => {
                i32::try_from(n).ok().and_then(Date::from_days).map_or_else(|| n.to_string(), |d| d.to_string())
            }
            Kind::Money if key.den == 1 => format!("{}元", format_fen(n)),
            Kind::Rate => format!("{}%", format_scaled(n.saturating_mul(100), key.den)),
            _ => format_scaled(n, key.den),
        }
    }
}

fn items<'a>(spot: &Spot<'a>) -> Vec<Spot<'a>> {
    match spot.node.as_sequence() {
        Some(all) => all.iter().enumerate().map(|(i, node)| spot.child(node, &format!("[{i}]"))).collect(),
        None => vec![spot.clone()],
    }
}
