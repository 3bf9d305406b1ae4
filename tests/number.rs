//! Exact numbers: written and read texts, and properties against an independent big rational.
#![expect(clippy::unwrap_used, reason = "tests, and the helpers beside them, may fail loudly")]

use core::cmp::Ordering;

use yibao_rules::number::{
    Counted, Decimal, Number, Ratio, Rounding, format_fen, format_scaled, gcd, group_thousands, in_words, lcm,
    parse_decimal, round_div,
};

const MODES: [Rounding; 5] =
    [Rounding::HalfUp, Rounding::HalfEven, Rounding::Floor, Rounding::Ceiling, Rounding::TowardZero];

fn ratio(num: i128, den: i128) -> Ratio {
    Ratio::new(num, den).unwrap()
}

#[test]
fn common_divisors_and_multiples() {
    assert_eq!(gcd(0, 0), Some(0));
    assert_eq!(gcd(0, -7), Some(7));
    assert_eq!(gcd(84, -36), Some(12));
    assert_eq!(gcd(i128::MIN, 0), None);
    assert_eq!(gcd(i128::MIN, i128::MIN), None);
    assert_eq!(gcd(i128::MIN, 12), Some(4));
    assert_eq!(gcd(i128::MAX, i128::MAX), Some(i128::MAX));
    // 2^64 and 3·2^64: both wider than a word.
    assert_eq!(gcd(1 << 64, 3 << 64), Some(1 << 64));
    assert_eq!(lcm(0, 5), Some(0));
    assert_eq!(lcm(-4, 6), Some(12));
    assert_eq!(lcm(i128::MAX, i128::MAX), Some(i128::MAX));
    assert_eq!(lcm(i128::MAX, 2), None);
    assert_eq!(lcm(i128::MIN, 1), None);
}

#[test]
fn a_ratio_is_reduced_and_refuses_what_does_not_fit() {
    assert_eq!(ratio(6, -8), ratio(-3, 4));
    assert_eq!((ratio(6, -8).num(), ratio(6, -8).den()), (-3, 4));
    assert_eq!(ratio(0, -9), Ratio::ZERO);
    assert_eq!(ratio(i128::MIN, i128::MIN), Ratio::ONE);
    assert_eq!(ratio(i128::MIN, 2), ratio(-(1 << 126), 1));
    assert_eq!(Ratio::new(1, 0), None);
    assert_eq!(Ratio::new(0, 0), None);
    assert_eq!(Ratio::new(i128::MIN, 1), None);
    assert_eq!(Ratio::new(1, i128::MIN), None);
    assert_eq!(Ratio::from_int(i64::MIN).num(), i128::from(i64::MIN));
    let most = ratio(i128::MAX, 1);
    assert_eq!(most.add(Ratio::ONE), None);
    assert_eq!(most.neg().sub(Ratio::ONE), None);
    assert_eq!(most.mul(Ratio::from_int(2)), None);
    assert_eq!(most.div(ratio(1, 2)), None);
    assert_eq!(most.div(most), Some(Ratio::ONE));
    assert_eq!(Ratio::ONE.div(Ratio::ZERO), None);
}

#[test]
fn ratios_are_ordered_even_where_cross_products_do_not_fit() {
    let most = i128::MAX;
    // (m - 1)/m < m/(m + 1), both just below one: here m = MAX - 1.
    assert!(ratio(most - 2, most - 1) < ratio(most - 1, most));
    assert!(ratio(-(most - 2), most - 1) > ratio(-(most - 1), most));
    assert!(ratio(most, 2) > ratio(most - 2, 2));
    assert!(ratio(1, most) < ratio(1, most - 1));
    assert!(ratio(-1, most) < ratio(1, most));
    assert_eq!(ratio(most, 3).cmp(&ratio(most, 3)), Ordering::Equal);
}

