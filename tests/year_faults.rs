//! Years that cannot be: each is refused by name, with both places; and what a pack refuses says why, with its clause.
#![cfg(feature = "authoring")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at what they did not expect"
)]

use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Decision, Engine, Outcome};
use yibao_rules::diagnostic::{Diagnostic, Diagnostics};
use yibao_rules::runner::{Answered, Scenario, parse_cases, run};
use yibao_rules::year::{YearView, year};

fn head(status: &str, more: &str) -> String {
    format!(
        "pack: year-faults\nrevision: '1'\ntitle: {{ zh: 年度, en: year }}\nregion: {{ code: '000000', zh: 虚设, en: nowhere }}\npublisher: {{ zh: 测试, en: tests }}\nstatus: {status}\n{more}\npayers: {{ fund: {{ zh: 基金, en: fund }} }}\n"
    )
}

/// Stays settled at 80 %, with what the fund paid this year and last time.
fn stays(year_starts: &str) -> String {
    let facts = "facts:\n  total: { type: money, min: 0元, max: 1000000元, label: { zh: 总额, en: total } }\n  admission: { type: date, label: { zh: 入院, en: admission } }\n  discharge: { type: date, label: { zh: 出院, en: discharge } }\n  came_from: { type: option, label: { zh: 来自, en: came from }, options: { home: { zh: 家, en: home }, upper: { zh: 上级, en: upper } } }\n  sent_down: { type: bool, label: { zh: 下转, en: sent down } }\n";
    let ledger = format!(
        "ledger:\n  year_starts: {year_starts}\n  entries:\n    paid: {{ type: money, kind: sum, min: 0元, max: 30000元, label: {{ zh: 已付, en: paid }} }}\n"
    );
    let service = "previous:\n  basic: { from: basic, type: money, label: { zh: 上次, en: last time }, min: 0元, max: 20000元 }\nservices:\n  stay:\n    title: { zh: 住院, en: stay }\n    kind: settlement\n    as_of: admission\n    ends: discharge\n    crosses_year: admission\n    posts: { paid: basic }\n    attaches: { sent_down: came_from = upper }\n    steps:\n      - { id: bill, label: { zh: 账单, en: bill }, bill: total, parts: { share: { zh: 分担, en: share, amount: rest } } }\n      - { id: basic, label: { zh: 支付, en: pays }, pay: fund, from: [share], amount: \"if sent_down then total * 90% else total * 80%\", round: half_up to fen }\n      - { id: seen, label: { zh: 所见, en: seen }, value: \"ledger.paid + (if applies(previous.basic) then previous.basic else 0元)\" }\n";
    format!("{}{facts}{ledger}{service}", head("invented", ""))
}

fn engine(text: &str) -> Engine {
    Engine::load(
        Pack::parse("pack.yaml", text.as_bytes(), &Library::new()).unwrap_or_else(|e| panic!("{e}")).into_plan(),
    )
    .unwrap()
}

/// A stay: id, first and last day, total, and what else it says.
type Stay<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

