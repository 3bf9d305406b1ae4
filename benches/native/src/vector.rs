//! The best exact kernel known here at 128-bit vectors: doubles that hold whole fen, a small block at a time.
//!
//! Every number is a whole one below 2⁵³, so sums and products are exact; a quotient by 100 is at least 1/100 away from
//! the next whole number if it is not one itself, so its floor is exact too. The look-up, which has no vector form at
//! 128 bits, goes into a block of its own first; the rest has no branch, and the compiler makes it packed.

use crate::columns::{CHANGED, Columns};

const BLOCK: usize = 128;
/// By scheme and level of four each, not referred and then referred.
const FULL: [f64; 16] = [
    20_000.0, 40_000.0, 80_000.0, 0.0, 15_000.0, 45_000.0, 100_000.0, 0.0, 10_000.0, 20_000.0, 40_000.0, 0.0, 7_500.0,
    22_500.0, 50_000.0, 0.0,
];

pub struct Rule {
    basic: Vec<f64>,
    critical: Vec<f64>,
    patient: Vec<f64>,
}

impl Rule {
    pub fn new(columns: &Columns) -> Self {
        let empty = vec![0.0; columns.len()];
        Self { basic: empty.clone(), critical: empty.clone(), patient: empty }
    }

    pub fn run(&mut self, columns: &Columns) {
        let mut deductible = [0.0; BLOCK];
        let mut factor = [0.0; BLOCK];
        for start in (0..columns.len()).step_by(BLOCK) {
            let end = columns.len().min(start + BLOCK);
            let size = end - start;
            look_up(columns, start, &mut deductible[..size], &mut factor[..size]);
            let (total, out, paid) =
                (&columns.total[start..end], &columns.out_of_scope[start..end], &columns.paid[start..end]);
            let (basic, critical, patient) =
                (&mut self.basic[start..end], &mut self.critical[start..end], &mut self.patient[start..end]);
            let (deductible, factor) = (&deductible[..size], &factor[..size]);
            let (total, out, paid) = (&total[..size], &out[..size], &paid[..size]);
            let (basic, critical, patient) = (&mut basic[..size], &mut critical[..size], &mut patient[..size]);
            for i in 0..size {
                let eligible = total[i] - out[i];
                let share = eligible - least(deductible[i], eligible);
                let first = least(share, 1_000_000.0) * 70.0;
                let second = positive(least(share, 5_000_000.0) - 1_000_000.0) * 80.0;
                let in_bands = percent(first + second + positive(share - 5_000_000.0) * 90.0);
                let asked = percent(in_bands * factor[i]);
                let paid_now = least(least(asked, positive(20_000_000.0 - paid[i])), share);
                let above = positive(eligible - paid_now - 1_400_000.0);
                let in_illness = percent(least(above, 3_000_000.0) * 60.0 + positive(above - 3_000_000.0) * 70.0);
                let second_payer = least(least(in_illness, 30_000_000.0), share - paid_now);
                basic[i] = paid_now;
                critical[i] = second_payer;
                patient[i] = total[i] - paid_now - second_payer;
            }
        }
    }

    pub fn answers(&self) -> impl Iterator<Item = [f64; 2]> {
        self.basic.iter().zip(&self.critical).map(|(basic, critical)| [*basic, *critical])
    }
}

fn look_up(columns: &Columns, start: usize, deductible: &mut [f64], factor: &mut [f64]) {
    let end = start + deductible.len();
    let (day, scheme, level) = (&columns.day[start..end], &columns.scheme[start..end], &columns.level[start..end]);
    let (referred, away) = (&columns.referred[start..end], &columns.away[start..end]);
    for (i, (deductible, factor)) in deductible.iter_mut().zip(factor).enumerate() {
        let cell = usize::from((referred[i] & 1) << 3 | (scheme[i] & 1) << 2 | (level[i] & 3));
        // 500 yuan instead of 450 before the change, halved with the rest.
        let old =
            f64::from(u8::from(cell & 7 == 5 && day[i] < CHANGED)) * if cell & 8 == 0 { 5_000.0 } else { 2_500.0 };
        *deductible = FULL[cell] + old;
        *factor = if away[i] == 1 { 85.0 } else { 100.0 };
    }
}

/// As one packed instruction; `f64::min` must ask for a NaN, which there is none of.
fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

fn positive(a: f64) -> f64 {
    if a > 0.0 { a } else { 0.0 }
}

/// `hundredths / 100`, half up, of a whole number that is not negative and below 2⁵².
fn percent(hundredths: f64) -> f64 {
    // Adding 2⁵² leaves no room for a fraction: the sum is rounded to a whole number, and then set right.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let quotient = (hundredths + 50.0) / 100.0;
    let near = (quotient + WHOLE) - WHOLE;
    if near > quotient { near - 1.0 } else { near }
}
