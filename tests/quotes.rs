//! No shipped figure can change unnoticed: each is changed, one at a time, in the text of its pack,
//! which must then no longer compile; and so must a digit of a marked phrase, and of its quote.
#![cfg(feature = "authoring")]
#![expect(
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "tests and their helpers may fail loudly"
)]

#[expect(dead_code, reason = "cases and calculator are for another test")]
mod common;

use common::{folders, library};
use std::collections::{BTreeMap, BTreeSet};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::date::Date;
use yibao_rules::figure::locate;
use yibao_rules::plan::Status;
use yibao_rules::text::{Limits, Node, NodeKind, parse};

/// A scalar and its place in the tree.
struct Scalar<'a> {
    path: Vec<String>,
    node: &'a Node,
}

fn scalars<'a>(node: &'a Node, path: &mut Vec<String>, out: &mut Vec<Scalar<'a>>) {
    match &node.kind {
        NodeKind::Scalar { .. } => out.push(Scalar { path: path.clone(), node }),
        NodeKind::Sequence(all) => {
            for item in all {
                path.push("-".into());
                scalars(item, path, out);
                path.pop();
            }
        }
        NodeKind::Mapping(all) => {
            for entry in all {
                path.push(entry.key.value.clone());
                scalars(&entry.value, path, out);
                path.pop();
            }
        }
    }
}

/// A text by lines, to change some characters of it.
struct Lines {
    all: Vec<Vec<char>>,
}

impl Lines {
    fn new(text: &str) -> Self {
        Self { all: text.split('\n').map(|line| line.chars().collect()).collect() }
    }

    /// The characters of a scalar as written, quotation marks included, with the line and column of
    /// each, from 0.
    fn of(&self, node: &Node) -> Vec<(char, usize, usize)> {
        let place = node.place("", "");
        let (first, last) = (place.line as usize - 1, place.end_line as usize - 1);
        let mut out = Vec::new();
        for line in first..=last {
            let from = if line == first { place.column as usize - 1 } else { 0 };
            let to = if line == last { place.end_column as usize - 1 } else { self.all[line].len() };
            out.extend((from..to).map(|column| (self.all[line][column], line, column)));
        }
        out
    }

    /// The whole text with a stretch of one line replaced.
    fn with(&self, line: usize, from: usize, to: usize, new: &str) -> String {
        let mut out = String::new();
        for (i, chars) in self.all.iter().enumerate() {
            if i > 0 {
                out.push('\n');
            }
            if i == line {
                out.extend(&chars[..from]);
                out.push_str(new);
                out.extend(&chars[to..]);
            } else {
                out.extend(chars);
            }
        }
        out
    }
}

/// Whether a scalar holds formulas or figures of policy: everything in steps, parameters, frames,
/// groups, postings and verdicts, but no words for people and no cites.
fn holds_policy(path: &[String]) -> bool {
    let last = path.last().map_or("", String::as_str);
    let has = |word: &str| path.iter().any(|p| p == word);
    if matches!(last, "zh" | "en" | "id") || has("cite") || has("holds") || has("fails") || has("refuse") {
        return false;
    }
    match path.first().map(String::as_str) {
        Some("services") => !matches!(last, "round" | "topic" | "kind" | "as_of" | "ends"),
        Some("parameters") => matches!(last, "is") || has("options"),
        Some("frame") => matches!(last, "at_most" | "at_least"),
        Some("groups") => matches!(last, "from" | "until"),
        _ => false,
    }
}

/// Figures in a formula: where they begin and end in it, and what they change to. Names with digits
/// in them are no figures.
fn changes(written: &[(char, usize, usize)]) -> Vec<(usize, usize, String)> {
    let mut out = Vec::new();
    let mut at = 0;
    let char_at = |i: usize| written.get(i).map(|(c, ..)| *c);
    let digit = |i: usize| char_at(i).is_some_and(|c| c.is_ascii_digit());
    while at < written.len() {
        let name = char_at(at).is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if name {
            while char_at(at).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
                at += 1;
            }
            continue;
        }
        if !digit(at) {
            at += 1;
            continue;
        }
        let start = at;
        while digit(at) || ((char_at(at) == Some('.') || char_at(at) == Some('-')) && digit(at + 1)) {
            at += 1;
        }
        let figure: String = written[start..at].iter().map(|(c, ..)| *c).collect();
        let new = match Date::parse(&figure) {
            Ok(day) => day.add_days(3).map(|d| d.to_string()),
            Err(_) => plus_three(&figure, char_at(at) == Some('%')),
        };
        out.push((start, at, new.unwrap_or_else(|| panic!("`{figure}` cannot be changed"))));
    }
    out
}

