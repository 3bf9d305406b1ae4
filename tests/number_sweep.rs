//! Every amount from 0.00 to 4,000.00 yuan at many rates: the fund's share, rounded half up to
//! fen, against independent integer arithmetic, and beside it what floats make of the same sum.
#![expect(clippy::float_arithmetic, reason = "floats are the thing measured here")]

use yibao_rules::number::{Number, Ratio, Rounding, parse_decimal, round_div};

/// Rates in per cent, as packs write them.
const RATES: [&str; 24] = [
    "85", "80", "75", "70", "65", "60", "55", "50", "92.5", "2.5", "7.77", "33.33", "66.67", "12.5", "0.01", "99.99",
    "90", "95", "40", "97", "17.35", "87.5", "1.15", "100",
];
const LAST_FEN: u64 = 400_000;

#[test]
fn every_amount_at_every_rate_is_exact() {
    let mut wrong = 0_u64;
    let mut wrong_as_ratio = 0_u64;
    let mut wrong_as_float = 0_u64;
    for text in RATES {
        let percent = parse_decimal(text).unwrap();
        let points = percent.mul(Ratio::from_int(100)).unwrap();
        assert_eq!(points.den(), 1, "at most two decimals");
        let points = i64::try_from(points.num()).unwrap();
        // A second reading of the rate, not through the parser under test.
        let reference = basis_points(text);
        let float_rate = reference as f64 / 10_000.0;
        for fen in 0..=LAST_FEN {
            let expected = (fen * reference * 2 + 10_000) / 20_000;
            let share = (fen as i64).mul(points).round_div(10_000, Rounding::HalfUp);
            wrong += u64::from(share as u64 != expected);
            wrong_as_float += u64::from(float_share(fen, float_rate) != expected);
        }
        // The slower way, over fractions, on amounts spread by a prime.
        for fen in (0..=LAST_FEN).step_by(97) {
            let expected = (fen * reference * 2 + 10_000) / 20_000;
            let yuan = Ratio::new(fen.into(), 100).unwrap();
            let share = yuan.mul(percent).unwrap();
            wrong_as_ratio += u64::from(round_div(share.num(), share.den(), Rounding::HalfUp) != Some(expected.into()));
        }
    }
    let sums = RATES.len() as u64 * (LAST_FEN + 1);
    println!("of {sums} sums: exact wrong {wrong}, fractions wrong {wrong_as_ratio}, floats wrong {wrong_as_float}");
    assert_eq!(wrong, 0);
    assert_eq!(wrong_as_ratio, 0);
    assert!(wrong_as_float > 0, "floats are expected to be wrong somewhere");
}

/// `Math.round(amount * rate * 100) / 100` as pages write it, in fen. The last division and the
/// reading back to fen lose nothing, so they are left out.
fn float_share(fen: u64, rate: f64) -> u64 {
    let amount = fen as f64 / 100.0;
    // Math.round is floor(x + 0.5); for x >= 0 the conversion is the floor.
    (amount * rate * 100.0 + 0.5) as u64
}

/// `92.5` as 9250, by shifting the text.
fn basis_points(percent: &str) -> u64 {
    let (whole, decimals) = percent.split_once('.').unwrap_or((percent, ""));
    format!("{whole}{decimals:0<2}").parse().unwrap_or(u64::MAX)
}
