//! The curve: what the person and each payer pay, as exact functions of one amount of the bill.
//!
//! Its pieces are the function before rounding. The knots between them are exact fractions, each named
//! by the step whose comparison causes it. Amounts in fen come from the roundings recorded beside it.

use super::affine::{Affine, Look, Side};
use super::linear::Linear;
use super::span::Span;
use crate::case::{Case, Encoded, encode, value_of};
use crate::decision::{Engine, FUNCTION, Run, Work, finish, instructions, refuses_before};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::{Answers, Slot, evaluate};
use crate::number::{Number, Ratio, Wide};
use crate::plan::{Instr, Kind, Linked, Plan, Program, Reg, Service, Shapes, State};
use std::collections::{BTreeMap, BTreeSet};

/// Most pieces of a curve.
const MOST_PIECES: usize = 5_000;

/// One line of a curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `total patient net`, a payer's or benefit's step.
    pub id: String,
    pub(super) register: Reg,
    pub(super) kind: Kind,
    pub(super) den: Wide,
}

impl Line {
    /// A value in words, as a decision shows it.
    #[must_use]
    pub fn text(&self, n: Wide) -> String {
        value_of(self.kind, self.den, n)
    }
}

/// A stretch on which every line is one function. Fen throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins.
    pub from: Ratio,
    /// Where it ends.
    pub to: Ratio,
    /// Constant part and slope of each line inside; `None` where the line has no value.
    pub lines: Vec<Option<(Ratio, Ratio)>>,
}

/// A point between two pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knot {
    /// The amount, in fen; a fraction where the knot lies between two fen.
    pub at: Ratio,
    /// Step whose comparison changes here.
    pub step: Option<String>,
    /// Clauses of that step.
    pub clauses: Vec<String>,
    /// Values at the point itself.
    pub lines: Vec<Option<Ratio>>,
    /// Whether a line jumps here.
    pub jump: bool,
}

/// The curve over one amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// The fact that varies.
    pub fact: String,
    /// Lines.
    pub lines: Vec<Line>,
    /// Pieces, in order.
    pub pieces: Vec<Piece>,
    /// Knots where a line changes slope or jumps.
    pub knots: Vec<Knot>,
    pub(super) spans: Vec<Span>,
}

impl Piece {
    /// A line's value at a point of the piece, in fen before rounding.
    #[must_use]
    pub fn value(&self, line: usize, at: Ratio) -> Option<Ratio> {
        let (constant, slope) = (*self.lines.get(line)?)?;
        slope.mul(at)?.add(constant)
    }
}

impl Curve {
    /// A line by id.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<usize> {
        self.lines.iter().position(|l| l.id == id)
    }

    /// A line's value before rounding at a point, in fen.
    #[must_use]
    pub fn value(&self, line: usize, at: Ratio) -> Option<Ratio> {
        if let Some(knot) = self.knots.iter().find(|k| k.at == at) {
            return knot.lines.get(line).copied().flatten();
        }
        self.pieces.iter().find(|p| p.from <= at && at <= p.to)?.value(line, at)
    }

    /// A line's value to the fen at a whole amount: what deciding the case there gives. Both in fen, or
    /// in the units that the fact and the line count in. `None` where the line has no value, or outside
    /// the curve.
    #[must_use]
    pub fn at(&self, line: usize, amount: i64) -> Option<Wide> {
        let after = self.spans.partition_point(|span| span.from <= amount);
        self.spans.get(after.checked_sub(1)?).filter(|span| amount <= span.to)?.value(line, amount)
    }

    /// The same as a decision shows it: `5525.00`.
    #[must_use]
    pub fn text_at(&self, line: usize, amount: i64) -> Option<String> {
        Some(self.lines.get(line)?.text(self.at(line, amount)?))
    }
}

/// A service made ready for curves.
pub(super) struct Plotter<'a> {
    pub(super) engine: &'a Engine,
    pub(super) index: usize,
    pub(super) service: &'a Service,
    linked: Linked<Affine>,
    pub(super) lines: Vec<Line>,
    /// Registers that are read as a day or as months: those have no function of an amount.
    calendar: Vec<Reg>,
    /// A limit that a frame answers where the local text leaves it open.
    framed: Option<Reg>,
    pub(super) work: &'a Work,
}

