//! The evaluator against an independent one: random programs, printed as packs and compiled, against a big-rational
//! evaluation of the same trees written here from the pack guide alone; and random bills against plain book-keeping.
#![cfg(feature = "authoring")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "tests stop at what they did not expect"
)]

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write;

use num_bigint::BigInt;
use num_rational::BigRational;
use yibao_rules::case::{Answer, AnswerKind, Case, Earlier, encode};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Engine, Outcome, decide};
use yibao_rules::evaluate::{Answers, Slot, evaluate};
use yibao_rules::number::Number;
use yibao_rules::plan::{Kind, Plan, Service, State, Verified, link, verify};

// ── Chance: the same numbers on every host.

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1) as u64) as i64
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

// ── Values.

type Q = BigRational;

fn q(n: i64) -> Q {
    Q::from_integer(BigInt::from(n))
}

fn ratio(n: i64, d: i64) -> Q {
    Q::new(BigInt::from(n), BigInt::from(d))
}

/// Money is in fen, a rate is a share, a day is counted from 1970, yes is 1, an option is its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
enum Type {
    Money,
    Rate,
    Number,
    Points,
    Days,
    Date,
    Bool,
    Option,
}

type V = Result<Q, State>;

fn truth(yes: bool) -> V {
    Ok(q(i64::from(yes)))
}

fn yes(v: &V) -> Option<bool> {
    v.as_ref().ok().map(|n| *n != q(0))
}

/// The worse of two states; arithmetic gives it.
fn worse(a: &V, b: &V) -> Option<State> {
    match (a, b) {
        (Err(x), Err(y)) => Some(if y > x { *y } else { *x }),
        (Err(x), _) | (_, Err(x)) => Some(*x),
        _ => None,
    }
}

fn with(a: V, b: V, f: impl FnOnce(Q, Q) -> Q) -> V {
    match worse(&a, &b) {
        Some(state) => Err(state),
        None => Ok(f(a.unwrap(), b.unwrap())),
    }
}

fn and(a: V, b: V) -> V {
    if yes(&a) == Some(false) || yes(&b) == Some(false) {
        return truth(false);
    }
    undecided(&a, &b).map_or(truth(true), Err)
}

/// Where nothing decides yet: a missing answer may still, whatever else is open; otherwise the worse.
fn undecided(a: &V, b: &V) -> Option<State> {
    if [a, b].iter().any(|v| **v == Err(State::Unknown)) { Some(State::Unknown) } else { worse(a, b) }
}

fn not(a: V) -> V {
    a.map(|n| if n == q(0) { q(1) } else { q(0) })
}

fn or(a: V, b: V) -> V {
    if yes(&a) == Some(true) || yes(&b) == Some(true) {
        return truth(true);
    }
    undecided(&a, &b).map_or(truth(false), Err)
}

// ── Trees.

