//! The grammar, by recursive descent. Loosest first: `if`, `or`, `and`, `not`, comparison / `in` /
//! `within`, `+ -`, `* /`, unary `-`.

use super::FormulaError;
use super::ast::{Expr, ExprKind, FigureUnit, Operator, Set};
use super::figure::parse_round;
use super::lex::{Token, TokenKind, tokens};
use crate::date::MonthEnd;
use crate::plan::Fold;

/// Deepest nesting.
const DEEPEST: usize = 40;
/// Most operations that stand on each other's results, `a + a + a` included: the compiler recurses so deep.
const LONGEST_CHAIN: usize = 120;

/// Parses a formula.
///
/// # Errors
/// One [`FormulaError`] with the place of the first thing that does not fit.
pub fn parse(text: &str) -> Result<Expr, FormulaError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, end: text.chars().count(), text };
    let expr = parser.expression()?;
    match parser.peek() {
        None => chain(expr),
        Some(token) => Err(parser.unexpected(token, "an operator or the end")),
    }
}

/// The expression, unless too many operations stand on each other's results.
fn chain(expr: Expr) -> Parsed {
    let mut open = vec![(&expr, 1_usize)];
    while let Some((e, depth)) = open.pop() {
        if depth > LONGEST_CHAIN {
            let span = expr.span;
            let message = format!("more than {LONGEST_CHAIN} operations build on each other");
            return Err(FormulaError::new("formula-too-deep", message, span).help("split the formula into steps"));
        }
        e.parts(&mut |part| open.push((part, depth.saturating_add(1))));
    }
    Ok(expr)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    end: usize,
    text: &'a str,
}