impl<'a> Plotter<'a> {
    pub(super) fn new(engine: &'a Engine, service: &str, work: &'a Work) -> Result<Self, Diagnostics> {
        let (index, service) = engine.service(service)?;
        let broken = || Diagnostics::from(Diagnostic::error("internal", "the plan does not link"));
        let linked = engine.linked(index).ok_or_else(broken)?;
        let limit = service.outputs.limit.and_then(|at| service.steps.get(at as usize));
        let framed = limit.filter(|step| step.frame.is_some()).map(|step| step.register);
        Ok(Self {
            engine,
            index,
            service,
            linked,
            lines: lines(service, engine.shapes(index)),
            calendar: calendar(&service.program),
            framed,
            work,
        })
    }

    /// The input of a fact, with its bounds.
    pub(super) fn variable(&self, fact: &str) -> Result<usize, Diagnostics> {
        let at = self.service.program.inputs.iter().position(|i| i.name == fact);
        let Some(at) = at else {
            let all: Vec<&str> =
                self.service.program.inputs.iter().filter(|i| i.kind == Kind::Money).map(|i| i.name.as_str()).collect();
            return Err(Diagnostics::from(
                Diagnostic::error("unknown-fact", format!("service `{}` does not read `{fact}`", self.service.id))
                    .help(format!("amounts it reads are {}", all.join(" "))),
            ));
        };
        let numeric = self
            .service
            .program
            .inputs
            .get(at)
            .is_some_and(|i| i.only.is_empty() && !matches!(i.kind, Kind::Bool | Kind::Choice(_) | Kind::Date));
        if numeric {
            Ok(at)
        } else {
            Err(Diagnostics::from(Diagnostic::error(
                "not-an-amount",
                format!("`{fact}` is not an amount, a curve needs one"),
            )))
        }
    }

    /// Runs the service with an input as the unknown amount.
    pub(super) fn run(
        &self,
        encoded: &Encoded,
        variable: usize,
        look: &Look,
    ) -> Result<Vec<Slot<Affine>>, Diagnostics> {
        let slot = |value: &Result<i64, State>, reason: u32| match value {
            Ok(n) => Slot::known(Affine::from_i64(*n)),
            Err(state) => Slot::without(*state, reason),
        };
        let mut inputs: Vec<Slot<Affine>> =
            encoded.inputs.iter().zip(&self.service.program.inputs).map(|(v, input)| slot(v, input.reason)).collect();
        if let Some(input) = inputs.get_mut(variable) {
            *input = Slot::known(Affine::variable());
        }
        let lists = encoded
            .lists
            .iter()
            .map(|l| l.as_ref().map(|records| records.iter().map(|r| r.iter().map(|v| slot(v, 0)).collect()).collect()))
            .collect();
        let mut registers = Vec::new();
        evaluate(&self.linked, &self.engine.plan().groups, &Answers { inputs, lists }, &mut registers, look);
        let known = |reg: Reg| registers.get(reg as usize).is_some_and(Slot::is_known);
        let instructions = instructions(self.engine, self.index, encoded, &known);
        self.work.take(instructions.saturating_mul(FUNCTION).saturating_add(look.looked()))?;
        let broken = look.broken().or_else(|| self.calendar.iter().copied().find(|reg| varies(&registers, *reg)));
        match broken {
            Some(reg) => Err(self.not_linear(reg)),
            None => Ok(registers),
        }
    }

    /// Runs the service on answers as they are.
    pub(super) fn decide(&self, encoded: &Encoded) -> Result<Run, Diagnostics> {
        let run = self.engine.run(self.index, encoded);
        let known = |reg: Reg| run.registers.get(reg as usize).is_some_and(Slot::is_known);
        self.work.take(instructions(self.engine, self.index, encoded, &known))?;
        Ok(run)
    }

