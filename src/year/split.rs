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

/// Why a stay cannot be split, in both languages.
pub(super) type SplitError = (&'static str, &'static str);

const NO_LINES: SplitError =
    ("这次住院要分段计算，须有逐日费用", "this stay is settled in pieces and needs dated lines");
const STRAY_LINE: SplitError =
    ("逐日费用中有没有日期或不在住院期间的一行", "a line has no day, or one outside the stay");

/// The first day of the piece after the one that holds this day, if it is no later than `last`.
fn next_piece(service: &Service, ledger: Option<&Ledger>, first: Date, day: Date, last: Date) -> Option<Date> {
    let mut next = None;
    if let (CrossesYear::Split, Some(ledger)) = (service.crosses_year, ledger) {
        next = Some(ledger.year.next_start(day)).filter(|edge| *edge < Date::MAX);
    }
    if let Some(days) = service.split_days.and_then(|d| i32::try_from(d).ok()).filter(|days| *days > 0) {
        // Stretches of so many days are counted from the first day of the stay, whatever year edges fall between.
        let behind = day.days().saturating_sub(first.days());
        let step = behind.checked_rem(days).and_then(|into| days.checked_sub(into));
        let edge = step.and_then(|step| day.add_days(step));
        next = match (next, edge) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    next.filter(|next| *next <= last)
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
    let mut next = next_piece(service, ledger, first, first, last);
    if next.is_none() {
        return Ok(vec![whole()]);
    }
    let (list, field) = service.split_lines.ok_or(NO_LINES)?;
    let records = encoded.lists.get(list as usize).and_then(|l| l.as_ref()).ok_or(NO_LINES)?;
    let mut all = Vec::new();
    let mut start = first;
    loop {
        let mut inside = Vec::new();
        for record in records {
            let Some(Ok(n)) = record.get(field as usize) else { return Err(STRAY_LINE) };
            let line = i32::try_from(*n).ok().and_then(Date::from_days).filter(|line| *line >= first && *line <= last);
            let line = line.ok_or(STRAY_LINE)?;
            if line >= start && next.is_none_or(|end| line < end) {
                inside.push(record.clone());
            }
        }
        // A piece sees its own lines and its own days; everything else is the stay's.
        let mut piece = encoded.clone();
        if let Some(slot) = piece.lists.get_mut(list as usize) {
            *slot = Some(inside);
        }
        let until = next.map_or(Some(last), |next| next.add_days(-1));
        set_day(&mut piece, service.as_of, Some(start));
        set_day(&mut piece, service.ends, until);
        all.push(Piece { from: Some(start), until, encoded: piece });
        let Some(day) = next else { return Ok(all) };
        start = day;
        next = next_piece(service, ledger, first, start, last);
    }
}

fn set_day(piece: &mut Encoded, reg: Option<u32>, day: Option<Date>) {
    if let (Some(reg), Some(day)) = (reg, day)
        && let Some(slot) = piece.inputs.get_mut(reg as usize)
    {
        *slot = Ok(i64::from(day.days()));
    }
}
