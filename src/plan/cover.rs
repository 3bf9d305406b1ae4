//! Exact box cover of a table: every combination of key values that can occur is hit by exactly one
//! row. The same walk finds gaps and overlaps with an example and builds the dense array that the
//! evaluator looks up, so a table that loads cannot have either.

use super::infer::insert;
use super::program::{Cell, Kind, Table};
use super::shape::Shape;
use crate::number::{self, Wide, lcm, wide};

/// Most combinations of a table.
pub const MOST_CELLS: usize = 1 << 16;
/// Most combinations of all tables of a plan.
pub const MOST_CELLS_IN_ALL: usize = 1 << 20;
/// Most rows, and most impossible combinations, of a table.
pub const MOST_ROWS: usize = 2_000;
/// Most keys of a table.
const MOST_KEYS: usize = 64;
/// Overlaps told of one table.
const MOST_OVERLAPS: usize = 50;
/// Entry of the dense array: no row, `otherwise` answers.
pub const OTHERWISE: u16 = u16::MAX;
/// Entry of the dense array: declared impossible, or a value that the key cannot have.
pub const IMPOSSIBLE: u16 = u16::MAX - 1;

/// One key's values, cut into stretches that no row tells apart.
#[derive(Debug, Clone)]
pub struct Column {
    /// Key numerators are multiplied by this before they are compared with the cuts.
    pub factor: Wide,
    /// Cut points over the common denominator, rising; empty for options.
    pub cuts: Vec<Wide>,
    /// Whether the column holds options.
    pub options: bool,
    /// Greatest magnitude of a key brought to the common denominator.
    pub reach: Wide,
    /// An example of each stretch, in key numerators; `None` where nothing can stand there.
    pub samples: Vec<Option<Wide>>,
    common: Wide,
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
    Gap(Vec<Wide>),
    /// Two rows hit this input.
    Overlap(usize, usize, Vec<Wide>),
    /// No input reaches this row.
    Unreachable(usize),
    /// More combinations than [`MOST_CELLS`].
    TooLarge,
    /// Keys and ends over one denominator may need more bits than there are.
    TooWide,
    /// An option number or an interval that cannot be (row, column).
    Cell(usize, usize),
}

impl Column {
    /// The stretch that holds a key.
    #[must_use]
    pub fn stretch<N: number::Number>(&self, key: N, watch: &N::Watch) -> Option<usize> {
        if self.options {
            return usize::try_from(key.to_wide()).ok().filter(|i| *i < self.samples.len());
        }
        Some(key.mul(N::from_wide(self.factor)).stretch(&self.cuts, watch))
    }

    /// Whether a cell of this column takes a key.
    #[must_use]
    pub fn takes(&self, cell: &Cell, key: Wide) -> bool {
        let at = self.stretch(key, &());
        let mut takes = false;
        self.each_stretch(Some(cell), |stretch| takes |= Some(stretch) == at);
        takes
    }

    /// Calls `f` with each stretch whose values a cell takes.
    fn each_stretch(&self, cell: Option<&Cell>, mut f: impl FnMut(usize)) {
        let last = self.samples.len().saturating_sub(1);
        match cell {
            None | Some(Cell::Any) => (0..self.samples.len()).for_each(f),
            Some(Cell::Options(all)) => all.iter().for_each(|option| f(*option as usize)),
            Some(Cell::Interval(low, high)) => {
                // The stretch of a cut itself is odd; an open end starts, or ends, beside it.
                let edge = |end: &(i64, i64, bool)| {
                    let at = scale(*end, self.common)?;
                    Some(self.cuts.binary_search(&at).ok()?.saturating_mul(2).saturating_add(1))
                };
                let from =
                    low.as_ref().map_or(Some(0), |end| edge(end).map(|at| at.saturating_add(usize::from(!end.2))));
                let to =
                    high.as_ref().map_or(Some(last), |end| edge(end).map(|at| at.saturating_sub(usize::from(!end.2))));
                if let (Some(from), Some(to)) = (from, to) {
                    (from..=to).for_each(f);
                }
            }
        }
    }
}

/// Cuts, covers and checks a table.
///
/// # Errors
/// Every gap and overlap (one example per pair of rows), every row that nothing reaches.
pub fn cover(table: &Table, keys: &[&Shape]) -> Result<Cover, Vec<Fault>> {
    if table.rows.len() > MOST_ROWS || table.impossible.len() > MOST_ROWS || keys.len() > MOST_KEYS {
        return Err(vec![Fault::TooLarge]);
    }
    let mut faults = Vec::new();
    let columns: Vec<Column> = keys.iter().enumerate().map(|(i, key)| column(table, i, key, &mut faults)).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let size = columns.iter().try_fold(1_usize, |n, column| n.checked_mul(column.samples.len()));
    let Some(size) = size.filter(|n| *n <= MOST_CELLS) else {
        return Err(vec![Fault::TooLarge]);
    };
    let hits: Vec<Hits> = columns.iter().enumerate().map(|(i, column)| Hits::of(table, i, column)).collect();
    let mut walk = Walk { table, reached: vec![0; words(table.rows.len())], pairs: Vec::new(), gap: false, faults };
    let mut prefixes = Prefixes::new(table, columns.len());
    let mut dense = Vec::with_capacity(size);
    let mut at = vec![0_usize; columns.len()];
    let mut changed = 0;
    for _ in 0..size {
        prefixes.extend(&hits, &at, changed);
        dense.push(walk.visit(&columns, &at, &prefixes));
        changed = advance(&mut at, &columns);
    }
    for row in 0..table.rows.len() {
        if !bit(&walk.reached, row) {
            walk.faults.push(Fault::Unreachable(row));
        }
    }
    if walk.faults.is_empty() { Ok(Cover { columns, dense }) } else { Err(walk.faults) }
}

