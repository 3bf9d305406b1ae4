//! Days, months, settlement years and periods.
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "tests and their helpers may fail loudly"
)]

use yibao_rules::date::{
    Date, DateError, MonthEnd, Period, SettlementYear, age_on, days_between, month_span, whole_months_between,
};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// The calendar a second time, by the rule of 1582.
fn leap(year: i32) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn length(year: i32, month: usize) -> u32 {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    lengths[month - 1] + u32::from(month == 2 && leap(year))
}

#[test]
fn every_day_of_300_years_in_order() {
    let mut next = Date::MIN;
    let mut count = 0;
    for year in 1900..=2199 {
        for month in 1..=12 {
            for number in 1..=length(year, month) {
                let month = u32::try_from(month).unwrap();
                assert_eq!(next.ymd(), (year, month, number));
                assert_eq!(Date::from_ymd(year, month, number), Some(next));
                assert_eq!(Date::from_days(next.days()), Some(next));
                let text = format!("{year}-{month:02}-{number:02}");
                assert_eq!(next.to_string(), text);
                assert_eq!(day(&text), next);
                count += 1;
                next = next.add_days(1).unwrap_or(next);
            }
            let month_u32 = u32::try_from(month).unwrap();
            assert_eq!(Date::from_ymd(year, month_u32, length(year, month) + 1), None);
        }
    }
    // 300 years of 365 days, 75 multiples of four, less 1900 and 2100 which are common.
    assert_eq!(count, 300 * 365 + 75 - 2);
    assert_eq!(next, Date::MAX);
}

/// S23
#[test]
fn the_edges_of_the_calendar() {
    assert_eq!(Date::MIN, day("1900-01-01"));
    assert_eq!(Date::MAX, day("2199-12-31"));
    assert_eq!(day("1970-01-01").days(), 0);
    assert_eq!(day("1969-12-31").days(), -1);
    // 30 years with 7 leap days: 1972, 76, 80, 84, 88, 92, 96.
    assert_eq!(day("2000-01-01").days(), 30 * 365 + 7);
    assert_eq!(Date::from_days(Date::MIN.days() - 1), None);
    assert_eq!(Date::from_days(Date::MAX.days() + 1), None);
    assert_eq!(Date::from_days(i32::MIN), None);
    assert_eq!(Date::MAX.add_days(1), None);
    assert_eq!(Date::MAX.add_days(i32::MAX), None);
    assert_eq!(Date::MIN.add_days(-1), None);
    assert_eq!(Date::MAX.add_months(1, MonthEnd::Clip), None);
    assert_eq!(Date::MAX.add_months(i32::MAX, MonthEnd::Next), None);
    assert_eq!(Date::MIN.add_months(i32::MIN, MonthEnd::Next), None);
    assert_eq!(Date::from_ymd(1899, 12, 31), None);
    assert_eq!(Date::from_ymd(2200, 1, 1), None);
    assert_eq!(day("2021-08-20").zh(), "2021年8月20日");
    assert_eq!(days_between(day("2024-02-28"), day("2024-03-01")), 2);
    assert_eq!(days_between(day("2023-03-01"), day("2023-02-28")), -1);
}

#[test]
fn bad_texts_are_refused_with_a_whole_message() {
    let message = |text: &str| Date::parse(text).unwrap_err().to_string();
    for text in [
        "",
        "2021",
        "2021-8-20",
        "2021-08-20 ",
        " 2021-08-20",
        "2021/08/20",
        "20210820",
        "2021-08-2O",
        "+021-08-20",
        "2021-08-20T00:00",
        "二〇二一",
        "２０２１-０８-２０",
        "-021-08-20",
        "2021年8月20日",
        "20-08-2021",
    ] {
        assert_eq!(message(text), format!("`{text}` is not a date, expected YYYY-MM-DD such as `2021-08-20`"));
    }
    for text in ["1899-12-31", "2200-01-01", "0000-00-00", "9999-12-31"] {
        assert_eq!(message(text), format!("`{text}` is out of range, expected a year from 1900 to 2199"));
    }
    for text in ["2021-02-29", "1900-02-29", "2100-02-29", "2021-13-01", "2021-00-10", "2021-04-31", "2021-01-00"] {
        assert_eq!(
            message(text),
            format!("`{text}` is not in the calendar, expected a month from 01 to 12 and a day that the month has"),
        );
    }
    assert!(Date::parse("2000-02-29").is_ok() && Date::parse("2024-02-29").is_ok());
}