#[derive(Clone, Debug)]
enum E {
    Figure(Type, Q),
    Name(String),
    Add(Box<E>, Box<E>),
    Sub(Box<E>, Box<E>),
    Mul(Box<E>, Box<E>),
    Div(Box<E>, Box<E>),
    RoundDiv(Box<E>, Box<E>, Mode, Q, &'static str),
    Neg(Box<E>),
    Min(Vec<E>),
    Max(Vec<E>),
    Clamp(Box<E>, Box<E>, Box<E>),
    Round(Box<E>, Mode, Q, &'static str),
    Compare(&'static str, Box<E>, Box<E>),
    And(Box<E>, Box<E>),
    Or(Box<E>, Box<E>),
    Not(Box<E>),
    If(Box<E>, Box<E>, Box<E>),
    InSet(Box<E>, Vec<i64>),
    Within(Box<E>, Box<E>, Box<E>),
    Applies(Box<E>),
    Fold(&'static str, Option<Box<E>>, Option<Box<E>>),
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Mode {
    HalfUp,
    HalfEven,
    Floor,
    Ceiling,
    TowardZero,
}

const MODES: [(Mode, &str); 5] = [
    (Mode::HalfUp, "half_up"),
    (Mode::HalfEven, "half_even"),
    (Mode::Floor, "floor"),
    (Mode::Ceiling, "ceiling"),
    (Mode::TowardZero, "toward_zero"),
];
const OPTIONS: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

fn round(n: &Q, mode: Mode, unit: &Q) -> Q {
    let n = n / unit;
    let below = n.floor();
    let rest = &n - &below;
    let half = ratio(1, 2);
    let up = match mode {
        Mode::Floor => false,
        Mode::Ceiling => rest > q(0),
        Mode::TowardZero => rest > q(0) && n < q(0),
        Mode::HalfUp => rest > half || (rest == half && n > q(0)),
        Mode::HalfEven => rest > half || (rest == half && (below.to_integer() % BigInt::from(2)) != BigInt::from(0)),
    };
    (if up { below + q(1) } else { below }) * unit
}

/// A decimal of a number that has one.
fn decimal(n: &Q) -> String {
    let mut scaled = n.clone();
    let mut places = 0;
    while !scaled.is_integer() {
        scaled *= q(10);
        places += 1;
        assert!(places < 12, "{n} is no short decimal");
    }
    let digits = scaled.to_integer().to_string();
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |rest| ("-", rest));
    if places == 0 {
        return format!("{sign}{digits}");
    }
    let digits = format!("{digits:0>width$}", width = places + 1);
    format!("{sign}{}.{}", &digits[..digits.len() - places], &digits[digits.len() - places..])
}

fn civil(day: &Q) -> String {
    let days: i32 = day.to_integer().try_into().unwrap();
    yibao_rules::date::Date::from_days(days).unwrap().to_string()
}

fn figure(ty: Type, n: &Q) -> String {
    match ty {
        Type::Money => format!("{}元", decimal(&(n / q(100)))),
        Type::Rate => format!("{}%", decimal(&(n * q(100)))),
        Type::Points => format!("{} points", decimal(&(n * q(100)))),
        Type::Number => decimal(n),
        Type::Days => format!("{} days", decimal(n)),
        Type::Date => civil(n),
        Type::Bool => (*n != q(0)).to_string(),
        Type::Option => OPTIONS[usize::try_from(n.to_integer()).unwrap()].to_owned(),
    }
}

fn print(e: &E) -> String {
    let mode = |mode: &Mode| MODES.iter().find(|(m, _)| m == mode).unwrap().1;
    let list = |all: &[E]| all.iter().map(print).collect::<Vec<_>>().join(", ");
    match e {
        E::Figure(ty, n) if *n < q(0) => format!("({})", figure(*ty, n)),
        E::Figure(ty, n) => figure(*ty, n),
        E::Name(name) => name.clone(),
        E::Add(a, b) => format!("({} + {})", print(a), print(b)),
        E::Sub(a, b) => format!("({} - {})", print(a), print(b)),
        E::Mul(a, b) => format!("({} * {})", print(a), print(b)),
        E::Div(a, b) => format!("({} / {})", print(a), print(b)),
        E::RoundDiv(a, b, m, _, unit) => format!("round({} / {}, {} to {unit})", print(a), print(b), mode(m)),
        E::Neg(a) => format!("(- {})", print(a)),
        E::Min(all) => format!("min({})", list(all)),
        E::Max(all) => format!("max({})", list(all)),
        E::Clamp(a, b, c) => format!("clamp({}, {}, {})", print(a), print(b), print(c)),
        E::Round(a, m, _, unit) => format!("round({}, {} to {unit})", print(a), mode(m)),
        E::Compare(sign, a, b) => format!("({} {sign} {})", print(a), print(b)),
        E::And(a, b) => format!("({} and {})", print(a), print(b)),
        E::Or(a, b) => format!("({} or {})", print(a), print(b)),
        E::Not(a) => format!("(not {})", print(a)),
        E::If(c, a, b) => format!("(if {} then {} else {})", print(c), print(a), print(b)),
        E::InSet(a, all) => {
            format!("({} in {{{}}})", print(a), all.iter().map(|n| OPTIONS[*n as usize]).collect::<Vec<_>>().join(", "))
        }
        E::Within(a, b, c) => format!("({} within {} of {})", print(a), print(b), print(c)),
        E::Applies(a) => format!("applies({})", print(a)),
        E::Fold(fold, value, filter) => {
            let value = value.as_ref().map(|v| format!(": {}", print(v))).unwrap_or_default();
            let filter = filter.as_ref().map(|f| format!(" where {}", print(f))).unwrap_or_default();
            format!("{fold}(lines{value}{filter})")
        }
    }
}

/// Values by name: facts, steps above, and inside an aggregate the record's fields.
struct World<'w> {
    names: &'w BTreeMap<String, V>,
    record: Option<&'w BTreeMap<String, V>>,
    lines: &'w Option<Vec<BTreeMap<String, V>>>,
}

fn eval(e: &E, w: &World<'_>) -> V {
    let go = |e: &E| eval(e, w);
    let fold_all = |all: &[E], pick: fn(Q, Q) -> Q| {
        let mut values = all.iter().map(go);
        let first = values.next().unwrap();
        values.fold(first, |a, b| with(a, b, pick))
    };
    match e {
        E::Figure(_, n) => Ok(n.clone()),
        E::Name(name) => {
            w.record.and_then(|r| r.get(name)).or_else(|| w.names.get(name)).unwrap_or_else(|| panic!("{name}")).clone()
        }
        E::Add(a, b) => with(go(a), go(b), |x, y| x + y),
        E::Sub(a, b) => with(go(a), go(b), |x, y| x - y),
        E::Mul(a, b) => with(go(a), go(b), |x, y| x * y),
        E::Div(a, b) => with(go(a), go(b), |x, y| x / y),
        E::RoundDiv(a, b, m, unit, _) => with(go(a), go(b), |x, y| round(&(x / y), *m, unit)),
        E::Neg(a) => go(a).map(|n| -n),
        E::Min(all) => fold_all(all, |x, y| if y < x { y } else { x }),
        E::Max(all) => fold_all(all, |x, y| if y > x { y } else { x }),
        E::Clamp(a, b, c) => {
            with(with(go(a), go(b), |x, y| if y > x { y } else { x }), go(c), |x, y| if y < x { y } else { x })
        }
        E::Round(a, m, unit, _) => go(a).map(|n| round(&n, *m, unit)),
        E::Compare(sign, a, b) => with(go(a), go(b), |x, y| {
            let holds = match *sign {
                "=" => x == y,
                "!=" => x != y,
                "<" => x < y,
                "<=" => x <= y,
                ">" => x > y,
                _ => x >= y,
            };
            q(i64::from(holds))
        }),
        E::And(a, b) => and(go(a), go(b)),
        E::Or(a, b) => or(go(a), go(b)),
        E::Not(a) => not(go(a)),
        E::If(c, a, b) => {
            let (c, a, b) = (go(c), go(a), go(b));
            match yes(&c) {
                Some(true) => a,
                Some(false) => b,
                None if a.is_ok() && a == b => a,
                None => c,
            }
        }
        E::InSet(a, all) => go(a).map(|n| q(i64::from(all.iter().any(|o| q(*o) == n)))),
        E::Within(a, span, b) => {
            let (a, span, b) = (go(a), go(span), go(b));
            let after = with(a.clone(), b.clone(), |x, y| q(i64::from(x >= y)));
            let near = with(with(a, b, |x, y| x - y), span, |x, y| q(i64::from(x <= y)));
            and(after, near)
        }
        E::Applies(a) => match go(a) {
            Ok(_) => truth(true),
            Err(State::NotApplicable) => truth(false),
            other => other,
        },
        E::Fold(fold, value, filter) => {
            let Some(lines) = w.lines else { return Err(State::Unknown) };
            let mut so_far: Option<V> = match *fold {
                "sum" | "count" => Some(Ok(q(0))),
                "any" => Some(truth(false)),
                "all" => Some(truth(true)),
                _ => None,
            };
            for record in lines {
                let inside = World { names: w.names, record: Some(record), lines: w.lines };
                let counts = filter.as_ref().map_or(truth(true), |f| eval(f, &inside));
                let value = value.as_ref().map_or(truth(true), |v| eval(v, &inside));
                match *fold {
                    "any" => so_far = so_far.map(|s| or(s, and(counts, value))),
                    "all" => so_far = so_far.map(|s| and(s, or(not(counts), value))),
                    _ => {
                        if yes(&counts) == Some(false) {
                            continue;
                        }
                        let one = if *fold == "count" { counts.map(|_| q(1)) } else { counts.and(value) };
                        so_far = Some(match (so_far, *fold) {
                            (None, _) => one,
                            (Some(s), "min") => with(s, one, |x, y| if y < x { y } else { x }),
                            (Some(s), "max") => with(s, one, |x, y| if y > x { y } else { x }),
                            (Some(s), _) => with(s, one, |x, y| x + y),
                        });
                    }
                }
            }
            so_far.unwrap_or(Err(State::NotApplicable))
        }
    }
}

// ── Random programs.

/// A fact: name, type, least and greatest, and how fine its steps are.
struct Fact {
    name: &'static str,
    ty: Type,
    min: i64,
    max: i64,
    /// Register units to one unit of value.
    den: i64,
}

/// Facts of all programs; `spent` and `share` are parameters that the text leaves open, `previous.paid` is of an
/// earlier stay.
const FACTS: [Fact; 13] = [
    // Wide enough that some programs need more than 64 bits and some only just do not.
    Fact { name: "total", ty: Type::Money, min: 0, max: 10_000_000_000_000, den: 1 },
    Fact { name: "extra", ty: Type::Money, min: -50_000, max: 300_000, den: 1 },
    Fact { name: "count", ty: Type::Number, min: 0, max: 20, den: 1 },
    Fact { name: "factor", ty: Type::Number, min: -500, max: 500, den: 100 },
    Fact { name: "rate", ty: Type::Rate, min: 0, max: 1_000, den: 1_000 },
    Fact { name: "cut", ty: Type::Points, min: 0, max: 30, den: 100 },
    Fact { name: "days", ty: Type::Days, min: 0, max: 400, den: 1 },
    Fact { name: "first", ty: Type::Date, min: 18_000, max: 20_000, den: 1 },
    Fact { name: "second", ty: Type::Date, min: 18_000, max: 20_000, den: 1 },
    Fact { name: "holds", ty: Type::Bool, min: 0, max: 1, den: 1 },
    Fact { name: "other", ty: Type::Bool, min: 0, max: 1, den: 1 },
    Fact { name: "level", ty: Type::Option, min: 0, max: 3, den: 1 },
    Fact { name: "place", ty: Type::Option, min: 0, max: 3, den: 1 },
];
const FIELDS: [Fact; 4] = [
    Fact { name: "amount", ty: Type::Money, min: 0, max: 1_000_000, den: 1 },
    Fact { name: "share", ty: Type::Rate, min: 0, max: 100, den: 100 },
    Fact { name: "kind", ty: Type::Option, min: 0, max: 3, den: 1 },
    Fact { name: "own", ty: Type::Bool, min: 0, max: 1, den: 1 },
];

fn header() -> String {
    let label = "label: { zh: 项, en: entry }";
    let mut out = String::from(
        "pack: random\nrevision: '1'\ntitle: { zh: 随机, en: random }\nregion: { code: '000000', zh: 虚设, en: nowhere }\npublisher: { zh: 测试, en: tests }\nstatus: invented\n",
    );
    let options = OPTIONS.map(|o| format!("{o}: {{ zh: {o}, en: {o} }}")).join(", ");
    let fact = |f: &Fact, more: &str| {
        let bound = |n: i64| match f.ty {
            Type::Money => figure(Type::Money, &q(n)),
            Type::Days => n.to_string(),
            ty => figure(ty, &ratio(n, f.den)),
        };
        let decimals = match (f.ty, f.den) {
            (Type::Rate, 1_000) => ", decimals: 1",
            (Type::Number, 100) => ", decimals: 2",
            _ => "",
        };
        let body = match f.ty {
            Type::Money => format!("money, min: {}, max: {}", bound(f.min), bound(f.max)),
            Type::Rate => format!("rate, min: \"{}\", max: \"{}\"{decimals}", bound(f.min), bound(f.max)),
            Type::Number => format!("number, min: {}, max: {}{decimals}", bound(f.min), bound(f.max)),
            Type::Points => format!("points, min: \"{}\", max: \"{}\"", bound(f.min), bound(f.max)),
            Type::Days => format!("days, min: {}, max: {}", bound(f.min), bound(f.max)),
            Type::Date => "date".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Option => format!("option, options: {{ {options} }}"),
        };
        format!("  {}: {{ type: {body}, {label}{more} }}\n", f.name)
    };
    out.push_str("facts:\n");
    FACTS.iter().for_each(|f| out.push_str(&fact(f, "")));
    let fields: String = FIELDS.iter().map(|f| fact(f, "").trim().to_owned()).collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "  lines: {{ type: list, max: 6, {label}, of: {{ {fields} }} }}");
    let _ = writeln!(out, "  earlier: {{ type: money, min: 0元, max: 20000元, {label} }}");
    let _ = writeln!(out, "previous:\n  paid: earlier");
    let _ = writeln!(
        out,
        "parameters:\n  spent: {{ type: money, {label}, max: 5000元, unset: {{ zh: 隐去, en: redacted }} }}"
    );
    out
}

struct Maker<'d> {
    dice: &'d mut Dice,
    steps: Vec<(String, Type)>,
    in_list: bool,
}

impl Maker<'_> {
    fn literal(&mut self, ty: Type) -> E {
        let d = &mut self.dice;
        let n = match ty {
            Type::Money => q(d.between(-2_000, 200_000)) * if d.one_in(2) { q(1) } else { q(100) },
            Type::Rate => ratio(d.between(0, 1_200), 1_000),
            Type::Number => {
                if d.one_in(2) {
                    q(d.between(0, 12))
                } else {
                    ratio(d.between(-150, 300), 100)
                }
            }
            Type::Points => ratio(d.between(0, 40), 100),
            Type::Days => q(d.between(0, 500)),
            Type::Date => q(d.between(18_000, 20_000)),
            Type::Bool => q(d.between(0, 1)),
            Type::Option => q(d.between(0, 3)),
        };
        E::Figure(ty, n)
    }

