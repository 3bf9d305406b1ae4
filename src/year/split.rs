//! Splitting a stay at the edges of settlement years or every so many days, by its dated lines.

use crate::case::Encoded;
use crate::date::Date;
use crate::plan::{CrossesYear, Ledger, Service};

/// A piece: its days, and its answers.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
    pub(super) encoded: Encoded,
}

/// Why a stay cannot be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SplitError {
    /// There are no dated lines.
    NoLines,
    /// A line has no day, or one outside the stay.
    StrayLine,
}

/// First days of the pieces after the first.
fn cuts(service: &Service, ledger: Option<&Ledger>, from: Date, to: Date) -> Vec<Date> {
    let mut all = Vec::new();
    if let (CrossesYear::Split, Some(ledger)) = (service.crosses_year, ledger) {
        let mut edge = ledger.year.next_start(from);
        while edge <= to && edge < Date::MAX {
            all.push(edge);
            edge = ledger.year.next_start(edge);
        }
    }
    if let Some(days) = service.split_days.and_then(|d| i32::try_from(d).ok()) {
        let mut edge = from.add_days(days);
        while let Some(day) = edge.filter(|day| *day <= to) {
            all.push(day);
            edge = day.add_days(days);
        }
    }
    all.sort();
    all.dedup();
    all
}

/// The pieces of a stay; one where nothing splits it.
pub(super) fn pieces(service: &Service, ledger: Option<&Ledger>, encoded: &Encoded) -> Result<Vec<Piece>, SplitError> {
    let day = |reg: Option<u32>| {
        let value = encoded.inputs.get(reg? as usize)?.ok()?;
        i32::try_from(value).ok().and_then(Date::from_days)
    };
    let (from, to) = (day(service.as_of), day(service.ends));
    let whole = || Piece { from, until: to, encoded: encoded.clone() };
    let (Some(first), Some(last)) = (from, to) else { return Ok(vec![whole()]) };
    let cuts = cuts(service, ledger, first, last);
    if cuts.is_empty() {
        return Ok(vec![whole()]);
    }
    let (list, field) = service.split_lines.ok_or(SplitError::NoLines)?;
    let records = encoded.lists.get(list as usize).and_then(|l| l.as_ref()).ok_or(SplitError::NoLines)?;
    let mut starts = vec![first];
    starts.extend(&cuts);
    let mut all = Vec::new();
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i.saturating_add(1)).copied();
        let mut inside = Vec::new();
        for record in records {
            let Some(Ok(n)) = record.get(field as usize) else { return Err(SplitError::StrayLine) };
            let Some(line) = i32::try_from(*n).ok().and_then(Date::from_days) else {
                return Err(SplitError::StrayLine);
            };
            if line < first || line > last {
                return Err(SplitError::StrayLine);
            }
            if line >= *start && end.is_none_or(|end| line < end) {
                inside.push(record.clone());
            }
        }
        // A piece sees its own lines and its own days; everything else is the stay's.
        let mut piece = encoded.clone();
        if let Some(slot) = piece.lists.get_mut(list as usize) {
            *slot = Some(inside);
        }
        let until = end.map_or(Some(last), |e| e.add_days(-1));
        set_day(&mut piece, service.as_of, Some(*start));
        set_day(&mut piece, service.ends, until);
        all.push(Piece { from: Some(*start), until, encoded: piece });
    }
    Ok(all)
}

fn set_day(piece: &mut Encoded, reg: Option<u32>, day: Option<Date>) {
    if let (Some(reg), Some(day)) = (reg, day)
        && let Some(slot) = piece.inputs.get_mut(reg as usize)
    {
        *slot = Ok(i64::from(day.days()));
    }
}