#[cfg(feature = "authoring")]
#[test]
fn dates_are_texts_in_data() {
    assert_eq!(serde_json::to_string(&day("2021-08-20")).unwrap(), "\"2021-08-20\"");
    assert_eq!(serde_json::from_str::<Date>("\"2021-08-20\"").unwrap(), day("2021-08-20"));
    let error = serde_json::from_str::<Date>("\"2021-02-29\"").unwrap_err().to_string();
    assert!(error.starts_with("`2021-02-29` is not in the calendar, expected"), "{error}");
    let error = serde_json::from_str::<Date>("18859").unwrap_err().to_string();
    assert!(error.contains("expected a date written YYYY-MM-DD"), "{error}");
    assert_eq!(serde_json::to_string(&MonthEnd::Clip).unwrap(), "\"clip\"");

    let july = SettlementYear::new(7, 1).unwrap();
    assert_eq!(serde_json::to_string(&july).unwrap(), r#"{"month":7,"day":1}"#);
    assert_eq!(serde_json::from_str::<SettlementYear>(r#"{"month":7,"day":1}"#).unwrap(), july);
    let error = serde_json::from_str::<SettlementYear>(r#"{"month":2,"day":29}"#).unwrap_err().to_string();
    assert_eq!(error, "`02-29` does not start a settlement year, expected a day that every year has");

    let period = Period::new(Some(day("2023-01-01")), None).unwrap();
    assert_eq!(serde_json::to_string(&period).unwrap(), r#"{"from":"2023-01-01","until":null}"#);
    assert_eq!(serde_json::from_str::<Period>(r#"{"from":"2023-01-01"}"#).unwrap(), period);
    let empty = r#"{"from":"2023-01-01","until":"2023-01-01"}"#;
    let error = serde_json::from_str::<Period>(empty).unwrap_err().to_string();
    assert_eq!(error, "`2023-01-01` to `2023-01-01` holds no day, expected an end after the start");
}

/// S26
#[test]
fn month_ends() {
    // start, months, clip, next, refuse
    for (start, months, clip, next, refused) in [
        ("2021-01-31", 1, "2021-02-28", "2021-03-01", true),
        ("2024-01-31", 1, "2024-02-29", "2024-03-01", true),
        ("2024-01-30", 1, "2024-02-29", "2024-03-01", true),
        ("2024-01-29", 1, "2024-02-29", "2024-02-29", false),
        ("2021-03-31", -1, "2021-02-28", "2021-03-01", true),
        ("2020-02-29", 12, "2021-02-28", "2021-03-01", true),
        ("2020-02-29", 48, "2024-02-29", "2024-02-29", false),
        ("2021-08-31", 1, "2021-09-30", "2021-10-01", true),
        ("2021-12-15", 1, "2022-01-15", "2022-01-15", false),
        ("2021-01-15", -1, "2020-12-15", "2020-12-15", false),
        ("2021-10-31", 0, "2021-10-31", "2021-10-31", false),
        ("2021-01-15", -13, "2019-12-15", "2019-12-15", false),
    ] {
        let start = day(start);
        assert_eq!(start.add_months(months, MonthEnd::Clip), Some(day(clip)));
        assert_eq!(start.add_months(months, MonthEnd::Next), Some(day(next)));
        assert_eq!(start.add_months(months, MonthEnd::Refuse), (!refused).then(|| day(clip)));
    }
}

/// S25
#[test]
fn completed_months() {
    for (from, to, months) in [
        ("2021-01-31", "2021-02-28", 0),
        ("2021-01-31", "2021-03-01", 1),
        ("2021-01-31", "2021-03-31", 2),
        ("2021-01-15", "2021-02-14", 0),
        ("2021-01-15", "2021-02-15", 1),
        ("2020-12-15", "2021-12-15", 12),
        ("2021-05-05", "2021-05-05", 0),
    ] {
        assert_eq!(whole_months_between(day(from), day(to)), months);
        assert_eq!(whole_months_between(day(to), day(from)), -months);
    }
    // The definition: the greatest number of months whose end, put to the next day where the month
    // is too short, is not after the day.
    let start = day("2019-12-25");
    for first in 0..100 {
        let from = start.add_days(first).unwrap();
        for later in 0..800 {
            let to = from.add_days(later).unwrap();
            let months = whole_months_between(from, to);
            assert!(from.add_months(months, MonthEnd::Next).unwrap() <= to);
            assert!(from.add_months(months + 1, MonthEnd::Next).unwrap() > to);
        }
    }
}

/// S25
#[test]
fn age_in_completed_years() {
    for (birth, on, age) in [
        ("1960-07-01", "2020-06-30", 59),
        ("1960-07-01", "2020-07-01", 60),
        ("2000-02-29", "2001-02-28", 0),
        ("2000-02-29", "2001-03-01", 1),
        ("2000-02-29", "2004-02-28", 3),
        ("2000-02-29", "2004-02-29", 4),
        ("2021-08-20", "2021-08-20", 0),
        ("2021-08-20", "2021-08-19", 0),
        ("2021-08-20", "2020-08-20", -1),
    ] {
        assert_eq!(age_on(day(birth), day(on)), age, "{birth} {on}");
    }
}

/// Days from the epoch of a 400-year cycle to the first of each of its months, and on.
fn firsts(months: usize) -> Vec<i64> {
    let mut starts = vec![0];
    for index in 0..months {
        let year = 2000 + i32::try_from(index / 12).unwrap();
        starts.push(starts[index] + i64::from(length(year, index % 12 + 1)));
    }
    starts
}

#[test]
fn month_span_from_every_day_of_a_cycle() {
    let firsts = firsts(400 * 12 + 40);
    let month_days = |index: usize| firsts[index + 1] - firsts[index];
    for n in 0..=24 {
        let spans = (0..400 * 12).flat_map(|start| {
            // Every day of the month, the last ones clipped; days 1 to 28 are among them.
            let (from, to) = (firsts[start], firsts[start + n]);
            (1..=month_days(start)).map(move |number| to + number.min(month_days(start + n)) - (from + number))
        });
        let (least, greatest) = spans.fold((i64::MAX, i64::MIN), |all, days| (all.0.min(days), all.1.max(days)));
        assert_eq!(month_span(n as i64), Some((least, greatest)), "{n} months");
    }
}

#[test]
fn month_span_of_up_to_a_century() {
    let firsts = firsts(400 * 12 + 1200);
    for n in 0..=1200 {
        let spans = (0..400 * 12).map(|start| firsts[start + n] - firsts[start]);
        let (least, greatest) = spans.fold((i64::MAX, i64::MIN), |all, days| (all.0.min(days), all.1.max(days)));
        assert_eq!(month_span(n as i64), Some((least, greatest)), "{n} months");
    }
}

/// S27: past a century, past the cycle of the calendar, and below zero.
#[test]
fn month_span_of_many_months_and_of_fewer_than_none() {
    let cycle = 400 * 12;
    let firsts = firsts(cycle + 3 * cycle);
    for n in (1_200..=3 * cycle).step_by(97).chain([1_201, cycle - 1, cycle, cycle + 1]) {
        let spans = (0..cycle).map(|start| firsts[start + n] - firsts[start]);
        let (least, greatest) = spans.fold((i64::MAX, i64::MIN), |all, days| (all.0.min(days), all.1.max(days)));
        assert_eq!(month_span(n as i64), Some((least, greatest)), "{n} months");
        assert_eq!(month_span(-(n as i64)), Some((-greatest, -least)), "-{n} months");
    }
    assert_eq!((month_span(i64::MAX), month_span(i64::MIN)), (None, None));
}

#[test]
fn month_span_holds_for_dates() {
    for first in (0..100_000).step_by(7) {
        let start = Date::MIN.add_days(first).unwrap();
        for months in [1, 2, 3, 6, 12, 13] {
            let end = start.add_months(months, MonthEnd::Clip).unwrap();
            let (least, greatest) = month_span(months.into()).unwrap();
            assert!((least..=greatest).contains(&days_between(start, end).into()));
        }
    }
}

#[test]
fn settlement_years() {
    let july = SettlementYear::new(7, 1).unwrap();
    for (date, start, next) in [
        ("2021-06-30", "2020-07-01", "2021-07-01"),
        ("2021-07-01", "2021-07-01", "2022-07-01"),
        ("2021-07-02", "2021-07-01", "2022-07-01"),
        ("2021-12-31", "2021-07-01", "2022-07-01"),
        ("2022-01-01", "2021-07-01", "2022-07-01"),
    ] {
        assert_eq!((july.year_start(day(date)), july.next_start(day(date))), (day(start), day(next)), "{date}");
    }
    let calendar = SettlementYear::default();
    assert_eq!((calendar.month(), calendar.day()), (1, 1));
    assert_eq!(calendar, SettlementYear::CALENDAR);
    assert_eq!(calendar.year_start(day("2024-12-31")), day("2024-01-01"));
    assert_eq!(calendar.year_start(day("2024-01-01")), day("2024-01-01"));
    assert_eq!(calendar.next_start(day("2024-01-01")), day("2025-01-01"));
    for (month, number) in [(2, 29), (2, 30), (4, 31), (0, 1), (13, 1), (1, 0)] {
        assert_eq!(SettlementYear::new(month, number), None);
    }
    // At the edges of the calendar the year is cut.
    assert_eq!(july.year_start(day("1900-03-01")), Date::MIN);
    assert_eq!(july.next_start(day("2199-07-01")), Date::MAX);
}

#[test]
fn periods_are_half_open() {
    let (a, b, c) = (day("2021-01-01"), day("2022-01-01"), day("2023-01-01"));
    let first = Period::new(Some(a), Some(b)).unwrap();
    assert_eq!((first.from(), first.until()), (Some(a), Some(b)));
    assert!(first.contains(a) && first.contains(day("2021-12-31")));
    assert!(!first.contains(b) && !first.contains(day("2020-12-31")));
    let second = Period::new(Some(b), Some(c)).unwrap();
    assert!(!first.overlaps(second) && !second.overlaps(first));
    let both = Period::new(Some(day("2021-12-31")), Some(day("2022-01-02"))).unwrap();
    assert!(first.overlaps(both) && both.overlaps(first) && second.overlaps(both) && both.overlaps(both));
    let before = Period::new(None, Some(b)).unwrap();
    let after = Period::new(Some(b), None).unwrap();
    assert!(before.contains(Date::MIN) && after.contains(Date::MAX));
    assert!(!before.overlaps(after) && !after.overlaps(before));
    assert!(before.overlaps(first) && after.overlaps(second) && !after.overlaps(first));
    assert!(
        Period::ALWAYS.overlaps(Period::ALWAYS) && Period::ALWAYS.overlaps(first) && first.overlaps(Period::ALWAYS)
    );
    assert_eq!(Period::default(), Period::ALWAYS);

    let error = |from, until| Period::new(from, until).unwrap_err();
    assert_eq!(error(Some(a), Some(a)), DateError::EmptyPeriod { from: a, until: a });
    assert_eq!(
        error(Some(b), Some(a)).to_string(),
        "`2022-01-01` to `2021-01-01` holds no day, expected an end after the start",
    );
    assert_eq!(
        error(None, Some(Date::MIN)).to_string(),
        "`1900-01-01` to `1900-01-01` holds no day, expected an end after the start",
    );
}