    fn name(&mut self, ty: Type) -> Option<E> {
        let mut all: Vec<String> = FACTS.iter().filter(|f| f.ty == ty).map(|f| f.name.to_owned()).collect();
        all.extend(self.steps.iter().filter(|(_, t)| *t == ty).map(|(name, _)| name.clone()));
        if self.in_list {
            let fields: Vec<String> = FIELDS.iter().filter(|f| f.ty == ty).map(|f| f.name.to_owned()).collect();
            // The record's own fields are what an aggregate is about.
            all.extend(fields.iter().cloned().chain(fields.iter().cloned()));
        }
        if ty == Type::Money {
            all.extend(["spent".to_owned(), "previous.paid".to_owned()]);
        }
        if all.is_empty() { None } else { Some(E::Name(all[self.dice.below(all.len())].clone())) }
    }

    fn leaf(&mut self, ty: Type) -> E {
        if !self.dice.one_in(3)
            && let Some(name) = self.name(ty)
        {
            return name;
        }
        if ty == Type::Option { self.name(ty).unwrap() } else { self.literal(ty) }
    }

    /// A literal that divides: a decimal that is not zero.
    fn divisor(&mut self) -> Box<E> {
        Box::new(E::Figure(Type::Number, self.dice.pick(&[1, 2, 3, 4, 5, 7, 8, 12]).pipe(q)))
    }

    fn expr(&mut self, ty: Type, depth: usize) -> E {
        if depth == 0 || self.dice.one_in(6) {
            return self.leaf(ty);
        }
        let depth = depth - 1;
        if self.dice.one_in(7) {
            let c = Box::new(self.expr(Type::Bool, depth));
            return E::If(c, Box::new(self.expr(ty, depth)), Box::new(self.expr(ty, depth)));
        }
        match ty {
            Type::Bool => self.condition(depth),
            Type::Option => self.leaf(Type::Option),
            Type::Date => match self.dice.below(3) {
                0 => E::Add(Box::new(self.leaf(Type::Date)), Box::new(self.leaf(Type::Days))),
                1 => E::Sub(Box::new(self.leaf(Type::Date)), Box::new(self.leaf(Type::Days))),
                _ => self.leaf(Type::Date),
            },
            Type::Days => match self.dice.below(3) {
                0 => E::Sub(Box::new(self.leaf(Type::Date)), Box::new(self.leaf(Type::Date))),
                1 => E::Add(Box::new(self.expr(Type::Days, depth)), Box::new(self.expr(Type::Days, depth))),
                _ => self.leaf(Type::Days),
            },
            ty => self.number(ty, depth),
        }
    }

    fn number(&mut self, ty: Type, depth: usize) -> E {
        let (mode, _) = self.dice.pick(&MODES);
        let (unit, written): (Q, &'static str) = match ty {
            Type::Money => self.dice.pick(&[(1, "fen"), (100, "yuan"), (1_000, "10 yuan")]).pipe(|(n, w)| (q(n), w)),
            Type::Rate | Type::Points => self.dice.pick(&[(1, "1%"), (5, "5%")]).pipe(|(n, w)| (ratio(n, 100), w)),
            _ => self.dice.pick(&[(100, "1"), (25, "0.25"), (10, "0.1")]).pipe(|(n, w)| (ratio(n, 100), w)),
        };
        let two = |m: &mut Self| (Box::new(m.expr(ty, depth)), Box::new(m.expr(ty, depth)));
        match self.dice.below(14) {
            0 | 1 => {
                let (a, b) = two(self);
                E::Add(a, b)
            }
            2 | 3 => {
                let (a, b) = two(self);
                E::Sub(a, b)
            }
            4 => {
                let (a, b) = two(self);
                E::Min(vec![*a, *b, self.leaf(ty)])
            }
            5 => {
                let (a, b) = two(self);
                E::Max(vec![*a, *b])
            }
            6 => {
                let (a, b) = two(self);
                E::Clamp(a, b, Box::new(self.leaf(ty)))
            }
            7 => {
                let scale = self.dice.pick(&[Type::Rate, Type::Number]);
                let scale = if matches!(ty, Type::Points | Type::Number) { Type::Number } else { scale };
                let (a, b) = (Box::new(self.expr(ty, depth)), Box::new(self.leaf(scale)));
                if self.dice.one_in(2) { E::Mul(a, b) } else { E::Mul(b, a) }
            }
            8 => E::Div(Box::new(self.expr(ty, depth)), self.divisor()),
            9 if ty != Type::Points => {
                let a = self.expr(ty, depth);
                // A divisor that is no figure must not reach zero.
                let by = E::Add(
                    Box::new(
                        self.name(Type::Number).map_or(E::Figure(Type::Number, q(2)), |_| E::Name("count".into())),
                    ),
                    Box::new(E::Figure(Type::Number, q(1))),
                );
                E::RoundDiv(Box::new(a), Box::new(by), mode, unit, written)
            }
            10 => E::Neg(Box::new(self.expr(ty, depth))),
            11 => E::Round(Box::new(self.expr(ty, depth)), mode, unit, written),
            12 if !self.in_list && matches!(ty, Type::Money | Type::Number) => {
                let fold = if ty == Type::Number { "count" } else { self.dice.pick(&["sum", "min", "max"]) };
                self.in_list = true;
                let value = (fold != "count").then(|| Box::new(self.expr(ty, depth.min(2))));
                let filter =
                    (fold == "count" || self.dice.one_in(2)).then(|| Box::new(self.expr(Type::Bool, depth.min(2))));
                self.in_list = false;
                E::Fold(fold, value, filter)
            }
            _ if ty == Type::Rate => {
                let (a, b) = (Box::new(self.expr(Type::Rate, depth)), Box::new(self.leaf(Type::Points)));
                if self.dice.one_in(2) { E::Add(a, b) } else { E::Sub(a, b) }
            }
            _ => self.leaf(ty),
        }
    }

    fn condition(&mut self, depth: usize) -> E {
        let two = |m: &mut Self| (Box::new(m.expr(Type::Bool, depth)), Box::new(m.expr(Type::Bool, depth)));
        match self.dice.below(9) {
            0 | 1 => {
                let (a, b) = two(self);
                E::And(a, b)
            }
            2 | 3 => {
                let (a, b) = two(self);
                E::Or(a, b)
            }
            4 => E::Not(Box::new(self.expr(Type::Bool, depth))),
            5 => {
                let ty = self.dice.pick(&[Type::Money, Type::Rate, Type::Number, Type::Date, Type::Days, Type::Points]);
                let sign = self.dice.pick(&["=", "!=", "<", "<=", ">", ">="]);
                E::Compare(sign, Box::new(self.expr(ty, depth)), Box::new(self.expr(ty, depth)))
            }
            6 => {
                let option = Box::new(self.leaf(Type::Option));
                if self.dice.one_in(2) {
                    E::InSet(option, (0..4).filter(|_| self.dice.one_in(2)).chain([1]).collect())
                } else {
                    E::Compare(
                        self.dice.pick(&["=", "!="]),
                        option,
                        Box::new(E::Figure(Type::Option, q(self.dice.between(0, 3)))),
                    )
                }
            }
            7 if !self.in_list => {
                let fold = self.dice.pick(&["any", "all"]);
                self.in_list = true;
                let value = Some(Box::new(self.expr(Type::Bool, depth.min(2))));
                let filter = self.dice.one_in(3).then(|| Box::new(self.expr(Type::Bool, 1)));
                self.in_list = false;
                E::Fold(fold, value, filter)
            }
            7 => E::Within(
                Box::new(self.leaf(Type::Date)),
                Box::new(self.literal(Type::Days)),
                Box::new(self.leaf(Type::Date)),
            ),
            _ => E::Applies(Box::new(self.expr(Type::Money, depth.min(1)))),
        }
    }
}

trait Pipe: Sized {
    fn pipe<T>(self, f: impl FnOnce(Self) -> T) -> T {
        f(self)
    }
}
impl<T> Pipe for T {}

/// A step of a random program.
#[derive(Clone, Debug)]
enum Step {
    Value(E),
    Exception {
        base: E,
        others: Vec<(E, E)>,
    },
    Table(Table),
    Bands {
        of: E,
        from: E,
        edges: Vec<Q>,
        rates: Vec<E>,
        totals: Option<Mode>,
    },
    /// The cost that a payment used up in the bands step of this index.
    Cost {
        bands: usize,
        payment: E,
    },
}

/// A table over facts: one cell a key and row; a row without cells is `otherwise`.
#[derive(Clone, Debug)]
struct Table {
    keys: Vec<usize>,
    rows: Vec<(Vec<Cell>, E)>,
    otherwise: Option<E>,
}

#[derive(Clone, Debug)]
enum Cell {
    Any,
    Options(Vec<i64>),
    /// Ends with whether they belong to the cell.
    Interval(Option<(Q, bool)>, Option<(Q, bool)>),
}

