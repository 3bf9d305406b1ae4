//! Expressions become instructions; units are checked as each one is added.

use super::service::Build;
use super::units::{kind_of, parts, register_value};
use super::usage::{Met, Side, Use};
use crate::diagnostic::Diagnostic;
use crate::formula::{Expr, ExprKind, Figure, Operator, RoundTo, Set};
use crate::pack::Formula;
use crate::plan::{Aggregate, Comparison, Constant, Fold, Instr, Kind, Problem, Reg, State};

impl<'a> Build<'_, '_, 'a> {
    /// Compiles a whole formula; its names are kept for the reader.
    pub(super) fn formula(&mut self, formula: &Formula<'a>, want: Option<Kind>) -> Option<Reg> {
        self.pieces.clear();
        self.expr(&formula.expr, formula, want)
    }

    pub(super) fn wrong(
        &self,
        code: &'static str,
        message: impl Into<String>,
        span: (usize, usize),
        formula: &Formula<'a>,
    ) -> Diagnostic {
        Diagnostic::error(code, message).at(formula.spot.part(span))
    }

    fn refuse<T>(&self, problem: Diagnostic) -> Option<T> {
        self.cx.scope.report(problem);
        None
    }

    /// Adds an instruction; a misfit is reported at the expression.
    fn emit(&mut self, instr: Instr, e: &Expr, f: &Formula<'a>) -> Option<Reg> {
        match self.builder.push(instr) {
            Ok(reg) => Some(reg),
            Err(Problem::TooMany(_)) if self.builder.told() => None,
            Err(problem) => {
                let code = problem_code(&problem);
                let diagnostic = self.wrong(code, problem.to_string(), e.span, f);
                self.refuse(match problem {
                    Problem::TooMany(_) => diagnostic.help("split the service, or the pack"),
                    _ => diagnostic,
                })
            }
        }
    }

    pub(super) fn expr(&mut self, e: &Expr, f: &Formula<'a>, want: Option<Kind>) -> Option<Reg> {
        match &e.kind {
            ExprKind::Figure(figure) => self.figure(*figure, e, f),
            ExprKind::Date(date) => {
                self.dates.push((*date, f.spot.part(e.span)));
                self.emit(figure_instr(Kind::Date, i64::from(date.days()), 1), e, f)
            }
            ExprKind::Truth(yes) => self.emit(figure_instr(Kind::Bool, i64::from(*yes), 1), e, f),
            ExprKind::Name(name) => self.name(name, e, f, want),
            ExprKind::Negative(inner) => {
                let reg = self.expr(inner, f, None)?;
                let kind = self.builder.kind(reg)?;
                let zero = self.emit(figure_instr(kind, 0, 1), e, f)?;
                self.emit(Instr::Sub(zero, reg), e, f)
            }
            ExprKind::Not(inner) => {
                let reg = self.expr(inner, f, Some(Kind::Bool))?;
                self.emit(Instr::Not(reg), e, f)
            }
            ExprKind::Binary(operator, a, b) => self.binary(*operator, a, b, e, f),
            ExprKind::If(c, a, b) => {
                let c = self.expr(c, f, Some(Kind::Bool));
                let a = self.expr(a, f, want);
                let b = self.expr(b, f, want);
                self.emit(Instr::If(c?, a?, b?), e, f)
            }
            ExprKind::In(value, set) => self.membership(value, set, e, f),
            ExprKind::Within(day, span, from) => self.within(day, span, from, e, f),
            ExprKind::Round(value, how) => self.round_call(value, *how, e, f),
            ExprKind::AddMonths(day, months, end) => {
                let day = self.expr(day, f, None);
                let months = self.expr(months, f, None);
                let reason = self.reason(
                    "no-such-day",
                    "加上这些月后没有这一天",
                    "there is no such day in that month",
                    Vec::new(),
                );
                self.emit(Instr::AddMonths(day?, months?, *end, reason), e, f)
            }
            ExprKind::Left(names) => self.left(names, e, f),
            ExprKind::CostFor(step, at, payment) => {
                let payment = self.expr(payment, f, None);
                match self.bands.get(&self.full_name(step)).or_else(|| self.bands.get(step)).copied() {
                    Some(bands) => self.emit(Instr::CostFor(bands, payment?), e, f),
                    None => {
                        let problem = self.wrong("unknown-name", format!("`{step}` is not a bands step above"), *at, f);
                        self.refuse(problem)
                    }
                }
            }
            ExprKind::Call(name, arguments) => self.call(name, arguments, e, f),
            ExprKind::Aggregate { fold, list, value, filter } => {
                self.aggregate(*fold, list, value.as_deref(), filter.as_deref(), e, f)
            }
        }
    }