/// 200 becomes 203, 1.5 becomes 4.5; a rate near 100 % goes down.
fn plus_three(figure: &str, rate: bool) -> Option<String> {
    let (whole, part) = figure.split_once('.').map_or((figure, None), |(w, p)| (w, Some(p)));
    let n: u64 = whole.parse().ok()?;
    let n = if rate && n >= 97 { n - 3 } else { n + 3 };
    Some(part.map_or_else(|| n.to_string(), |p| format!("{n}.{p}")))
}

/// Codes of what is wrong with a text that must not compile; `None` if it compiles.
fn codes(file: &str, text: &str, library: &Library) -> Option<BTreeSet<String>> {
    let problems = Pack::parse(file, text.as_bytes(), library).err()?;
    Some(problems.iter().map(|d| d.code.to_string()).collect())
}

/// A shipped pack as text and tree.
struct Shipped<'a> {
    file: &'a str,
    lines: Lines,
    all: Vec<Scalar<'a>>,
    node: &'a Node,
    library: &'a Library,
}

impl Shipped<'_> {
    /// What is wrong with it once a stretch of a line is replaced.
    fn changed(&self, line: usize, from: usize, to: usize, new: &str) -> Option<BTreeSet<String>> {
        codes(self.file, &self.lines.with(line, from, to, new), self.library)
    }
}

/// What became of the changes of one kind to one pack.
#[derive(Default)]
struct Changes {
    total: usize,
    unmarked: usize,
    survived: Vec<String>,
    by_code: BTreeMap<String, usize>,
}

impl Changes {
    /// Notes one change: the codes it was noticed by, or where it went unnoticed.
    fn note(&mut self, codes: Option<BTreeSet<String>>, place: impl FnOnce() -> String) {
        self.total += 1;
        let Some(codes) = codes else {
            self.survived.push(place());
            return;
        };
        let unquoted = "figure-not-quoted";
        let code =
            if codes.contains(unquoted) { unquoted.into() } else { codes.into_iter().collect::<Vec<_>>().join(" ") };
        *self.by_code.entry(code).or_default() += 1;
    }
}