impl Cell {
    fn takes(&self, n: &Q) -> bool {
        match self {
            Self::Any => true,
            Self::Options(all) => all.iter().any(|o| q(*o) == *n),
            Self::Interval(low, high) => {
                low.as_ref().is_none_or(|(at, closed)| n > at || (*closed && n == at))
                    && high.as_ref().is_none_or(|(at, closed)| n < at || (*closed && n == at))
            }
        }
    }

    fn print(&self, ty: Type) -> Option<String> {
        let fig = |n: &Q| figure(ty, n);
        Some(match self {
            Self::Any => return None,
            Self::Options(all) if ty == Type::Bool => (all == &[1]).to_string(),
            Self::Options(all) => {
                format!("[{}]", all.iter().map(|o| OPTIONS[*o as usize]).collect::<Vec<_>>().join(", "))
            }
            Self::Interval(None, None) => return None,
            Self::Interval(None, Some((at, closed))) => format!("\"{} {}\"", if *closed { "<=" } else { "<" }, fig(at)),
            Self::Interval(Some((at, closed)), None) => format!("\"{} {}\"", if *closed { ">=" } else { ">" }, fig(at)),
            Self::Interval(Some((a, x)), Some((b, y))) => {
                format!("\"{}{}, {}{}\"", if *x { '[' } else { '(' }, fig(a), fig(b), if *y { ']' } else { ')' })
            }
        })
    }
}

fn partition(dice: &mut Dice, fact: &Fact) -> Vec<Cell> {
    match fact.ty {
        Type::Bool => vec![Cell::Options(vec![0]), Cell::Options(vec![1])],
        Type::Option => {
            let mut parts: Vec<Vec<i64>> = vec![Vec::new(); 1 + dice.below(3)];
            for option in 0..4 {
                let at = dice.below(parts.len());
                parts[at].push(option);
            }
            parts.retain(|p| !p.is_empty());
            if parts.len() == 1 { vec![Cell::Any] } else { parts.into_iter().map(Cell::Options).collect() }
        }
        _ => {
            let mut cuts: Vec<i64> = (0..1 + dice.below(3)).map(|_| dice.between(fact.min + 1, fact.max - 1)).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let mut cells = Vec::new();
            let mut low: Option<(Q, bool)> = None;
            for cut in cuts {
                let at = ratio(cut, fact.den);
                let closed = dice.one_in(2);
                // `(5, 5)` and its like hold nothing.
                if low.as_ref().is_some_and(|(l, _)| *l == at) {
                    continue;
                }
                cells.push(Cell::Interval(low.take(), Some((at.clone(), closed))));
                low = Some((at, !closed));
            }
            cells.push(Cell::Interval(low, None));
            cells
        }
    }
}

fn make_table(m: &mut Maker<'_>, ty: Type) -> Table {
    let all: Vec<usize> = (0..FACTS.len()).filter(|i| FACTS[*i].ty != Type::Date).collect();
    let first = m.dice.pick(&all);
    let mut keys = vec![first];
    if m.dice.one_in(2) {
        let second = m.dice.pick(&all);
        if second != first {
            keys.push(second);
        }
    }
    let mut rows: Vec<Vec<Cell>> = vec![Vec::new()];
    for key in &keys {
        let cells = partition(m.dice, &FACTS[*key]);
        rows = rows
            .iter()
            .flat_map(|row| cells.iter().map(move |cell| row.iter().cloned().chain([cell.clone()]).collect()))
            .collect();
    }
    let mut rows: Vec<(Vec<Cell>, E)> = rows.into_iter().map(|cells| (cells, E::Figure(ty, q(0)))).collect();
    for row in &mut rows {
        // Few different results, so that open keys meet rows that agree.
        row.1 = if m.dice.one_in(2) { E::Figure(ty, q(m.dice.between(1, 2) * 100)) } else { m.expr(ty, 1) };
    }
    let otherwise = if rows.len() > 1 && m.dice.one_in(3) {
        let at = m.dice.below(rows.len());
        Some(rows.remove(at).1)
    } else {
        None
    };
    Table { keys, rows, otherwise }
}

impl Table {
    fn look_up(&self, w: &World<'_>) -> V {
        let result = |e: &E| eval(e, w);
        let chosen = |at: &[Q]| {
            self.rows
                .iter()
                .find(|(cells, _)| cells.iter().zip(at).all(|(cell, n)| cell.takes(n)))
                .map(|(_, e)| e)
                .or(self.otherwise.as_ref())
                .unwrap()
        };
        let values: Vec<V> = self.keys.iter().map(|k| w.names[FACTS[*k].name].clone()).collect();
        let open = values.iter().filter_map(|v| v.as_ref().err()).max().copied();
        // Every value that an open key could have, as far as rows can tell them apart.
        let candidates: Vec<Vec<Q>> = values
            .iter()
            .enumerate()
            .map(|(i, v)| match v {
                Ok(n) => vec![n.clone()],
                Err(_) => {
                    let fact = &FACTS[self.keys[i]];
                    let mut all = vec![fact.min, fact.max];
                    if matches!(fact.ty, Type::Option | Type::Bool) {
                        all.extend(fact.min..=fact.max);
                    }
                    for (cells, _) in &self.rows {
                        if let Cell::Interval(low, high) = &cells[i] {
                            for (at, _) in low.iter().chain(high) {
                                let n: i64 = (at * q(fact.den)).to_integer().try_into().unwrap();
                                all.extend([n - 1, n, n + 1]);
                            }
                        }
                    }
                    all.into_iter().filter(|n| *n >= fact.min && *n <= fact.max).map(|n| ratio(n, fact.den)).collect()
                }
            })
            .collect();
        let mut combinations: Vec<Vec<Q>> = vec![Vec::new()];
        for all in &candidates {
            combinations = combinations
                .iter()
                .flat_map(|c| all.iter().map(move |n| c.iter().cloned().chain([n.clone()]).collect()))
                .collect();
        }
        let results: Vec<V> = combinations.iter().map(|at| result(chosen(at))).collect();
        match open {
            None => results[0].clone(),
            Some(state) => {
                if results.iter().all(|r| r.is_ok() && *r == results[0]) {
                    results[0].clone()
                } else {
                    Err(state)
                }
            }
        }
    }
}

/// F: what the bands give for the stretch from nothing to a position.
fn up_to(position: &Q, edges: &[Q], rates: &[Q]) -> Q {
    let mut sum = q(0);
    let mut below = q(0);
    for (i, rate) in rates.iter().enumerate() {
        let top =
            edges.get(i).map_or(position.clone(), |edge| if edge < position { edge.clone() } else { position.clone() });
        if top > below {
            sum += (&top - &below) * rate;
            below = top;
        }
    }
    sum
}

fn not_negative(n: Q) -> Q {
    if n < q(0) { q(0) } else { n }
}

struct Program {
    steps: Vec<(String, Type, Step)>,
}

fn make(dice: &mut Dice) -> Program {
    let mut m = Maker { dice, steps: Vec::new(), in_list: false };
    let mut steps: Vec<(String, Type, Step)> = Vec::new();
    for i in 0..6 {
        let mut ty =
            m.dice.pick(&[Type::Money, Type::Money, Type::Rate, Type::Number, Type::Bool, Type::Points, Type::Days]);
        let bands: Vec<usize> = steps
            .iter()
            .enumerate()
            .filter(|(_, (_, _, s))| matches!(s, Step::Bands { totals: None, .. }))
            .map(|(i, _)| i)
            .collect();
        let step = match m.dice.below(8) {
            0 => {
                let base = m.expr(ty, 2);
                let others = (0..1 + m.dice.below(2)).map(|_| (m.expr(Type::Bool, 2), m.expr(ty, 2))).collect();
                Step::Exception { base, others }
            }
            1 | 2 if ty != Type::Bool && ty != Type::Days => Step::Table(make_table(&mut m, ty)),
            3 | 4 => {
                ty = Type::Money;
                let mut edges: Vec<i64> = (0..m.dice.below(4)).map(|_| m.dice.between(1, 60_000) * 100).collect();
                edges.sort_unstable();
                edges.dedup();
                // A rate of nothing has no inverse.
                let rates =
                    (0..=edges.len()).map(|_| E::Figure(Type::Rate, ratio(m.dice.between(1, 100), 100))).collect();
                let from = if m.dice.one_in(2) { E::Figure(Type::Money, q(0)) } else { m.expr(Type::Money, 1) };
                let totals = m.dice.one_in(3).then(|| m.dice.pick(&MODES).0);
                Step::Bands {
                    of: m.expr(Type::Money, 1),
                    from,
                    edges: edges.into_iter().map(q).collect(),
                    rates,
                    totals,
                }
            }
            5 if !bands.is_empty() => {
                ty = Type::Money;
                Step::Cost { bands: m.dice.pick(&bands), payment: m.leaf(Type::Money) }
            }
            _ => Step::Value(m.expr(ty, 4)),
        };
        let name = format!("s{i}");
        m.steps.push((name.clone(), ty));
        steps.push((name, ty, step));
    }
    Program { steps }
}

