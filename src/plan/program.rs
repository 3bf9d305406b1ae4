//! Programs: straight-line code over registers. Register `i` is written once, by input, constant or
//! instruction number `i`, so a program cannot loop and every value of a run stays readable.

use super::is_default;
use crate::date::MonthEnd;
use crate::number::Rounding;
use serde::{Deserialize, Serialize};

/// A register's number. Inputs come first, then constants, then one per instruction. Inside a
/// [`Block`] numbers from [`LOCAL`] on are the record's own fields and values.
pub type Reg = u32;

/// First register number that means "of this record" inside a block.
pub const LOCAL: Reg = 1 << 24;

/// What a register's number means. Units are types: they are checked when a pack compiles and again
/// when its plan loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Money, in fen.
    Money,
    /// A share: 75 % is 3/4.
    Rate,
    /// A pure number.
    Number,
    /// Percentage points: 5 points is 5/100 and can be added to a rate, never to a number.
    Points,
    /// Civil days.
    Days,
    /// Calendar months; never converted to days.
    Months,
    /// A civil day, as days since 1970-01-01.
    Date,
    /// 0 or 1.
    Bool,
    /// One of the options of a choice set (its index in the plan).
    Choice(u16),
}

/// The state of a register; arithmetic takes the worst of its operands, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum State {
    /// There is a value.
    #[default]
    Known = 0,
    /// Not answered.
    Unknown = 1,
    /// There is nothing to have a value: no previous stay, an empty list.
    NotApplicable = 2,
    /// The text leaves it open.
    Unset = 3,
    /// Refused, with a reason.
    Failed = 4,
}

/// One answer's place, with what it may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Name as formulas write it: `total`, `hospital.level`, `ledger.paid`, `previous.rate`.
    pub name: String,
    /// Unit.
    pub kind: Kind,
    /// Denominator: the register holds value × `den` (money: fen × `den`).
    pub den: i64,
    /// Least allowed, in register units.
    pub min: i64,
    /// Greatest allowed, in register units.
    pub max: i64,
    /// The only values allowed, where options are narrowed; empty means all between the bounds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub only: Vec<i64>,
    /// State when the case says nothing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub absent: State,
    /// Why, where `absent` is [`State::Unset`]: index into the service's reasons.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reason: u32,
}

/// A figure of the pack, or a fixed refusal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Constant {
    /// Unit.
    pub kind: Kind,
    /// Numerator.
    pub num: i64,
    /// Denominator.
    pub den: i64,
    /// Known for a figure; unset or failed for what the text leaves open or refuses.
    #[serde(default, skip_serializing_if = "is_default")]
    pub state: State,
    /// Index into the service's reasons.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reason: u32,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
}

/// What an aggregate does with the values of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    /// Sum; 0 over nothing.
    Sum,
    /// How many; 0 over nothing.
    Count,
    /// Whether one holds; false over nothing.
    Any,
    /// Whether all hold; true over nothing.
    All,
    /// The least; not applicable over nothing.
    Min,
    /// The greatest; not applicable over nothing.
    Max,
}

/// One instruction; it writes the next register.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instr {
    /// a + b; a date plus days is a date.
    Add(Reg, Reg),
    /// a − b; two dates give days.
    Sub(Reg, Reg),
    /// a × b.
    Mul(Reg, Reg),
    /// a ÷ b, exact: b is one of finitely many non-zero figures.
    Div(Reg, Reg),
    /// a ÷ b rounded to a multiple of `num / den` of the result's unit.
    DivRound(Reg, Reg, Rounding, i64, i64),
    /// Rounded to a multiple of `num / den` of the unit (money: fen).
    Round(Reg, Rounding, i64, i64),
    /// The lesser.
    Min(Reg, Reg),
    /// The greater.
    Max(Reg, Reg),
    /// Comparison.
    Cmp(Comparison, Reg, Reg),
    /// Days compared with calendar months; unset between the shortest and longest span.
    CmpSpan(Comparison, Reg, Reg),
    /// Logical and.
    And(Reg, Reg),
    /// Logical or.
    Or(Reg, Reg),
    /// Logical not.
    Not(Reg),
    /// if c then a else b.
    If(Reg, Reg, Reg),
    /// False where the operand is not applicable.
    Applies(Reg),
    /// The option is one of these.
    InSet(Reg, Vec<u32>),
    /// The institution is in the group, on the date if one is given.
    InGroup(Reg, u32, Option<Reg>),
    /// The result of the one row that hits: index into the program's tables.
    Table(u32),
    /// F(from + of) − F(from) over bands `edges` (upper edges, one fewer than `rates`).
    Bands {
        /// Amount.
        of: Reg,
        /// Position of its beginning.
        from: Reg,
        /// Upper edges, rising.
        edges: Vec<Reg>,
        /// Rate of each band.
        rates: Vec<Reg>,
        /// Rounding of the two totals, where the step says so (to fen).
        totals: Option<Rounding>,
    },
    /// The cost that a payment used up in the bands of register `.0`.
    CostFor(Reg, Reg),
    /// Base value unless exactly one (condition, value) applies; two are a failure.
    Exceptions(Reg, Vec<(Reg, Reg)>, u32),
    /// Completed months from a to b.
    MonthsBetween(Reg, Reg),
    /// Completed years from a to b.
    YearsBetween(Reg, Reg),
    /// The calendar year.
    YearOf(Reg),
    /// Date plus months.
    AddMonths(Reg, Reg, MonthEnd, u32),
    /// Its first operand; failed with the reason where the second is false, and with its own where that failed.
    Require(Reg, Reg, u32),
    /// An aggregate over a list.
    Aggregate(Aggregate),
    /// A figure, while a pack compiles; in a plan figures stand before the code.
    #[serde(skip)]
    Figure(Constant),
}