#[test]
fn ratios_are_written_exactly() {
    for (num, den, text) in [
        (3, 4, "0.75"),
        (-25, 2, "-12.5"),
        (0, 5, "0"),
        (7, 1, "7"),
        (1, 3, "1/3"),
        (-500_000, 7, "-500000/7"),
        (1, 1000, "0.001"),
        (1, 8, "0.125"),
        (-1, 16, "-0.0625"),
        (12_301, 100, "123.01"),
    ] {
        assert_eq!(ratio(num, den).to_string(), text);
        assert_eq!(format_scaled(num * 6, den * 6), text);
        assert_eq!(format_scaled(num * 6, den * -6), ratio(-num, den).to_string());
    }
    assert_eq!(format!("{:?}", ratio(3, 4)), "Ratio(0.75)");
    assert_eq!(format_scaled(5, 0), "5/0");
    assert_eq!(format_scaled(0, 0), "0/0");
    assert_eq!(format_scaled(i128::MIN, 1), "-170141183460469231731687303715884105728");
    assert_eq!(format_scaled(i128::MIN, -1), "170141183460469231731687303715884105728");
    assert_eq!(format_scaled(i128::MIN, i128::MIN), "1");
}

#[test]
fn decimals_are_read() {
    for (text, num, den) in [
        ("0", 0, 1),
        ("-0", 0, 1),
        ("12.50", 25, 2),
        ("-0.05", -1, 20),
        ("007", 7, 1),
        ("1,234", 1234, 1),
        ("12,345,678.9", 123_456_789, 10),
        ("123,456", 123_456, 1),
        ("999999999999999999999999999999", 999_999_999_999_999_999_999_999_999_999, 1),
        ("0.00000000000000000000000000001", 1, 100_000_000_000_000_000_000_000_000_000),
    ] {
        assert_eq!(parse_decimal(text), Ok(ratio(num, den)), "{text}");
    }
}

#[test]
fn bad_decimals_are_refused_with_a_whole_message() {
    let message = |text: &str| parse_decimal(text).unwrap_err().to_string();
    assert_eq!(message(""), "empty text, expected a decimal such as `12.5`");
    for text in [
        "-", "+1", ".", "1.", ".5", "-.5", "1e3", "1.2.3", "--1", "1-", " 1", "1 ", "1_000", "１２", "十", "NaN",
        "inf", "0x10", ",", "1..2", "-,", "٣", "1/3", "50%", ",.5",
    ] {
        assert_eq!(message(text), format!("`{text}` is not a number, expected a decimal such as `12.5`"));
    }
    for text in ["1,23", "1,,234", ",123", "1234,567", "1,234,", "1.2,345", "1,2345", "-,123", "1.,", "0.123,456"] {
        let expected = format!("`{text}` has a misplaced separator, expected groups of three digits as in `12,345.67`");
        assert_eq!(message(text), expected);
    }
    for text in ["1000000000000000000000000000000", "0.000000000000000000000000000001"] {
        assert_eq!(message(text), format!("`{text}` has too many digits, expected at most 30"));
    }
}

/// S20, S21
#[test]
fn decimals_are_counted_in_units_by_hand() {
    use Counted::{TooFine, TooMany, Units};
    // One of it is `den × 10^shift` units.
    let cases = [
        // Yuan in fen.
        ("1", 1, 2, Units(100)),
        ("-0.01", 1, 2, Units(-1)),
        ("1,234.50", 1, 2, Units(123_450)),
        ("0.015", 1, 2, TooFine),
        ("0.010", 1, 2, Units(1)),
        ("0.000", 1, 2, Units(0)),
        // Halves, quarters, eighths, thirds of ninety-nine.
        ("0.5", 2, 0, Units(1)),
        ("0.25", 2, 0, TooFine),
        ("0.25", 4, 0, Units(1)),
        ("0.125", 4, 0, TooFine),
        ("12.5", 8, 0, Units(100)),
        ("99", 3, 0, Units(297)),
        // Per cent in thousandths: 12.3 × 10, and half a thousandth too much.
        ("75", 1_000, -2, Units(750)),
        ("12.3", 1_000, -2, Units(123)),
        ("12.35", 1_000, -2, TooFine),
        // As many as 64 bits hold, and one more.
        ("9223372036854775807", 1, 0, Units(i64::MAX)),
        ("9223372036854775808", 1, 0, TooMany),
        ("7", 1, 18, Units(7_000_000_000_000_000_000)),
        ("7", 1, 19, TooMany),
        ("0", 1, 30, Units(0)),
        ("0.0000000000000000001", 1, 19, Units(1)),
        ("1000000000000000000000.5", 2, 0, TooMany),
    ];
    for (text, den, shift, expected) in cases {
        assert_eq!(Decimal::parse(text).unwrap().units(den, shift), expected, "{text} × {den} × 10^{shift}");
    }
}