fn print_program(p: &Program, id: usize) -> String {
    let mut out = format!(
        "  run{id}:\n    title: {{ zh: 测, en: test }}\n    kind: indicator\n    result: [{}]\n    steps:\n",
        p.steps.iter().map(|(n, ..)| n.as_str()).collect::<Vec<_>>().join(", ")
    );
    let label = "label: { zh: 步, en: step }";
    for (name, _, step) in &p.steps {
        match step {
            Step::Value(e) => {
                let _ = writeln!(out, "      - {{ id: {name}, {label}, value: \"{}\" }}", print(e));
            }
            Step::Exception { base, others } => {
                let _ = writeln!(out, "      - {{ id: {name}, {label}, value: \"{}\" }}", print(base));
                for (i, (when, value)) in others.iter().enumerate() {
                    let _ = writeln!(
                        out,
                        "      - {{ id: {name}_x{i}, {label}, exception_to: {name}, when: \"{}\", value: \"{}\" }}",
                        print(when),
                        print(value)
                    );
                }
            }
            Step::Table(table) => {
                let keys: Vec<&str> = table.keys.iter().map(|k| FACTS[*k].name).collect();
                let _ = writeln!(
                    out,
                    "      - id: {name}\n        {label}\n        table:\n          by: [{}]\n          rows:",
                    keys.join(", ")
                );
                for (cells, e) in &table.rows {
                    let mut row: Vec<String> = cells
                        .iter()
                        .zip(&table.keys)
                        .filter_map(|(cell, k)| Some(format!("{}: {}", FACTS[*k].name, cell.print(FACTS[*k].ty)?)))
                        .collect();
                    row.push(format!("is: \"{}\"", print(e)));
                    let _ = writeln!(out, "            - {{ {} }}", row.join(", "));
                }
                if let Some(e) = &table.otherwise {
                    let _ = writeln!(out, "          otherwise: \"{}\"", print(e));
                }
            }
            Step::Bands { of, from, edges, rates, totals } => {
                let _ = writeln!(
                    out,
                    "      - id: {name}\n        {label}\n        bands:\n          of: \"{}\"\n          from: \"{}\"\n          rows:",
                    print(of),
                    print(from)
                );
                for (i, rate) in rates.iter().enumerate() {
                    let edge = edges.get(i).map(|e| format!("up_to: {}, ", figure(Type::Money, e))).unwrap_or_default();
                    let _ = writeln!(out, "            - {{ {edge}rate: \"{}\" }}", print(rate));
                }
                if let Some(mode) = totals {
                    let _ = writeln!(
                        out,
                        "        round: totals {} to fen",
                        MODES.iter().find(|(m, _)| m == mode).unwrap().1
                    );
                }
            }
            Step::Cost { bands, payment } => {
                let _ = writeln!(
                    out,
                    "      - {{ id: {name}, {label}, value: \"cost_for({}, {})\" }}",
                    p.steps[*bands].0,
                    print(payment)
                );
            }
        }
    }
    out
}

/// Facts of a case with their values, and the answers that say so.
struct Asked {
    names: BTreeMap<String, V>,
    lines: Option<Vec<BTreeMap<String, V>>>,
    case: Case,
}

fn answer(ty: Type, n: &Q) -> Answer {
    match ty {
        Type::Bool => Answer::truth(*n != q(0)),
        Type::Money => Answer::text(decimal(&(n / q(100)))),
        Type::Points => Answer::text(decimal(&(n * q(100)))),
        Type::Days => Answer::text(decimal(n)),
        ty => Answer::text(figure(ty, n)),
    }
}

fn draw(dice: &mut Dice, fact: &Fact) -> Q {
    // Edges are where mistakes are.
    let n = match dice.below(6) {
        0 => fact.min,
        1 => fact.max,
        _ => dice.between(fact.min, fact.max),
    };
    ratio(n, fact.den)
}

fn ask(dice: &mut Dice) -> Asked {
    let mut names = BTreeMap::new();
    let mut case = Case::default();
    for fact in &FACTS {
        let n = draw(dice, fact);
        if dice.one_in(6) {
            names.insert(fact.name.to_owned(), Err(State::Unknown));
        } else {
            case.facts.push((fact.name.to_owned(), answer(fact.ty, &n)));
            names.insert(fact.name.to_owned(), Ok(n));
        }
    }
    let mut lines = None;
    if !dice.one_in(8) {
        let mut all = Vec::new();
        let mut answers = Vec::new();
        for _ in 0..dice.below(5) {
            let mut record = BTreeMap::new();
            let mut named = Vec::new();
            for field in &FIELDS {
                let n = draw(dice, field);
                if dice.one_in(8) {
                    record.insert(field.name.to_owned(), Err(State::Unknown));
                } else {
                    named.push((field.name.to_owned(), answer(field.ty, &n)));
                    record.insert(field.name.to_owned(), Ok(n));
                }
            }
            all.push(record);
            answers.push(Answer { kind: AnswerKind::Map(named), place: None });
        }
        case.facts.push(("lines".into(), Answer { kind: AnswerKind::List(answers), place: None }));
        lines = Some(all);
    }
    let tried = q(dice.between(0, 500_000));
    if dice.one_in(3) {
        case.parameters.push(("spent".into(), answer(Type::Money, &tried)));
        names.insert("spent".into(), Ok(tried));
    } else {
        names.insert("spent".into(), Err(State::Unset));
    }
    let paid = q(dice.between(0, 2_000_000));
    let previous = match dice.below(3) {
        0 => Err(State::Unknown),
        1 => {
            case.previous = Earlier::None;
            Err(State::NotApplicable)
        }
        _ => {
            case.previous = Earlier::Known(vec![("paid".into(), answer(Type::Money, &paid))]);
            Ok(paid)
        }
    };
    names.insert("previous.paid".into(), previous);
    Asked { names, lines, case }
}

/// Values of all steps by the book.
fn expected(p: &Program, asked: &Asked) -> BTreeMap<String, V> {
    let mut names = asked.names.clone();
    for (name, _, step) in &p.steps {
        let value = {
            let w = World { names: &names, record: None, lines: &asked.lines };
            match step {
                Step::Value(e) => eval(e, &w),
                Step::Exception { base, others } => exceptions(
                    eval(base, &w),
                    others.iter().map(|(when, value)| (eval(when, &w), eval(value, &w))).collect(),
                ),
                Step::Table(table) => table.look_up(&w),
                Step::Bands { of, from, edges, rates, totals } => {
                    let rates: Vec<Q> = rates.iter().map(|r| eval(r, &w).unwrap()).collect();
                    with(eval(of, &w), eval(from, &w), |of, from| {
                        let start = not_negative(from);
                        let end = &start + not_negative(of);
                        let (end, start) = (up_to(&end, edges, &rates), up_to(&start, edges, &rates));
                        match totals {
                            None => end - start,
                            Some(mode) => round(&end, *mode, &q(1)) - round(&start, *mode, &q(1)),
                        }
                    })
                }
                // The inverse is held against F itself, below.
                Step::Cost { .. } => Err(State::Known),
            }
        };
        names.insert(name.clone(), value);
    }
    names
}

fn exceptions(base: V, others: Vec<(V, V)>) -> V {
    let sure: Vec<&V> = others.iter().filter(|(when, _)| yes(when) == Some(true)).map(|(_, v)| v).collect();
    let open: Vec<(&V, &V)> = others.iter().filter(|(when, _)| when.is_err()).map(|(w, v)| (w, v)).collect();
    match (sure.len(), open.len()) {
        (0, 0) => base,
        (1, 0) => sure[0].clone(),
        (2.., _) => Err(State::Failed),
        (0, 1) if base.is_ok() && *open[0].1 == base => base,
        // Undecided whether one of them applies, or two at once: the worst of what is open.
        (sure_count, _) => {
            let now = if sure_count == 1 { sure[0].clone() } else { base };
            Err(open
                .iter()
                .filter_map(|(when, _)| when.as_ref().err())
                .chain(now.as_ref().err())
                .max()
                .copied()
                .unwrap())
        }
    }
}

/// Registers of a service as the engine's own 64- and 128-bit paths fill them.
fn both_paths(
    plan: &Plan,
    service: &Service,
    verified: &Verified,
    narrow: bool,
    encoded: &yibao_rules::case::Encoded,
) -> Vec<Slot<i128>> {
    let slot = |value: &Result<i64, State>, reason: u32| match value {
        Ok(n) => Slot::known(i128::from(*n)),
        Err(state) => Slot::without(*state, reason),
    };
    let answers = Answers {
        inputs: encoded.inputs.iter().zip(&service.program.inputs).map(|(v, i)| slot(v, i.reason)).collect(),
        lists: encoded
            .lists
            .iter()
            .map(|l| l.as_ref().map(|all| all.iter().map(|r| r.iter().map(|v| slot(v, 0)).collect()).collect()))
            .collect(),
    };
    let mut wide = Vec::new();
    evaluate(
        &link(&service.program, &verified.shapes, &verified.covers).unwrap(),
        &plan.groups,
        &answers,
        &mut wide,
        &(),
    );
    if narrow {
        let cut = |s: &Slot<i128>| Slot { num: i64::from_wide(s.num), state: s.state, reason: s.reason };
        let answers = Answers {
            inputs: answers.inputs.iter().map(cut).collect(),
            lists: answers
                .lists
                .iter()
                .map(|l| l.as_ref().map(|all| all.iter().map(|r| r.iter().map(cut).collect()).collect()))
                .collect(),
        };
        let mut narrow = Vec::new();
        evaluate(
            &link(&service.program, &verified.shapes, &verified.covers).unwrap().over::<i64>(),
            &plan.groups,
            &answers,
            &mut narrow,
            &(),
        );
        let narrow: Vec<Slot<i128>> =
            narrow.iter().map(|s| Slot { num: s.num.to_wide(), state: s.state, reason: s.reason }).collect();
        assert_eq!(narrow, wide, "64 and 128 bits differ");
    }
    wide
}

