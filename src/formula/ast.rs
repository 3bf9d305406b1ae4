//! The tree of a formula.

use crate::date::{Date, MonthEnd};
use crate::number::{Ratio, Rounding};
use crate::plan::Fold;

/// An expression and where it stands, in characters of the formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// First character, and one past the last.
    pub span: (usize, usize),
}

/// A figure as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Its value in the unit's own terms: 200 for `200元`, 75 for `75%`, 12 for `12 weeks`.
    pub value: Ratio,
    /// Unit.
    pub unit: FigureUnit,
}

/// Unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FigureUnit {
    Yuan,
    Percent,
    Points,
    Days,
    Weeks,
    Months,
    Years,
    Number,
}

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    And,
    Or,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// What `in` looks into.
#[derive(Debug, Clone, PartialEq)]
pub enum Set {
    /// `{a, b}`: option ids with their places.
    Options(Vec<(String, (usize, usize))>),
    /// A group of institutions or a code list, on a day if one is named.
    Group(String, (usize, usize), Option<Box<Expr>>),
}

/// How and to what a value is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundTo {
    /// Mode.
    pub mode: Rounding,
    /// Multiple, in register units of money (fen) or of the number.
    pub unit: Ratio,
    /// Whether the unit is one of money.
    pub money: bool,
}

/// Kinds of expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A figure.
    Figure(Figure),
    /// A civil day.
    Date(Date),
    /// `true` or `false`.
    Truth(bool),
    /// A fact, step, parameter or option.
    Name(String),
    /// `-x`.
    Negative(Box<Expr>),
    /// `not x`.
    Not(Box<Expr>),
    /// `a op b`.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `if c then a else b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x in …`.
    In(Box<Expr>, Set),
    /// `day within 28 days of day`: not before, and at most so long after.
    Within(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `round(x, mode to unit)`.
    Round(Box<Expr>, RoundTo),
    /// `add_months(day, months, end)`.
    AddMonths(Box<Expr>, Box<Expr>, MonthEnd),
    /// `left(part, …)`.
    Left(Vec<(String, (usize, usize))>),
    /// `cost_for(step, payment)`.
    CostFor(String, (usize, usize), Box<Expr>),
    /// A call of a plain function.
    Call(String, Vec<Expr>),
    /// `sum(list: value where filter)`.
    Aggregate {
        /// What is done.
        fold: Fold,
        /// Name of the list and its place.
        list: (String, (usize, usize)),
        /// Value of each record; none for `count`.
        value: Option<Box<Expr>>,
        /// Which records count.
        filter: Option<Box<Expr>>,
    },
}

impl Expr {
    /// Calls `f` with each expression that this one is directly made of.
    pub fn parts<'e>(&'e self, f: &mut dyn FnMut(&'e Self)) {
        match &self.kind {
            ExprKind::Name(_) | ExprKind::Figure(_) | ExprKind::Date(_) | ExprKind::Truth(_) | ExprKind::Left(_) => {}
            ExprKind::Negative(a) | ExprKind::Not(a) | ExprKind::Round(a, _) | ExprKind::CostFor(_, _, a) => f(a),
            ExprKind::Binary(_, a, b) | ExprKind::AddMonths(a, b, _) => {
                f(a);
                f(b);
            }
            ExprKind::If(a, b, c) | ExprKind::Within(a, b, c) => {
                f(a);
                f(b);
                f(c);
            }
            ExprKind::In(a, set) => {
                f(a);
                if let Set::Group(_, _, Some(on)) = set {
                    f(on);
                }
            }
            ExprKind::Call(_, all) => all.iter().for_each(f),
            ExprKind::Aggregate { value, filter, .. } => value.iter().chain(filter).for_each(|e| f(e)),
        }
    }
}