#[test]
fn each_rounding_mode_by_hand() {
    // By hand: columns are half_up, half_even, floor, ceiling, toward_zero.
    for (n, d, expected) in [
        (5, 2, [3, 2, 2, 3, 2]),
        (-5, 2, [-3, -2, -3, -2, -2]),
        (7, 2, [4, 4, 3, 4, 3]),
        (-7, 2, [-4, -4, -4, -3, -3]),
        (1, 3, [0, 0, 0, 1, 0]),
        (-1, 3, [0, 0, -1, 0, 0]),
        (2, 3, [1, 1, 0, 1, 0]),
        (-2, 3, [-1, -1, -1, 0, 0]),
        (1, -2, [-1, 0, -1, 0, 0]),
        (-1, -2, [1, 0, 0, 1, 0]),
        (6, 3, [2, 2, 2, 2, 2]),
        (0, -3, [0, 0, 0, 0, 0]),
    ] {
        for (mode, expected) in MODES.into_iter().zip(expected) {
            assert_eq!(round_div(n, d, mode), Some(expected), "{n}/{d} {mode:?}");
            assert_eq!(Number::round_div(n, d, mode), expected, "{n}/{d} {mode:?}");
            let narrow = |wide: i128| i64::try_from(wide).unwrap();
            assert_eq!(Number::round_div(narrow(n), narrow(d), mode), narrow(expected), "{n}/{d} {mode:?}");
        }
    }
    for mode in MODES {
        assert_eq!(round_div(1, 0, mode), None);
        assert_eq!(round_div(i128::MIN, -1, mode), None);
        assert_eq!(round_div(i128::MIN, 1, mode), Some(i128::MIN));
        assert!(round_div(i128::MAX, i128::MIN, mode).is_some_and(|n| (-1..=0).contains(&n)));
        // What the invariant excludes gives zero and does not panic.
        assert_eq!(Number::round_div(7_i64, 0, mode), 0);
        assert_eq!(Number::round_div(i64::MIN, -1, mode), 0);
        assert_eq!(Number::round_div(7_i128, 0, mode), 0);
    }
    assert_eq!(Number::div_exact(84_i64, 7), 12);
    assert_eq!(Number::div_exact(84_i64, 0), 0);
}

#[cfg(feature = "authoring")]
#[test]
fn rounding_modes_have_names_in_data() {
    let names = ["half_up", "half_even", "floor", "ceiling", "toward_zero"];
    for (mode, name) in MODES.into_iter().zip(names) {
        assert_eq!(serde_json::to_string(&mode).unwrap(), format!("\"{name}\""));
        assert_eq!(serde_json::from_str::<Rounding>(&format!("\"{name}\"")).unwrap(), mode);
    }
}

#[test]
fn fen_are_written_as_yuan() {
    for (fen, text) in [
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (1_234_567, "12345.67"),
        (-100, "-1.00"),
        (i128::MIN, "-1701411834604692317316873037158841057.28"),
    ] {
        assert_eq!(format_fen(fen), text);
    }
    for (text, grouped) in [
        ("12345.67", "12,345.67"),
        ("-123456", "-123,456"),
        ("123", "123"),
        ("1000000.0001", "1,000,000.0001"),
        ("0.05", "0.05"),
        ("1000/3", "1000/3"),
        ("", ""),
        ("1,000", "1,000"),
        ("一千", "一千"),
    ] {
        assert_eq!(group_thousands(text), grouped);
    }
}

#[test]
fn amounts_are_read_out() {
    for (fen, words) in [
        (0, "零元整"),
        (5, "五分"),
        (50, "五角"),
        (52, "五角二分"),
        (105, "一元零五分"),
        (1_203, "十二元零三分"),
        (1_050, "十元五角"),
        (1_000, "十元整"),
        (11_200, "一百一十二元整"),
        (11_000, "一百一十元整"),
        (101_000, "一千零一十元整"),
        (100_520, "一千零五元二角"),
        (3_000_000, "三万元整"),
        (10_500_000, "十万五千元整"),
        (10_050_000, "十万零五百元整"),
        (1_000_001, "一万元零一分"),
        (2_010_010, "二万零一百元一角"),
        (20_030_000_000, "二亿零三十万元整"),
        (10_000_000_100, "一亿零一元整"),
        (10_001_000_000, "一亿零一万元整"),
        (12_345_678_912, "一亿二千三百四十五万六千七百八十九元一角二分"),
        (100_000_000_000_000, "一万亿元整"),
        (100_000_001_000_000, "一万亿零一万元整"),
        (1_000_000_000_000_000_000, "一亿亿元整"),
        (-3_000_000, "负三万元整"),
        (-1, "负一分"),
    ] {
        assert_eq!(in_words(fen), words);
    }
}