#[derive(Default)]
struct Tally {
    compiled: usize,
    refused: BTreeMap<String, usize>,
    narrow: usize,
    values: usize,
    states: BTreeMap<String, usize>,
    costs: usize,
}

/// Six programs in one pack, so that its head is read once for all.
fn one_pack(seed: u64, head: &str, tally: &mut Tally) {
    let dice = &mut Dice(seed);
    let programs: Vec<Program> = (0..6).map(|_| make(dice)).collect();
    let services: String = programs.iter().enumerate().map(|(i, p)| print_program(p, i)).collect();
    let text = format!("{head}services:\n{services}");
    let pack = match Pack::parse("pack.yaml", text.as_bytes(), &Library::new()) {
        Ok(pack) => pack,
        Err(problems) => {
            for d in problems.iter() {
                // What chance may write and the language refuses; anything else is a fault of the printer.
                assert!(
                    matches!(d.code.as_ref(), "overflow" | "zero-divisor" | "formula-too-long" | "table-unreachable"),
                    "seed {seed}: {d}\n{text}"
                );
                *tally.refused.entry(d.code.to_string()).or_default() += 1;
            }
            return;
        }
    };
    let engine = Engine::load(pack.into_plan()).unwrap();
    let verified = verify(engine.plan()).unwrap();
    for (index, program) in programs.iter().enumerate() {
        tally.compiled += 1;
        tally.narrow += usize::from(engine.is_narrow(index));
        for round in 0..2 {
            one_case(
                &engine,
                index,
                &verified[index],
                program,
                &ask(dice),
                round == 0,
                &format!("seed {seed}, service {index}\n{text}"),
                tally,
            );
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "what a failure must show")]
fn one_case(
    engine: &Engine,
    index: usize,
    verified: &Verified,
    program: &Program,
    asked: &Asked,
    whole: bool,
    text: &str,
    tally: &mut Tally,
) {
    let (plan, service) = (engine.plan(), &engine.plan().services[index]);
    let shapes = engine.shapes(index).unwrap();
    let encoded = encode(plan, service, &asked.case).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let registers = both_paths(plan, service, verified, engine.is_narrow(index), &encoded);
    assert_eq!(engine.run(index, &encoded).registers, registers, "the engine's own run: {text}");
    let mut names = expected(program, asked);
    for (name, _, step) in &program.steps {
        let Some(found) = service.steps.iter().find(|s| s.id == *name) else { continue };
        let (slot, shape) = (registers[found.register as usize], shapes.get(found.register).unwrap());
        let value: V =
            if slot.state == State::Known { Ok(Q::new(slot.num.into(), shape.den.into())) } else { Err(slot.state) };
        if slot.state == State::Known {
            assert!(
                slot.num >= shape.lo && slot.num <= shape.hi,
                "{name}: {} is outside its proved range {}..{}: {text}",
                slot.num,
                shape.lo,
                shape.hi
            );
        }
        if let Step::Cost { bands, payment } = step {
            // What the program computed stands for the step from here on.
            names.insert(name.clone(), value.clone());
            names = rerun(program, asked, names, name);
            tally.costs += inverse(program, asked, &names, *bands, payment, &value, text);
            continue;
        }
        assert_eq!(value, names[name], "step {name}\ncase {:?}\n{text}", asked.case);
        tally.values += 1;
        *tally.states.entry(format!("{:?}", slot.state)).or_default() += 1;
    }
    if !whole {
        return;
    }
    // The whole way to a decision.
    let decision = decide(engine, &service.id, &asked.case).unwrap();
    let states: Vec<State> =
        program.steps.iter().filter_map(|(name, ..)| names[name].as_ref().err()).copied().collect();
    let outcome = if states.iter().any(|s| matches!(s, State::Unset | State::Failed)) {
        Outcome::Refused
    } else if states.contains(&State::Unknown) {
        Outcome::Incomplete
    } else {
        Outcome::Computed
    };
    assert_eq!(
        decision.outcome, outcome,
        "missing {:?}, refused {:?}, {names:?}\n{text}",
        decision.missing, decision.refusals
    );
}

/// The steps after `from` again, now that its value is known.
fn rerun(p: &Program, asked: &Asked, names: BTreeMap<String, V>, from: &str) -> BTreeMap<String, V> {
    let at = p.steps.iter().position(|(name, ..)| name == from).unwrap();
    let rest = Program { steps: p.steps[at + 1..].to_vec() };
    let world = Asked { names: names.clone(), lines: asked.lines.clone(), case: Case::default() };
    let mut all = expected(&rest, &world);
    for (name, value) in names {
        all.entry(name).or_insert(value);
    }
    all
}

/// `F(S + cost) - F(S) = payment`, exactly.
fn inverse(
    p: &Program,
    asked: &Asked,
    names: &BTreeMap<String, V>,
    bands: usize,
    payment: &E,
    cost: &V,
    text: &str,
) -> usize {
    let Step::Bands { from, edges, rates, .. } = &p.steps[bands].2 else { panic!("no bands") };
    let w = World { names, record: None, lines: &asked.lines };
    let (from, payment) = (eval(from, &w), eval(payment, &w));
    let rates: Vec<Q> = rates.iter().map(|r| eval(r, &w).unwrap()).collect();
    match worse(&payment, &from) {
        Some(state) => assert_eq!(*cost, Err(state), "{text}"),
        None => {
            let start = not_negative(from.unwrap());
            let end = &start + cost.clone().unwrap();
            assert_eq!(
                up_to(&end, edges, &rates) - up_to(&start, edges, &rates),
                not_negative(payment.unwrap()),
                "{text}"
            );
            return 1;
        }
    }
    0
}

#[test]
fn random_programs_mean_what_the_guide_says() {
    let head = header();
    let mut all = Tally::default();
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let run = |part: u64| {
            let head = &head;
            scope.spawn(move || {
                let mut tally = Tally::default();
                for i in 0..100 {
                    one_pack(part * 1_000_003 + i, head, &mut tally);
                }
                tally
            })
        };
        let threads: Vec<_> = (0..4).map(run).collect();
        threads.into_iter().map(|t| t.join().unwrap_or_else(|e| std::panic::resume_unwind(e))).collect()
    });
    for t in tallies {
        all.compiled += t.compiled;
        all.narrow += t.narrow;
        all.values += t.values;
        all.costs += t.costs;
        t.refused.into_iter().for_each(|(k, n)| *all.refused.entry(k).or_default() += n);
        t.states.into_iter().for_each(|(k, n)| *all.states.entry(k).or_default() += n);
    }
    println!(
        "{} programs, {} of them narrow, {} values, {} inverses, {:?}, refused {:?}",
        all.compiled, all.narrow, all.values, all.costs, all.states, all.refused
    );
    assert!(all.compiled >= 2_000, "{} programs compiled", all.compiled);
    assert!(all.narrow > 300 && all.compiled - all.narrow > 100, "both widths: {} of {}", all.narrow, all.compiled);
    assert!(all.costs > 100, "{} inverses", all.costs);
    for state in ["Known", "Unknown", "NotApplicable", "Unset", "Failed"] {
        assert!(all.states.get(state).copied().unwrap_or(0) >= 20, "{state}: {:?}", all.states);
    }
}

// ── Bills.

struct Pay {
    payer: usize,
    from: Vec<usize>,
    amount: E,
    cap: Option<E>,
    at_least: Option<E>,
    leaves: Option<E>,
    mode: Mode,
}

