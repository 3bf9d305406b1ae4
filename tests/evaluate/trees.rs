//! Formulas as trees: printed for a pack, and evaluated in big rationals.

use super::*;

#[derive(Clone, Debug)]
pub enum E {
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
pub enum Mode {
    HalfUp,
    HalfEven,
    Floor,
    Ceiling,
    TowardZero,
}

pub const MODES: [(Mode, &str); 5] = [
    (Mode::HalfUp, "half_up"),
    (Mode::HalfEven, "half_even"),
    (Mode::Floor, "floor"),
    (Mode::Ceiling, "ceiling"),
    (Mode::TowardZero, "toward_zero"),
];
pub const OPTIONS: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

pub fn round(n: &Q, mode: Mode, unit: &Q) -> Q {
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
pub fn decimal(n: &Q) -> String {
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

pub fn civil(day: &Q) -> String {
    let days: i32 = day.to_integer().try_into().unwrap();
    yibao_rules::date::Date::from_days(days).unwrap().to_string()
}

pub fn figure(ty: Type, n: &Q) -> String {
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

pub fn print(e: &E) -> String {
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
pub struct World<'w> {
    pub names: &'w BTreeMap<String, V>,
    pub record: Option<&'w BTreeMap<String, V>>,
    pub lines: &'w Option<Vec<BTreeMap<String, V>>>,
}

pub fn eval(e: &E, w: &World<'_>) -> V {
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
                None if agree(&a, &b) => a,
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
            Err(Why(State::NotApplicable, _)) => truth(false),
            other => other,
        },
        E::Fold(fold, value, filter) => {
            let Some(lines) = w.lines else { return without(State::Unknown) };
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
            so_far.unwrap_or(without(State::NotApplicable))
        }
    }
}