    fn figure(&mut self, figure: Figure, e: &Expr, f: &Formula<'a>) -> Option<Reg> {
        self.figures.push(Met { figure, place: f.spot.part(e.span), span: e.span, how: Use::Plain });
        match register_value(figure).and_then(parts) {
            Some((num, den)) => self.emit(figure_instr(kind_of(figure.unit), num, den), e, f),
            None => {
                let problem =
                    self.wrong("figure-too-large", "the figure is too large or has too many decimals", e.span, f);
                self.refuse(problem)
            }
        }
    }

    fn name(&mut self, name: &str, e: &Expr, f: &Formula<'a>, want: Option<Kind>) -> Option<Reg> {
        if let Some(Kind::Choice(set)) = want
            && let Some(code) = self.option(set, name)
        {
            return self.emit(figure_instr(Kind::Choice(set), code, 1), e, f);
        }
        if let Some(reg) = self.look_up(name) {
            self.pieces.push((e.span, reg));
            return Some(reg);
        }
        if let Some(reg) = self.each_step(name) {
            return reg;
        }
        if self.is_broken(name) {
            return None;
        }
        let known = if self.cx.scope.is_full() { Vec::new() } else { self.known_names() };
        if let Some(Kind::Choice(set)) = want.filter(|_| !self.raw_order.iter().any(|id| id == name)) {
            let options: Vec<&str> = self
                .cx
                .plan
                .choices
                .get(set as usize)
                .map(|s| s.options.iter().map(|o| o.id.as_str()).collect())
                .unwrap_or_default();
            let problem = self.wrong("unknown-option", format!("there is no option `{name}` here"), e.span, f);
            return self.refuse(problem.meant(name, options.iter().copied()));
        }
        if self.raw_order.iter().any(|id| id == name) {
            let problem = self.wrong(
                "read-too-early",
                format!("`{name}` stands further down; a formula reads the steps above it"),
                e.span,
                f,
            );
            return self.refuse(problem.help("move that step up, or this one down"));
        }
        let problem =
            self.wrong("unknown-name", format!("`{name}` is not a fact, step, parameter or option here"), e.span, f);
        self.refuse(problem.meant_only(name, known.iter().map(String::as_str)))
    }

    pub(super) fn option(&self, set: u16, name: &str) -> Option<i64> {
        let set = self.cx.plan.choices.get(set as usize)?;
        set.options.iter().position(|o| o.id == name).and_then(|n| i64::try_from(n).ok())
    }

    /// Whether an expression is a word that only an option can be.
    fn only_an_option(&self, e: &Expr) -> bool {
        matches!(&e.kind, ExprKind::Name(name) if self.look_up(name).is_none() && !self.is_each_step(name))
    }

