//! Values and states of the independent evaluator.

use super::*;

pub type Q = BigRational;

pub fn q(n: i64) -> Q {
    Q::from_integer(BigInt::from(n))
}

pub fn ratio(n: i64, d: i64) -> Q {
    Q::new(BigInt::from(n), BigInt::from(d))
}

/// Money is in fen, a rate is a share, a day is counted from 1970, yes is 1, an option is its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Type {
    Money,
    Rate,
    Number,
    Points,
    Days,
    Date,
    Bool,
    Option,
}

pub type V = Result<Q, Why>;

/// A state, and for what reason: the number of the step whose exceptions conflict, else nought.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Why(pub State, pub usize);

pub fn without(state: State) -> V {
    Err(Why(state, 0))
}

/// Whether two outcomes are one: the same value, or the same state for the same reason. (S5)
pub fn agree(a: &V, b: &V) -> bool {
    a == b && *a != without(State::Unknown)
}

pub fn truth(yes: bool) -> V {
    Ok(q(i64::from(yes)))
}

pub fn yes(v: &V) -> Option<bool> {
    v.as_ref().ok().map(|n| *n != q(0))
}

/// The worse of two states, the first where they are equally bad; arithmetic gives it. (S1)
pub fn worse(a: &V, b: &V) -> Option<Why> {
    match (a, b) {
        (Err(x), Err(y)) => Some(if y.0 > x.0 { *y } else { *x }),
        (Err(x), _) | (_, Err(x)) => Some(*x),
        _ => None,
    }
}

pub fn with(a: V, b: V, f: impl FnOnce(Q, Q) -> Q) -> V {
    match worse(&a, &b) {
        Some(state) => Err(state),
        None => Ok(f(a.unwrap(), b.unwrap())),
    }
}

/// S2
pub fn and(a: V, b: V) -> V {
    if yes(&a) == Some(false) || yes(&b) == Some(false) {
        return truth(false);
    }
    undecided(&a, &b).map_or(truth(true), Err)
}

/// Where nothing decides yet: a missing answer may still, whatever else is open; otherwise the worse.
pub fn undecided(a: &V, b: &V) -> Option<Why> {
    let unknown = without(State::Unknown);
    if *a == unknown || *b == unknown { Some(Why(State::Unknown, 0)) } else { worse(a, b) }
}

pub fn not(a: V) -> V {
    a.map(|n| if n == q(0) { q(1) } else { q(0) })
}

pub fn or(a: V, b: V) -> V {
    if yes(&a) == Some(true) || yes(&b) == Some(true) {
        return truth(true);
    }
    undecided(&a, &b).map_or(truth(false), Err)
}
