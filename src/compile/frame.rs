//! National bounds on local steps.

use super::builder::number;
use super::service::Build;
use super::units::{kind_of, parts, register_value};
use crate::date::month_span;
use crate::diagnostic::Diagnostic;
use crate::formula::Figure;
use crate::pack::{RawStep, Spot};
use crate::plan::{Cite, FrameLink, Instr, Kind, Reg, Shape, Source, Text};

/// A bound that local packs are held to.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The frame's pack.
    pub pack: String,
    /// Its title.
    pub title: Text,
    /// Id.
    pub id: String,
    /// Label.
    pub label: Text,
    /// A greatest (or a least) value.
    pub at_most: bool,
    /// The figure.
    pub figure: Figure,
    /// The figure as written.
    pub written: String,
    /// Clauses, as indexes into `sources`.
    pub cites: Vec<Cite>,
    /// The frame's documents.
    pub sources: Vec<Source>,
}

impl<'a> Build<'_, '_, 'a> {
    pub(super) fn frame(&mut self, spot: &Spot<'a>, register: Reg, raw: &RawStep<'a>) -> Option<FrameLink> {
        let (pack, id) = spot.text().split_once('/').unwrap_or((spot.text(), ""));
        let all: Vec<String> = self.library.bounds.iter().map(|b| format!("{}/{}", b.pack, b.id)).collect();
        let Some(bound) = self.library.bounds.iter().find(|b| b.pack == pack && b.id == id).cloned() else {
            self.cx.scope.report(
                Diagnostic::error("unknown-frame", format!("there is no bound `{}`", spot.text()))
                    .at(spot.place())
                    .help("write `pack/bound`; the frame's pack must be given when this one compiles")
                    .meant(spot.text(), all.iter().map(String::as_str)),
            );
            return None;
        };
        let (num, den) = register_value(bound.figure).and_then(parts)?;
        let kind = kind_of(bound.figure.unit);
        let limit = Shape::exact(kind, i128::from(den), i128::from(num));
        let local = self.builder.shape(register)?.clone();
        let fits = match within(&local, &limit, bound.at_most) {
            Some(fits) => fits,
            None => {
                self.cx.scope.report(
                    Diagnostic::error(
                        "units",
                        format!(
                            "the frame bounds `{}`, this step is `{}`",
                            crate::plan::kind_word(kind),
                            crate::plan::kind_word(local.kind)
                        ),
                    )
                    .at(spot.place()),
                );
                return None;
            }
        };
        if !fits && !self.is_open(register) {
            let word = if bound.at_most { "at most" } else { "at least" };
            let reach = crate::case::value_of(local.kind, local.den, if bound.at_most { local.hi } else { local.lo });
            self.cx.scope.report(
                Diagnostic::error("frame-exceeded", format!("the frame `{}` allows {word} `{}`, this step can come to `{reach}{}`", spot.text(), bound.written, unit_word(local.kind)))
                    .at(raw.at.place())
                    .help("correct the figure; where the local rule really goes beyond the frame, say so in an assumption and leave the frame out"),
            );
        }
        let register = self.builder.constant(kind, num, den).ok()?;
        let cites = self.frame_cites(&bound);
        Some(FrameLink {
            pack: bound.pack,
            title: bound.title,
            bound: bound.id,
            label: bound.label,
            at_most: bound.at_most,
            register,
            cites,
        })
    }

    /// Whether the value is an open parameter: then the frame alone speaks.
    fn is_open(&self, register: Reg) -> bool {
        let input = self.builder.program.inputs.get(register as usize);
        input.is_some_and(|i| i.absent == crate::plan::State::Unset)
            || matches!(self.builder.program.writer(register), Some(Instr::Figure(c)) if c.state != crate::plan::State::Known)
    }

    /// The frame's cites, with its documents brought into this plan under `pack:source`.
    fn frame_cites(&mut self, bound: &Bound) -> Vec<Cite> {
        let own = self.cx.plan.sources.len();
        let mut cites = Vec::new();
        for cite in &bound.cites {
            let Some(source) = bound.sources.get(cite.source as usize) else { continue };
            let id = format!("{}:{}", bound.pack, source.id);
            let at = match self.frame_sources.iter().position(|s| s.id == id) {
                Some(at) => at,
                None => {
                    self.frame_sources.push(Source { id, ..source.clone() });
                    self.frame_sources.len().saturating_sub(1)
                }
            };
            cites.push(Cite { source: number(own.saturating_add(at)), ..cite.clone() });
        }
        cites
    }
}

/// Whether every value of a shape is within a bound; `None` where units do not compare. Months are
/// held against days by the longest (or shortest) span they can have.
fn within(local: &Shape, limit: &Shape, at_most: bool) -> Option<bool> {
    let days = |shape: &Shape, longest: bool| -> Option<i128> {
        let n = if longest { shape.hi } else { shape.lo };
        match shape.kind {
            Kind::Days if shape.den == 1 => Some(n),
            Kind::Months if shape.den == 1 => {
                let (least, most) = month_span(i64::try_from(n).ok()?)?;
                Some(i128::from(if longest { most } else { least }))
            }
            _ => None,
        }
    };
    if local.kind == limit.kind {
        let left = if at_most { local.hi } else { local.lo }.checked_mul(limit.den)?;
        let right = limit.lo.checked_mul(local.den)?;
        return Some(if at_most { left <= right } else { left >= right });
    }
    Some(if at_most { days(local, true)? <= days(limit, false)? } else { days(local, false)? >= days(limit, true)? })
}

/// What stands after a figure of this unit.
fn unit_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Money => "元",
        Kind::Points => " points",
        Kind::Days => " days",
        Kind::Months => " months",
        _ => "",
    }
}