    fn binary(&mut self, operator: Operator, a: &Expr, b: &Expr, e: &Expr, f: &Formula<'a>) -> Option<Reg> {
        if matches!(operator, Operator::And | Operator::Or) {
            let a = self.expr(a, f, Some(Kind::Bool));
            let b = self.expr(b, f, Some(Kind::Bool));
            let (a, b) = (a?, b?);
            return self.emit(if operator == Operator::And { Instr::And(a, b) } else { Instr::Or(a, b) }, e, f);
        }
        let (x, y) = if self.only_an_option(a) {
            let y = self.expr(b, f, None)?;
            (self.expr(a, f, self.builder.kind(y))?, y)
        } else {
            let x = self.expr(a, f, None);
            let kind = x.and_then(|x| self.builder.kind(x));
            let y = self.expr(b, f, kind.filter(|k| matches!(k, Kind::Choice(_))));
            (x?, y?)
        };
        self.used_in(operator, (a, x), (b, y), f);
        if let Operator::Eq | Operator::Ne = operator
            && let Some(other) = self.unlisted(x, y)
        {
            return self.identity(operator == Operator::Eq, x, y, other, e, f);
        }
        let instr = match operator {
            Operator::Add => Instr::Add(x, y),
            Operator::Sub => Instr::Sub(x, y),
            Operator::Mul => Instr::Mul(x, y),
            Operator::Div => Instr::Div(x, y),
            Operator::Eq => self.compared(Comparison::Eq, x, y),
            Operator::Ne => self.compared(Comparison::Ne, x, y),
            Operator::Lt => self.compared(Comparison::Lt, x, y),
            Operator::Le => self.compared(Comparison::Le, x, y),
            Operator::Gt => self.compared(Comparison::Gt, x, y),
            Operator::Ge => self.compared(Comparison::Ge, x, y),
            Operator::And | Operator::Or => return None,
        };
        self.emit(instr, e, f)
    }

    /// The option that stands for everything not listed, where both sides are answers that may be it.
    fn unlisted(&self, x: Reg, y: Reg) -> Option<u32> {
        let written = |reg| matches!(self.builder.program.writer(reg), Some(Instr::Figure(_)));
        match self.builder.kind(x) {
            Some(Kind::Choice(set)) if self.builder.kind(y) == self.builder.kind(x) => {
                self.cx.unlisted(set).filter(|_| !written(x) && !written(y))
            }
            _ => None,
        }
    }

    /// Whether two answers are the same one (or, unless `same`, different ones). Two that are both none of those
    /// listed may be either: that is unknown.
    fn identity(&mut self, same: bool, x: Reg, y: Reg, other: u32, e: &Expr, f: &Formula<'a>) -> Option<Reg> {
        let kind = self.builder.kind(x)?;
        let equal = self.emit(Instr::Cmp(Comparison::Eq, x, y), e, f)?;
        let other = self.emit(figure_instr(kind, i64::from(other), 1), e, f)?;
        let (a, b) = (Instr::Cmp(Comparison::Eq, x, other), Instr::Cmp(Comparison::Eq, y, other));
        let (a, b) = (self.emit(a, e, f)?, self.emit(b, e, f)?);
        let unlisted = self.emit(Instr::And(a, b), e, f)?;
        let nobody_knows = Constant { kind: Kind::Bool, num: 0, den: 1, state: State::Unknown, reason: 0 };
        let nobody_knows = self.emit(Instr::Figure(nobody_knows), e, f)?;
        let [yes, no] = [same, !same].map(|is| figure_instr(Kind::Bool, i64::from(is), 1));
        let (yes, no) = (self.emit(yes, e, f)?, self.emit(no, e, f)?);
        let known = self.emit(Instr::If(unlisted, nobody_knows, yes), e, f)?;
        self.emit(Instr::If(equal, known, no), e, f)
    }

    /// Days and months are compared by the spans that months can have.
    fn compared(&self, how: Comparison, x: Reg, y: Reg) -> Instr {
        let turned = match how {
            Comparison::Lt => Comparison::Gt,
            Comparison::Le => Comparison::Ge,
            Comparison::Gt => Comparison::Lt,
            Comparison::Ge => Comparison::Le,
            same => same,
        };
        match (self.builder.kind(x), self.builder.kind(y)) {
            (Some(Kind::Days), Some(Kind::Months)) => Instr::CmpSpan(how, x, y),
            (Some(Kind::Months), Some(Kind::Days)) => Instr::CmpSpan(turned, y, x),
            _ => Instr::Cmp(how, x, y),
        }
    }