/// How many words hold so many bits.
const fn words(bits: usize) -> usize {
    bits.div_ceil(64)
}

fn bit(all: &[u64], at: usize) -> bool {
    let word = at.checked_div(64).and_then(|w| all.get(w)).copied().unwrap_or(0);
    (word.wrapping_shr((at & 63) as u32) & 1) == 1
}

fn set(all: &mut [u64], at: usize) {
    if let Some(word) = at.checked_div(64).and_then(|w| all.get_mut(w)) {
        *word |= 1_u64.wrapping_shl((at & 63) as u32);
    }
}

/// The first two bits that are set.
fn first_two(all: &[u64]) -> (Option<usize>, Option<usize>) {
    let mut found = all.iter().enumerate().flat_map(|(i, word)| {
        let lowest = (*word != 0).then(|| i.saturating_mul(64).saturating_add(word.trailing_zeros() as usize));
        let rest = word & word.wrapping_sub(1);
        let second = (rest != 0).then(|| i.saturating_mul(64).saturating_add(rest.trailing_zeros() as usize));
        lowest.into_iter().chain(second)
    });
    (found.next(), found.next())
}

/// Which rows, and which impossible combinations, take each stretch of a column: one bit each.
struct Hits {
    rows: Vec<Vec<u64>>,
    impossible: Vec<Vec<u64>>,
    /// Whether a value can stand in the stretch at all.
    possible: Vec<bool>,
}

impl Hits {
    fn of(table: &Table, index: usize, column: &Column) -> Self {
        let mut rows = vec![vec![0; words(table.rows.len())]; column.samples.len()];
        for (i, row) in table.rows.iter().enumerate() {
            let cell = row.cells.get(index);
            column.each_stretch(cell, |stretch| {
                if let Some(bits) = rows.get_mut(stretch) {
                    set(bits, i)
                }
            });
        }
        let mut impossible = vec![vec![0; words(table.impossible.len())]; column.samples.len()];
        for (i, cells) in table.impossible.iter().enumerate() {
            let cell = cells.get(index);
            column.each_stretch(cell, |stretch| {
                if let Some(bits) = impossible.get_mut(stretch) {
                    set(bits, i)
                }
            });
        }
        Self { rows, impossible, possible: column.samples.iter().map(Option::is_some).collect() }
    }
}

/// What the first columns leave of rows and impossible combinations, for each number of columns.
struct Prefixes {
    rows: Vec<Vec<u64>>,
    impossible: Vec<Vec<u64>>,
    possible: Vec<bool>,
}

impl Prefixes {
    fn new(table: &Table, columns: usize) -> Self {
        let all = |count: usize| {
            let mut bits = vec![0; words(count)];
            (0..count).for_each(|i| set(&mut bits, i));
            vec![bits; columns.saturating_add(1)]
        };
        Self {
            rows: all(table.rows.len()),
            impossible: all(table.impossible.len()),
            possible: vec![true; columns.saturating_add(1)],
        }
    }

    /// Works out again what the columns from `changed` on leave.
    fn extend(&mut self, hits: &[Hits], at: &[usize], changed: usize) {
        for (i, (hit, stretch)) in hits.iter().zip(at).enumerate().skip(changed) {
            narrow(&mut self.rows, i, hit.rows.get(*stretch));
            narrow(&mut self.impossible, i, hit.impossible.get(*stretch));
            let possible = self.possible.get(i) == Some(&true) && hit.possible.get(*stretch) == Some(&true);
            if let Some(slot) = self.possible.get_mut(i.saturating_add(1)) {
                *slot = possible;
            }
        }
    }
}

/// Entry `at + 1` becomes what entry `at` and the bits have in common.
fn narrow(all: &mut [Vec<u64>], at: usize, bits: Option<&Vec<u64>>) {
    if let Some([before, after]) = all.get_mut(at..at.saturating_add(2)) {
        for ((to, from), hit) in after.iter_mut().zip(before.iter()).zip(bits.into_iter().flatten()) {
            *to = from & hit;
        }
    }
}

struct Walk<'a> {
    table: &'a Table,
    reached: Vec<u64>,
    pairs: Vec<(usize, usize)>,
    gap: bool,
    faults: Vec<Fault>,
}

