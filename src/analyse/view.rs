//! The analyses as plain data: amounts as text in yuan, answers as a case that can be decided.

use super::curve::Plotter;
use super::{Bounds, Curve, OpenFact, Solution, Stretch, Witness};
use crate::decision::{Engine, VerdictWord, Work, camel_case, unit_word};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{ToJson, Writer, object};
use crate::number::{Ratio, Rounding, Wide, format_scaled, narrow, parse_decimal, round_div, wide};
use crate::plan::{Kind, Plan, Service};

/// Names and values in order, written as one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Entries<T>(pub Vec<(String, T)>);

impl<T: ToJson> ToJson for Entries<T> {
    fn write(&self, out: &mut Writer) {
        out.named(&mut self.0.iter().map(|(name, value)| (name.as_str(), value as &dyn ToJson)));
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a register counts in, and how many register units one of it is.
#[derive(Debug, Clone, Copy)]
struct Unit {
    kind: Kind,
    den: Wide,
}

impl Unit {
    /// Register units in one yuan, one day, one of anything.
    fn scale(self) -> Wide {
        if self.kind == Kind::Money { self.den.saturating_mul(100) } else { self.den }
    }

    /// In yuan (or its own unit), exact.
    fn exact(self, n: Ratio) -> Option<Ratio> {
        n.div(Ratio::new(self.scale(), 1)?)
    }

    /// In yuan (or its own unit): up to four decimals, for money two at least.
    fn decimal(self, n: Ratio) -> Option<String> {
        let many = self.exact(n)?.mul(Ratio::from_int(10_000))?;
        let rounded = round_div(many.num(), many.den(), Rounding::HalfUp)?;
        let mut text = format_scaled(rounded, 10_000);
        if self.kind == Kind::Money {
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            match decimals {
                0 => text.push_str(".00"),
                1 => text.push('0'),
                _ => {}
            }
        }
        Some(text)
    }

    fn place(self, n: Ratio) -> Result<PlaceView, Diagnostics> {
        let fen = Ratio::new(self.den, 1).and_then(|den| n.div(den));
        let (Some(fen), Some(at)) = (fen, self.decimal(n)) else { return Err(too_wide()) };
        let exact = if fen.den() == 1 { fen.num().to_string() } else { format!("{}/{}", fen.num(), fen.den()) };
        Ok(PlaceView { at, exact })
    }

    /// Register units of an amount as text.
    fn read(self, text: &str, what: &str) -> Result<i64, Diagnostics> {
        let bad = |message: String, help: &str| Diagnostics::from(Diagnostic::error("bad-amount", message).help(help));
        let shown: String = text.chars().take(60).collect();
        let number = parse_decimal(text)
            .map_err(|e| bad(format!("{what} is `{shown}`: {e}"), "write an amount in yuan, such as \"20000.50\""))?;
        let many = Ratio::new(self.scale(), 1).and_then(|scale| number.mul(scale));
        many.filter(|many| many.den() == 1).and_then(|many| narrow(many.num())).ok_or_else(|| {
            bad(format!("{what} is `{shown}`, which is finer than it is counted, or too much"), "round it to the fen")
        })
    }
}

/// A figure that there are not enough bits for is not shown at all.
fn too_wide() -> Diagnostics {
    Diagnostics::from(Diagnostic::error("overflow", "the figures of this curve need wider numbers than this build has"))
}

fn unit_of_input(service: &Service, fact: &str) -> Unit {
    let input = service.program.inputs.iter().find(|i| i.name == fact);
    input.map_or(Unit { kind: Kind::Money, den: 1 }, |i| Unit { kind: i.kind, den: wide(i.den) })
}

fn unit_of_line(line: &super::Line) -> Unit {
    Unit { kind: line.kind, den: line.den }
}

/// The ends of a curve's range, from text in the fact's unit; its own bounds where left out.
///
/// # Errors
/// `bad-amount`; `unknown-service`.
pub fn range_from_text(
    engine: &Engine,
    service: &str,
    fact: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(i64, i64), Diagnostics> {
    let (_, service) = engine.service(service)?;
    let unit = unit_of_input(service, fact);
    let low = from.map_or(Ok(i64::MIN), |text| unit.read(text, "`from`"))?;
    let high = to.map_or(Ok(i64::MAX), |text| unit.read(text, "`to`"))?;
    Ok((low, high))
}

/// A wanted amount of a line, from text in yuan.
///
/// # Errors
/// `bad-amount`; `unknown-service`.
pub fn wanted_from_text(engine: &Engine, service: &str, line: &str, text: &str) -> Result<i64, Diagnostics> {
    let work = Work::default();
    let plotter = Plotter::new(engine, service, &work)?;
    let line = plotter.lines.iter().find(|l| l.id == line);
    line.map_or(Unit { kind: Kind::Money, den: 1 }, unit_of_line).read(text, "the amount wanted")
}

/// A point of a curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceView {
    /// In yuan, to four decimals.
    pub at: String,
    /// Exactly, in fen: `70000`, `62320000/9`.
    pub exact: String,
}

/// A line of a curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineView {
    /// `total patient net` or a step.
    pub id: String,
    /// `yuan`, or what else it counts in.
    pub unit: &'static str,
}

/// A line on one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionView {
    /// How much it grows with each yuan, exact.
    pub slope: String,
    /// In yuan, exact.
    pub constant: String,
    /// Value at the beginning of the piece.
    pub at_from: String,
    /// Value at its end.
    pub at_to: String,
}

