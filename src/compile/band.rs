//! Bands.

use super::service::Build;
use crate::diagnostic::Diagnostic;
use crate::pack::{Formula, RawBand, RawStep};
use crate::plan::{Form, Formula as Shown, Instr, Reg, RowText};

/// A value with its form and formulas.
type Made = (Reg, Form, Vec<Shown>);

impl<'a> Build<'_, '_, 'a> {
    pub(super) fn make_bands(
        &mut self,
        raw: &RawStep<'a>,
        of: &Formula<'a>,
        from: &Formula<'a>,
        rows: &[RawBand<'a>],
    ) -> Option<Made> {
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
                (None, false) => {
                    return self.report(
                        Diagnostic::error("missing-key", "`up_to` is missing: only the last band is open")
                            .at(band.spot.place()),
                    );
                }
                (Some(edge), true) => {
                    return self.report(
                        Diagnostic::error("band-edges", "the last band has no `up_to`: everything above belongs to it")
                            .at(edge.spot.place()),
                    );
                }
            }
            rates.push(self.formula(&band.rate, None)?);
            self.prove_row(&band.cites, &raw.cites, (Vec::new(), false, true));
            texts.push(RowText {
                cells: vec![band.up_to.as_ref().map(|f| f.spot.text().to_owned()).unwrap_or_default()],
                is: band.rate.spot.text().to_owned(),
                readings: self.readings(&band.cites),
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
    pub(super) fn check_edge(&self, before: Option<Reg>, edge: Reg, formula: &Formula<'a>) -> Option<()> {
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
        self.report(
            Diagnostic::error("band-edges", message)
                .at(formula.spot.place())
                .help("bands stand in rising order; the bounds of the facts must prove it"),
        )
    }
}