    /// Whether a run ends in a refusal; `state` gives a register's state and its reason.
    pub(super) fn is_refused(&self, state: &dyn Fn(Reg) -> (State, u32)) -> bool {
        let out = &self.service.outputs;
        let amounts = self.lines.iter().map(|l| l.register);
        out.requires.iter().copied().chain(out.verdict).chain(amounts).any(|reg| match state(reg) {
            // How long a month is, is for the agency to say: a verdict that says so.
            (State::Unset, 0) => Some(reg) != out.verdict,
            // Where the local text is open, its frame answers.
            (State::Unset, _) => Some(reg) != self.framed,
            (state, _) => matches!(state, State::NotApplicable | State::Failed),
        })
    }

    /// Each line as a function; none where the text refuses.
    pub(super) fn functions(
        &self,
        encoded: &Encoded,
        registers: &[Slot<Affine>],
    ) -> Result<Vec<Option<Linear>>, Diagnostics> {
        let slot = |reg: Reg| registers.get(reg as usize).copied().unwrap_or(Slot::without(State::Failed, 0));
        let refused = self.is_refused(&|reg| (slot(reg).state, slot(reg).reason))
            || self.service.outputs.constraints.iter().any(|c| slot(c.holds).is_false())
            || refuses_before(self.engine.plan(), self.service, encoded);
        let mut all = Vec::new();
        for line in &self.lines {
            let slot = slot(line.register);
            if slot.is_known() && !slot.num.is_function() {
                let first = registers.iter().position(|s| s.is_known() && !s.num.is_function());
                return Err(self.not_linear(first.and_then(|i| u32::try_from(i).ok()).unwrap_or(line.register)));
            }
            all.push((slot.is_known() && !refused).then_some(slot.num.0));
        }
        Ok(all)
    }

    /// Constant and slope of each line before rounding.
    fn read(
        &self,
        encoded: &Encoded,
        variable: usize,
        look: &Look,
    ) -> Result<Vec<Option<(Ratio, Ratio)>>, Diagnostics> {
        let all = self.functions(encoded, &self.run(encoded, variable, look)?)?;
        Ok(all.into_iter().map(|line| Affine(line?).parts()).collect())
    }

    /// Names the step that is no straight function of the amount.
    fn not_linear(&self, register: Reg) -> Diagnostics {
        let step = step_of(self.service, register);
        let name = step.map_or("a step", |s| s.id.as_str());
        Diagnostics::from(
            Diagnostic::error(
                "not-linear",
                format!(
                    "`{name}` multiplies or divides two values that both depend on the amount, counts days or months \
                     by it, rounds too often, or grows past 128 bits"
                ),
            )
            .help("there is no exact curve over this amount; evaluate single points"),
        )
    }

    /// The curve between two amounts (register units of the input).
    pub(super) async fn plot(
        &self,
        encoded: &Encoded,
        variable: usize,
        from: Ratio,
        to: Ratio,
    ) -> Result<Curve, Diagnostics> {
        let fact = self.service.program.inputs.get(variable).map(|i| i.name.clone()).unwrap_or_default();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut knots: Vec<Knot> = Vec::new();
        let mut at = from;
        let mut cause: Option<u32> = None;
        let mut causes = BTreeMap::new();
        loop {
            self.work.pause().await;
            if pieces.len() > MOST_PIECES {
                return Err(Diagnostics::from(Diagnostic::error(
                    "too-many-knots",
                    format!("the curve has more than {MOST_PIECES} pieces"),
                )));
            }
            let after = Look::new(at, Side::After);
            let lines = self.read(encoded, variable, &after)?;
            let here = Look::new(at, Side::At);
            let exact = self.read(encoded, variable, &here)?;
            let point: Vec<Option<Ratio>> = exact.iter().map(|l| l.and_then(|(c, s)| s.mul(at)?.add(c))).collect();
            let end = after.flip().map_or(to, |(flip, _)| flip.min(to));
            let piece = Piece { from: at, to: end, lines };
            // A few comparisons cause all knots.
            let step = cause.and_then(|reg| *causes.entry(reg).or_insert_with(|| step_of(self.service, reg)));
            self.join(&mut pieces, &mut knots, piece, point, step);
            if end >= to {
                break;
            }
            cause = after.flip().map(|(_, register)| register);
            at = end;
        }
        Ok(Curve { fact, lines: self.lines.clone(), pieces, knots, spans: Vec::new() })
    }

