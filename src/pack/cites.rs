//! Reading cites: `source/clause#marked phrase`, or a mapping that also says how the words are read.

use super::raw::{RawCite, RawReading};
use super::read::{Fields, Spot};
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::formula::parse_figure;

/// The cites under a key.
pub(super) fn cites<'a>(fields: &Fields<'_, 'a>, key: &str) -> Vec<RawCite<'a>> {
    fields.items(key).into_iter().filter_map(|spot| cite(fields, spot)).collect()
}

fn cite<'a>(fields: &Fields<'_, 'a>, spot: Spot<'a>) -> Option<RawCite<'a>> {
    if spot.node.as_text().is_some() {
        return Some(RawCite { at: Some(spot.clone()), reads: None, spot });
    }
    let inner = Fields::open(fields.scope(), spot.clone())?;
    let at = inner.text("at");
    let reads = inner.get("reads").and_then(|spot| {
        let reads = Fields::open(fields.scope(), spot)?;
        let (mut figures, mut days) = (Vec::new(), Vec::new());
        for figure in reads.items("figure") {
            if let Ok(day) = Date::parse(figure.text()) {
                days.push(day);
                continue;
            }
            match parse_figure(figure.text()) {
                Ok(parsed) => figures.push(parsed),
                Err(e) => fields.scope().report(Diagnostic::error(e.code, e.message).at(figure.place())),
            }
        }
        let text = reads.own_label();
        reads.close();
        Some(RawReading { figures, days, text })
    });
    inner.close();
    if at.is_none() && reads.is_none() {
        fields.scope().report(
            Diagnostic::error(
                "missing-key",
                "a cite names a clause under `at`, or says how a figure is read under `reads`",
            )
            .at(spot.place()),
        );
        return None;
    }
    Some(RawCite { at, reads, spot })
}