/// Makes changes to every shipped pack, and fails where one goes unnoticed. Says how many there were.
fn shipped(what: &str, change: &(dyn Fn(&Shipped<'_>) -> Changes + Sync)) -> Changes {
    let (library, folders) = (library(), folders("packs"));
    let library = &library;
    let one = |folder: &common::Folder| {
        let pack = Pack::parse(&folder.file, folder.text.as_bytes(), library).unwrap_or_else(|e| panic!("{e}"));
        assert_ne!(pack.plan().pack.status, Status::Invented, "{} is shipped", folder.name);
        let node = parse(&folder.file, folder.text.as_bytes(), &Limits::default()).unwrap_or_else(|e| panic!("{e}"));
        let mut all = Vec::new();
        scalars(&node, &mut Vec::new(), &mut all);
        change(&Shipped { file: &folder.file, lines: Lines::new(&folder.text), all, node: &node, library })
    };
    let done: Vec<Changes> = std::thread::scope(|scope| {
        let running: Vec<_> = folders.iter().map(|folder| scope.spawn(|| one(folder))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| panic!("a pack could not be changed")))
            .collect()
    });
    let mut all = Changes::default();
    for (folder, found) in folders.iter().zip(done) {
        println!("  {}: {} {what}", folder.name, found.total);
        all.total += found.total;
        all.unmarked += found.unmarked;
        all.survived.extend(found.survived);
        found.by_code.into_iter().for_each(|(code, n)| *all.by_code.entry(code).or_default() += n);
    }
    println!("{} {what} changed: {:?}", all.total, all.by_code);
    assert!(
        all.survived.is_empty(),
        "{} of {} {what} change unnoticed:\n{}",
        all.survived.len(),
        all.total,
        all.survived.join("\n")
    );
    all
}

/// Changes every figure of a scalar, one at a time.
fn change_figures(pack: &Shipped<'_>, scalar: &Scalar<'_>, out: &mut Changes) {
    let written = pack.lines.of(scalar.node);
    for (start, end, new) in changes(&written) {
        let (_, line, from) = written[start];
        let old: String = written[start..end].iter().map(|(c, ..)| *c).collect();
        let place = || format!("{}:{}: {} {old} → {new}", pack.file, line + 1, scalar.path.join("."));
        out.note(pack.changed(line, from, from + (end - start), &new), place);
    }
}

#[test]
fn no_figure_changes_unnoticed() {
    let all = shipped("figures", &|pack| {
        let mut out = Changes::default();
        pack.all.iter().filter(|s| holds_policy(&s.path)).for_each(|scalar| change_figures(pack, scalar, &mut out));
        out
    });
    assert!(all.total >= 100, "{}", all.total);
    let quoted = all.by_code.get("figure-not-quoted").copied().unwrap_or(0);
    assert!(quoted * 10 >= all.total * 9, "most are noticed for want of a quote: {:?}", all.by_code);
}

/// A digit that is not this one.
fn other_digit(c: char) -> char {
    if c == '7' { '4' } else { '7' }
}

/// Cites of a pack, as `source/clause` and phrase.
fn marks<'a>(all: &[Scalar<'a>]) -> Vec<(&'a Node, &'a str, &'a str)> {
    all.iter()
        .filter(|s| {
            s.path.iter().any(|p| p == "cite")
                && !matches!(s.path.last().map(String::as_str), Some("zh" | "en" | "figure"))
        })
        .filter_map(|s| s.node.as_text().and_then(|t| t.split_once('#')).map(|(at, phrase)| (s.node, at, phrase)))
        .collect()
}

/// Where numbers end: the places of digits that no digit follows.
fn last_digits(written: &[(char, usize, usize)]) -> impl Iterator<Item = usize> + '_ {
    let digit = |i: usize| written.get(i).is_some_and(|(c, ..)| c.is_ascii_digit());
    (0..written.len()).filter(move |i| digit(*i) && !digit(i + 1))
}

/// Changes one digit.
fn change_digit(pack: &Shipped<'_>, (c, line, column): (char, usize, usize), at: &str, out: &mut Changes) {
    let place = || format!("{}:{}:{}: {at}", pack.file, line + 1, column + 1);
    out.note(pack.changed(line, column, column + 1, &other_digit(c).to_string()), place);
}

#[test]
fn no_digit_of_a_marked_phrase_changes_unnoticed() {
    let all = shipped("numbers in marked phrases", &|pack| {
        let mut out = Changes::default();
        for (node, at, _) in marks(&pack.all) {
            let written = pack.lines.of(node);
            let phrase = written.iter().position(|(c, ..)| *c == '#').unwrap_or(0);
            last_digits(&written).filter(|i| *i > phrase).for_each(|i| change_digit(pack, written[i], at, &mut out));
        }
        out
    });
    assert!(all.total >= 100, "{}", all.total);
}