    /// Adds a piece; where nothing changes at its beginning, the one before it grows instead.
    fn join(
        &self,
        pieces: &mut Vec<Piece>,
        knots: &mut Vec<Knot>,
        piece: Piece,
        point: Vec<Option<Ratio>>,
        step: Option<&crate::plan::Step>,
    ) {
        if let Some(last) = pieces.last_mut() {
            let through = (0..piece.lines.len()).all(|i| last.value(i, piece.from) == point.get(i).copied().flatten());
            if last.lines == piece.lines && through {
                last.to = piece.to;
                return;
            }
            let before: Vec<Option<Ratio>> = (0..piece.lines.len()).map(|i| last.value(i, piece.from)).collect();
            let after: Vec<Option<Ratio>> = (0..piece.lines.len()).map(|i| piece.value(i, piece.from)).collect();
            let clauses = step.map(|s| clauses_of(self.engine.plan(), s)).unwrap_or_default();
            knots.push(Knot {
                at: piece.from,
                step: step.map(|s| s.id.clone()),
                clauses,
                jump: before != point || after != point,
                lines: point,
            });
        }
        pieces.push(piece);
    }
}

fn varies(registers: &[Slot<Affine>], reg: Reg) -> bool {
    registers.get(reg as usize).is_some_and(|s| s.is_known() && !s.num.is_constant())
}

/// Registers that are read as a day or as months.
pub(super) fn calendar(program: &Program) -> Vec<Reg> {
    let mut all = Vec::new();
    for instr in program.code.iter().chain(program.blocks.iter().flat_map(|b| &b.code)) {
        match instr {
            Instr::MonthsBetween(a, b) | Instr::YearsBetween(a, b) | Instr::AddMonths(a, b, ..) => all.extend([*a, *b]),
            Instr::CmpSpan(_, _, a) | Instr::YearOf(a) | Instr::InGroup(_, _, Some(a)) => all.push(*a),
            _ => {}
        }
    }
    all
}

fn lines(service: &Service, shapes: Option<&Shapes>) -> Vec<Line> {
    let mut all = Vec::new();
    let mut add = |id: &str, register: Reg| {
        let shape = shapes.and_then(|s| s.get(register).ok());
        let (kind, den) = shape.map_or((Kind::Money, 1), |s| (s.kind, s.den));
        // An option or a yes is no amount.
        if matches!(kind, Kind::Bool | Kind::Choice(_)) {
            return;
        }
        all.push(Line { id: id.to_owned(), register, kind, den });
    };
    let out = &service.outputs;
    if let Some(bill) = &out.bill {
        add("total", bill.total);
        add("patient", bill.patient);
        add("net", bill.net);
    }
    let step = |at: u32| service.steps.get(at as usize);
    let paid = out.payments.iter().map(|p| (p.step, p.paid));
    for (at, register) in paid.chain(out.benefits.iter().chain(&out.allocations).map(|a| (a.step, a.amount))) {
        add(step(at).map_or("", |s| s.id.as_str()), register);
    }
    for found in out.result.iter().chain(&out.limit).filter_map(|at| step(*at)) {
        add(&found.id, found.register);
    }
    all
}

/// The step, in reading order, in whose computation a register is used first.
pub(super) fn step_of(service: &Service, register: Reg) -> Option<&crate::plan::Step> {
    service
        .steps
        .iter()
        .filter(|s| s.block.is_none())
        .find(|step| closure(&service.program, step.register).contains(&register))
        .or_else(|| {
            // Payments' own comparisons stand behind what they paid; the last payment draws last.
            service.steps.iter().find(|s| s.register >= register)
        })
}

pub(super) fn closure(program: &Program, root: Reg) -> BTreeSet<Reg> {
    let mut seen = BTreeSet::new();
    let mut open = vec![root];
    while let Some(reg) = open.pop() {
        if !seen.insert(reg) {
            continue;
        }
        let Some(instr) = program.writer(reg) else { continue };
        instr.each_operand(&mut |r| open.push(r));
        if let Instr::Table(index) = instr
            && let Some(table) = program.tables.get(*index as usize)
        {
            open.extend(&table.keys);
            open.extend(table.rows.iter().map(|r| r.result).chain(table.otherwise));
        }
    }
    seen
}

