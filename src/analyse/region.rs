//! The amounts that a run allows: whole numbers within bounds under linear conditions. Whether there
//! are any, and the least value of a linear function over them, by the simplex method in exact
//! rationals (Bland's rule, so it ends).

use super::linear::{Linear, MOST_VARIABLES};
use crate::number::{Ratio, Wide, wide};
use core::cell::Cell;
use std::rc::Rc;

/// A condition `Σ c x + constant ≤ 0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub(super) coefficients: [Wide; MOST_VARIABLES],
    pub(super) constant: Wide,
}

/// Amounts, not always whole.
pub(super) type Point = Vec<Ratio>;

/// Conditions on some variables, each within its bounds.
#[derive(Debug, Clone)]
pub struct Region {
    bounds: Vec<(i64, i64)>,
    rows: Vec<Row>,
    /// Amounts that satisfy all conditions, where some are known.
    inside: Option<Point>,
    /// Numbers that were calculated for it and for what was cut from it.
    done: Rc<Cell<u64>>,
}

/// What minimising found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Least {
    /// No amounts satisfy the conditions.
    Empty,
    /// The least value and where.
    At(Ratio, Vec<Ratio>),
    /// Numbers grew past 128 bits.
    TooWide,
}

impl Row {
    /// Whether amounts satisfy it.
    fn holds(&self, point: &[Ratio]) -> bool {
        let mut sum = ratio(self.constant);
        for (c, n) in self.coefficients.iter().zip(point).filter(|(c, _)| **c != 0) {
            sum = sum.and_then(|sum| sum.add(n.mul(ratio(*c)?)?));
        }
        sum.is_some_and(|sum| sum <= Ratio::ZERO)
    }
}

const MOST_PIVOTS: usize = 2_000;

impl Region {
    /// Everything within the bounds.
    pub(super) fn new(bounds: Vec<(i64, i64)>, done: Rc<Cell<u64>>) -> Self {
        let inside = Some(bounds.iter().map(|(low, _)| Ratio::from_int(*low)).collect());
        Self { bounds, rows: Vec::new(), inside, done }
    }

    /// Adds conditions; `inside` satisfies them and all before, where it is known.
    pub(super) fn enter(&mut self, rows: Vec<Row>, inside: Option<Point>) {
        for row in rows {
            // What holds everywhere within the bounds is no condition.
            if !self.rows.contains(&row) && self.most(&row).is_none_or(|most| most > 0) {
                self.rows.push(row);
            }
        }
        self.inside = inside;
    }

    /// Greatest value that a row's left side can have within the bounds alone.
    fn most(&self, row: &Row) -> Option<Wide> {
        let mut sum = row.constant;
        for (c, (lo, hi)) in row.coefficients.iter().zip(&self.bounds) {
            let end = if *c > 0 { *hi } else { *lo };
            sum = sum.checked_add(c.checked_mul(wide(end))?)?;
        }
        Some(sum)
    }

    fn least_by_bounds(&self, row: &Row) -> Option<Wide> {
        let mut sum = row.constant;
        for (c, (lo, hi)) in row.coefficients.iter().zip(&self.bounds) {
            let end = if *c > 0 { *lo } else { *hi };
            sum = sum.checked_add(c.checked_mul(wide(end))?)?;
        }
        Some(sum)
    }

    /// Amounts that satisfy these rows as well: `None` where there are none, `Some(None)` in doubt. A
    /// doubt costs a run, never a proof.
    pub(super) fn allows(&self, rows: &[Row]) -> Option<Option<Point>> {
        if rows.iter().any(|row| self.least_by_bounds(row).is_some_and(|n| n > 0)) {
            return None;
        }
        if let Some(point) = self.inside.as_ref().filter(|point| rows.iter().all(|row| row.holds(point))) {
            return Some(Some(point.clone()));
        }
        let mut next = self.clone();
        next.enter(rows.to_vec(), None);
        match next.least(&Linear::fixed(0)) {
            Least::Empty => None,
            Least::At(_, point) => Some(Some(point)),
            Least::TooWide => Some(None),
        }
    }

    /// The least value of a function over the region, and a point where it is reached.
    pub(super) fn least(&self, of: &Linear) -> Least {
        match Dictionary::new(self, of) {
            Some(mut dictionary) => {
                let found = dictionary.solve(&self.bounds).unwrap_or(Least::TooWide);
                self.done.set(self.done.get().saturating_add(dictionary.done));
                found
            }
            None => Least::TooWide,
        }
    }
}

/// The simplex dictionary: each row gives a variable of the basis by those outside it. Variables are the
/// amounts above their least, then one slack a row.
struct Dictionary {
    /// One entry a column, and the limit.
    rows: Vec<Vec<Ratio>>,
    basis: Vec<usize>,
    /// The variable of each column.
    outside: Vec<usize>,
    cost: Vec<Ratio>,
    den: Wide,
    /// Numbers that were calculated.
    done: u64,
}

fn ratio(n: Wide) -> Option<Ratio> {
    Ratio::new(n, 1)
}

