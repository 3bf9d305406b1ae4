//! The amounts that a run allows: whole numbers within bounds under linear conditions. Whether there
//! are any, and the least value of a linear function over them, by the simplex method in exact
//! rationals (Bland's rule, so it ends).

use super::linear::{Linear, MOST_VARIABLES};
use crate::number::Ratio;

/// A condition `Σ c x + constant ≤ 0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub(super) coefficients: [i128; MOST_VARIABLES],
    pub(super) constant: i128,
}

/// Conditions on some variables, each within its bounds.
#[derive(Debug, Clone)]
pub struct Region {
    bounds: Vec<(i64, i64)>,
    rows: Vec<Row>,
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

const MOST_PIVOTS: usize = 2_000;

impl Region {
    /// Everything within the bounds.
    pub(super) fn new(bounds: Vec<(i64, i64)>) -> Self {
        Self { bounds, rows: Vec::new() }
    }

    pub(super) fn add(&mut self, rows: Vec<Row>) {
        for row in rows {
            if !self.rows.contains(&row) {
                self.rows.push(row);
            }
        }
    }

    /// Greatest value that a row's left side can have within the bounds alone.
    fn most(&self, row: &Row) -> Option<i128> {
        let mut sum = row.constant;
        for (c, (lo, hi)) in row.coefficients.iter().zip(&self.bounds) {
            let end = if *c > 0 { *hi } else { *lo };
            sum = sum.checked_add(c.checked_mul(i128::from(end))?)?;
        }
        Some(sum)
    }

    fn least_by_bounds(&self, row: &Row) -> Option<i128> {
        let mut sum = row.constant;
        for (c, (lo, hi)) in row.coefficients.iter().zip(&self.bounds) {
            let end = if *c > 0 { *lo } else { *hi };
            sum = sum.checked_add(c.checked_mul(i128::from(end))?)?;
        }
        Some(sum)
    }

    /// Whether some amounts satisfy these rows as well. When in doubt, yes: a doubt costs a run, never
    /// a proof.
    pub(super) fn allows(&self, rows: &[Row]) -> bool {
        if rows.iter().any(|row| self.least_by_bounds(row).is_some_and(|n| n > 0)) {
            return false;
        }
        if self.rows.is_empty() && rows.iter().all(|row| self.most(row).is_some_and(|n| n <= 0)) {
            return true;
        }
        let mut next = self.clone();
        next.add(rows.to_vec());
        !matches!(next.least(&Linear::fixed(0)), Least::Empty)
    }

    /// The least value of a function over the region, and a point where it is reached.
    pub(super) fn least(&self, of: &Linear) -> Least {
        match Tableau::new(self, of) {
            Some(tableau) => tableau.solve(&self.bounds).unwrap_or(Least::TooWide),
            None => Least::TooWide,
        }
    }
}

/// The simplex tableau: rows over structural variables (amounts above their least) and slacks.
struct Tableau {
    rows: Vec<Vec<Ratio>>,
    basis: Vec<usize>,
    cost: Vec<Ratio>,
    columns: usize,
    den: i128,
}

fn ratio(n: i128) -> Option<Ratio> {
    Ratio::new(n, 1)
}

impl Tableau {
    fn new(region: &Region, of: &Linear) -> Option<Self> {
        let amounts = region.bounds.len();
        // a x + k ≤ 0 with x = lo + y becomes a y ≤ −k − a lo; bounds become y ≤ hi − lo.
        let mut limits: Vec<(Vec<i128>, i128)> = Vec::new();
        for row in &region.rows {
            let own: Vec<i128> = row.coefficients.iter().take(amounts).copied().collect();
            let mut limit = row.constant.checked_neg()?;
            for (c, (lo, _)) in own.iter().zip(&region.bounds) {
                limit = limit.checked_sub(c.checked_mul(i128::from(*lo))?)?;
            }
            limits.push((own, limit));
        }
        for (i, (lo, hi)) in region.bounds.iter().enumerate() {
            let mut own = vec![0; amounts];
            *own.get_mut(i)? = 1;
            limits.push((own, i128::from(*hi).checked_sub(i128::from(*lo))?));
        }
        let slacks = limits.len();
        let columns = amounts.checked_add(slacks)?;
        let mut rows = Vec::new();
        let mut basis = Vec::new();
        for (i, (own, limit)) in limits.iter().enumerate() {
            let mut row: Vec<Ratio> = own.iter().map(|c| ratio(*c)).collect::<Option<_>>()?;
            row.extend((0..slacks).map(|k| if k == i { Ratio::ONE } else { Ratio::ZERO }));
            row.push(ratio(*limit)?);
            rows.push(row);
            basis.push(amounts.checked_add(i)?);
        }
        let mut cost: Vec<Ratio> = of.coefficients.iter().take(amounts).map(|c| ratio(*c)).collect::<Option<_>>()?;
        cost.resize(columns, Ratio::ZERO);
        let mut constant = of.constant;
        for (c, (lo, _)) in of.coefficients.iter().zip(&region.bounds) {
            constant = constant.checked_add(c.checked_mul(i128::from(*lo))?)?;
        }
        // The last entry holds minus the value of the objective.
        cost.push(ratio(constant.checked_neg()?)?);
        Some(Self { rows, basis, cost, columns, den: of.den })
    }

