//! Hand calculations of cases, worked out again: the path names something expected, the sum can be read, and it gives
//! what is expected. The sums are read by a grammar of their own, which knows nothing of formulas.

use super::compare::Found;
use super::read::Expected;
use crate::number::{Ratio, Rounding, parse_decimal, round_div};
use core::iter::Peekable;
use core::str::Chars;

/// Parentheses and functions within each other.
const DEEPEST: u32 = 64;

/// Reports each working that is none, or that gives something else.
pub(super) fn check(working: &[(String, String)], expect: &Expected, out: &mut Found) {
    for (path, sum) in working {
        let at = format!("working.{path}");
        let Some(value) = named(expect, path) else {
            out.say(&at, None, None, format!("{at}: nothing of that name is expected"));
            continue;
        };
        match (calculate(sum), expected(value)) {
            (Ok(ours), Ok(theirs)) if ours == theirs => {}
            (Ok(ours), Ok(_)) => {
                let message = format!("{at}: {sum} is {ours}, expected {value}");
                out.say(&at, Some(value), Some(ours.to_string()), message);
            }
            (Err(why), _) => out.say(&at, None, None, format!("{at}: {sum}: {why}")),
            (_, Err(_)) => out.say(&at, None, None, format!("{at}: a sum cannot give {value}")),
        }
    }
}

/// The expected value that a working's path names: an amount, a step, a credit, a balance or the limit; of an
/// encounter where the path begins with one.
fn named<'a>(expect: &'a Expected, path: &str) -> Option<&'a str> {
    if let Some((first, rest)) = path.split_once('.')
        && let Some((_, encounter)) = expect.encounters.iter().find(|(id, _)| id == first)
    {
        return named(encounter, rest);
    }
    let of = |pairs: &'a [(String, String)], name: &str| {
        pairs.iter().find(|(id, _)| id == name).map(|(_, value)| value.as_str())
    };
    match path.split_once('.') {
        Some(("amounts", name)) => of(&expect.amounts, name),
        Some(("steps", name)) => of(&expect.steps, name),
        Some(("after", name)) => of(&expect.after, name),
        Some(_) => None,
        None if path == "credit" => expect.credit.as_deref(),
        None if path == "limit" => expect.limit.as_ref().map(|(_, to)| to.as_str()),
        None => of(&expect.amounts, path).or_else(|| of(&expect.steps, path)),
    }
}

/// What a sum comes to, or why it cannot be told.
type Answer = Result<Ratio, String>;

/// An expected value as a number: `14475.00`, `85%`, `3 points`, `12 weeks`.
fn expected(text: &str) -> Answer {
    let units = [" points", " months", " days", "个月", "元"];
    let number = units.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text);
    match number.strip_suffix(" weeks") {
        Some(weeks) => fits(calculate(weeks)?.mul(Ratio::from_int(7))),
        None => calculate(number),
    }
}

fn calculate(sum: &str) -> Answer {
    let mut reader = Reader { rest: sum.chars().peekable(), depth: 0 };
    let value = reader.sum()?;
    reader.blanks();
    match reader.rest.next() {
        None => Ok(value),
        Some(found) => Err(format!("`{found}` stands after the end of the sum")),
    }
}

fn fits(value: Option<Ratio>) -> Answer {
    value.ok_or_else(|| "the sum has too many digits".into())
}

/// To hundredths.
fn to_fen(value: Ratio, mode: Rounding) -> Answer {
    let hundred = Ratio::from_int(100);
    let rounded = value.mul(hundred).and_then(|fen| round_div(fen.num(), fen.den(), mode));
    fits(rounded.and_then(|fen| Ratio::new(fen, 100)))
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    depth: u32,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
    }

    fn take(&mut self, wanted: char) -> bool {
        self.blanks();
        self.rest.next_if_eq(&wanted).is_some()
    }

    fn need(&mut self, wanted: char) -> Result<(), String> {
        if self.take(wanted) {
            return Ok(());
        }
        match self.rest.peek() {
            Some(found) => Err(format!("expected `{wanted}`, found `{found}`")),
            None => Err(format!("expected `{wanted}`, found the end")),
        }
    }

    fn sum(&mut self) -> Answer {
        let mut value = self.product()?;
        loop {
            if self.take('+') {
                value = fits(value.add(self.product()?))?;
            } else if self.take('-') {
                value = fits(value.sub(self.product()?))?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Answer {
        let mut value = self.signed()?;
        loop {
            if self.take('*') {
                value = fits(value.mul(self.signed()?))?;
            } else if self.take('/') {
                let by = self.signed()?;
                if by.is_zero() {
                    return Err("divided by zero".into());
                }
                value = fits(value.div(by))?;
            } else {
                return Ok(value);
            }
        }
    }

    fn signed(&mut self) -> Answer {
        let mut negative = false;
        while self.take('-') {
            negative = !negative;
        }
        let value = self.single()?;
        Ok(if negative { value.neg() } else { value })
    }

    fn single(&mut self) -> Answer {
        if self.take('(') {
            return self.inside(|reader| {
                let value = reader.sum()?;
                reader.need(')')?;
                Ok(value)
            });
        }
        let mut word = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')) {
            word.push(c);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let value = parse_decimal(&word).map_err(|why| why.to_string())?;
            return if self.take('%') { fits(value.div(Ratio::from_int(100))) } else { Ok(value) };
        }
        if word.is_empty() {
            return match self.rest.peek() {
                Some(found) => Err(format!("expected a number, found `{found}`")),
                None => Err("expected a number, found the end".into()),
            };
        }
        self.inside(|reader| reader.function(&word))
    }

    fn inside(&mut self, work: impl FnOnce(&mut Self) -> Answer) -> Answer {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return Err(format!("the sum has more than {DEEPEST} parentheses within each other"));
        }
        let value = work(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(value)
    }

    fn function(&mut self, name: &str) -> Answer {
        if !["min", "max", "clamp", "round", "round2", "floor2"].contains(&name) {
            return Err(format!("`{name}` is no function; they are min max clamp round round2 floor2"));
        }
        self.need('(')?;
        let first = self.sum()?;
        let value = match name {
            "round2" => to_fen(first, Rounding::HalfUp)?,
            "floor2" => to_fen(first, Rounding::Floor)?,
            "round" => {
                self.need(',')?;
                for c in "half_uptofen".chars() {
                    self.need(c)?;
                }
                to_fen(first, Rounding::HalfUp)?
            }
            "clamp" => {
                self.need(',')?;
                let low = self.sum()?;
                self.need(',')?;
                let high = self.sum()?;
                if low > high {
                    return Err("the low end of a clamp is above its high end".into());
                }
                first.max(low).min(high)
            }
            _ => {
                let mut best = first;
                while self.take(',') {
                    let next = self.sum()?;
                    best = if name == "min" { best.min(next) } else { best.max(next) };
                }
                best
            }
        };
        self.need(')')?;
        Ok(value)
    }
}
