//! The rule over 64-bit integers, one case after the other: what a careful programmer writes first.

use crate::columns::{CHANGED, Columns};

const FULL: [[i64; 3]; 2] = [[20_000, 40_000, 80_000], [15_000, 45_000, 100_000]];

pub struct Rule {
    total: Vec<i64>,
    out_of_scope: Vec<i64>,
    paid: Vec<i64>,
    basic: Vec<i64>,
    critical: Vec<i64>,
    patient: Vec<i64>,
}

impl Rule {
    pub fn new(columns: &Columns) -> Self {
        let whole = |column: &[f64]| column.iter().map(|fen| *fen as i64).collect::<Vec<_>>();
        let empty = vec![0; columns.len()];
        Self {
            total: whole(&columns.total),
            out_of_scope: whole(&columns.out_of_scope),
            paid: whole(&columns.paid),
            basic: empty.clone(),
            critical: empty.clone(),
            patient: empty,
        }
    }

    pub fn run(&mut self, columns: &Columns) {
        let (n, total, out_of_scope, paid) = (columns.len(), &self.total[..], &self.out_of_scope[..], &self.paid[..]);
        // Slices of one length spare the loop its checks.
        let (total, out_of_scope, paid) = (&total[..n], &out_of_scope[..n], &paid[..n]);
        let (day, scheme, level) = (&columns.day[..n], &columns.scheme[..n], &columns.level[..n]);
        let (referred, away) = (&columns.referred[..n], &columns.away[..n]);
        let (basics, criticals, patients) = (&mut self.basic[..n], &mut self.critical[..n], &mut self.patient[..n]);
        for i in 0..n {
            let eligible = total[i] - out_of_scope[i];
            let old = scheme[i] == 1 && level[i] == 1 && day[i] < CHANGED;
            let full = if old { 50_000 } else { FULL[usize::from(scheme[i])][usize::from(level[i])] };
            let deductible = if referred[i] == 1 { full / 2 } else { full };
            let share = eligible - deductible.min(eligible);
            let hundredths = share.min(1_000_000) * 70
                + (share.min(5_000_000) - 1_000_000).max(0) * 80
                + (share - 5_000_000).max(0) * 90;
            let factor = if away[i] == 1 { 85 } else { 100 };
            let asked = ((hundredths + 50) / 100 * factor + 50) / 100;
            let basic = asked.min((20_000_000 - paid[i]).max(0)).min(share);
            let above = (eligible - basic - 1_400_000).max(0);
            let in_illness = above.min(3_000_000) * 60 + (above - 3_000_000).max(0) * 70;
            let critical = ((in_illness + 50) / 100).min(30_000_000).min(share - basic);
            basics[i] = basic;
            criticals[i] = critical;
            patients[i] = total[i] - basic - critical;
        }
    }

    pub fn answers(&self) -> impl Iterator<Item = [f64; 2]> {
        self.basic.iter().zip(&self.critical).map(|(basic, critical)| [*basic as f64, *critical as f64])
    }
}