/// An aggregate: a block run for each record, and what becomes of the values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Aggregate {
    /// What is done with the values.
    pub fold: Fold,
    /// Index into the program's blocks.
    pub block: u32,
    /// The value's register (local or outer).
    pub value: Reg,
    /// Records count only where this holds.
    pub filter: Option<Reg>,
}

/// Code that runs once per record of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Index into the program's lists.
    pub list: u32,
    /// Local register `LOCAL + fields + i` is written by instruction `i`.
    pub code: Vec<Instr>,
}

/// One cell of a table row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Anything.
    Any,
    /// One of these options (or truth values).
    Options(Vec<u32>),
    /// A stretch of numbers: each end as (num, den, closed).
    Interval(Option<(i64, i64, bool)>, Option<(i64, i64, bool)>),
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// One cell a key.
    pub cells: Vec<Cell>,
    /// Where the result stands.
    pub result: Reg,
}

/// A table: exactly one row, or `otherwise`, hits any possible input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The registers looked at.
    pub keys: Vec<Reg>,
    /// The rows, in reading order.
    pub rows: Vec<Row>,
    /// Combinations of cells that cannot occur.
    #[serde(default, skip_serializing_if = "is_default")]
    pub impossible: Vec<Vec<Cell>>,
    /// The result where no row hits.
    pub otherwise: Option<Reg>,
    /// Reason given for an input declared impossible that occurs all the same.
    pub impossible_reason: u32,
}

/// A service's code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Program {
    /// Answers, ledger balances, previous values, open parameters.
    pub inputs: Vec<Input>,
    /// Lists: each with its fields and the most records it may have.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lists: Vec<List>,
    /// Figures.
    pub constants: Vec<Constant>,
    /// Tables.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tables: Vec<Table>,
    /// Per-record code.
    #[serde(default, skip_serializing_if = "is_default")]
    pub blocks: Vec<Block>,
    /// Code.
    pub code: Vec<Instr>,
}

/// A list fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Its name.
    pub name: String,
    /// Most records.
    pub max: u32,
    /// Fields of a record.
    pub fields: Vec<Input>,
}

impl Program {
    /// Number of the first instruction's register.
    #[must_use]
    pub fn first_code(&self) -> Reg {
        Reg::try_from(self.inputs.len().saturating_add(self.constants.len())).unwrap_or(LOCAL)
    }

    /// Number of registers.
    #[must_use]
    pub fn registers(&self) -> usize {
        self.inputs.len().saturating_add(self.constants.len()).saturating_add(self.code.len())
    }

    /// The instruction that writes a register, if one does.
    #[must_use]
    pub fn writer(&self, reg: Reg) -> Option<&Instr> {
        self.code.get(reg.checked_sub(self.first_code())? as usize)
    }

    /// Calls `f` with the registers that one is worked out from, those of its table too.
    pub fn reads(&self, reg: Reg, f: &mut dyn FnMut(Reg)) {
        let Some(instr) = self.writer(reg) else { return };
        instr.each_operand(f);
        if let Instr::Table(at) = instr
            && let Some(table) = self.tables.get(*at as usize)
        {
            table.keys.iter().copied().for_each(&mut *f);
            table.rows.iter().map(|row| row.result).chain(table.otherwise).for_each(f);
        }
    }
}

impl Instr {
    /// Calls `f` with every register the instruction reads (tables and blocks excluded).
    pub fn each_operand(&self, f: &mut dyn FnMut(Reg)) {
        match self {
            Self::Add(a, b)
            | Self::Sub(a, b)
            | Self::Mul(a, b)
            | Self::Div(a, b)
            | Self::DivRound(a, b, ..)
            | Self::Min(a, b)
            | Self::Max(a, b)
            | Self::Cmp(_, a, b)
            | Self::CmpSpan(_, a, b)
            | Self::And(a, b)
            | Self::Or(a, b)
            | Self::CostFor(a, b)
            | Self::MonthsBetween(a, b)
            | Self::YearsBetween(a, b)
            | Self::AddMonths(a, b, ..)
            | Self::Require(a, b, _) => {
                f(*a);
                f(*b);
            }
            Self::Round(a, ..) | Self::Not(a) | Self::Applies(a) | Self::InSet(a, _) | Self::YearOf(a) => f(*a),
            Self::If(a, b, c) => {
                f(*a);
                f(*b);
                f(*c);
            }
            Self::InGroup(a, _, on) => {
                f(*a);
                if let Some(on) = on {
                    f(*on);
                }
            }
            Self::Table(_) | Self::Figure(_) => {}
            Self::Bands { of, from, edges, rates, .. } => {
                f(*of);
                f(*from);
                edges.iter().chain(rates).for_each(|reg| f(*reg));
            }
            Self::Exceptions(base, alternatives, _) => {
                f(*base);
                for (when, value) in alternatives {
                    f(*when);
                    f(*value);
                }
            }
            Self::Aggregate(aggregate) => {
                f(aggregate.value);
                if let Some(filter) = aggregate.filter {
                    f(filter);
                }
            }
        }
    }
}