fn one_bill(seed: u64, head: &str) -> Option<bool> {
    let dice = &mut Dice(seed);
    let parts = 1 + dice.below(4);
    let mut m = Maker { dice, steps: Vec::new(), in_list: false };
    let plain = |m: &mut Maker<'_>| loop {
        let e = m.expr(Type::Money, 2);
        // Open figures and earlier stays are the other test's.
        let text = print(&e);
        if !text.contains("spent") && !text.contains("previous") && !text.contains("lines") && !text.contains("if ") {
            return e;
        }
    };
    let part_amounts: Vec<E> = (1..parts)
        .map(|_| {
            E::Round(
                Box::new(E::Clamp(
                    Box::new(plain(&mut m)),
                    Box::new(E::Figure(Type::Money, q(0))),
                    Box::new(E::Figure(Type::Money, q(400_000))),
                )),
                Mode::Floor,
                q(1),
                "fen",
            )
        })
        .collect();
    let pays: Vec<Pay> = (0..1 + m.dice.below(5))
        .map(|_| {
            let mut from: Vec<usize> = (0..parts).filter(|_| m.dice.one_in(2)).collect();
            if from.is_empty() {
                from.push(m.dice.below(parts));
            }
            if m.dice.one_in(2) {
                from.reverse();
            }
            let some = |m: &mut Maker<'_>, n: usize| m.dice.one_in(n).then(|| plain(m));
            Pay {
                payer: m.dice.below(3),
                from,
                amount: plain(&mut m),
                cap: some(&mut m, 3),
                at_least: some(&mut m, 4),
                leaves: some(&mut m, 4),
                mode: m.dice.pick(&MODES).0,
            }
        })
        .collect();
    let benefit = m.dice.one_in(2).then(|| plain(&mut m));

    let label = "label: { zh: 步, en: step }";
    let mode_word = |mode: Mode| MODES.iter().find(|(m, _)| *m == mode).unwrap().1;
    let mut text = format!(
        "{head}payers:\n  p0: {{ zh: 甲, en: a }}\n  p1: {{ zh: 乙, en: b }}\n  p2: {{ zh: 自己, en: own, own: true }}\nservices:\n  run:\n    title: {{ zh: 测, en: test }}\n    kind: settlement\n    steps:\n      - id: bill\n        {label}\n        bill: total\n        parts:\n"
    );
    for i in 0..parts {
        let amount = part_amounts.get(i).map_or("rest".to_owned(), print);
        let _ = writeln!(text, "          part{i}: {{ zh: 部分, en: part, amount: \"{amount}\" }}");
    }
    for (i, pay) in pays.iter().enumerate() {
        let _ = writeln!(
            text,
            "      - id: pay{i}\n        {label}\n        pay: p{}\n        from: [{}]\n        amount: \"{}\"\n        round: {} to fen",
            pay.payer,
            pay.from.iter().map(|p| format!("part{p}")).collect::<Vec<_>>().join(", "),
            print(&pay.amount),
            mode_word(pay.mode)
        );
        for (key, e) in [("cap", &pay.cap), ("at_least", &pay.at_least), ("leaves", &pay.leaves)] {
            if let Some(e) = e {
                let _ = writeln!(text, "        {key}: \"{}\"", print(e));
            }
        }
    }
    if let Some(e) = &benefit {
        let _ = writeln!(
            text,
            "      - {{ id: gift, {label}, benefit: p0, amount: \"{}\", round: half_up to fen }}",
            print(e)
        );
    }
    let pack = match Pack::parse("pack.yaml", text.as_bytes(), &Library::new()) {
        Ok(pack) => pack,
        Err(problems) => {
            assert!(
                problems.iter().all(|d| matches!(d.code.as_ref(), "overflow" | "zero-divisor")),
                "seed {seed}: {problems}\n{text}"
            );
            return None;
        }
    };
    let engine = Engine::load(pack.into_plan()).unwrap();
    let mut asked = ask(dice);
    for fact in &FACTS {
        if asked.names[fact.name].is_err() {
            let n = draw(dice, fact);
            asked.case.facts.push((fact.name.to_owned(), answer(fact.ty, &n)));
            asked.names.insert(fact.name.to_owned(), Ok(n));
        }
    }
    let w = World { names: &asked.names, record: None, lines: &asked.lines };
    let value = |e: &E| eval(e, &w).unwrap();
    let least = |a: Q, b: Q| if b < a { b } else { a };
    let most = |a: Q, b: Q| if b > a { b } else { a };
    let fen = |e: &E, mode: Mode| round(&value(e), mode, &q(1));
    let limit = |n: Q| round(&not_negative(n), Mode::Floor, &q(1));

    let total = value(&E::Name("total".into()));
    let mut amounts: Vec<Q> = part_amounts.iter().map(value).collect();
    let rest = amounts.iter().fold(total.clone(), |left, a| left - a);
    let mut refused = rest < q(0);
    amounts.push(rest);
    let mut left = amounts.clone();
    let mut paid = Vec::new();
    for pay in &pays {
        let mut ask = fen(&pay.amount, pay.mode);
        refused |= ask < q(0);
        if let Some(floor) = &pay.at_least {
            ask = most(ask, fen(floor, pay.mode));
        }
        let mut room: Q = pay.from.iter().map(|p| left[*p].clone()).sum();
        if let Some(cap) = &pay.cap {
            room = least(room, limit(value(cap)));
        }
        if let Some(share) = &pay.leaves {
            room = least(room, limit(left.iter().cloned().sum::<Q>() - value(share)));
        }
        let amount = least(ask, room);
        let mut remaining = amount.clone();
        for part in &pay.from {
            let taken = least(left[*part].clone(), remaining.clone());
            left[*part] -= &taken;
            remaining -= taken;
        }
        paid.push(amount);
    }
    let decision = decide(&engine, "run", &asked.case).unwrap_or_else(|e| panic!("seed {seed}: {e}\n{text}"));
    if refused {
        assert_eq!(decision.outcome, Outcome::Refused, "seed {seed}\n{text}");
        assert!(
            decision.refusals.iter().all(|r| matches!(r.code.as_str(), "over-bill" | "negative-payment")),
            "{:?}",
            decision.refusals
        );
        return Some(false);
    }
    assert_eq!(decision.outcome, Outcome::Computed, "seed {seed}: {:?}\n{text}", decision.refusals);
    let view = decision.amounts.unwrap();
    let money = |text: &str| Q::from_integer(text.replace('.', "").parse::<BigInt>().unwrap());
    let found: Vec<Q> = view.payments.iter().map(|p| money(&p.amount.text)).collect();
    assert_eq!(found, paid, "seed {seed}: payments\ncase {:?}\n{text}", asked.case);
    let lefts: Vec<Q> = view.parts.iter().map(|p| money(&p.left.text)).collect();
    assert_eq!(lefts, left, "seed {seed}: what is left of the parts\n{text}");
    assert_eq!(view.parts.iter().map(|p| money(&p.amount.text)).collect::<Vec<_>>(), amounts, "seed {seed}: parts");

    // Conservation, told by the decision's own figures.
    let sum = |all: &[Q]| all.iter().cloned().sum::<Q>();
    assert!(lefts.iter().chain(&found).all(|n| *n >= q(0)), "seed {seed}: nothing is below zero\n{text}");
    assert_eq!(money(&view.total.text), sum(&found) + money(&view.cash.text), "seed {seed}: total = payers + cash");
    assert_eq!(money(&view.total.text), sum(&amounts), "seed {seed}: total = parts");
    assert_eq!(money(&view.cash.text), sum(&lefts), "seed {seed}: cash = what is left");
    let own: Q = view.payments.iter().filter(|p| p.own).map(|p| money(&p.amount.text)).sum();
    assert_eq!(
        money(&view.patient.text),
        money(&view.cash.text) + own,
        "seed {seed}: the person bears cash and own account"
    );
    let gifts: Q = view.benefits.iter().map(|p| money(&p.amount.text)).sum();
    assert_eq!(gifts, benefit.as_ref().map_or(q(0), |e| fen(e, Mode::HalfUp)), "seed {seed}: benefit");
    assert_eq!(money(&view.net.text), money(&view.patient.text) - gifts, "seed {seed}: net");
    Some(true)
}

#[test]
fn random_bills_are_conserved_to_the_fen() {
    let head = header();
    let (mut settled, mut refused) = (0, 0);
    let results: Vec<Option<bool>> = std::thread::scope(|scope| {
        let run = |part: u64| {
            let head = &head;
            scope.spawn(move || (0..150).map(|i| one_bill(7_777_777 * (part + 1) + i, head)).collect::<Vec<_>>())
        };
        let threads: Vec<_> = (0..4).map(run).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap_or_else(|e| std::panic::resume_unwind(e))).collect()
    });
    for result in results {
        match result {
            Some(true) => settled += 1,
            Some(false) => refused += 1,
            None => {}
        }
    }
    println!("{settled} bills settled, {refused} refused");
    assert!(settled >= 200 && refused >= 50, "{settled} settled, {refused} refused");
}

#[test]
fn a_decimal_is_printed_as_it_is_read() {
    assert_eq!(decimal(&ratio(-5, 100)), "-0.05");
    assert_eq!(decimal(&q(12)), "12");
    assert_eq!(figure(Type::Date, &q(0)), "1970-01-01");
    assert_eq!(round(&ratio(-5, 2), Mode::HalfUp, &q(1)).cmp(&q(-3)), Ordering::Equal);
    assert_eq!(round(&ratio(5, 2), Mode::HalfEven, &q(1)), q(2));
    let _ = Kind::Money;
}

// ── The published truth table, made from the engine.

const STATES: [(&str, &str); 5] = [
    ("known", "two"),
    ("unknown", "asked"),
    ("not applicable", "previous.number"),
    ("unset", "open"),
    ("failed", "refused"),
];
const TRUTHS: [(&str, &str); 6] = [
    ("true", "yes"),
    ("false", "no"),
    ("unknown", "maybe"),
    ("not applicable", "previous.truth"),
    ("unset", "open = 1"),
    ("failed", "refused = 1"),
];

struct Sheet {
    steps: String,
    names: Vec<String>,
}