pub(super) fn clauses_of(plan: &Plan, step: &crate::plan::Step) -> Vec<String> {
    let rows = match &step.form {
        crate::plan::Form::Table { rows, .. } | crate::plan::Form::Bands { rows, .. } => rows.as_slice(),
        _ => &[],
    };
    let mut all: Vec<String> = Vec::new();
    for cite in step.cites.iter().chain(rows.iter().flat_map(|r| &r.cites)) {
        let source = plan.sources.get(cite.source as usize);
        let id = source.and_then(|s| Some(format!("{}/{}", s.id, s.clauses.get(cite.clause as usize)?.id)));
        if let Some(id) = id.filter(|id| !all.contains(id)) {
            all.push(id);
        }
    }
    all
}

/// Plots a service over one amount, everything else as answered.
///
/// `range` in register units (fen for money); the fact's own bounds where left out.
///
/// ```
/// use yibao_rules::analyse::curve;
/// # use yibao_rules::{case::{Answer, Case}, compile::{Library, Pack}, decision::Engine};
/// # let mut library = Library::new();
/// # library.add_vocabulary("v", &std::fs::read("packs/vocabulary.yaml").unwrap()).unwrap();
/// # let pack = std::fs::read("packs/anhui-suzhou-resident/pack.yaml").unwrap();
/// # let engine = Engine::load(Pack::parse("p", &pack, &library).unwrap().into_plan()).unwrap();
/// let known = [
///     ("out_of_scope", "0"), ("over_limit", "0"), ("first_pay", "0"), ("level", "city_third"),
///     ("admission_date", "2023-06-20"), ("scheme", "resident"), ("place", "in_city"),
/// ];
/// let facts = known.map(|(fact, answer)| (fact.into(), Answer::text(answer))).to_vec();
/// let curve = curve(&engine, "inpatient", &Case { facts, ..Case::default() }, "total", None).unwrap();
/// // The deductible, in fen: below it the person pays all, above it a quarter.
/// assert_eq!(curve.knots[0].at.to_string(), "70000");
/// assert_eq!(curve.knots[0].step.as_deref(), Some("borne"));
/// let patient = curve.line("patient").unwrap();
/// assert_eq!(curve.pieces[1].lines[patient].unwrap().1.to_string(), "0.25");
/// // To the fen at a bill of 20,000.01: what deciding the case there gives.
/// assert_eq!(curve.text_at(patient, 2_000_001).as_deref(), Some("5525.00"));
/// ```
///
/// # Errors
/// Answers that are none; a fact that is no amount; a step that is no straight function of it; `too-much-work`.
pub fn curve(
    engine: &Engine,
    service: &str,
    case: &Case,
    fact: &str,
    range: Option<(i64, i64)>,
) -> Result<Curve, Diagnostics> {
    finish(curve_with(engine, service, case, fact, range, &Work::default()))
}

/// The same with a budget, and in its turns.
///
/// # Errors
/// As [`curve`].
pub async fn curve_with(
    engine: &Engine,
    service: &str,
    case: &Case,
    fact: &str,
    range: Option<(i64, i64)>,
    work: &Work,
) -> Result<Curve, Diagnostics> {
    let plotter = Plotter::new(engine, service, work)?;
    let variable = plotter.variable(fact)?;
    let encoded = encode(engine.plan(), plotter.service, &super::solve::without(case, fact))?;
    let input = plotter.service.program.inputs.get(variable);
    let own = input.map_or((0, 0), |i| (i.min, i.max));
    let (low, high) = range.map_or(own, |(low, high)| (Ord::max(low, own.0), Ord::min(high, own.1)));
    if low > high {
        return Err(Diagnostics::from(Diagnostic::error("out-of-range", format!("the range of `{fact}` is empty"))));
    }
    let mut curve = plotter.plot(&encoded, variable, Ratio::from_int(low), Ratio::from_int(high)).await?;
    plotter.spans(&encoded, variable, (low, high), &mut |span, _| curve.spans.push(span)).await?;
    Ok(curve)
}