/// Reads what `in_words` wrote for whole yuan below 一万亿, by its own rules.
fn yuan_of(words: &str) -> u64 {
    let (mut total, mut section, mut digit) = (0_u64, 0_u64, 0_u64);
    for sign in words.trim_end_matches("元整").chars() {
        let unit = match sign {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '万' | '亿' => {
                let unit = if sign == '万' { 10_000 } else { 100_000_000 };
                total = total.wrapping_add(section.wrapping_add(digit).wrapping_mul(unit));
                (section, digit) = (0, 0);
                continue;
            }
            _ => {
                digit = "零一二三四五六七八九".chars().position(|known| known == sign).unwrap() as u64;
                continue;
            }
        };
        // A leading 十 stands for 一十.
        section = section.wrapping_add(digit.max(u64::from(section == 0 && digit == 0)).wrapping_mul(unit));
        digit = 0;
    }
    total.wrapping_add(section).wrapping_add(digit)
}

#[test]
fn words_can_be_read_back() {
    let wide = (0..40_000_u64).map(|n| n.wrapping_mul(n).wrapping_mul(611));
    for yuan in (0..120_000_u64).chain(wide) {
        let words = in_words(i128::from(yuan).wrapping_mul(100));
        assert_eq!(yuan_of(&words), yuan, "{words}");
        assert!(!words.contains("零零") && (yuan == 0 || !words.contains("零元")), "{words}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    #![expect(
        clippy::arithmetic_side_effects,
        reason = "big integers do not overflow; the rest is bounded by its strategy"
    )]

    use num_bigint::BigInt;
    use num_rational::BigRational;
    use proptest::prelude::*;

    use super::*;

    /// Whole numbers of every size, small ones as likely as large ones.
    fn whole() -> impl Strategy<Value = i128> {
        prop_oneof![
            8 => (any::<i128>(), 0_u32..127).prop_map(|(bits, shift)| bits >> shift),
            1 => (0_i128..4).prop_map(|near| i128::MAX - near),
            1 => (0_i128..4).prop_map(|near| i128::MIN + near),
        ]
    }

    fn fraction() -> impl Strategy<Value = Ratio> {
        (whole(), whole()).prop_filter_map("no such fraction", |(num, den)| Ratio::new(num, den))
    }

    /// Fractions as rules have them, whose sums nearly always fit.
    fn modest() -> impl Strategy<Value = Ratio> {
        (-1_000_000_000_i128..1_000_000_000, 1_i128..1_000_000).prop_map(|(num, den)| ratio(num, den))
    }

    fn big(r: Ratio) -> BigRational {
        BigRational::new(r.num().into(), r.den().into())
    }

    fn fits(r: &BigRational) -> bool {
        let most = BigInt::from(i128::MAX);
        *r.numer() <= most && *r.numer() >= -&most && *r.denom() <= most
    }

    fn small(r: &BigRational) -> Ratio {
        ratio(i128::try_from(r.numer()).unwrap(), i128::try_from(r.denom()).unwrap())
    }

    /// What an exact operation must give: the value if it fits, otherwise nothing.
    fn expected(r: BigRational) -> Option<Ratio> {
        fits(&r).then(|| small(&r))
    }

    /// Rounding from floor alone.
    fn rounded(x: &BigRational, mode: Rounding) -> BigInt {
        let zero = BigRational::from_integer(0.into());
        let half = BigRational::new(1.into(), 2.into());
        let floor = |x: &BigRational| x.floor().to_integer();
        match mode {
            Rounding::Floor => floor(x),
            Rounding::Ceiling => -floor(&-x),
            Rounding::TowardZero if *x < zero => -floor(&-x),
            Rounding::TowardZero => floor(x),
            Rounding::HalfUp if *x < zero => -floor(&(-x + half)),
            Rounding::HalfUp => floor(&(x + half)),
            Rounding::HalfEven => {
                let up = floor(&(x + &half));
                let tie = x + &half == BigRational::from_integer(up.clone());
                if tie && &up % 2 != BigInt::from(0) { up - 1 } else { up }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn new_keeps_the_value_in_lowest_terms(num in whole(), den in whole()) {
            match Ratio::new(num, den) {
                Some(r) => {
                    let value = BigRational::new(num.into(), den.into());
                    prop_assert_eq!(big(r), value.clone());
                    // BigRational is reduced with a positive denominator; the parts must agree too.
                    prop_assert_eq!(&BigInt::from(r.num()), value.numer());
                    prop_assert_eq!(&BigInt::from(r.den()), value.denom());
                }
                None => prop_assert!(den == 0 || !fits(&BigRational::new(num.into(), den.into()))),
            }
        }

        #[test]
        fn modest_sums_and_differences(a in modest(), b in modest()) {
            prop_assert_eq!(a.add(b), Some(small(&(big(a) + big(b)))));
            prop_assert_eq!(a.sub(b), Some(small(&(big(a) - big(b)))));
            prop_assert_eq!(a.sub(a), Some(Ratio::ZERO));
        }

        #[test]
        fn sums_and_differences_are_exact_or_refused(a in fraction(), b in fraction()) {
            let shared = gcd(a.den(), b.den()).unwrap();
            let left = BigInt::from(a.num()) * (b.den() / shared);
            let right = BigInt::from(b.num()) * (a.den() / shared);
            // A difference is the sum with the other's opposite, whose numerator needs room of its own.
            for (found, value, right) in
                [(a.add(b), big(a) + big(b), right.clone()), (a.sub(b), big(a) - big(b), -right)]
            {
                let numerator = &left + &right;
                match found {
                    Some(found) => prop_assert_eq!(big(found), value),
                    // Refused only if a number over the common denominator has no room.
                    None => prop_assert!(
                        !fits(&value) || [&left, &right, &numerator].into_iter().any(|n| i128::try_from(n).is_err())
                    ),
                }
            }
        }

        #[test]
        fn products_and_quotients_are_exact_wherever_they_fit(a in fraction(), b in fraction(), m in modest()) {
            prop_assert_eq!(a.mul(b), expected(big(a) * big(b)));
            prop_assert_eq!(a.mul(m), expected(big(a) * big(m)));
            for by in [b, m] {
                let quotient = if by.is_zero() { None } else { expected(big(a) / big(by)) };
                prop_assert_eq!(a.div(by), quotient);
            }
            prop_assert_eq!(big(a.neg()), -big(a));
            prop_assert_eq!(a.is_zero(), a == Ratio::ZERO);
        }

        #[test]
        fn order_is_exact(a in fraction(), b in fraction(), c in modest(), d in modest()) {
            for (a, b) in [(a, b), (c, d), (a, c), (a, a)] {
                prop_assert_eq!(a.cmp(&b), big(a).cmp(&big(b)));
            }
        }

        #[test]
        fn order_is_exact_between_close_fractions(num in whole(), den in whole(), by in -3_i128..4, up in -3_i128..4) {
            let near = num.checked_add(by).zip(den.checked_add(up)).and_then(|(n, d)| Ratio::new(n, d));
            if let (Some(a), Some(b)) = (Ratio::new(num, den), near) {
                prop_assert_eq!(a.cmp(&b), big(a).cmp(&big(b)));
            }
        }

        #[test]
        fn divisors_and_multiples_are_those_of_the_definition(a in whole(), b in whole()) {
            if let Some(common) = gcd(a, b)
                && (a != 0 || b != 0)
            {
                prop_assert!(common > 0 && a % common == 0 && b % common == 0);
                prop_assert_eq!(gcd(a / common, b / common), Some(1));
                // |a·b| = gcd·lcm, or the multiple has no room.
                let product = BigInt::from(a) * b;
                let size = if product < BigInt::from(0) { -product } else { product };
                prop_assert_eq!(lcm(a, b), i128::try_from(size / common).ok());
            }
        }

        #[test]
        fn a_written_decimal_is_read_as_its_value(
            negative in any::<bool>(), whole in "[0-9]{1,18}", decimals in "[0-9]{0,12}", separated in any::<bool>(),
        ) {
            let shown = if separated { group_thousands(&whole) } else { whole.clone() };
            let point = if decimals.is_empty() { "" } else { "." };
            let sign = if negative { "-" } else { "" };
            let text = format!("{sign}{shown}{point}{decimals}");
            let digits: BigInt = format!("{whole}{decimals}").parse().unwrap();
            let scale = BigInt::from(10).pow(u32::try_from(decimals.len()).unwrap());
            let value = BigRational::new(if negative { -digits } else { digits }, scale);
            let read = parse_decimal(&text).unwrap();
            prop_assert_eq!(big(read), value);
            // What is written again is read as the same.
            prop_assert_eq!(parse_decimal(&read.to_string()), Ok(read));
            prop_assert_eq!(parse_decimal(&group_thousands(&read.to_string())), Ok(read));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-+0-9.,e 一]{0,40}") {
            let _ = parse_decimal(&text);
            let _ = group_thousands(&text);
        }

        #[test]
        fn finite_decimals_are_written_in_full(num in whole(), twos in 0_u32..127, fives in 0_u32..54) {
            let den = 2_i128.checked_pow(twos).zip(5_i128.checked_pow(fives)).and_then(|(a, b)| a.checked_mul(b));
            let den = den.unwrap_or(1 << 126);
            let text = format_scaled(num, den);
            let (sign, size) = text.strip_prefix('-').map_or((1, text.as_str()), |size| (-1, size));
            let (whole, decimals) = size.split_once('.').unwrap_or((size, ""));
            let digits: BigInt = format!("{whole}{decimals}").parse().unwrap();
            let scale = BigInt::from(10).pow(u32::try_from(decimals.len()).unwrap());
            prop_assert_eq!(BigRational::new(digits * sign, scale), BigRational::new(num.into(), den.into()));
            prop_assert!(!decimals.ends_with('0'));
        }

        #[test]
        fn rounding_agrees_with_floor(n in whole(), d in whole(), ties in -1_000_000_i128..1_000_000) {
            for mode in MODES {
                for (n, d) in [(n, d), (ties, 2), (ties, -4), (n, 2), (n, 10_000)] {
                    let expected = (d != 0)
                        .then(|| rounded(&BigRational::new(n.into(), d.into()), mode))
                        .and_then(|value| i128::try_from(&value).ok());
                    prop_assert_eq!(round_div(n, d, mode), expected);
                    prop_assert_eq!(Number::round_div(n, d, mode), expected.unwrap_or(0));
                    if let (Ok(n), Ok(d)) = (i64::try_from(n), i64::try_from(d)) {
                        let expected = expected.and_then(|wide| i64::try_from(wide).ok()).unwrap_or(0);
                        prop_assert_eq!(Number::round_div(n, d, mode), expected);
                    }
                }
            }
        }

        #[test]
        fn both_number_types_are_whole_numbers(a in -2_000_000_000_i64..2_000_000_000, b in -2_000_000_000_i64..2_000_000_000) {
            whole_numbers::<i64>(a, b)?;
            whole_numbers::<i128>(a, b)?;
        }

        #[test]
        fn the_wide_number_is_wide(a in any::<i64>(), b in any::<i64>()) {
            whole_numbers::<i128>(a, b)?;
        }
    }

    fn whole_numbers<N: Number<Watch = ()>>(a: i64, b: i64) -> Result<(), TestCaseError> {
        let (x, y, wide_a, wide_b) = (N::from_i64(a), N::from_i64(b), i128::from(a), i128::from(b));
        prop_assert_eq!(x.to_wide(), wide_a);
        prop_assert_eq!(N::from_wide(wide_a), x);
        prop_assert_eq!(x.add(y).to_wide(), wide_a + wide_b);
        prop_assert_eq!(x.sub(y).to_wide(), wide_a - wide_b);
        prop_assert_eq!(x.mul(y).to_wide(), wide_a * wide_b);
        prop_assert_eq!(x.neg().to_wide(), -wide_a);
        prop_assert_eq!(Number::min(x, y, &()).to_wide(), if a < b { wide_a } else { wide_b });
        prop_assert_eq!(Number::max(x, y, &()).to_wide(), if a < b { wide_b } else { wide_a });
        prop_assert_eq!(Number::cmp(x, y, &()), Ord::cmp(&a, &b));
        prop_assert_eq!(x.add(N::ZERO), x);
        prop_assert_eq!(x.mul(N::ONE), x);
        if b != 0 {
            prop_assert_eq!(x.mul(y).div_exact(y), x);
        }
        Ok(())
    }
}
