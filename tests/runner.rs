//! The runner of cases: workings are worked out again, and edges are those of the text.
#![cfg(feature = "authoring")]
#![expect(
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "tests and their helpers may fail loudly"
)]

#[expect(dead_code, reason = "packs and library are for another test")]
mod common;

use common::calculator::calculate;
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::Engine;
use yibao_rules::runner::{Coverage, Report, coverage, parse_cases, run};

const HEAD: &str = "
pack: sample-city
revision: 2026.12.1
title: { zh: 示例市, en: Example city }
region: { code: '000000', zh: 示例市, en: Example city }
publisher: { zh: 示例, en: example }
status: invented
";

fn engine(rest: &str) -> Engine {
    let text = format!("{HEAD}{rest}");
    let pack = Pack::parse("pack.yaml", text.as_bytes(), &Library::new()).unwrap_or_else(|e| panic!("{e}"));
    Engine::load(pack.into_plan()).unwrap_or_else(|e| panic!("{e}"))
}

fn tested(engine: &Engine, cases: &str) -> (Vec<Report>, Coverage) {
    let file = parse_cases("cases.yaml", cases.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    let reports = run(engine, &file);
    let reached = coverage(engine.plan(), &reports);
    (reports, reached)
}

const DOUBLE: &str = "
facts:
  total: { type: money, min: 0元, max: 1000000元, label: { zh: 总费用, en: total cost } }
services:
  s:
    title: { zh: 测算, en: estimate }
    kind: amount
    topic: t
    result: [half]
    steps:
      - { id: half, label: { zh: 一半, en: half }, value: total * 50%, round: half_up to fen }
";

/// One case of the service above whose only expected value is right, with a working of its own.
fn half(id: usize, path: &str, sum: &str) -> String {
    format!(
        "  - {{ id: c{id}, service: s, origin: invented, facts: {{ total: '1000' }}, expect: {{ steps: {{ half: '500.00' }} }}, \
         working: {{ {path}: '{sum}' }} }}\n"
    )
}

#[test]
fn a_working_is_worked_out_again() {
    let cases = [
        // Right: 1000 × 50 % = 500.
        ("half", "1000 * 50%", ""),
        ("steps.half", "min(600, round(999.995 / 2, half_up to fen) + 0.005 - 0.005)", ""),
        // Wrong by a digit: 1000 × 51 % = 510.
        ("half", "1000 * 51%", "working.half: 1000 * 51% is 510, expected 500.00"),
        ("half", "1000 *", "working.half: 1000 *: expected a number, found the end"),
        ("half", "(1000 * 50%", "working.half: (1000 * 50%: expected `)`, found the end"),
        ("half", "1000 * 50% 元", "working.half: 1000 * 50% 元: `元` stands after the end of the sum"),
        (
            "half",
            "mean(1, 2)",
            "working.half: mean(1, 2): `mean` is no function; they are min max clamp round round2 floor2",
        ),
        ("half", "1 / (2 - 2)", "working.half: 1 / (2 - 2): divided by zero"),
        ("whole", "500", "working.whole: nothing of that name is expected"),
        ("amounts.half", "500", "working.amounts.half: nothing of that name is expected"),
    ];
    let text: String = cases.iter().enumerate().map(|(i, (path, sum, _))| half(i, path, sum)).collect();
    let (reports, _) = tested(&engine(DOUBLE), &format!("cases:\n{text}"));
    for (report, (path, sum, said)) in reports.iter().zip(cases) {
        let found: Vec<&str> = report.failures.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(found.join("\n"), said, "{path}: {sum}");
    }
}

#[test]
fn parentheses_that_do_not_end_are_told() {
    let deep = format!("{}1{}", "(".repeat(65), ")".repeat(65));
    let long = format!("{}1", "-".repeat(10_000));
    let text = half(0, "half", &deep) + &half(1, "half", &long);
    let (reports, _) = tested(&engine(DOUBLE), &format!("cases:\n{text}"));
    assert!(reports[0].failures[0].message.ends_with("more than 64 parentheses within each other"));
    // An even count of signs: 1 is not 500.
    assert_eq!(reports[1].failures[0].found.as_deref(), Some("1"));
}

/// Sums made at random, by a generator that is the same every time.
fn random_sum(seed: &mut u64, depth: u32) -> String {
    let mut next = |below: u64| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % below
    };
    if depth == 0 || next(4) == 0 {
        return match next(3) {
            0 => format!("{}", next(100_000)),
            1 => format!("{}.{:02}", next(1000), next(100)),
            _ => format!("{}%", next(101)),
        };
    }
    let kind = next(9);
    let mut part = || random_sum(seed, depth - 1);
    match kind {
        0 => format!("{} + {}", part(), part()),
        1 => format!("{} - {}", part(), part()),
        2 => format!("({}) * ({})", part(), part()),
        3 => format!("({}) / 8", part()),
        4 => format!("-({})", part()),
        5 => format!("min({}, {}, 500)", part(), part()),
        6 => format!("max({}, {})", part(), part()),
        7 => format!("round({}, half_up to fen)", part()),
        _ => format!("floor2({})", part()),
    }
}

