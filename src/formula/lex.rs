//! Tokens of a formula.

use super::{Figure, FigureUnit, FormulaError};
use crate::date::Date;
use crate::number::{Ratio, parse_decimal};

/// Longest formula, in characters.
pub const LONGEST: usize = 2_000;

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: (usize, usize),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Figure(Figure),
    Date(Date),
    /// A name, possibly dotted, or a word of the language.
    Word(String),
    /// An operator or bracket.
    Sign(&'static str),
}

const SIGNS: [(&str, &str); 22] = [
    ("!=", "!="),
    ("<=", "<="),
    (">=", ">="),
    ("==", "=="),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("=", "="),
    ("<", "<"),
    (">", ">"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("×", "*"),
    ("/", "/"),
    ("÷", "/"),
    ("(", "("),
    (")", ")"),
    ("{", "{"),
    ("}", "}"),
    (",", ","),
    (":", ":"),
];

/// Unit words, longest first.
const UNITS: [(&str, FigureUnit, i64); 26] = [
    ("个百分点", FigureUnit::Points, 1),
    ("百分点", FigureUnit::Points, 1),
    ("万元", FigureUnit::Yuan, 10_000),
    ("个月", FigureUnit::Months, 1),
    ("points", FigureUnit::Points, 1),
    ("months", FigureUnit::Months, 1),
    ("month", FigureUnit::Months, 1),
    ("point", FigureUnit::Points, 1),
    ("weeks", FigureUnit::Weeks, 1),
    ("years", FigureUnit::Years, 1),
    ("times", FigureUnit::Number, 1),
    ("week", FigureUnit::Weeks, 1),
    ("year", FigureUnit::Years, 1),
    ("days", FigureUnit::Days, 1),
    ("yuan", FigureUnit::Yuan, 1),
    ("day", FigureUnit::Days, 1),
    ("元", FigureUnit::Yuan, 1),
    ("%", FigureUnit::Percent, 1),
    ("％", FigureUnit::Percent, 1),
    ("天", FigureUnit::Days, 1),
    ("日", FigureUnit::Days, 1),
    ("周", FigureUnit::Weeks, 1),
    ("月", FigureUnit::Months, 1),
    ("年", FigureUnit::Years, 1),
    ("倍", FigureUnit::Number, 1),
    ("次", FigureUnit::Number, 1),
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FormulaError> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > LONGEST {
        return Err(FormulaError::new(
            "formula-too-long",
            format!("the formula has {} characters, at most {LONGEST} are read", chars.len()),
            (0, chars.len()),
        )
        .help("split it into steps; each gets a label and a clause of its own"));
    }
    let mut lexer = Lexer { chars: &chars, at: 0 };
    let mut all = Vec::new();
    while lexer.skip_space() {
        all.push(lexer.next()?);
    }
    Ok(all)
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at.saturating_add(ahead)).copied()
    }

    fn skip_space(&mut self) -> bool {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at = self.at.saturating_add(1);
        }
        self.at < self.chars.len()
    }

    fn starts(&self, word: &str) -> bool {
        word.chars().enumerate().all(|(i, c)| self.peek(i) == Some(c))
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek(0).filter(|c| fits(*c)) {
            out.push(c);
            self.at = self.at.saturating_add(1);
        }
        out
    }

    fn next(&mut self) -> Result<Token, FormulaError> {
        let start = self.at;
        let kind = match self.peek(0) {
            Some(c) if c.is_ascii_digit() => self.figure_or_date(start)?,
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                TokenKind::Word(self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.'))
            }
            _ => self.sign(start)?,
        };
        Ok(Token { kind, span: (start, self.at) })
    }

    fn sign(&mut self, start: usize) -> Result<TokenKind, FormulaError> {
        for (written, sign) in SIGNS {
            if self.starts(written) {
                self.at = self.at.saturating_add(written.chars().count());
                if sign == "==" {
                    return Err(FormulaError::new("formula-syntax", "`==` is not an operator", (start, self.at))
                        .help("write `=`"));
                }
                return Ok(TokenKind::Sign(sign));
            }
        }
        let c = self.peek(0).unwrap_or(' ');
        let error = FormulaError::new(
            "formula-syntax",
            format!("`{c}` has no meaning in a formula"),
            (start, start.saturating_add(1)),
        );
        Err(match c {
            '（' | '）' | '，' | '：' => error.help("use half-width signs: ( ) , :"),
            _ => error.help("names are ASCII letters, digits and `_`"),
        })
    }

    fn figure_or_date(&mut self, start: usize) -> Result<TokenKind, FormulaError> {
        if let Some(date) = self.date(start)? {
            return Ok(TokenKind::Date(date));
        }
        let digits = self.take_while(|c| c.is_ascii_digit() || c == '.');
        let value =
            parse_decimal(&digits).map_err(|e| FormulaError::new("formula-figure", e.to_string(), (start, self.at)))?;
        let after_number = self.at;
        while self.peek(0) == Some(' ') {
            self.at = self.at.saturating_add(1);
        }
        for (word, unit, scale) in UNITS {
            let ascii_word = word.is_ascii() && word != "%";
            let ends =
                |l: &Self| !ascii_word || !l.peek(word.len()).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
            if self.starts(word) && ends(self) {
                self.at = self.at.saturating_add(word.chars().count());
                let value = value.mul(Ratio::from_int(scale)).unwrap_or(value);
                return Ok(TokenKind::Figure(Figure { value, unit }));
            }
        }
        self.at = after_number;
        if self.peek(0).is_some_and(|c| c.is_alphanumeric()) {
            let word: String = self.take_while(char::is_alphanumeric);
            return Err(FormulaError::new(
                "formula-figure",
                format!("`{word}` is not a unit"),
                (after_number, self.at),
            )
            .help("units are 元 万元 % points days weeks months years (天 周 个月 年 个百分点 倍)"));
        }
        Ok(TokenKind::Figure(Figure { value, unit: FigureUnit::Number }))
    }

    /// `2021-08-20`: four digits, a dash, two, a dash, two, and then no digit.
    fn date(&mut self, start: usize) -> Result<Option<Date>, FormulaError> {
        let shape = "dddd-dd-dd";
        let fits = shape
            .chars()
            .enumerate()
            .all(|(i, s)| self.peek(i).is_some_and(|c| if s == 'd' { c.is_ascii_digit() } else { c == '-' }));
        if !fits || self.peek(shape.len()).is_some_and(|c| c.is_ascii_digit()) {
            return Ok(None);
        }
        let text: String = self.chars.iter().skip(start).take(shape.len()).collect();
        self.at = self.at.saturating_add(shape.len());
        Date::parse(&text).map(Some).map_err(|e| FormulaError::new("formula-date", e.to_string(), (start, self.at)))
    }
}