    fn membership(&mut self, value: &Expr, set: &Set, e: &Expr, f: &Formula<'a>) -> Option<Reg> {
        let reg = self.expr(value, f, None)?;
        match set {
            Set::Options(names) => {
                let Some(Kind::Choice(choices)) = self.builder.kind(reg) else {
                    let problem = self.wrong("units", "`in` needs an option on its left", value.span, f);
                    return self.refuse(problem);
                };
                let mut codes = Vec::new();
                for (name, at) in names {
                    match self.option(choices, name).and_then(|n| u32::try_from(n).ok()) {
                        Some(code) => codes.push(code),
                        None => {
                            let problem =
                                self.wrong("unknown-option", format!("there is no option `{name}` here"), *at, f);
                            self.cx.scope.report(problem);
                        }
                    }
                }
                self.emit(Instr::InSet(reg, codes), e, f)
            }
            Set::Group(name, at, on) => {
                let Some(group) = self.cx.plan.groups.iter().position(|g| g.id == *name) else {
                    let problem = self.wrong("unknown-name", format!("there is no group `{name}`"), *at, f);
                    return self.refuse(problem);
                };
                let on = match on {
                    Some(day) => Some(self.expr(day, f, None)?),
                    None => None,
                };
                self.emit(Instr::InGroup(reg, super::builder::number(group), on), e, f)
            }
        }
    }

    /// `a within n days of b`: b ≤ a and a − b ≤ n.
    fn within(&mut self, day: &Expr, span: &Expr, from: &Expr, e: &Expr, f: &Formula<'a>) -> Option<Reg> {
        let (day, span_reg, from) = (self.expr(day, f, None), self.expr(span, f, None), self.expr(from, f, None));
        self.used(span, Use::Edge(Side { with_less: true, ledger: false }));
        let (day, span_reg, from) = (day?, span_reg?, from?);
        if self.builder.kind(span_reg) == Some(Kind::Months) {
            let problem = self
                .wrong(
                    "month-end",
                    "`within … months of` does not say what happens at the end of a month",
                    span.span,
                    f,
                )
                .help("write `day <= add_months(other, 2 months, clip)`");
            return self.refuse(problem);
        }
        let difference = self.emit(Instr::Sub(day, from), e, f)?;
        let after = self.emit(Instr::Cmp(Comparison::Ge, day, from), e, f)?;
        let near = self.emit(Instr::Cmp(Comparison::Le, difference, span_reg), e, f)?;
        self.emit(Instr::And(after, near), e, f)
    }

    fn round_call(&mut self, value: &Expr, how: RoundTo, e: &Expr, f: &Formula<'a>) -> Option<Reg> {
        let Some((num, den)) = parts(how.unit) else {
            return self.refuse(self.wrong("rounding", "the unit is too large", e.span, f));
        };
        let reg = match &value.kind {
            ExprKind::Binary(Operator::Div, a, b) => {
                let (a, b) = (self.expr(a, f, None), self.expr(b, f, None));
                self.emit(Instr::DivRound(a?, b?, how.mode, num, den), e, f)?
            }
            _ => {
                let reg = self.expr(value, f, None)?;
                self.emit(Instr::Round(reg, how.mode, num, den), e, f)?
            }
        };
        let money = self.builder.kind(reg) == Some(Kind::Money);
        if money != how.money {
            let message = if money {
                "money rounds to fen or yuan"
            } else {
                "only money rounds to fen or yuan; write a number, as in `ceiling to 1`"
            };
            return self.refuse(self.wrong("rounding", message, e.span, f));
        }
        Some(reg)
    }

    fn left(&mut self, names: &[(String, (usize, usize))], e: &Expr, f: &Formula<'a>) -> Option<Reg> {
        let mut sum: Option<Reg> = None;
        for (name, at) in names {
            let found = self.bill.as_ref().and_then(|bill| bill.parts.iter().find(|p| p.id == *name)).map(|p| p.left);
            let Some(next) = found else {
                if self.bill.is_none() && self.has_broken() {
                    return None;
                }
                return self.refuse(self.wrong("unknown-part", format!("the bill has no part `{name}`"), *at, f));
            };
            sum = Some(match sum {
                None => next,
                Some(so_far) => self.emit(Instr::Add(so_far, next), e, f)?,
            });
        }
        sum
    }

