//! Exact box cover of a table: every combination of key values that can occur is hit by exactly one
//! row. The same walk finds gaps and overlaps with an example and builds the dense array that the
//! evaluator looks up, so a table that loads cannot have either.

use super::program::{Cell, Kind, Table};
use super::shape::Shape;
use crate::number::lcm;

/// Most combinations of a table.
pub const MOST_CELLS: usize = 1 << 16;
/// Entry of the dense array: no row, `otherwise` answers.
pub const OTHERWISE: u16 = u16::MAX;
/// Entry of the dense array: declared impossible, or a value that the key cannot have.
pub const IMPOSSIBLE: u16 = u16::MAX - 1;

/// One key's values, cut into stretches that no row tells apart.
#[derive(Debug, Clone)]
pub struct Column {
    /// Key numerators are multiplied by this before they are compared with the cuts.
    pub factor: i128,
    /// Cut points over the common denominator, rising; empty for options.
    pub cuts: Vec<i128>,
    /// Whether the column holds options.
    pub options: bool,
    /// An example of each stretch, in key numerators; `None` where nothing can stand there.
    pub samples: Vec<Option<i128>>,
    common: i128,
}

/// A table's dense form.
#[derive(Debug, Clone)]
pub struct Cover {
    /// One a key.
    pub columns: Vec<Column>,
    /// Row index of each combination, last key fastest.
    pub dense: Vec<u16>,
}

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No row hits this input (key numerators).
    Gap(Vec<i128>),
    /// Two rows hit this input.
    Overlap(usize, usize, Vec<i128>),
    /// No input reaches this row.
    Unreachable(usize),
    /// More combinations than [`MOST_CELLS`].
    TooLarge,
    /// An option number or an interval that cannot be (row, column).
    Cell(usize, usize),
}

impl Column {
    /// The stretch that holds a key's numerator.
    #[must_use]
    pub fn stretch(&self, key: i128) -> Option<usize> {
        if self.options {
            return usize::try_from(key).ok().filter(|i| *i < self.samples.len());
        }
        let key = key.checked_mul(self.factor)?;
        Some(match self.cuts.binary_search(&key) {
            Ok(i) => i.saturating_mul(2).saturating_add(1),
            Err(i) => i.saturating_mul(2),
        })
    }

    /// Whether a cell takes the values of a stretch.
    #[must_use]
    pub fn hits(&self, cell: &Cell, stretch: usize) -> bool {
        let edge = |end: &(i64, i64, bool)| {
            let at = scale(*end, self.common)?;
            let i = self.cuts.binary_search(&at).ok()?;
            Some(i.saturating_mul(2).saturating_add(1))
        };
        match cell {
            Cell::Any => true,
            Cell::Options(all) => all.iter().any(|o| *o as usize == stretch),
            Cell::Interval(low, high) => {
                let above = low.as_ref().is_none_or(|end| edge(end).is_some_and(|at| stretch > at || (stretch == at && end.2)));
                let below = high.as_ref().is_none_or(|end| edge(end).is_some_and(|at| stretch < at || (stretch == at && end.2)));
                above && below
            }
        }
    }
}

/// Cuts, covers and checks a table.
///
/// # Errors
/// Every gap and overlap (one example per pair of rows), every row that nothing reaches.
pub fn cover(table: &Table, keys: &[&Shape]) -> Result<Cover, Vec<Fault>> {
    let mut faults = Vec::new();
    let columns: Vec<Column> = keys.iter().enumerate().map(|(i, key)| column(table, i, key, &mut faults)).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let size = columns.iter().try_fold(1_usize, |n, column| n.checked_mul(column.samples.len()));
    let Some(size) = size.filter(|n| *n <= MOST_CELLS) else {
        return Err(vec![Fault::TooLarge]);
    };
    let mut walk = Walk { table, columns: &columns, reached: vec![false; table.rows.len()], pairs: Vec::new(), gap: false, faults };
    let mut dense = Vec::with_capacity(size);
    let mut at = vec![0_usize; columns.len()];
    for _ in 0..size {
        dense.push(walk.visit(&at));
        advance(&mut at, &columns);
    }
    for (row, reached) in walk.reached.iter().enumerate() {
        if !reached {
            walk.faults.push(Fault::Unreachable(row));
        }
    }
    if walk.faults.is_empty() { Ok(Cover { columns, dense }) } else { Err(walk.faults) }
}

struct Walk<'a> {
    table: &'a Table,
    columns: &'a [Column],
    reached: Vec<bool>,
    pairs: Vec<(usize, usize)>,
    gap: bool,
    faults: Vec<Fault>,
}