/// A piece of a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct PieceView {
    /// Beginning.
    pub from: PlaceView,
    /// End.
    pub to: PlaceView,
    /// Lines; nothing where one has no value.
    pub lines: Entries<Option<FunctionView>>,
}

/// A knot of a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct KnotView {
    /// Where.
    pub place: PlaceView,
    /// Step whose comparison changes here.
    pub step: Option<String>,
    /// Its clauses.
    pub clauses: Vec<String>,
    /// Whether a line jumps.
    pub jump: bool,
    /// Values at the point itself.
    pub values: Entries<Option<String>>,
}

/// What deciding the case at an amount gives, to the fen.
#[derive(Debug, Clone, PartialEq)]
pub struct PointView {
    /// The amount.
    pub at: String,
    /// Values, as a decision shows them; nothing where a line has none.
    pub values: Entries<Option<String>>,
}

/// A curve.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveView {
    /// The fact that varies.
    pub fact: String,
    /// What it counts in.
    pub unit: &'static str,
    /// Lines.
    pub lines: Vec<LineView>,
    /// Pieces.
    pub pieces: Vec<PieceView>,
    /// Knots.
    pub knots: Vec<KnotView>,
    /// Amounts asked for, with their roundings.
    pub points: Vec<PointView>,
}

impl CurveView {
    /// A curve of a service, with the values to the fen at some amounts.
    ///
    /// # Errors
    /// `bad-amount`: an amount that is none.
    pub fn new(service: &Service, curve: &Curve, at: &[String]) -> Result<Self, Diagnostics> {
        let across = unit_of_input(service, &curve.fact);
        let units: Vec<Unit> = curve.lines.iter().map(unit_of_line).collect();
        let named = |i: usize| curve.lines.get(i).map(|l| l.id.clone()).unwrap_or_default();
        let function = |piece: &super::Piece, i: usize, unit: Unit| -> Option<FunctionView> {
            let (constant, slope) = (*piece.lines.get(i)?)?;
            let slope = unit.exact(slope.mul(Ratio::new(across.scale(), 1)?)?)?;
            Some(FunctionView {
                slope: slope.to_string(),
                constant: unit.exact(constant)?.to_string(),
                at_from: unit.decimal(piece.value(i, piece.from)?)?,
                at_to: unit.decimal(piece.value(i, piece.to)?)?,
            })
        };
        let piece = |piece: &super::Piece| {
            let lines = units.iter().enumerate().map(|(i, unit)| (named(i), function(piece, i, *unit))).collect();
            Ok(PieceView { from: across.place(piece.from)?, to: across.place(piece.to)?, lines: Entries(lines) })
        };
        let knot = |knot: &super::Knot| {
            let values = units.iter().zip(&knot.lines).enumerate();
            let values = values.map(|(i, (unit, value))| (named(i), value.and_then(|n| unit.decimal(n)))).collect();
            Ok(KnotView {
                place: across.place(knot.at)?,
                step: knot.step.clone(),
                clauses: knot.clauses.clone(),
                jump: knot.jump,
                values: Entries(values),
            })
        };
        let point = |text: &String| {
            let amount = across.read(text, "`at`")?;
            let value = |(i, line): (usize, &super::Line)| (line.id.clone(), curve.text_at(i, amount));
            let values = Entries(curve.lines.iter().enumerate().map(value).collect());
            Ok(PointView { at: across.decimal(Ratio::from_int(amount)).ok_or_else(too_wide)?, values })
        };
        let line = |(line, unit): (&super::Line, &Unit)| LineView { id: line.id.clone(), unit: unit_word(unit.kind) };
        Ok(Self {
            fact: curve.fact.clone(),
            unit: unit_word(across.kind),
            lines: curve.lines.iter().zip(&units).map(line).collect(),
            pieces: curve.pieces.iter().map(piece).collect::<Result<_, Diagnostics>>()?,
            knots: curve.knots.iter().map(knot).collect::<Result<_, Diagnostics>>()?,
            points: at.iter().map(point).collect::<Result<_, Diagnostics>>()?,
        })
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerView {
    /// Yes or no.
    Truth(bool),
    /// Anything else that is one value.
    Text(String),
    /// An institution.
    Fields(Entries<AnswerView>),
}

/// Answers as the parts of a case that they belong to; keys as JavaScript writes them.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseView {
    facts: Entries<AnswerView>,
    parameters: Entries<AnswerView>,
    ledger: Entries<AnswerView>,
    previous: Entries<AnswerView>,
}

impl CaseView {
    /// Answers by input name.
    #[must_use]
    pub fn new(plan: &Plan, service: Option<&Service>, answers: &[(String, String)]) -> Self {
        let empty = || Entries(Vec::new());
        let mut case = Self { facts: empty(), parameters: empty(), ledger: empty(), previous: empty() };
        let inputs = service.map(|s| s.program.inputs.as_slice()).unwrap_or_default();
        for (name, text) in answers {
            let truth = inputs.iter().any(|i| i.name == *name && i.kind == Kind::Bool);
            let value = if truth { AnswerView::Truth(text == "true") } else { AnswerView::Text(text.clone()) };
            match name.split_once('.') {
                Some(("ledger", entry)) => case.ledger.0.push((camel_case(entry), value)),
                Some(("previous", entry)) => case.previous.0.push((camel_case(entry), value)),
                Some((fact, field)) => case.field(&camel_case(fact), &camel_case(field), value),
                None if plan.parameters.iter().any(|p| p.id == *name) => {
                    case.parameters.0.push((camel_case(name), value));
                }
                None if answers
                    .iter()
                    .any(|(other, _)| other.split_once('.').is_some_and(|(fact, _)| fact == name)) =>
                {
                    case.field(&camel_case(name), "id", value);
                }
                None => case.facts.0.push((camel_case(name), value)),
            }
        }
        case
    }