impl Dictionary {
    fn new(region: &Region, of: &Linear) -> Option<Self> {
        let amounts = region.bounds.len();
        // a x + k ≤ 0 with x = lo + y becomes a y ≤ −k − a lo; bounds become y ≤ hi − lo.
        let mut rows: Vec<Vec<Ratio>> = Vec::new();
        for row in &region.rows {
            let own = row.coefficients.iter().take(amounts);
            let mut limit = row.constant.checked_neg()?;
            for (c, (lo, _)) in own.clone().zip(&region.bounds) {
                limit = limit.checked_sub(c.checked_mul(wide(*lo))?)?;
            }
            rows.push(own.chain([&limit]).map(|c| ratio(*c)).collect::<Option<_>>()?);
        }
        for (i, (lo, hi)) in region.bounds.iter().enumerate() {
            let mut own = vec![Ratio::ZERO; amounts];
            *own.get_mut(i)? = Ratio::ONE;
            own.push(ratio(wide(*hi).checked_sub(wide(*lo))?)?);
            rows.push(own);
        }
        let mut cost: Vec<Ratio> = of.coefficients.iter().take(amounts).map(|c| ratio(*c)).collect::<Option<_>>()?;
        let mut constant = of.constant;
        for (c, (lo, _)) in of.coefficients.iter().zip(&region.bounds) {
            constant = constant.checked_add(c.checked_mul(wide(*lo))?)?;
        }
        // The last entry holds minus the value of the objective.
        cost.push(ratio(constant.checked_neg()?)?);
        let basis = (amounts..amounts.checked_add(rows.len())?).collect();
        Some(Self { rows, basis, outside: (0..amounts).collect(), cost, den: of.den, done: 0 })
    }

    fn solve(&mut self, bounds: &[(i64, i64)]) -> Option<Least> {
        if !self.feasible()? {
            return Some(Least::Empty);
        }
        let mut pivots = 0_usize;
        while let Some(column) = self.below(&self.cost) {
            pivots = pivots.checked_add(1)?;
            if pivots > MOST_PIVOTS {
                return None;
            }
            let row = self.leaving(column)?;
            self.pivot(row, column)?;
        }
        let value = self.cost.last()?.neg().div(ratio(self.den)?)?;
        let mut point = Vec::new();
        for (i, (lo, _)) in bounds.iter().enumerate() {
            let row = self.basis.iter().position(|b| *b == i).and_then(|r| self.rows.get(r));
            let own = row.and_then(|r| r.last().copied()).unwrap_or(Ratio::ZERO);
            point.push(Ratio::from_int(*lo).add(own)?);
        }
        Some(Least::At(value, point))
    }

    /// The column below zero in a row whose variable has the least number (Bland).
    fn below(&self, row: &[Ratio]) -> Option<usize> {
        let columns = row.iter().zip(&self.outside).enumerate().filter(|(_, (n, _))| **n < Ratio::ZERO);
        columns.min_by_key(|(_, (_, variable))| **variable).map(|(column, _)| column)
    }

    /// Makes all limits non-negative by the dual simplex on a zero objective: pivots on rows below
    /// zero. `Some(false)`: no amounts at all.
    fn feasible(&mut self) -> Option<bool> {
        for _ in 0..MOST_PIVOTS {
            // Bland: the row whose basic variable has the least number.
            let below = self.rows.iter().zip(&self.basis).enumerate();
            let below = below.filter(|(_, (r, _))| r.last().is_some_and(|b| *b < Ratio::ZERO));
            let Some((row, (entries, _))) = below.min_by_key(|(_, (_, variable))| **variable) else {
                return Some(true);
            };
            let Some(column) = self.below(entries) else { return Some(false) };
            self.pivot(row, column)?;
        }
        None
    }

    fn leaving(&self, column: usize) -> Option<usize> {
        let mut best: Option<(Ratio, usize, usize)> = None;
        for (i, row) in self.rows.iter().enumerate() {
            let (entry, limit, basic) = (*row.get(column)?, *row.last()?, *self.basis.get(i)?);
            if entry <= Ratio::ZERO {
                continue;
            }
            let step = limit.div(entry)?;
            if best.is_none_or(|(least, number, _)| step < least || (step == least && basic < number)) {
                best = Some((step, basic, i));
            }
        }
        // Every amount has an upper bound, so some row always leaves.
        best.map(|(_, _, row)| row)
    }

    /// The row's variable leaves the basis, the column's enters it.
    fn pivot(&mut self, row: usize, column: usize) -> Option<()> {
        let numbers = self.rows.len().saturating_mul(self.cost.len());
        self.done = self.done.saturating_add(u64::try_from(numbers).unwrap_or(u64::MAX));
        let entry = *self.rows.get(row)?.get(column)?;
        let mut scaled: Vec<Ratio> = self.rows.get(row)?.iter().map(|n| n.div(entry)).collect::<Option<_>>()?;
        *scaled.get_mut(column)? = Ratio::ONE.div(entry)?;
        for (i, other) in self.rows.iter_mut().enumerate() {
            if i != row {
                eliminate(other, &scaled, column)?;
            }
        }
        eliminate(&mut self.cost, &scaled, column)?;
        *self.rows.get_mut(row)? = scaled;
        core::mem::swap(self.basis.get_mut(row)?, self.outside.get_mut(column)?);
        Some(())
    }
}

fn eliminate(row: &mut [Ratio], pivot: &[Ratio], column: usize) -> Option<()> {
    let factor = *row.get(column)?;
    if factor.is_zero() {
        return Some(());
    }
    *row.get_mut(column)? = Ratio::ZERO;
    for (n, p) in row.iter_mut().zip(pivot) {
        if !p.is_zero() {
            *n = n.sub(p.mul(factor)?)?;
        }
    }
    Some(())
}