#[test]
fn sums_come_to_what_a_calculator_of_big_numbers_says() {
    let mut seed = 7;
    let sums: Vec<String> = (0..400).map(|_| random_sum(&mut seed, 3)).collect();
    let text: String = sums.iter().enumerate().map(|(i, sum)| half(i, "half", sum)).collect();
    let (reports, _) = tested(&engine(DOUBLE), &format!("cases:\n{text}"));
    let mut told = 0;
    for (sum, report) in sums.iter().zip(&reports) {
        let theirs = calculate(sum).unwrap_or_else(|e| panic!("{sum}: {e}"));
        match report.failures.as_slice() {
            [] => assert_eq!(theirs, calculate("500").unwrap_or_else(|e| panic!("{e}")), "{sum}"),
            [one] => {
                let found = one.found.as_deref().unwrap_or_else(|| panic!("{sum}: {}", one.message));
                assert_eq!(calculate(found), Ok(theirs), "{sum}");
                told += 1;
            }
            many => panic!("{sum}: {many:?}"),
        }
    }
    assert!(told > 350, "{told}");
}

/// Edges as `step: at of: below/equal/above`, by ids of cases.
fn edges(reports: &[Report], reached: &Coverage) -> Vec<String> {
    let names = |all: &[usize]| all.iter().map(|at| reports[*at].id.as_str()).collect::<Vec<_>>().join(" ");
    reached
        .edges
        .iter()
        .map(|e| {
            format!("{}: {} of {}: {}/{}/{}", e.step, e.at, e.of, names(&e.below), names(&e.equal), names(&e.above))
        })
        .collect()
}