    fn call(&mut self, name: &str, arguments: &[Expr], e: &Expr, f: &Formula<'a>) -> Option<Reg> {
        let counts: (usize, usize) = match name {
            "min" | "max" => (2, 64),
            "clamp" => (3, 3),
            "year" | "applies" => (1, 1),
            _ => (2, 2),
        };
        if arguments.len() < counts.0 || arguments.len() > counts.1 {
            let expected = if counts.0 == counts.1 { counts.0.to_string() } else { format!("{} or more", counts.0) };
            return self.refuse(self.wrong(
                "argument-count",
                format!("`{name}` takes {expected} values, found {}", arguments.len()),
                e.span,
                f,
            ));
        }
        let regs: Vec<Option<Reg>> = arguments.iter().map(|argument| self.expr(argument, f, None)).collect();
        let regs: Option<Vec<Reg>> = regs.into_iter().collect();
        let regs = regs?;
        let roles: &[Use] = match name {
            "min" => &[Use::Cap],
            "max" => &[Use::Floor],
            "clamp" => &[Use::Plain, Use::Floor, Use::Cap],
            _ => &[Use::Plain],
        };
        for (argument, how) in arguments.iter().zip(roles.iter().cycle()) {
            self.used(argument, *how);
        }
        let instr = match (name, regs.as_slice()) {
            ("clamp", [x, low, high]) => {
                let floor = self.emit(Instr::Max(*x, *low), e, f)?;
                Instr::Min(floor, *high)
            }
            ("min" | "max", [first, rest @ ..]) => {
                let mut so_far = *first;
                for next in rest {
                    so_far = self.emit(
                        if name == "min" { Instr::Min(so_far, *next) } else { Instr::Max(so_far, *next) },
                        e,
                        f,
                    )?;
                }
                return Some(so_far);
            }
            ("days_between", [a, b]) => {
                if self.builder.kind(*a) != Some(Kind::Date) || self.builder.kind(*b) != Some(Kind::Date) {
                    return self.refuse(self.wrong("units", "`days_between` takes two dates", e.span, f));
                }
                Instr::Sub(*b, *a)
            }
            ("months_between", [a, b]) => Instr::MonthsBetween(*a, *b),
            ("years_between", [a, b]) => Instr::YearsBetween(*a, *b),
            ("year", [a]) => Instr::YearOf(*a),
            ("applies", [a]) => Instr::Applies(*a),
            _ => return None,
        };
        self.emit(instr, e, f)
    }

    fn aggregate(
        &mut self,
        fold: Fold,
        list: &(String, (usize, usize)),
        value: Option<&Expr>,
        filter: Option<&Expr>,
        e: &Expr,
        f: &Formula<'a>,
    ) -> Option<Reg> {
        if self.builder.block.is_some() {
            return self.refuse(
                self.wrong("nested-list", "an aggregate cannot stand inside another", e.span, f)
                    .help("compute the inner one in a step above"),
            );
        }
        let Some(index) = self.cx.lists.iter().position(|l| l.name == list.0) else {
            return self.refuse(self.wrong("unknown-name", format!("`{}` is not a list", list.0), list.1, f));
        };
        let yes = self.builder.truth(true).ok()?;
        let block = self.open_list(super::builder::number(index))?;
        let filter_reg = filter.map(|expr| self.expr(expr, f, Some(Kind::Bool)));
        let value_reg = value.map_or(Some(yes), |expr| self.expr(expr, f, None));
        self.close_list();
        let filter = match filter_reg {
            None => None,
            Some(reg) => Some(reg?),
        };
        self.emit(Instr::Aggregate(Aggregate { fold, block, value: value_reg?, filter }), e, f)
    }
}

fn figure_instr(kind: Kind, num: i64, den: i64) -> Instr {
    Instr::Figure(Constant { kind, num, den, state: State::Known, reason: 0 })
}

/// The stable code of a misfit.
pub(super) fn problem_code(problem: &Problem) -> &'static str {
    match problem {
        Problem::Units(_) => "units",
        Problem::TooWide => "overflow",
        Problem::TooMany(_) => "program-too-large",
        Problem::ZeroDivisor => "zero-divisor",
        Problem::OpenDivisor => "open-divisor",
        Problem::Edges => "band-edges",
        Problem::Register(_) | Problem::Missing(_) => "internal",
    }
}