type Parsed = Result<Expr, FormulaError>;

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token { kind: TokenKind::Word(w), .. }) if w == word)
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token { kind: TokenKind::Sign(s), .. }) if *s == sign)
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.step();
        }
        found
    }

    fn eat_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.step();
        }
        found
    }

    fn written(&self, span: (usize, usize)) -> String {
        self.text.chars().skip(span.0).take(span.1.saturating_sub(span.0)).collect()
    }

    fn unexpected(&self, token: &Token, expected: &str) -> FormulaError {
        FormulaError::new(
            "formula-syntax",
            format!("found `{}` where {expected} is expected", self.written(token.span)),
            token.span,
        )
    }

    fn need_sign(&mut self, sign: &'static str) -> Result<(), FormulaError> {
        if self.eat_sign(sign) {
            return Ok(());
        }
        match self.peek() {
            Some(token) => Err(self.unexpected(token, &format!("`{sign}`"))),
            None => Err(FormulaError::new(
                "formula-syntax",
                format!("the formula ends where `{sign}` is expected"),
                (self.end, self.end),
            )),
        }
    }

    fn need_word(&mut self, word: &'static str) -> Result<(), FormulaError> {
        if self.eat_word(word) {
            return Ok(());
        }
        match self.peek() {
            Some(token) => Err(self.unexpected(token, &format!("`{word}`"))),
            None => Err(FormulaError::new(
                "formula-syntax",
                format!("the formula ends where `{word}` is expected"),
                (self.end, self.end),
            )),
        }
    }

    fn name(&mut self, what: &str) -> Result<(String, (usize, usize)), FormulaError> {
        match self.peek() {
            Some(Token { kind: TokenKind::Word(word), span }) => {
                self.step();
                Ok((word.clone(), *span))
            }
            Some(token) => Err(self.unexpected(token, what)),
            None => Err(FormulaError::new(
                "formula-syntax",
                format!("the formula ends where {what} is expected"),
                (self.end, self.end),
            )),
        }
    }

    fn expression(&mut self) -> Parsed {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            let at = self.peek().map_or((self.end, self.end), |t| t.span);
            return Err(FormulaError::new(
                "formula-too-deep",
                format!("more than {DEEPEST} levels of brackets and `if`"),
                at,
            )
            .help("split the formula into steps"));
        }
        let result = self.conditional();
        self.depth = self.depth.saturating_sub(1);
        result
    }

    fn conditional(&mut self) -> Parsed {
        let start = self.peek().map_or(self.end, |t| t.span.0);
        if !self.eat_word("if") {
            return self.either();
        }
        let condition = self.expression()?;
        self.need_word("then")?;
        let yes = self.expression()?;
        self.need_word("else")?;
        let no = self.expression()?;
        let span = (start, no.span.1);
        Ok(Expr { kind: ExprKind::If(Box::new(condition), Box::new(yes), Box::new(no)), span })
    }

    fn either(&mut self) -> Parsed {
        let mut left = self.both()?;
        while self.eat_word("or") {
            left = binary(Operator::Or, left, self.both()?);
        }
        Ok(left)
    }

    fn both(&mut self) -> Parsed {
        let mut left = self.negated()?;
        while self.eat_word("and") {
            left = binary(Operator::And, left, self.negated()?);
        }
        Ok(left)
    }

    fn negated(&mut self) -> Parsed {
        let start = self.peek().map_or(self.end, |t| t.span.0);
        let mut nots = 0_usize;
        while self.eat_word("not") {
            nots = nots.saturating_add(1);
            if nots > DEEPEST {
                return Err(FormulaError::new(
                    "formula-too-deep",
                    format!("more than {DEEPEST} `not` in a row"),
                    (start, start),
                )
                .help("two `not` say nothing: leave them out"));
            }
        }
        let mut expr = self.comparison()?;
        for _ in 0..nots {
            let span = (start, expr.span.1);
            expr = Expr { kind: ExprKind::Not(Box::new(expr)), span };
        }
        Ok(expr)
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        if self.eat_word("in") {
            return self.membership(left);
        }
        if self.eat_word("within") {
            let span_ = self.sum()?;
            self.need_word("of")?;
            let day = self.sum()?;
            let span = (left.span.0, day.span.1);
            return Ok(Expr { kind: ExprKind::Within(Box::new(left), Box::new(span_), Box::new(day)), span });
        }
        let operator = match self.peek() {
            Some(Token { kind: TokenKind::Sign(sign), .. }) => match *sign {
                "=" => Operator::Eq,
                "!=" => Operator::Ne,
                "<" => Operator::Lt,
                "<=" => Operator::Le,
                ">" => Operator::Gt,
                ">=" => Operator::Ge,
                _ => return Ok(left),
            },
            _ => return Ok(left),
        };
        self.step();
        let right = self.sum()?;
        if let Some(token @ Token { kind: TokenKind::Sign("=" | "!=" | "<" | "<=" | ">" | ">="), .. }) = self.peek() {
            return Err(self.unexpected(token, "the end of the comparison").help("write `a <= x and x <= b`"));
        }
        Ok(binary(operator, left, right))
    }

    fn membership(&mut self, left: Expr) -> Parsed {
        if self.eat_sign("{") {
            let mut all = Vec::new();
            loop {
                all.push(self.name("an option")?);
                if !self.eat_sign(",") {
                    break;
                }
            }
            let end = self.peek().map_or(self.end, |t| t.span.1);
            self.need_sign("}")?;
            let span = (left.span.0, end);
            return Ok(Expr { kind: ExprKind::In(Box::new(left), Set::Options(all)), span });
        }
        let (group, at) = self.name("a group or `{`")?;
        let on = if self.eat_word("on") { Some(Box::new(self.sum()?)) } else { None };
        let span = (left.span.0, on.as_ref().map_or(at.1, |e| e.span.1));
        Ok(Expr { kind: ExprKind::In(Box::new(left), Set::Group(group, at, on)), span })
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            let operator = if self.eat_sign("+") {
                Operator::Add
            } else if self.eat_sign("-") {
                Operator::Sub
            } else {
                return Ok(left);
            };
            left = binary(operator, left, self.product()?);
        }
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.signed()?;
        loop {
            let operator = if self.eat_sign("*") {
                Operator::Mul
            } else if self.eat_sign("/") {
                Operator::Div
            } else {
                return Ok(left);
            };
            left = binary(operator, left, self.signed()?);
        }
    }

    fn signed(&mut self) -> Parsed {
        let start = self.peek().map_or(self.end, |t| t.span.0);
        if !self.eat_sign("-") {
            return self.primary();
        }
        let inner = self.primary()?;
        let span = (start, inner.span.1);
        // A minus before a figure is part of the figure, so that it stays a literal.
        Ok(match inner.kind {
            ExprKind::Figure(figure) => {
                Expr { kind: ExprKind::Figure(super::Figure { value: figure.value.neg(), ..figure }), span }
            }
            _ => Expr { kind: ExprKind::Negative(Box::new(inner)), span },
        })
    }

    fn primary(&mut self) -> Parsed {
        let Some(token) = self.peek() else {
            return Err(FormulaError::new(
                "formula-syntax",
                "the formula ends where a value is expected",
                (self.end, self.end),
            ));
        };
        let span = token.span;
        match &token.kind {
            TokenKind::Figure(figure) => {
                self.step();
                Ok(Expr { kind: ExprKind::Figure(*figure), span })
            }
            TokenKind::Date(date) => {
                self.step();
                Ok(Expr { kind: ExprKind::Date(*date), span })
            }
            TokenKind::Sign("(") => {
                self.step();
                let inner = self.expression()?;
                let end = self.peek().map_or(self.end, |t| t.span.1);
                self.need_sign(")")?;
                Ok(Expr { kind: inner.kind, span: (span.0, end) })
            }
            TokenKind::Sign(_) => Err(self.unexpected(token, "a value")),
            TokenKind::Word(word) => self.word(word, span),
        }
    }

    fn word(&mut self, word: &str, span: (usize, usize)) -> Parsed {
        if matches!(
            word,
            "then" | "else" | "and" | "or" | "in" | "within" | "of" | "on" | "where" | "to" | "if" | "not"
        ) {
            let token = Token { kind: TokenKind::Word(word.into()), span };
            return Err(self.unexpected(&token, "a value"));
        }
        self.step();
        match word {
            "true" => return Ok(Expr { kind: ExprKind::Truth(true), span }),
            "false" => return Ok(Expr { kind: ExprKind::Truth(false), span }),
            _ => {}
        }
        if !self.is_sign("(") {
            if word.ends_with('.') || word.contains("..") {
                return Err(FormulaError::new("formula-syntax", format!("`{word}` is not a name"), span));
            }
            return Ok(Expr { kind: ExprKind::Name(word.into()), span });
        }
        self.step();
        let kind = self.call(word, span)?;
        let end = self.peek().map_or(self.end, |t| t.span.1);
        self.need_sign(")")?;
        Ok(Expr { kind, span: (span.0, end) })
    }

    fn call(&mut self, word: &str, span: (usize, usize)) -> Result<ExprKind, FormulaError> {
        match word {
            "round" => self.round(),
            "add_months" => self.add_months(),
            "left" => {
                let mut parts = Vec::new();
                loop {
                    parts.push(self.name("a part of the bill")?);
                    if !self.eat_sign(",") {
                        return Ok(ExprKind::Left(parts));
                    }
                }
            }
            "cost_for" => {
                let (step, at) = self.name("a bands step")?;
                self.need_sign(",")?;
                Ok(ExprKind::CostFor(step, at, Box::new(self.expression()?)))
            }
            "sum" | "count" | "any" | "all" => self.aggregate(word),
            "min" | "max" if self.looks_like_list() => self.aggregate(word),
            "min" | "max" | "clamp" | "days_between" | "months_between" | "years_between" | "year" | "applies" => self.plain_call(word),
            _ => Err(FormulaError::new("unknown-function", format!("`{word}` is not a function"), span)
                .help("functions are min max clamp round days_between months_between years_between year add_months applies left cost_for sum count any all")),
        }
    }

    /// `min(lines: …)` is an aggregate, `min(a, b)` a call.
    fn looks_like_list(&self) -> bool {
        let after = self.tokens.get(self.at.saturating_add(1));
        matches!(self.peek(), Some(Token { kind: TokenKind::Word(_), .. }))
            && matches!(after, Some(Token { kind: TokenKind::Sign(":"), .. }))
    }

    fn plain_call(&mut self, word: &str) -> Result<ExprKind, FormulaError> {
        let mut arguments = vec![self.expression()?];
        while self.eat_sign(",") {
            arguments.push(self.expression()?);
        }
        Ok(ExprKind::Call(word.into(), arguments))
    }

    fn round(&mut self) -> Result<ExprKind, FormulaError> {
        let value = self.expression()?;
        self.need_sign(",")?;
        let from = self.peek().map_or(self.end, |t| t.span.0);
        let mut to = from;
        while let Some(token) = self.peek().filter(|t| !matches!(t.kind, TokenKind::Sign(")"))) {
            to = token.span.1;
            self.step();
        }
        let written = self.written((from, to));
        let how = parse_round(&written).map_err(|e| FormulaError { start: from, end: to.max(from), ..e })?;
        Ok(ExprKind::Round(Box::new(value), how))
    }

    fn add_months(&mut self) -> Result<ExprKind, FormulaError> {
        let day = self.expression()?;
        self.need_sign(",")?;
        let months = self.expression()?;
        self.need_sign(",")?;
        let (word, at) = self.name("`clip`, `next` or `refuse`")?;
        let end = match word.as_str() {
            "clip" => MonthEnd::Clip,
            "next" => MonthEnd::Next,
            "refuse" => MonthEnd::Refuse,
            _ => {
                return Err(FormulaError::new(
                    "month-end",
                    format!("`{word}` does not say what happens at the end of a month"),
                    at,
                )
                .help("`clip` (31 January + 1 month is 28 February), `next` (1 March) or `refuse`"));
            }
        };
        Ok(ExprKind::AddMonths(Box::new(day), Box::new(months), end))
    }

    fn aggregate(&mut self, word: &str) -> Result<ExprKind, FormulaError> {
        let fold = match word {
            "sum" => Fold::Sum,
            "count" => Fold::Count,
            "any" => Fold::Any,
            "all" => Fold::All,
            "min" => Fold::Min,
            _ => Fold::Max,
        };
        let list = self.name("a list")?;
        let value = if fold == Fold::Count && !self.is_sign(":") {
            None
        } else {
            self.need_sign(":")?;
            Some(Box::new(self.expression()?))
        };
        let filter = if self.eat_word("where") { Some(Box::new(self.expression()?)) } else { None };
        // `count(lines: holds)` reads as `count(lines where holds)`.
        Ok(match (fold, value, filter) {
            (Fold::Count, Some(holds), None) => ExprKind::Aggregate { fold, list, value: None, filter: Some(holds) },
            (_, value, filter) => ExprKind::Aggregate { fold, list, value, filter },
        })
    }
}

fn binary(operator: Operator, left: Expr, right: Expr) -> Expr {
    let span = (left.span.0, right.span.1);
    Expr { kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)), span }
}

impl FigureUnit {
    /// The word a figure of this unit is written with.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::Percent => "%",
            Self::Points => " points",
            Self::Days => " days",
            Self::Weeks => " weeks",
            Self::Months => " months",
            Self::Years => " years",
            Self::Number => "",
        }
    }
}
