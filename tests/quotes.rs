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