#[test]
fn an_edge_stands_where_the_amount_meets_the_threshold() {
    let pack = engine(
        "
facts:
  day: { type: date, label: { zh: 日期, en: day } }
  level:
    type: option
    label: { zh: 级别, en: level }
    options: { low: { zh: 低, en: low }, high: { zh: 高, en: high } }
ledger:
  year_starts: 01-01
  entries:
    borne: { type: money, kind: sum, min: 0元, max: 1000元, label: { zh: 已付, en: borne } }
services:
  s:
    title: { zh: 测算, en: estimate }
    kind: amount
    topic: t
    as_of: day
    result: [due]
    posts: { borne: due }
    steps:
      - id: listed
        label: { zh: 标准, en: listed }
        table:
          by: [level]
          rows:
            - { level: low, is: 300元 }
            - { level: high, is: 800元 }
      - { id: due, label: { zh: 应付, en: due }, value: \"min(listed, 1000元 - ledger.borne)\" }
",
    );
    let case = |id: &str, level: &str, borne: &str| {
        format!(
            "  - {{ id: {id}, service: s, origin: invented, date: 2026-05-01, facts: {{ level: {level} }}, \
             ledger: {{ borne: '{borne}' }}, expect: {{ outcome: computed }} }}\n"
        )
    };
    // 1000 − borne = 300 where 700 is borne. At 300 of what is borne there is no edge: 700 are left, not 300.
    let all = [
        case("room_above", "low", "699.99"),
        case("room_at", "low", "700"),
        case("room_below", "low", "700.01"),
        case("no_edge_below", "low", "299.99"),
        case("no_edge_at", "low", "300"),
        case("no_edge_above", "low", "300.01"),
        case("other_row", "high", "200"),
    ];
    let (reports, reached) = tested(&pack, &format!("cases:\n{}", all.concat()));
    assert_eq!(
        edges(&reports, &reached),
        [
            "due: 300元 of 1000元 - ledger.borne: room_below/room_at/room_above",
            "due: 800元 of 1000元 - ledger.borne: /other_row/"
        ]
    );
}

#[test]
fn a_threshold_may_come_by_way_of_another_step() {
    let pack = engine(
        "
facts:
  total: { type: money, min: 0元, max: 1000000元, label: { zh: 总费用, en: total cost } }
  again: { type: bool, label: { zh: 再次, en: again } }
  level:
    type: option
    label: { zh: 级别, en: level }
    options: { low: { zh: 低, en: low }, high: { zh: 高, en: high } }
services:
  s:
    title: { zh: 测算, en: estimate }
    kind: amount
    topic: t
    result: [borne]
    steps:
      - id: first
        label: { zh: 首次, en: first }
        table:
          by: [level]
          rows:
            - { level: low, is: 300元 }
            - { level: high, is: 800元 }
      - { id: mine, label: { zh: 本次, en: mine }, value: if again then first * 50% else first }
      - { id: borne, label: { zh: 自付, en: borne }, value: \"min(mine, total)\" }
",
    );
    let case = |id: &str, again: bool, total: &str| {
        format!(
            "  - {{ id: {id}, service: s, origin: invented, facts: {{ level: low, again: {again}, total: '{total}' }}, \
             expect: {{ outcome: computed }} }}\n"
        )
    };
    // The second time half of 300 is borne: the edge is at 150 then.
    let all = [
        case("below", false, "299.99"),
        case("at", false, "300"),
        case("above", false, "300.01"),
        case("half_at", true, "150"),
        case("half_not", true, "300"),
    ];
    let (reports, reached) = tested(&pack, &format!("cases:\n{}", all.concat()));
    assert_eq!(
        edges(&reports, &reached),
        ["borne: 300元 of total: below/at half_at/above", "borne: 800元 of total: //"]
    );
}

#[test]
fn figures_are_proved_by_the_cites_of_their_own_step() {
    let pack = |value: &str| {
        let text = format!(
            "{}
sources:
  t:
    title: 示例
    issuer: 示例
    read_at: https://example.org/
    grade: press
    clauses:
      q: {{ quote: '乙类先自付10%，共付段个人付12%。' }}
facts:
  base: {{ type: money, min: 0元, max: 1000元, label: {{ zh: 基数, en: base }} }}
  lines:
    type: list
    max: 5
    label: {{ zh: 明细, en: lines }}
    of:
      b: {{ type: bool, label: {{ zh: 乙类, en: class B }} }}
      amount: {{ type: money, min: 0元, max: 1000元, label: {{ zh: 金额, en: amount }} }}
services:
  s:
    title: {{ zh: 测算, en: estimate }}
    kind: amount
    topic: t
    result: [all]
    steps:
      - id: each_of
        label: {{ zh: 每项, en: each }}
        each: lines
        table:
          by: [b]
          rows:
            - {{ b: true, is: amount * 10%, cite: t/q#先自付10% }}
            - {{ b: false, is: 0元 }}
      - {{ id: all, label: {{ zh: 合计, en: all }}, value: '{value}', cite: t/q#个人付12% }}
",
            HEAD.replace("status: invented", "status: illustrative\nevidence_date: 2026-01-01")
        );
        Pack::parse("pack.yaml", text.as_bytes(), &Library::new()).map(drop).map_err(|e| e.to_string())
    };
    // The figure may stand before the records or after them; one that is in no marked phrase may stand nowhere.
    for value in ["base * 12% + sum(lines: each_of)", "sum(lines: each_of) + base * 12%"] {
        assert_eq!(pack(value), Ok(()), "{value}");
    }
    for value in ["base * 10% + sum(lines: each_of)", "sum(lines: each_of) + base * 10%"] {
        assert!(pack(value).is_err_and(|e| e.contains("figure-not-quoted")), "{value}");
    }
}