#[test]
fn no_digit_of_a_quote_under_a_mark_changes_unnoticed() {
    let all = shipped("numbers in quotes", &|pack| {
        let mut out = Changes::default();
        let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (_, at, phrase) in marks(&pack.all) {
            places.entry(at).or_default().push(phrase);
        }
        let sources = pack.node.get("sources").and_then(Node::as_mapping).unwrap_or_default();
        for (source, clause) in sources.iter().flat_map(|s| {
            s.value.get("clauses").and_then(Node::as_mapping).unwrap_or_default().iter().map(move |c| (s, c))
        }) {
            let at = format!("{}/{}", source.key.value, clause.key.value);
            let Some(quote) = clause.value.get("quote") else { continue };
            let words = quote.as_text().unwrap_or_default();
            let marked: Vec<(usize, usize)> =
                places.get(at.as_str()).into_iter().flatten().flat_map(|p| locate(words, p)).collect();
            let mut written = pack.lines.of(quote);
            if quote.is_quoted() {
                written = written[1..written.len() - 1].to_vec();
            }
            assert_eq!(
                written.iter().map(|(c, ..)| *c).collect::<String>(),
                words,
                "{} {at}: a quote is written on one line, without escapes",
                pack.file
            );
            for i in last_digits(&written) {
                if marked.iter().any(|(from, to)| i >= *from && i < *to) {
                    change_digit(pack, written[i], &at, &mut out);
                } else {
                    out.unmarked += 1;
                }
            }
        }
        out
    });
    println!("{} numbers of quotes stand outside every mark: no figure rests on them", all.unmarked);
    assert!(all.total >= 60, "{}", all.total);
}

/// Readings are figures too: what a pack says a word is read as, and what it then calculates with,
/// stay together.
#[test]
fn no_reading_changes_unnoticed() {
    let all = shipped("readings", &|pack| {
        let mut out = Changes::default();
        let readings = pack.all.iter().filter(|s| s.path.windows(2).any(|w| w[0] == "reads" && w[1] == "figure"));
        readings.for_each(|scalar| change_figures(pack, scalar, &mut out));
        out
    });
    assert!(all.total >= 5, "{}", all.total);
}

#[test]
fn figures_are_found_in_formulas() {
    let found = |text: &str| -> Vec<(String, String)> {
        let written: Vec<(char, usize, usize)> = text.chars().enumerate().map(|(i, c)| (c, 0, i)).collect();
        changes(&written).into_iter().map(|(s, e, new)| (text.chars().skip(s).take(e - s).collect(), new)).collect()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        found("clamp(20% * total, 2000元, 1.5万元)"),
        [pair("20", "23"), pair("2000", "2003"), pair("1.5", "4.5")]
    );
    assert_eq!(found("day >= 2017-12-30 and joined_in_2017_11"), [pair("2017-12-30", "2018-01-02")]);
    assert_eq!(found("100%"), [pair("100", "97")]);
    assert_eq!(found("(10000元, 30000元]"), [pair("10000", "10003"), pair("30000", "30003")]);
    assert_eq!(found("max(0元, x - 28 days)"), [pair("0", "3"), pair("28", "31")]);
}

/// A pack of one step, whose formula rests on one mark of one quote.
fn one_step(quote: &str, cite: &str, formula: &str) -> String {
    format!(
        r#"pack: sample
revision: 2026.11.1
title: {{ zh: 示例, en: Example }}
region: {{ code: "000000", zh: 示例市, en: Example city }}
publisher: {{ zh: 示例, en: example }}
status: dated
evidence_date: 2023-06-16
sources:
  text:
    title: 答复
    grade: authority_page
    clauses:
      c: {{ quote: "{quote}" }}
facts:
  total: {{ type: money, label: {{ zh: 总费用, en: total }}, min: 0元, max: 1000000元 }}
  base: {{ type: rate, label: {{ zh: 原比例, en: former rate }}, min: 0%, max: 100% }}
  stay: {{ type: number, label: {{ zh: 第几次, en: number of the stay }}, min: 1, max: 50 }}
  apart: {{ type: months, label: {{ zh: 间隔, en: months apart }}, min: 0, max: 60 }}
  wait: {{ type: days, label: {{ zh: 等待, en: days }}, min: 0, max: 60 }}
ledger:
  year_starts: 01-01
  entries:
    stays: {{ type: number, kind: count, min: 0, max: 50, label: {{ zh: 次数, en: stays }} }}
services:
  s:
    title: {{ zh: 测算, en: Estimate }}
    kind: indicator
    result: [r]
    steps:
      - id: r
        label: {{ zh: 结果, en: result }}
        value: "{formula}"
        cite: {cite}
"#
    )
}