fn ask(engine: &Engine, opening: &str, all: &[Stay<'_>]) -> Result<YearView, Diagnostics> {
    let mut text = "cases:\n  - id: a\n    origin: invented\n    year:\n".to_owned();
    if !opening.is_empty() {
        text.push_str(&format!("      opening: {{ {opening} }}\n"));
    }
    text.push_str("      encounters:\n");
    for (id, from, to, total, more) in all {
        let (follows, came) = match *more {
            "" => (String::new(), "home"),
            "upper" => (String::new(), "upper"),
            of => (format!("follows: {of}, "), "upper"),
        };
        text.push_str(&format!("        - {{ id: {id}, service: stay, {follows}facts: {{ total: \"{total}\", admission: {from}, discharge: {to}, came_from: {came} }} }}\n"));
    }
    text.push_str("    expect: { outcome: computed }\n");
    let file = parse_cases("cases.yaml", text.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    let Scenario::Year(case) = &file.cases[0].scenario else { panic!("no year") };
    year(engine, case)
}

fn codes(found: &Diagnostics) -> Vec<&str> {
    found.iter().map(|d| d.code.as_ref()).collect()
}

fn only(result: Result<YearView, Diagnostics>) -> Diagnostic {
    let found = result.unwrap_err();
    assert_eq!(found.len(), 1, "{found}");
    found.iter().next().unwrap().clone()
}

fn line(d: &Diagnostic) -> u32 {
    d.place.as_ref().unwrap().line
}

#[test]
fn order_and_overlap_name_both_stays() {
    let engine = engine(&stays("01-01"));
    let d = only(ask(
        &engine,
        "",
        &[("b", "2023-03-01", "2023-03-09", "100", ""), ("a", "2023-02-01", "2023-02-09", "100", "")],
    ));
    assert_eq!(
        (d.code.as_ref(), d.message.as_str()),
        ("out-of-order", "encounter `a` begins on 2023-02-01, before `b` on 2023-03-01")
    );
    assert_eq!((line(&d), d.also[0].place.line, d.also[0].label.as_str()), (7, 6, "b"));

    let d = only(ask(
        &engine,
        "",
        &[("a", "2023-02-01", "2023-02-09", "100", ""), ("b", "2023-02-08", "2023-02-20", "100", "")],
    ));
    assert_eq!(
        (d.code.as_ref(), d.message.as_str()),
        ("overlap", "encounter `b` begins on 2023-02-08, while `a` lasts until 2023-02-09")
    );
    assert_eq!((line(&d), d.also[0].place.line), (7, 6));
    // A transfer on the day of discharge is two stays.
    assert!(
        ask(
            &engine,
            "",
            &[("a", "2023-02-01", "2023-02-09", "100", ""), ("b", "2023-02-09", "2023-02-20", "100", "a")]
        )
        .is_ok()
    );
    // And so are two visits on one day.
    assert!(
        ask(&engine, "", &[("a", "2023-02-01", "2023-02-01", "100", ""), ("b", "2023-02-01", "2023-02-01", "100", "")])
            .is_ok()
    );
}

#[test]
fn a_stay_ends_after_it_begins_and_follows_one_before_it() {
    let engine = engine(&stays("01-01"));
    let d = only(ask(&engine, "", &[("a", "2023-02-09", "2023-02-01", "100", "")]));
    assert_eq!(
        (d.code.as_ref(), d.message.as_str()),
        ("discharge-before-admission", "encounter `a` ends on 2023-02-01, before it begins on 2023-02-09")
    );

    let d = only(ask(
        &engine,
        "",
        &[("upper", "2023-02-01", "2023-02-09", "100", ""), ("lower", "2023-02-09", "2023-02-20", "100", "uper")],
    ));
    assert_eq!(
        (d.code.as_ref(), d.message.as_str(), d.help.as_deref()),
        ("follows-unknown", "encounter `lower` follows `uper`, which is not there", Some("did you mean `upper`?"))
    );
    assert_eq!((line(&d), d.also.len()), (7, 0));

    let d = only(ask(
        &engine,
        "",
        &[("first", "2023-02-01", "2023-02-09", "100", "second"), ("second", "2023-02-09", "2023-02-20", "100", "")],
    ));
    assert_eq!(
        (d.code.as_ref(), d.message.as_str()),
        ("follows-unknown", "encounter `first` follows `second`, which comes after it")
    );
    assert_eq!((line(&d), d.also[0].place.line), (6, 7));
    // Nor can it follow itself.
    assert_eq!(only(ask(&engine, "", &[("a", "2023-02-01", "2023-02-09", "100", "a")])).code, "follows-unknown");
}

#[test]
fn a_transfer_says_which_stay_it_comes_from() {
    let engine = engine(&stays("01-01"));
    let d = only(ask(
        &engine,
        "",
        &[("a", "2023-02-01", "2023-02-09", "100", ""), ("b", "2023-02-09", "2023-02-20", "100", "upper")],
    ));
    assert_eq!((d.code.as_ref(), line(&d)), ("transfer-without-stay", 7));
    // With it, the earlier stay is settled again, and the difference comes back.
    let view = ask(
        &engine,
        "",
        &[("a", "2023-02-01", "2023-02-09", "100", ""), ("b", "2023-02-09", "2023-02-20", "100", "a")],
    )
    .unwrap();
    // 100 × (90 % − 80 %) = 10
    assert_eq!(view.encounters[0].credit.as_deref(), Some("10.00"));
}

/// S60
#[test]
fn all_problems_of_a_year_come_at_once() {
    let engine = engine(&stays("01-01"));
    let found = ask(
        &engine,
        "as_of: 2024-01-01",
        &[
            ("a", "2023-03-01", "2023-02-01", "100", ""),
            ("a", "2023-01-01", "2023-01-02", "2000000", ""),
            ("c", "2023-01-03", "2023-01-09", "1.001", "d"),
        ],
    )
    .unwrap_err();
    let mut all = codes(&found);
    all.sort_unstable();
    assert_eq!(
        all,
        [
            "discharge-before-admission",
            "duplicate-id",
            "follows-unknown",
            "ledger-contradiction",
            "out-of-order",
            "out-of-range",
            "too-many-decimals"
        ]
    );
    let lines: Vec<u32> = found.iter().map(line).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    assert!(found.iter().all(|d| d.place.is_some()));
}

#[test]
fn balances_stay_within_their_bounds() {
    let engine = engine(&stays("01-01"));
    // 20000 × 80 % = 16000, and 17500 × 80 % = 14000: together the bound itself.
    let fits = ask(
        &engine,
        "",
        &[("a", "2023-02-01", "2023-02-09", "20000", ""), ("b", "2023-03-01", "2023-03-09", "17500", "")],
    )
    .unwrap();
    assert_eq!(fits.encounters[1].after[0].value.text, "30000.00");
    let d = only(ask(
        &engine,
        "",
        &[("a", "2023-02-01", "2023-02-09", "20000", ""), ("b", "2023-03-01", "2023-03-09", "17500.05", "")],
    ));
    assert_eq!(
        (d.code.as_ref(), d.message.as_str(), line(&d)),
        (
            "ledger-contradiction",
            "after encounter `b` the balance `paid` comes to 30000.04, it can be from 0.00 to 30000.00",
            7
        )
    );
    // Opening balances are answers, and are held to the same bounds.
    let d = only(ask(&engine, "paid: \"30000.01\"", &[("a", "2023-02-01", "2023-02-02", "1", "")]));
    assert_eq!(
        (d.code.as_ref(), d.message.as_str()),
        ("out-of-range", "`ledger.paid` is `30000.01`, it can be from 0.00 to 30000.00")
    );
    let d = only(ask(&engine, "payd: \"1\"", &[("a", "2023-02-01", "2023-02-02", "1", "")]));
    assert_eq!((d.code.as_ref(), d.help.as_deref(), line(&d)), ("unknown-entry", Some("did you mean `paid`?"), 5));
}

#[test]
fn what_a_stay_hands_on_stays_within_its_bounds() {
    let engine = engine(&stays("01-01"));
    // 26000 × 80 % = 20800, and `previous.basic` was said to reach 20000.
    let d = only(ask(
        &engine,
        "",
        &[("a", "2023-02-01", "2023-02-09", "26000", ""), ("b", "2023-03-01", "2023-03-09", "100", "")],
    ));
    assert_eq!(
        (d.code.as_ref(), d.message.as_str(), line(&d)),
        (
            "ledger-contradiction",
            "encounter `b`: `previous.basic` comes to 20800.00, it can be from 0.00 to 20000.00",
            7
        )
    );
}

#[test]
fn opening_balances_are_of_a_day_before_the_first_stay_and_of_its_year() {
    for (year_starts, day, fits) in [
        ("01-01", "2023-01-01", true),
        ("01-01", "2023-02-01", true),
        ("01-01", "2023-02-02", false),
        ("01-01", "2022-12-31", false),
        // The settlement year of the first stay began on 1 July 2022.
        ("07-01", "2022-07-01", true),
        ("07-01", "2022-06-30", false),
        ("07-01", "2022-12-31", true),
        ("07-01", "2023-07-01", false),
    ] {
        let engine = engine(&stays(year_starts));
        let result =
            ask(&engine, &format!("as_of: {day}, paid: \"500\""), &[("a", "2023-02-01", "2023-02-09", "100", "")]);
        match result {
            Ok(view) => {
                assert!(fits, "{year_starts} {day}");
                assert!(view.opening_given);
                assert_eq!(view.encounters[0].before[0].value.text, "500.00");
            }
            Err(found) => {
                assert!(!fits, "{year_starts} {day}: {found}");
                assert_eq!(codes(&found), ["ledger-contradiction"]);
                assert_eq!(found.iter().next().unwrap().place.as_ref().unwrap().path, "cases[0].year.opening.as_of");
            }
        }
    }
    // Without a day they are taken as of the first stay's year.
    let engine = engine(&stays("01-01"));
    assert!(ask(&engine, "paid: \"500\"", &[("a", "2023-02-01", "2023-02-09", "100", "")]).is_ok());
    assert_eq!(only(ask(&engine, "as_of: soon", &[("a", "2023-02-01", "2023-02-09", "100", "")])).code, "bad-date");
}

#[test]
fn a_new_year_begins_with_empty_balances() {
    let engine = engine(&stays("07-01"));
    let view = ask(
        &engine,
        "as_of: 2023-01-01, paid: \"500\"",
        &[("a", "2023-06-01", "2023-06-09", "100", ""), ("b", "2023-07-01", "2023-07-09", "100", "")],
    )
    .unwrap();
    assert_eq!(view.encounters[0].after[0].value.text, "580.00");
    assert_eq!(view.encounters[1].before[0].value.text, "0.00");
}

/// S90
#[test]
fn too_many_encounters_are_not_looked_at() {
    let engine = engine(&stays("01-01"));
    let one: Stay<'_> = ("a", "2023-02-01", "2023-02-01", "1", "");
    assert_eq!(only(ask(&engine, "", &vec![one; 1_001])).code, "too-many-encounters");
}

// ── What a pack refuses.

fn decided(pack: &str, facts: &str) -> Decision {
    let engine = engine(pack);
    let cases = format!(
        "cases:\n  - id: a\n    service: stay\n    origin: invented\n    facts: {{ {facts} }}\n    expect: {{ outcome: refused }}\n"
    );
    let file = parse_cases("cases.yaml", cases.as_bytes()).unwrap();
    match run(&engine, &file).remove(0).answer {
        Answered::One(decision) => *decision,
        other => panic!("{other:?}"),
    }
}

fn simple(status: &str, more: &str, value: &str) -> String {
    format!(
        "{}facts:\n  total: {{ type: money, min: 0元, max: 1000000元, label: {{ zh: 总额, en: total }} }}\n  day: {{ type: date, label: {{ zh: 日期, en: day }} }}\nservices:\n  stay: {{ title: {{ zh: 住院, en: stay }}, kind: indicator, as_of: day, result: [x], steps: [{{ id: x, label: {{ zh: 值, en: value }}, value: \"{value}\" }}] }}\n",
        head(status, more)
    )
}

#[test]
fn a_day_outside_the_stated_period_is_refused_with_the_period() {
    let pack = simple("invented", "period: { from: 2023-01-01, until: 2024-01-01 }", "total");
    for (day, outcome) in [
        ("2022-12-31", Outcome::Refused),
        ("2023-01-01", Outcome::Computed),
        ("2023-12-31", Outcome::Computed),
        ("2024-01-01", Outcome::Refused),
    ] {
        let decision = decided(&pack, &format!("total: \"100\", day: {day}"));
        assert_eq!(decision.outcome, outcome, "{day}");
        if outcome == Outcome::Refused {
            let refusal = &decision.refusals[0];
            assert_eq!(refusal.code, "out-of-period");
            assert_eq!(
                refusal.text.en,
                format!("{day} is outside the stated period (from 2023-01-01, until 2024-01-01)")
            );
            assert_eq!(refusal.text.zh, format!("{day} 不在政策写明的期间内（2023-01-01 起，2024-01-01 前）"));
            assert!(decision.result.is_empty() && decision.steps.is_empty(), "no figure is shown");
        }
    }
    // Without the day, the pack cannot say whether it applies.
    let decision = decided(&pack, "total: \"100\"");
    assert_eq!((decision.outcome, decision.missing[0].fact.as_str()), (Outcome::Incomplete, "day"));
}

#[test]
fn an_open_parameter_is_refused_with_its_clause() {
    let more = "sources: { notice: { title: 关于绩效的通知, grade: press, clauses: { bonus: { article: 第五条, quote: 结余资金的（此处隐去）用于绩效。 } } } }\nparameters:\n  share: { type: rate, label: { zh: 用于绩效的比例, en: share to bonuses }, unset: { zh: 原文此处被隐去, en: redacted in the source, cite: notice/bonus } }";
    let decision =
        decided(&simple("dated\nevidence_date: 2023-06-16", more, "total * share"), "total: \"100\", day: 2023-06-16");
    assert_eq!(decision.outcome, Outcome::Refused);
    let refusal = &decision.refusals[0];
    assert_eq!(
        (refusal.code.as_str(), refusal.text.zh.as_str(), refusal.cites[0].clause.as_str()),
        ("unset", "原文此处被隐去", "notice/bonus")
    );
    assert!(decision.clauses.iter().any(|c| c.id == "notice/bonus" && c.article.as_deref() == Some("第五条")));
    // It is not what a person forgot to answer.
    assert!(decision.missing.is_empty());
}

#[test]
fn a_proposal_is_refused() {
    let decision = decided(&simple("proposal", "", "total"), "total: \"100\", day: 2023-06-16");
    assert_eq!((decision.outcome, decision.refusals[0].code.as_str()), (Outcome::Refused, "not-in-force"));
    assert!(decision.result.is_empty() && decision.steps.is_empty(), "no figure is shown");
}