impl Sheet {
    /// A step of this formula; its number.
    fn add(&mut self, form: &str) -> usize {
        let name = format!("s{}", self.names.len());
        let _ = writeln!(self.steps, "      - {{ id: {name}, label: {{ zh: 步, en: step }}, {form} }}");
        self.names.push(name);
        self.names.len() - 1
    }

    fn value(&mut self, formula: &str) -> usize {
        self.add(&format!("value: \"{formula}\""))
    }
}

fn word(slot: &Slot<i128>, kind: Kind) -> String {
    match slot.state {
        State::Known if kind == Kind::Bool => (slot.num != 0).to_string(),
        State::Known => "known".into(),
        State::Unknown => "unknown".into(),
        State::NotApplicable => "not applicable".into(),
        State::Unset => "unset".into(),
        State::Failed => "failed".into(),
    }
}

fn truth_table() -> String {
    let label = "label: { zh: 项, en: entry }";
    let head = format!(
        "pack: truth\nrevision: '1'\ntitle: {{ zh: 真值表, en: truth table }}\nregion: {{ code: '0', zh: 虚设, en: nowhere }}\npublisher: {{ zh: 测试, en: tests }}\nstatus: invented\nfacts:\n  two: {{ type: number, min: 0, max: 9, {label} }}\n  asked: {{ type: number, min: 0, max: 9, {label} }}\n  yes: {{ type: bool, {label} }}\n  no: {{ type: bool, {label} }}\n  maybe: {{ type: bool, {label} }}\n  day: {{ type: date, {label} }}\n  empty: {{ type: list, max: 3, {label}, of: {{ n: {{ type: number, min: 0, max: 9, {label} }}, b: {{ type: bool, {label} }} }} }}\n  gone: {{ type: list, max: 3, {label}, of: {{ n: {{ type: number, min: 0, max: 9, {label} }}, b: {{ type: bool, {label} }} }} }}\n  blank: {{ type: list, max: 3, {label}, of: {{ n: {{ type: number, min: 0, max: 9, {label} }}, b: {{ type: bool, {label} }} }} }}\nparameters:\n  open: {{ type: number, {label}, max: 9, unset: {{ zh: 隐去, en: redacted }} }}\nprevious:\n  number: two\n  truth: yes\n  day: day\nservices:\n  all:\n    title: {{ zh: 全, en: all }}\n    kind: indicator\n    result: [s0]\n    steps:\n      - {{ id: refused, {label}, table: {{ by: [yes], rows: [{{ yes: true, refuse: {{ zh: 拒, en: refused }} }}, {{ yes: false, is: 1 }}] }} }}\n"
    );
    let mut sheet = Sheet { steps: String::new(), names: Vec::new() };
    // Title, row names, column names, cells by step.
    type Grid = (String, Vec<String>, Vec<String>, Vec<Vec<usize>>);
    let mut grids: Vec<Grid> = Vec::new();
    let names = |all: &[(&str, &str)]| all.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    for (title, sign) in [
        ("Arithmetic: `a + b` (so `-`, `*`, `/`, `min`, `max`, `clamp`, `round`, bands)", "+"),
        ("Comparison: `a < b` (2 < 2; so `=`, `in`, `within`)", "<"),
    ] {
        let cells = STATES
            .iter()
            .map(|(_, a)| STATES.iter().map(|(_, b)| sheet.value(&format!("{a} {sign} {b}"))).collect())
            .collect();
        grids.push((title.to_owned(), names(&STATES), names(&STATES), cells));
    }
    for word in ["and", "or"] {
        let cells = TRUTHS
            .iter()
            .map(|(_, a)| TRUTHS.iter().map(|(_, b)| sheet.value(&format!("({a}) {word} ({b})"))).collect())
            .collect();
        grids.push((format!("`a {word} b`"), names(&TRUTHS), names(&TRUTHS), cells));
    }
    let one: Vec<Vec<usize>> = TRUTHS
        .iter()
        .map(|(_, c)| {
            let cell = format!("table: {{ by: [\"{c}\"], rows: [{{ \"{c}\": true, is: 1 }}, {{ \"{c}\": false, is: ");
            let mut row = vec![
                sheet.value(&format!("not ({c})")),
                sheet.value(&format!("if {c} then 1 else 1")),
                sheet.value(&format!("if {c} then 1 else 2 + asked")),
            ];
            row.push(sheet.add(&format!("{cell}1 }}] }}")));
            row.push(sheet.add(&format!("{cell}2 }}] }}")));
            for value in ["1", "two"] {
                let base = sheet.value("1 * 1");
                let _ = writeln!(
                    sheet.steps,
                    "      - {{ id: x{base}, {label}, exception_to: s{base}, when: \"{c}\", value: \"{value}\" }}"
                );
                row.push(base);
            }
            row
        })
        .collect();
    let columns = [
        "`not c`",
        "`if c`, both branches the same",
        "`if c`, then known, else unknown",
        "table by `c`, rows agree",
        "table by `c`, rows differ",
        "exception when `c`, same value",
        "exception when `c`, another value",
    ];
    grids.push(("One condition `c`".to_owned(), names(&TRUTHS), columns.map(str::to_owned).to_vec(), one));
    let applies = STATES.iter().map(|(_, a)| vec![sheet.value(&format!("applies({a})"))]).collect();
    grids.push(("`applies(a)`".to_owned(), names(&STATES), vec!["`applies(a)`".to_owned()], applies));
    let folds = [("sum", "n"), ("count", ""), ("any", "b"), ("all", "b"), ("min", "n"), ("max", "n")];
    let formula = |fold: &str, value: &str, list: &str, filter: &str| match (value, filter) {
        ("", filter) => format!("count({list}{filter})"),
        (value, filter) => format!("{fold}({list}: {value}{filter})"),
    };
    let cells = folds
        .iter()
        .map(|(fold, value)| {
            [("empty", ""), ("gone", ""), ("blank", ""), ("blank", " where b"), ("blank", " where no")]
                .iter()
                .map(|(list, filter)| sheet.value(&formula(fold, value, list, filter)))
                .collect()
        })
        .collect();
    let columns = [
        "no record",
        "list not answered",
        "a record, its value unknown",
        "a record, its `where` unknown",
        "a record, its `where` false",
    ];
    grids.push((
        "Aggregates".to_owned(),
        folds.iter().map(|(fold, _)| format!("`{fold}`")).collect(),
        columns.map(str::to_owned).to_vec(),
        cells,
    ));
    let first = [
        "previous.number + 1",
        "day within 28 days of previous.day",
        "if applies(previous.day) then day within 28 days of previous.day else false",
        "min(two, previous.number)",
        "previous.number > 1 or yes",
    ];
    let cells = first.iter().map(|f| vec![sheet.value(f)]).collect();
    grids.push((
        "On a first stay (`previous` is not applicable)".to_owned(),
        first.iter().map(|f| format!("`{f}`")).collect(),
        vec!["gives".to_owned()],
        cells,
    ));

    let pack = Pack::parse("pack.yaml", format!("{head}{}", sheet.steps).as_bytes(), &Library::new())
        .unwrap_or_else(|e| panic!("{e}"));
    // Every step is looked at, so every one stays in the plan.
    let engine = Engine::load(pack.into_plan()).unwrap();
    let service = &engine.plan().services[0];
    let record = Answer { kind: AnswerKind::Map(Vec::new()), place: None };
    let case = Case {
        facts: vec![
            ("two".into(), Answer::text("2")),
            ("yes".into(), Answer::truth(true)),
            ("no".into(), Answer::truth(false)),
            ("day".into(), Answer::text("2023-06-16")),
            ("empty".into(), Answer { kind: AnswerKind::List(Vec::new()), place: None }),
            ("blank".into(), Answer { kind: AnswerKind::List(vec![record]), place: None }),
        ],
        previous: Earlier::None,
        ..Case::default()
    };
    let run = engine.run(0, &encode(engine.plan(), service, &case).unwrap());
    let shapes = engine.shapes(0).unwrap();
    let shown = |at: usize| {
        let step = service.steps.iter().find(|s| s.id == sheet.names[at]).unwrap();
        word(&run.registers[step.register as usize], shapes.get(step.register).unwrap().kind)
    };
    let mut out = String::new();
    for (title, rows, columns, cells) in grids {
        let _ = writeln!(out, "\n**{title}**\n\n| | {} |\n|---|{}", columns.join(" | "), "---|".repeat(columns.len()));
        for (name, row) in rows.iter().zip(cells) {
            let _ = writeln!(out, "| **{name}** | {} |", row.into_iter().map(shown).collect::<Vec<_>>().join(" | "));
        }
    }
    out
}

#[test]
fn the_published_truth_table_is_the_engines() {
    let at = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions/0001-language.md");
    let page = std::fs::read_to_string(&at).unwrap();
    let (before, rest) = page.split_once("<!-- truth table -->\n").unwrap();
    let (written, after) = rest.split_once("\n<!-- end -->").unwrap();
    let made = truth_table();
    if std::env::var_os("BLESS").is_some() {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "pages are not written anew in CI");
        std::fs::write(&at, format!("{before}<!-- truth table -->\n{made}\n<!-- end -->{after}")).unwrap();
    } else {
        assert_eq!(written, made, "run with BLESS=1 and read what changed");
    }
}