/// As [`one_step`], of a table or bands.
fn rows(quote: &str, cite: &str, body: &str) -> Vec<String> {
    let level = "facts:\n  level: { type: option, label: { zh: 级别, en: level }, options: { a: { zh: 甲类, en: a }, b: { zh: 乙类, en: b }, c: { zh: 丙类, en: c } } }";
    codes_of(&one_step(quote, cite, "0").replace("facts:", level).replace("value: \"0\"", body))
}

/// What is said of a formula: codes of errors, and of warnings with a `?`.
fn told(quote: &str, cite: &str, formula: &str) -> Vec<String> {
    codes_of(&one_step(quote, cite, formula))
}

fn codes_of(text: &str) -> Vec<String> {
    let found = match Pack::parse("pack.yaml", text.as_bytes(), &Library::new()) {
        Ok(pack) => pack.warnings().clone(),
        Err(found) => found,
    };
    let word = |d: &yibao_rules::diagnostic::Diagnostic| format!("{}{}", d.code, if d.is_error() { "" } else { "?" });
    found.iter().map(word).collect()
}

/// Quote, formula, and what is said of it. The whole quote is the mark.
#[rustfmt::skip]
const USES: &[(&str, &str, &[&str])] = &[
    // More and less
    ("提高10个百分点", "base + 10 points", &[]),
    ("提高10个百分点", "base - 10 points", &["figure-direction"]),
    ("降低10个百分点", "base - 10 points", &[]),
    ("降低10个百分点", "base + 10 points", &["figure-direction"]),
    ("提高10个百分点，再提高5个百分点", "base + (10 points + 5 points)", &[]),
    ("起付线增加500元", "total - 500元", &["figure-direction?"]),
    ("起付线降低30%", "total * 70%", &[]),
    ("起付线降低30%", "total * (100% - 30%)", &[]),
    ("起付线降低30%", "total - total * 30%", &[]),
    ("起付线降低30%", "total * 30%", &["figure-direction"]),
    ("起付线降低30%", "total * 60%", &["figure-not-quoted"]),
    ("起付线降低到30%", "total * 30%", &[]),
    ("起付线提高20%", "total * 120%", &[]),
    ("起付线提高20%", "total * 20%", &["figure-direction"]),
    ("起付线降低50%", "total * 50%", &[]),
    ("起付线增加1倍", "total * 2", &[]),
    ("起付线增加1倍", "total * 1", &["figure-direction"]),
    ("由85%降至80%", "total * 80%", &[]),
    ("由85%降至80%", "total * 85%", &["figure-not-quoted"]),
    ("近5万元", "min(total, 50000元)", &["figure-not-quoted"]),
    // The most and the least
    ("最高70%", "min(70%, base)", &[]),
    ("最高70%", "max(70%, base)", &["figure-direction"]),
    ("不低于60%", "max(60%, base)", &[]),
    ("不低于60%", "min(60%, base)", &["figure-direction"]),
    ("不足2000元按2000元计算，最高1万元", "clamp(total, 2000元, 10000元)", &[]),
    ("最高1万元，至少2000元", "clamp(total, 10000元, 2000元)", &["figure-direction", "figure-direction"]),
    // The edge
    ("6个月(含)以内", "if apart <= 6 months then total else 0元", &[]),
    ("6个月(含)以内", "if apart > 6 months then 0元 else total", &[]),
    ("6个月(含)以内", "if apart < 6 months then total else 0元", &["figure-edge"]),
    ("6个月(含)以内", "if 6 months > apart then total else 0元", &["figure-edge"]),
    ("6个月(不含)以内", "if apart < 6 months then total else 0元", &[]),
    ("6个月以内", "if apart < 6 months then total else 0元", &["figure-edge?"]),
    ("超过6个月", "if apart > 6 months then total else 0元", &[]),
    ("超过6个月", "if apart >= 6 months then total else 0元", &["figure-edge"]),
    ("不足6个月", "if apart < 6 months then total else 0元", &[]),
    ("不足6个月", "if apart <= 6 months then total else 0元", &["figure-edge"]),
    // The number of a stay
    ("第三次", "if ledger.stays < 3 then total else 0元", &["figure-edge"]),
    ("第三次", "if ledger.stays = 3 then total else 0元", &["figure-edge"]),
    ("第三次", "if ledger.stays + 1 < 3 then total else 0元", &[]),
    ("第三次", "if ledger.stays + 2 < 3 then total else 0元", &["figure-not-quoted"]),
    ("首次", "if ledger.stays + 1 = 1 then total else 0元", &[]),
    ("首次", "if stay = 1 then total else 0元", &[]),
    // Words that print no digit
    ("次日", "if wait = 1 days then total else 0元", &[]),
    ("72小时", "if wait <= 3 days then total else 0元", &[]),
    ("支付三分之一", "total / 3", &[]),
    ("支付三分之一", "total / 4", &["figure-not-quoted"]),
    ("费用的5个百分点", "total * 5%", &[]),
    ("费用的5个百分点", "base + 5%", &["figure-not-quoted"]),
    ("支付比例0.85", "total * 85%", &[]),
    ("一级100、二级300、三级600元", "min(total, 100元)", &[]),
    ("一级100/90%", "max(0元, total - 100元) * 90%", &[]),
    ("人民币200", "min(total, 200元)", &[]),
];