    fn solve(mut self, bounds: &[(i64, i64)]) -> Option<Least> {
        if !self.feasible()? {
            return Some(Least::Empty);
        }
        let mut pivots = 0_usize;
        loop {
            pivots = pivots.checked_add(1)?;
            if pivots > MOST_PIVOTS {
                return None;
            }
            let entering = self.cost.iter().take(self.columns).position(|c| *c < Ratio::ZERO);
            let Some(column) = entering else { break };
            let row = self.leaving(column)?;
            self.pivot(row, column)?;
        }
        let value = self.cost.last()?.neg().div(ratio(self.den)?)?;
        let mut point = Vec::new();
        for (i, (lo, _)) in bounds.iter().enumerate() {
            let own =
                self.basis.iter().position(|b| *b == i).and_then(|r| self.rows.get(r)).and_then(|r| r.last().copied());
            point.push(Ratio::from_int(*lo).add(own.unwrap_or(Ratio::ZERO))?);
        }
        Some(Least::At(value, point))
    }

    /// Makes all limits non-negative by the dual simplex on a zero objective: pivots on rows below
    /// zero. `Some(false)`: no amounts at all.
    fn feasible(&mut self) -> Option<bool> {
        let mut pivots = 0_usize;
        loop {
            pivots = pivots.checked_add(1)?;
            if pivots > MOST_PIVOTS {
                return None;
            }
            // Bland: the row whose basic variable has the least number.
            let below = self.rows.iter().enumerate().filter(|(_, r)| r.last().is_some_and(|b| *b < Ratio::ZERO));
            let Some((row, _)) = below.min_by_key(|(i, _)| self.basis.get(*i).copied().unwrap_or(usize::MAX)) else {
                return Some(true);
            };
            let column = self.rows.get(row)?.iter().take(self.columns).position(|c| *c < Ratio::ZERO);
            let Some(column) = column else { return Some(false) };
            self.pivot(row, column)?;
        }
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

    fn pivot(&mut self, row: usize, column: usize) -> Option<()> {
        let entry = *self.rows.get(row)?.get(column)?;
        let scaled: Vec<Ratio> = self.rows.get(row)?.iter().map(|n| n.div(entry)).collect::<Option<_>>()?;
        for (i, other) in self.rows.iter_mut().enumerate() {
            if i != row {
                eliminate(other, &scaled, column)?;
            }
        }
        eliminate(&mut self.cost, &scaled, column)?;
        *self.rows.get_mut(row)? = scaled;
        *self.basis.get_mut(row)? = column;
        Some(())
    }
}

fn eliminate(row: &mut [Ratio], pivot: &[Ratio], column: usize) -> Option<()> {
    let factor = *row.get(column)?;
    if factor.is_zero() {
        return Some(());
    }
    for (n, p) in row.iter_mut().zip(pivot) {
        if !p.is_zero() {
            *n = n.sub(p.mul(factor)?)?;
        }
    }
    Some(())
}
