//! Splitting a stay at the edges of settlement years or every so many days, by its dated lines.

use crate::case::{Encoded, Value};
use crate::date::Date;
use crate::decision::Refusal;
use crate::plan::{CrossesYear, Ledger, Service};

/// A piece: its days, and its answers.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
    pub(super) encoded: Encoded,
}

fn no_lines() -> Refusal {
    let en = "this stay is settled in pieces and needs dated lines";
    Refusal::before("needs-lines", "这次住院要分段计算，须有逐日费用".into(), en.into())
}

fn stray_line() -> Refusal {
    let en = "a line has no day, or one outside the stay";
    Refusal::before("needs-lines", "逐日费用中有没有日期或不在住院期间的一行".into(), en.into())
}

fn too_many() -> Refusal {
    let zh = format!("这次住院要分成 {MOST_PIECES} 段以上，不予测算");
    Refusal::before("too-many-pieces", zh, format!("this stay would be settled in more than {MOST_PIECES} pieces"))
}

/// Most pieces of one stay.
const MOST_PIECES: usize = 1_000;

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

/// The first days of the pieces of a stay.
fn starts(service: &Service, ledger: Option<&Ledger>, first: Date, last: Date) -> Result<Vec<Date>, Refusal> {
    let mut all = vec![first];
    let mut day = first;
    while let Some(next) = next_piece(service, ledger, first, day, last) {
        if all.len() >= MOST_PIECES {
            return Err(too_many());
        }
        all.push(next);
        day = next;
    }
    Ok(all)
}

/// The pieces of a stay; one where nothing splits it.
pub(super) fn pieces(service: &Service, ledger: Option<&Ledger>, encoded: &Encoded) -> Result<Vec<Piece>, Refusal> {
    let day = |reg: Option<u32>| {
        let value = encoded.inputs.get(reg? as usize)?.ok()?;
        i32::try_from(value).ok().and_then(Date::from_days)
    };
    let (from, to) = (day(service.as_of), day(service.ends));
    let whole = || Piece { from, until: to, encoded: encoded.clone() };
    let (Some(first), Some(last)) = (from, to) else { return Ok(vec![whole()]) };
    let starts = starts(service, ledger, first, last)?;
    if starts.len() < 2 {
        return Ok(vec![whole()]);
    }
    let (list, field) = service.split_lines.ok_or_else(no_lines)?;
    let mut bare = encoded.clone();
    let lines = bare.lists.get_mut(list as usize).and_then(Option::take).ok_or_else(no_lines)?;
    // Each line goes to the piece that holds its day.
    let mut inside = vec![Vec::new(); starts.len()];
    for record in lines {
        let Some(Ok(n)) = record.get(field as usize) else { return Err(stray_line()) };
        let line = i32::try_from(*n).ok().and_then(Date::from_days).filter(|line| *line >= first && *line <= last);
        let line = line.ok_or_else(stray_line)?;
        let piece = starts.partition_point(|start| *start <= line).checked_sub(1);
        inside.get_mut(piece.ok_or_else(stray_line)?).ok_or_else(stray_line)?.push(record);
    }
    let ends = starts.iter().skip(1).map(|next| next.add_days(-1)).chain([Some(last)]);
    let piece = |((start, until), lines): ((&Date, Option<Date>), Vec<Vec<Value>>)| {
        // A piece sees its own lines and its own days; everything else is the stay's.
        let mut piece = bare.clone();
        if let Some(slot) = piece.lists.get_mut(list as usize) {
            *slot = Some(lines);
        }
        set_day(&mut piece, service.as_of, Some(*start));
        set_day(&mut piece, service.ends, until);
        Piece { from: Some(*start), until, encoded: piece }
    };
    Ok(starts.iter().zip(ends).zip(inside).map(piece).collect())
}

fn set_day(piece: &mut Encoded, reg: Option<u32>, day: Option<Date>) {
    if let (Some(reg), Some(day)) = (reg, day)
        && let Some(slot) = piece.inputs.get_mut(reg as usize)
    {
        *slot = Ok(i64::from(day.days()));
    }
}