impl Walk<'_> {
    fn visit(&mut self, columns: &[Column], at: &[usize], prefixes: &Prefixes) -> u16 {
        if prefixes.possible.last() != Some(&true)
            || prefixes.impossible.last().is_some_and(|bits| bits.iter().any(|word| *word != 0))
        {
            return IMPOSSIBLE;
        }
        let example = || {
            columns
                .iter()
                .zip(at)
                .map(|(column, stretch)| column.samples.get(*stretch).copied().flatten().unwrap_or(0))
                .collect()
        };
        let rows = prefixes.rows.last().map(Vec::as_slice).unwrap_or_default();
        for (seen, hit) in self.reached.iter_mut().zip(rows) {
            *seen |= hit;
        }
        match first_two(rows) {
            (Some(first), second) => {
                if let Some(second) =
                    second.filter(|second| self.pairs.len() < MOST_OVERLAPS && !self.pairs.contains(&(first, *second)))
                {
                    self.pairs.push((first, second));
                    self.faults.push(Fault::Overlap(first, second, example()));
                }
                u16::try_from(first).unwrap_or(IMPOSSIBLE)
            }
            (None, _) if self.table.otherwise.is_some() => OTHERWISE,
            (None, _) => {
                if !self.gap {
                    self.gap = true;
                    self.faults.push(Fault::Gap(example()));
                }
                IMPOSSIBLE
            }
        }
    }
}

/// The next combination, last key fastest; the first key that changed.
fn advance(at: &mut [usize], columns: &[Column]) -> usize {
    for (i, (digit, column)) in at.iter_mut().zip(columns).enumerate().rev() {
        *digit = digit.saturating_add(1);
        if *digit < column.samples.len() {
            return i;
        }
        *digit = 0;
    }
    0
}

fn scale(end: (i64, i64, bool), common: Wide) -> Option<Wide> {
    let den = wide(end.1);
    if den <= 0 || common.checked_rem(den)? != 0 {
        return None;
    }
    wide(end.0).checked_mul(common.checked_div(den)?)
}

fn column(table: &Table, index: usize, key: &Shape, faults: &mut Vec<Fault>) -> Column {
    let cells = || {
        let rows = table.rows.iter().map(|row| row.cells.get(index)).enumerate();
        let impossible = table.impossible.iter().map(|cells| cells.get(index)).map(|cell| (usize::MAX, cell));
        rows.chain(impossible)
    };
    if matches!(key.kind, Kind::Bool | Kind::Choice(_)) {
        let count = usize::try_from(key.hi).unwrap_or(0).saturating_add(1);
        if count > MOST_CELLS {
            faults.push(Fault::TooLarge);
            return Column { factor: 1, cuts: Vec::new(), options: true, reach: 0, samples: Vec::new(), common: 1 };
        }
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
        let samples = (0..count).map(|i| Wide::try_from(i).ok().filter(|n| possible(key, *n))).collect();
        return Column { factor: 1, cuts: Vec::new(), options: true, reach: key.hi, samples, common: 1 };
    }
    let mut common = key.den;
    for (_, cell) in cells() {
        if let Some(Cell::Interval(low, high)) = cell {
            for end in [low, high].into_iter().flatten() {
                common = lcm(common, wide(end.1)).unwrap_or_else(|| {
                    faults.push(Fault::TooWide);
                    common
                });
            }
        }
    }
    let mut cuts = Vec::new();
    for (row, cell) in cells() {
        match cell {
            Some(Cell::Any) => {}
            Some(Cell::Interval(low, high)) => {
                let mut ends = [None, None];
                for (end, at) in [low, high].into_iter().zip(&mut ends) {
                    let Some(end) = end else { continue };
                    *at = scale(*end, common).map(|at| (at, end.2));
                    match at {
                        Some((at, _)) => insert(&mut cuts, *at),
                        None => faults.push(if end.1 > 0 { Fault::TooWide } else { Fault::Cell(row, index) }),
                    }
                }
                if let [Some((from, with)), Some((to, also))] = ends
                    && (from > to || from == to && !(with && also))
                {
                    faults.push(Fault::Cell(row, index));
                }
            }
            _ => faults.push(Fault::Cell(row, index)),
        }
    }
    let factor = common.checked_div(key.den).unwrap_or(1).max(1);
    let samples = stretches(key, factor, &cuts);
    let far = key.lo.saturating_abs().max(key.hi.saturating_abs());
    let reach = far.checked_mul(factor).unwrap_or_else(|| {
        faults.push(Fault::TooWide);
        far
    });
    let reach = cuts.iter().fold(reach, |most, cut| most.max(cut.saturating_abs()));
    Column { factor, cuts, options: false, reach, samples, common }
}

/// Whether a key can have this numerator.
fn possible(key: &Shape, n: Wide) -> bool {
    match &key.finite {
        Some(all) => all.contains(&n),
        None => n >= key.lo && n <= key.hi,
    }
}

/// An example of each stretch between and at the cuts, where a possible key value stands there.
fn stretches(key: &Shape, factor: Wide, cuts: &[Wide]) -> Vec<Option<Wide>> {
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
