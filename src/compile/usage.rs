//! How formulas use figures: added or taken away, as a share, as a cap or a floor, as an edge. The words of a clause are
//! held to it by the proof.

use super::service::Build;
use crate::diagnostic::{Diagnostic, Place};
use crate::figure::Motion;
use crate::formula::{Expr, ExprKind, Figure, FigureUnit, Operator};
use crate::number::Ratio;
use crate::pack::Formula;
use crate::plan::{EntryKind, Kind, Reg};

/// How a formula uses a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Use {
    /// By itself: what becomes of it stands elsewhere.
    #[default]
    Plain,
    /// `rate + 5 points`.
    Added,
    /// `rate - 5 points`.
    Taken,
    /// `x * 30%` that is added or taken itself.
    Moved,
    /// `x * 30%`; whether `x` is money.
    Share(bool),
    /// `x / 3`.
    Divisor,
    /// `min(x, 5000元)`, `cap: 5000元`.
    Cap,
    /// `max(x, 60%)`.
    Floor,
    /// `x <= 3`, a cell `[3, 6)`.
    Edge(Side),
    /// `ledger.stays = 3`.
    Balance,
    /// The one of `ledger.stays + 1`: this stay, beside those before it. It is no policy.
    ThisOne,
}

/// An edge as a formula writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side {
    /// The figure belongs with what is less: `x <= 3`, and `x > 3`, which leaves it there.
    pub(super) with_less: bool,
    /// What is compared is a balance of the ledger, which counts what was before.
    pub(super) ledger: bool,
}

/// A figure met in a formula or a cell.
#[derive(Debug, Clone)]
pub(super) struct Met {
    pub(super) figure: Figure,
    pub(super) place: Place,
    /// Where it stands in its formula.
    pub(super) span: (usize, usize),
    pub(super) how: Use,
}

impl Met {
    /// A figure that stands by itself.
    pub(super) const fn plain(figure: Figure, place: Place) -> Self {
        Self { figure, place, span: (0, 0), how: Use::Plain }
    }
}

/// A name that is a balance of the ledger.
pub(super) fn is_balance(name: &str) -> bool {
    name.strip_prefix("ledger.").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

fn balance(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Name(name) if is_balance(name))
}

fn is_one(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Figure(f) if f.unit == FigureUnit::Number && f.value == Ratio::ONE)
}

fn is_figure(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Figure(_))
}

/// `100%`, of which a share is taken.
fn is_whole(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Figure(f) if f.unit == FigureUnit::Percent && f.value == Ratio::from_int(100))
}

impl<'a> Build<'_, '_, 'a> {
    /// Notes how the figure that an expression is, is used.
    pub(super) fn used(&mut self, e: &Expr, how: Use) {
        if is_figure(e)
            && let Some(met) = self.figures.iter_mut().rev().find(|met| met.span == e.span)
        {
            met.how = how;
        }
    }

    /// Notes what an operation does with the figures that it is directly made of. A figure beside another, and points
    /// beside points, may be a sum that is taken away further on: they say nothing.
    pub(super) fn used_in(&mut self, operator: Operator, a: (&Expr, Reg), b: (&Expr, Reg), f: &Formula<'a>) {
        let ((left, x), (right, y)) = (a, b);
        match operator {
            Operator::Add => {
                for (one, (other, reg)) in [(left, (right, y)), (right, (left, x))] {
                    if self.counts_before(other) && is_one(one) {
                        self.used(one, Use::ThisOne);
                    } else if self.moves(other, reg) {
                        self.moved(one, Use::Added);
                        self.turned(one, Motion::Raises, f);
                    }
                    self.sums(one);
                }
            }
            Operator::Sub => {
                if self.moves(left, x) {
                    self.moved(right, Use::Taken);
                    self.turned(right, Motion::Lowers, f);
                }
                self.sums(right);
            }
            Operator::Mul => {
                let money = |reg| self.builder.kind(reg) == Some(Kind::Money);
                let (x, y) = (money(x), money(y));
                self.used(left, Use::Share(y));
                self.used(right, Use::Share(x));
            }
            Operator::Div => self.used(right, Use::Divisor),
            Operator::Lt | Operator::Le | Operator::Gt | Operator::Ge => {
                let side = |with_less, ledger| Use::Edge(Side { with_less, ledger });
                self.used(right, side(matches!(operator, Operator::Le | Operator::Gt), balance(left)));
                self.used(left, side(matches!(operator, Operator::Lt | Operator::Ge), balance(right)));
            }
            Operator::Eq | Operator::Ne => {
                for (one, other) in [(left, right), (right, left)] {
                    if balance(other) {
                        self.used(one, Use::Balance);
                    }
                }
            }
            Operator::And | Operator::Or => {}
        }
    }

    /// A balance of the ledger that counts encounters.
    fn counts_before(&self, e: &Expr) -> bool {
        let ExprKind::Name(name) = &e.kind else { return false };
        let entries = self.cx.plan.ledger.iter().flat_map(|ledger| &ledger.entries);
        name.strip_prefix("ledger.")
            .is_some_and(|id| entries.into_iter().any(|entry| entry.id == id && entry.kind == EntryKind::Count))
    }

    /// Whether what a figure is added to, or taken from, is itself what the words speak of.
    fn moves(&self, other: &Expr, reg: Reg) -> bool {
        is_whole(other) || !(is_figure(other) || self.builder.kind(reg) == Some(Kind::Points))
    }

    fn moved(&mut self, e: &Expr, how: Use) {
        match &e.kind {
            ExprKind::Binary(Operator::Mul, a, b) => {
                self.used(a, Use::Moved);
                self.used(b, Use::Moved);
            }
            _ => self.used(e, how),
        }
    }

    /// The figures of a step are proved: where all are points that the words move one way, so
    /// does the step.
    pub(super) fn moves_one_way(&mut self, step: &str) {
        let all = std::mem::take(&mut self.motions);
        if let Some(Some(first)) = all.first().copied()
            && all.iter().all(|motion| *motion == Some(first))
        {
            self.moving.insert(step.to_owned(), first);
        }
    }

    /// A step whose text raises is taken off, or one whose text lowers is added.
    fn turned(&mut self, e: &Expr, does: Motion, f: &Formula<'a>) {
        let ExprKind::Name(name) = &e.kind else { return };
        let Some(says) = self.moving.get(name).copied().filter(|says| *says != does) else { return };
        let (en, zh) = match says {
            Motion::Raises => (("raises", "taken off"), ("提高", "减去")),
            Motion::Lowers => (("lowers", "added"), ("降低", "加上")),
        };
        self.cx.scope.report(
            Diagnostic::error("figure-direction", format!("the text of `{name}` {} by it, and here it is {}", en.0, en.1))
                .at(f.spot.part(e.span))
                .help(format!("原文是{}，这里却是{}；若原文确实如此，在那一步的 `reads` 里说明（where the text means it so, say it under the step's `reads`）", zh.0, zh.1)),
        );
    }

    /// A step that is added or taken may be the change itself, and no result.
    fn sums(&mut self, e: &Expr) {
        if let ExprKind::Name(name) = &e.kind {
            self.summed.insert(name.clone());
        }
    }

    /// Reports what was left open for the use of a step further on.
    pub(super) fn settle_doubts(&mut self) {
        for (step, problem) in std::mem::take(&mut self.doubts) {
            if !self.summed.contains(&step) {
                self.cx.scope.report(problem);
            }
        }
    }
}
