//! Facts that others have published: rounding of decimals, months added to days. Each stands in `conformance/external/`
//! with where it is from; the second reader is held to the same files.
#![cfg(feature = "authoring")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests and their helpers may fail loudly")]

use std::fs;
use std::path::Path;

use serde_json::Value;
use yibao_rules::date::{Date, MonthEnd};
use yibao_rules::number::{Rounding, round_div};

fn cases(name: &str) -> Vec<Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/external").join(name);
    let whole: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    whole["cases"].as_array().unwrap().clone()
}

/// A decimal as a whole number and the power of ten that it is counted in.
fn decimal(text: &str) -> (i128, u32) {
    let decimals = text.split_once('.').map_or(0, |(_, rest)| rest.len());
    (text.replace('.', "").parse().unwrap(), u32::try_from(decimals).unwrap())
}

/// S20, S21.
#[test]
fn decimals_round_as_published() {
    let all = cases("rounding.json");
    for case in &all {
        let mode: Rounding = serde_json::from_value(case[1].clone()).unwrap();
        let ((number, decimals), power) = (decimal(case[2].as_str().unwrap()), case[3].as_i64().unwrap());
        let (up, down) =
            (10_i128.pow(u32::try_from((-power).max(0)).unwrap()), 10_i128.pow(u32::try_from(power.max(0)).unwrap()));
        let rounded = round_div(number * up, 10_i128.pow(decimals) * down, mode).unwrap();
        let (expected, scale) = decimal(case[4].as_str().unwrap());
        // Both as so many of the smallest unit in sight.
        assert_eq!(rounded * down * 10_i128.pow(scale), expected * up, "{case}");
    }
    assert!(all.len() > 600, "{}", all.len());
}

/// S26.
#[test]
fn months_are_added_as_published() {
    let all = cases("dates.json");
    for case in &all {
        let day = |at: usize| Date::parse(case[at].as_str().unwrap()).unwrap();
        let (months, days) = (case[1].as_i64().unwrap(), case[2].as_i64().unwrap());
        let (up, down) = (day(3), day(4));
        let added = |end| day(0).add_months(i32::try_from(months).unwrap(), end);
        let later = |day: Date| Date::from_days(day.days() + i32::try_from(days).unwrap()).unwrap();
        assert_eq!(added(MonthEnd::Next).map(later), Some(up), "{case}");
        assert_eq!(added(MonthEnd::Clip).map(later), Some(down), "{case}");
        assert_eq!(added(MonthEnd::Refuse).is_some(), up == down, "{case}");
    }
    assert_eq!(all.len(), 30);
}