impl Walk<'_> {
    fn visit(&mut self, at: &[usize]) -> u16 {
        let example: Option<Vec<i128>> =
            self.columns.iter().zip(at).map(|(column, stretch)| column.samples.get(*stretch).copied().flatten()).collect();
        let Some(example) = example else { return IMPOSSIBLE };
        let hit = |cells: &[Cell]| cells.iter().zip(self.columns).zip(at).all(|((cell, column), stretch)| column.hits(cell, *stretch));
        let declared_impossible = self.table.impossible.iter().any(|cells| hit(cells));
        let rows: Vec<usize> = self.table.rows.iter().enumerate().filter(|(_, row)| hit(&row.cells)).map(|(i, _)| i).collect();
        if declared_impossible {
            return IMPOSSIBLE;
        }
        for row in &rows {
            if let Some(seen) = self.reached.get_mut(*row) {
                *seen = true;
            }
        }
        if let [first, second, ..] = rows.as_slice() {
            if !self.pairs.contains(&(*first, *second)) {
                self.pairs.push((*first, *second));
                self.faults.push(Fault::Overlap(*first, *second, example.clone()));
            }
        }
        match rows.first() {
            Some(row) => u16::try_from(*row).unwrap_or(IMPOSSIBLE),
            None if self.table.otherwise.is_some() => OTHERWISE,
            None => {
                if !self.gap {
                    self.gap = true;
                    self.faults.push(Fault::Gap(example));
                }
                IMPOSSIBLE
            }
        }
    }
}

/// The next combination, last key fastest.
fn advance(at: &mut [usize], columns: &[Column]) {
    for (digit, column) in at.iter_mut().zip(columns).rev() {
        *digit = digit.saturating_add(1);
        if *digit < column.samples.len() {
            return;
        }
        *digit = 0;
    }
}

fn scale(end: (i64, i64, bool), common: i128) -> Option<i128> {
    let den = i128::from(end.1);
    if den <= 0 || common.checked_rem(den)? != 0 {
        return None;
    }
    i128::from(end.0).checked_mul(common.checked_div(den)?)
}

fn column(table: &Table, index: usize, key: &Shape, faults: &mut Vec<Fault>) -> Column {
    let cells = || {
        let rows = table.rows.iter().map(|row| row.cells.get(index)).enumerate();
        let impossible = table.impossible.iter().map(|cells| cells.get(index)).map(|cell| (usize::MAX, cell));
        rows.chain(impossible)
    };
    if matches!(key.kind, Kind::Bool | Kind::Choice(_)) {
        let count = usize::try_from(key.hi).unwrap_or(0).saturating_add(1);
        for (row, cell) in cells() {
            let fits = match cell {
                Some(Cell::Options(all)) => all.iter().all(|o| (*o as usize) < count),
                Some(Cell::Any) => true,
                _ => false,
            };
            if !fits {
                faults.push(Fault::Cell(row, index));
            }
        }
        let samples = (0..count).map(|i| i128::try_from(i).ok().filter(|n| possible(key, *n))).collect();
        return Column { factor: 1, cuts: Vec::new(), options: true, samples, common: 1 };
    }
    let mut common = key.den;
    for (_, cell) in cells() {
        if let Some(Cell::Interval(low, high)) = cell {
            for end in [low, high].into_iter().flatten() {
                common = lcm(common, i128::from(end.1)).unwrap_or(common);
            }
        }
    }
    let mut cuts = Vec::new();
    for (row, cell) in cells() {
        match cell {
            Some(Cell::Any) => {}
            Some(Cell::Interval(low, high)) => {
                let ends: Vec<Option<i128>> = [low, high].into_iter().flatten().map(|end| scale(*end, common)).collect();
                let empty = match (low, high) {
                    (Some(a), Some(b)) => match (scale(*a, common), scale(*b, common)) {
                        (Some(x), Some(y)) => x > y || (x == y && !(a.2 && b.2)),
                        _ => true,
                    },
                    _ => false,
                };
                if empty || ends.iter().any(Option::is_none) {
                    faults.push(Fault::Cell(row, index));
                }
                cuts.extend(ends.into_iter().flatten());
            }
            _ => faults.push(Fault::Cell(row, index)),
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    let factor = common.checked_div(key.den).unwrap_or(1).max(1);
    let samples = stretches(key, factor, &cuts);
    Column { factor, cuts, options: false, samples, common }
}

/// Whether a key can have this numerator.
fn possible(key: &Shape, n: i128) -> bool {
    match &key.finite {
        Some(all) => all.contains(&n),
        None => n >= key.lo && n <= key.hi,
    }
}

/// An example of each stretch between and at the cuts, where a possible key value stands there.
fn stretches(key: &Shape, factor: i128, cuts: &[i128]) -> Vec<Option<i128>> {
    let count = cuts.len().saturating_mul(2).saturating_add(1);
    (0..count)
        .map(|i| {
            let cut = |k: Option<usize>| k.and_then(|k| cuts.get(k)).copied();
            let half = i.checked_div(2).unwrap_or(0);
            if i.checked_rem(2) == Some(1) {
                let at = cut(Some(half))?;
                let n = at.checked_div(factor)?;
                return (at.checked_rem(factor)? == 0 && possible(key, n)).then_some(n);
            }
            // Between two cuts: the numerators strictly inside, and inside the key's own range.
            let low = cut(half.checked_sub(1)).map_or(key.lo, |c| c.div_euclid(factor).saturating_add(1).max(key.lo));
            let high = cut(Some(half)).map_or(key.hi, |c| (c.saturating_sub(1)).div_euclid(factor).min(key.hi));
            match &key.finite {
                Some(all) => all.iter().copied().find(|n| *n >= low && *n <= high),
                None => (low <= high).then_some(low),
            }
        })
        .collect()
}