#[test]
fn words_are_held_to_the_use_of_their_figure() {
    let faults: Vec<String> = USES
        .iter()
        .map(|(quote, formula, wanted)| (quote, formula, wanted, told(quote, &format!("\"text/c#{quote}\""), formula)))
        .filter(|(_, _, wanted, got)| **wanted != got.as_slice())
        .map(|case| format!("{case:?}"))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_mark_is_read_as_its_quote_reads_it() {
    let mark = |phrase: &str, formula: &str| {
        told("由85%降至80%；一级100、二级300元。", &format!("\"text/c#{phrase}\""), formula)
    };
    assert_eq!(mark("85%", "total * 85%"), ["figure-not-quoted"]);
    assert_eq!(mark("80%", "total * 80%"), [""; 0]);
    assert_eq!(mark("一级100", "min(total, 100元)"), [""; 0]);
    assert_eq!(mark("一级100", "min(total, 300元)"), ["figure-not-quoted"]);
}

/// Quote, figure that is read, and what is said.
#[rustfmt::skip]
const READINGS: &[(&str, &str, &str, &[&str])] = &[
    ("首次900", "900元", "min(total, 900元)", &[]),
    ("首次900", "9000元", "min(total, 9000元)", &["reading-contradicts?"]),
    ("报销60%", "65%", "total * 65%", &["reading-contradicts?"]),
    ("提高5%", "105%", "total * 105%", &[]),
    ("提高3%", "3 points", "base + 3 points", &[]),
    ("第三次", "2", "if ledger.stays >= 2 then total else 0元", &[]),
    ("按惯例", "65%", "total * 65%", &[]),
    // What contradicts the words is said, and no fault: readers are told how they are read.
    ("降低10个百分点", "10 points", "base + 10 points", &[]),
    ("按惯例", "65%", "total * 100%", &["reading-unused"]),
];

#[test]
fn readings_are_used_and_do_not_contradict_unsaid() {
    for (quote, figure, formula, wanted) in READINGS {
        let cite = format!("{{ at: \"text/c#{quote}\", reads: {{ figure: {figure}, zh: 读法, en: read so }} }}");
        assert_eq!(told(quote, &cite, formula), *wanted, "{quote} as {figure}");
    }
    let text = one_step(
        "报销60%",
        "{ at: \"text/c#报销60%\", reads: { figure: 65%, zh: 读法, en: read so } }",
        "total * 65% + total * 60%",
    );
    let pack = Pack::parse("pack.yaml", text.as_bytes(), &Library::new()).unwrap_or_else(|e| panic!("{e}"));
    let figures = pack.figures();
    assert_eq!((figures.proved, figures.read_in), (2, 1), "60% is printed, 65% is read in");
    let shown: Vec<&str> = pack.plan().services[0].steps[0].readings.iter().map(|text| text.zh.as_str()).collect();
    assert_eq!(shown, ["读法", "原文印作60%，按65%理解"], "readers are told");
}

#[test]
fn rows_take_the_figures_of_a_list_in_its_order() {
    let table = |a: &str, b: &str, c: &str| {
        format!(
            "table: {{ by: [level], rows: [{{ level: a, is: {a} }}, {{ level: b, is: {b} }}, {{ level: c, is: {c} }}] }}"
        )
    };
    let cite = "\"text/c#分别为400元、800元、1200元\"";
    let told = |quote: &str, body: &str| rows(quote, cite, body);
    let named = "甲类、乙类和丙类起付线分别为400元、800元、1200元";
    let unnamed = "各类起付线分别为400元、800元、1200元";
    assert_eq!(told(named, &table("400元", "800元", "1200元")), [""; 0]);
    assert_eq!(told(named, &table("1200元", "800元", "400元")), ["figure-order"; 2]);
    assert_eq!(told(named, &table("400元", "1200元", "800元")), ["figure-order"; 2]);
    assert_eq!(told(unnamed, &table("400元", "800元", "1200元")), [""; 0]);
    assert_eq!(told(unnamed, &table("1200元", "800元", "400元")), ["figure-order?"]);
    let bands = |first: &str, second: &str| {
        let body = format!(
            "bands: {{ of: total, from: 0元, rows: [{{ up_to: 1万元, rate: {first} }}, {{ rate: {second} }}] }}"
        );
        rows("1万元以下和以上的部分分别为60%、70%", "\"text/c#1万元以下和以上的部分分别为60%、70%\"", &body)
    };
    assert_eq!(bands("60%", "70%"), [""; 0]);
    assert_eq!(bands("70%", "60%"), ["figure-order"]);
}

#[test]
fn a_reading_at_a_step_exempts_no_row() {
    let table = "table: { by: [level], rows: [{ level: a, is: 900元 }, { level: [b, c], is: 0元 }] }";
    let reads = "reads: { figure: 900元, zh: 按元理解, en: read as yuan }";
    let at_step = rows("首次900", &format!("{{ at: \"text/c#首次900\", {reads} }}"), table);
    assert_eq!(at_step, ["figure-not-quoted"]);
    let of_row = table.replace("is: 900元", &format!("is: 900元, cite: {{ at: \"text/c#首次900\", {reads} }}"));
    assert_eq!(rows("首次900", "text/c", &of_row), [""; 0]);
}

#[test]
fn a_replaced_figure_holds_in_a_row_that_ends() {
    let versions = |until: &str| {
        let text = one_step("2024年1月1日起由85%降至80%", "\"text/c#2024年1月1日起由85%降至80%\"", "0");
        let day = "facts:\n  day: { type: date, label: { zh: 日期, en: day } }";
        let text = text.replace("facts:", day).replace("kind: indicator", "kind: indicator\n    as_of: day");
        let body = format!("versions: [{{ {until}value: 85% }}, {{ from: 2024-01-01, value: 80% }}]");
        codes_of(&text.replace("value: \"0\"", &body))
    };
    assert_eq!(versions("until: 2024-01-01, "), [""; 0]);
    assert!(versions("").contains(&"figure-not-quoted".to_owned()));
}

#[test]
fn a_step_of_points_keeps_the_way_of_its_words() {
    let told = |quote: &str, points: &str, formula: &str| {
        let text = one_step(quote, "text/c", formula);
        let step = format!(
            "      - id: change\n        label: {{ zh: 调整, en: change }}\n        value: {points}\n        cite: \"text/c#{quote}\"\n"
        );
        codes_of(&text.replace("      - id: r\n", &format!("{step}      - id: r\n")))
    };
    assert_eq!(told("提高10个百分点", "10 points", "base + change"), [""; 0]);
    assert_eq!(told("提高10个百分点", "10 points", "base - change"), ["figure-direction"]);
    assert_eq!(told("降低5个百分点，再降低10个百分点", "5 points + 10 points", "base - change"), [""; 0]);
    assert_eq!(told("降低5个百分点，再降低10个百分点", "5 points + 10 points", "base + change"), ["figure-direction"]);
    assert_eq!(told("差额为5个百分点", "5 points", "base - change"), [""; 0]);
}