    fn field(&mut self, fact: &str, field: &str, value: AnswerView) {
        for (name, known) in &mut self.facts.0 {
            if let AnswerView::Fields(fields) = known
                && name == fact
            {
                fields.0.push((field.to_owned(), value));
                return;
            }
        }
        self.facts.0.push((fact.to_owned(), AnswerView::Fields(Entries(vec![(field.to_owned(), value)]))));
    }
}

/// A bound.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundView {
    id: String,
    least: String,
    least_witness: Option<CaseView>,
    greatest: String,
    greatest_witness: Option<CaseView>,
    outer: bool,
}

/// A verdict that is still possible.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictView {
    is: VerdictWord,
    witness: CaseView,
}

/// Bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundsView {
    amounts: Vec<BoundView>,
    verdicts: Vec<VerdictView>,
    verdicts_complete: bool,
    refused: Option<CaseView>,
    ask: Vec<OpenFact>,
    idle: Vec<String>,
}

impl BoundsView {
    /// Bounds of a service.
    #[must_use]
    pub fn new(plan: &Plan, service: &Service, bounds: Bounds) -> Self {
        let case = |w: &Witness| CaseView::new(plan, Some(service), &w.answers);
        let amount = |b: super::Bound| BoundView {
            least_witness: b.least_witness.as_ref().map(case),
            greatest_witness: b.greatest_witness.as_ref().map(case),
            id: b.id,
            least: b.least,
            greatest: b.greatest,
            outer: b.outer,
        };
        Self {
            amounts: bounds.amounts.into_iter().map(amount).collect(),
            verdicts: bounds.verdicts.iter().map(|(is, w)| VerdictView { is: *is, witness: case(w) }).collect(),
            verdicts_complete: bounds.verdicts_complete,
            refused: bounds.refused.as_ref().map(case),
            ask: bounds.ask,
            idle: bounds.idle,
        }
    }
}

/// What a line can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachView {
    least: String,
    greatest: String,
}

/// All amounts that give a wanted result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolutionView {
    fact: String,
    line: String,
    stretches: Vec<Stretch>,
    reachable: Option<ReachView>,
}

impl From<Solution> for SolutionView {
    fn from(solution: Solution) -> Self {
        let Solution { fact, line, stretches, reachable } = solution;
        let reachable = reachable.map(|(least, greatest)| ReachView { least, greatest });
        Self { fact, line, stretches, reachable }
    }
}

impl ToJson for AnswerView {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Truth(yes) => yes.write(out),
            Self::Text(text) => out.text(text),
            Self::Fields(fields) => fields.write(out),
        }
    }
}

impl ToJson for KnotView {
    fn write(&self, out: &mut Writer) {
        out.object(
            "at exact step clauses jump values",
            &[&self.place.at, &self.place.exact, &self.step, &self.clauses, &self.jump, &self.values],
        );
    }
}

object!(PlaceView { at "at", exact "exact" });
object!(LineView { id "id", unit "unit" });
object!(FunctionView { slope "slope", constant "constant", at_from "atFrom", at_to "atTo" });
object!(PieceView { from "from", to "to", lines "lines" });
object!(PointView { at "at", values "values" });
object!(CurveView { fact "fact", unit "unit", lines "lines", pieces "pieces", knots "knots", points "points" });
object!(CaseView { facts "facts", parameters "parameters?", ledger "ledger?", previous "previous?" });
object!(BoundView {
    id "id", least "least", least_witness "leastWitness", greatest "greatest", greatest_witness "greatestWitness",
    outer "outer",
});
object!(VerdictView { is "is", witness "witness" });
object!(BoundsView {
    amounts "amounts", verdicts "verdicts", verdicts_complete "verdictsComplete", refused "refused", ask "ask",
    idle "idle",
});
object!(ReachView { least "least", greatest "greatest" });
object!(SolutionView { fact "fact", line "line", stretches "stretches", reachable "reachable" });
