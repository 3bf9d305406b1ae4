//! A service of a plan: its code, its steps as readers see them, and which register means what.

use super::is_default;
use super::program::{Program, Reg};
use super::texts::{Cite, Text};
use serde::{Deserialize, Serialize};

/// What a service answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// Who pays how much.
    Settlement,
    /// Whether the listed conditions are met.
    Eligibility,
    /// How much or how long at most.
    Limit,
    /// Money from a fund to an institution.
    Allocation,
    /// Who belongs.
    Membership,
    /// A figure about a system.
    Indicator,
    /// A sum of money or another figure for a person, without a bill: a deductible, a difference.
    Amount,
}

/// What happens to a stay that spans two settlement years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrossesYear {
    /// Refused.
    #[default]
    Refuse,
    /// The year of admission bears it.
    Admission,
    /// The year of discharge bears it.
    Discharge,
    /// Split at the edge, given dated lines.
    Split,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Kind.
    pub kind: ServiceKind,
    /// Topic, for grouping on a page.
    #[serde(default, skip_serializing_if = "is_default")]
    pub topic: Option<String>,
    /// For officers only.
    #[serde(default, skip_serializing_if = "is_default")]
    pub officer: bool,
    /// Input that holds the service date: the first day of a stay.
    #[serde(default, skip_serializing_if = "is_default")]
    pub as_of: Option<Reg>,
    /// Input that holds the last day.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ends: Option<Reg>,
    /// Rule for stays over two years.
    #[serde(default, skip_serializing_if = "is_default")]
    pub crosses_year: CrossesYear,
    /// Splits a stay every so many days.
    #[serde(default, skip_serializing_if = "is_default")]
    pub split_days: Option<u32>,
    /// Dated lines that a split divides: (list, field).
    #[serde(default, skip_serializing_if = "is_default")]
    pub split_lines: Option<(u32, u32)>,
    /// The code.
    pub program: Program,
    /// Why values are open or refused.
    pub reasons: Vec<Reason>,
    /// Steps, in reading order.
    pub steps: Vec<Step>,
    /// What is answered.
    pub outputs: Outputs,
}

impl Service {
    /// The input that holds the day that decides: which rows and versions hold, whether the pack covers it. Where the
    /// year of discharge bears a stay its rules do too.
    #[must_use]
    pub fn deciding_day(&self) -> Option<Reg> {
        match self.crosses_year {
            CrossesYear::Discharge => self.as_of.and(self.ends.or(self.as_of)),
            _ => self.as_of,
        }
    }
}

impl Service {
    /// The registers that the service answers with; `framed`: its limit is answered by a frame.
    #[must_use]
    pub fn answered(&self, framed: bool) -> Vec<Reg> {
        let out = &self.outputs;
        let mut all: Vec<Reg> = out.requires.clone();
        if let Some(bill) = &out.bill {
            all.extend_from_slice(&[bill.total, bill.patient, bill.net]);
            for payment in &out.payments {
                all.push(payment.paid);
            }
        }
        for amounts in [&out.benefits, &out.allocations] {
            for amount in amounts {
                all.push(amount.amount);
            }
        }
        if let Some(verdict) = out.verdict {
            all.push(verdict);
        }
        for at in &out.result {
            if let Some(step) = self.steps.get(*at as usize) {
                all.push(step.register);
            }
        }
        if let Some(limit) = out.limit.and_then(|at| self.steps.get(at as usize)) {
            if !framed {
                all.push(limit.register);
            }
            if let Form::Limit { from: Some(from) } = &limit.form {
                all.push(*from);
            }
        }
        all
    }
}

/// Why something is open or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable code: `unset`, `not-covered`, `no-row`, `conflict`, `over-bill` …
    pub code: String,
    /// For readers.
    pub text: Text,
    /// Step it belongs to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub step: Option<u32>,
    /// Clauses.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cites: Vec<Cite>,
}

/// A step, for its reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Id.
    pub id: String,
    /// Label.
    pub label: Text,
    /// The value's register (for a per-record step: local to `block`).
    pub register: Reg,
    /// The block of a per-record step.
    #[serde(default, skip_serializing_if = "is_default")]
    pub block: Option<u32>,
    /// What it is.
    pub form: Form,
    /// Its formulas, in pieces.
    #[serde(default, skip_serializing_if = "is_default")]
    pub formulas: Vec<Formula>,
    /// Clauses.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cites: Vec<Cite>,
    /// How words are read that print a figure otherwise, or why a figure stands in no sentence.
    #[serde(default, skip_serializing_if = "is_default")]
    pub readings: Vec<Text>,
    /// Assumptions used, as indexes into the header's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub assumes: Vec<u32>,
    /// The frame that bounds it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub frame: Option<FrameLink>,
}

/// A formula with its names linked to registers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formula {
    /// `value`, `amount`, `cap`, `when` …
    pub role: String,
    /// Its text, cut at names.
    pub pieces: Vec<Piece>,
}

/// A piece of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Words and figures.
    Text(String),
    /// A name and the register it reads.
    Name(String, Reg),
}

/// A row of a table or a band, for its reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowText {
    /// Cells as written, one a key; empty means any. For a band: its upper edge.
    pub cells: Vec<String>,
    /// Result as written. For a band: its rate.
    pub is: String,
    /// How words are read that print a figure otherwise.
    #[serde(default, skip_serializing_if = "is_default")]
    pub readings: Vec<Text>,
    /// Clauses.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cites: Vec<Cite>,
}

/// What a step is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Form {
    /// A formula.
    Value,
    /// A table.
    Table {
        /// Index into the program's tables.
        table: u32,
        /// Names of the keys.
        keys: Vec<String>,
        /// Rows.
        rows: Vec<RowText>,
        /// Clauses of `otherwise`.
        #[serde(default, skip_serializing_if = "is_default")]
        otherwise: Vec<Cite>,
    },
    /// Bands.
    Bands {
        /// The instruction's register.
        bands: Reg,
        /// Rows.
        rows: Vec<RowText>,
    },
    /// The bill and its parts.
    Bill,
    /// A payment.
    Pay {
        /// Index into the payments.
        payment: u32,
    },
    /// Money from outside the bill.
    Benefit {
        /// Index of the payer.
        payer: u32,
    },
    /// A condition.
    Condition {
        /// Said when it holds.
        holds: Text,
        /// Said when it does not.
        fails: Text,
        /// A paper to bring.
        #[serde(default, skip_serializing_if = "is_default")]
        document: Option<Text>,
    },
    /// A requirement.
    Require,
    /// Replaces another step.
    Exception {
        /// Index of the step.
        to: u32,
        /// Register of its condition.
        when: Reg,
    },
    /// A limit.
    Limit {
        /// Least of a range.
        #[serde(default, skip_serializing_if = "is_default")]
        from: Option<Reg>,
    },
    /// Money to an institution.
    Allocate {
        /// Index of the payee.
        payer: u32,
    },
}

/// A bound of a national pack on a local step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FrameLink {
    /// The frame's pack.
    pub pack: String,
    /// Its title.
    pub title: Text,
    /// The bound's id.
    pub bound: String,
    /// The bound's label.
    pub label: Text,
    /// Whether it is a greatest (or a least) value.
    pub at_most: bool,
    /// The bound's register.
    pub register: Reg,
    /// Clauses.
    pub cites: Vec<Cite>,
}

/// What a service answers with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outputs {
    /// The bill.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bill: Option<Bill>,
    /// Payments, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub payments: Vec<Payment>,
    /// Money from outside.
    #[serde(default, skip_serializing_if = "is_default")]
    pub benefits: Vec<Amount>,
    /// Verdict.
    #[serde(default, skip_serializing_if = "is_default")]
    pub verdict: Option<Reg>,
    /// Index of the limit step.
    #[serde(default, skip_serializing_if = "is_default")]
    pub limit: Option<u32>,
    /// Money to institutions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub allocations: Vec<Amount>,
    /// Steps that are the result.
    #[serde(default, skip_serializing_if = "is_default")]
    pub result: Vec<u32>,
    /// Registers that must hold, in reading order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub requires: Vec<Reg>,
    /// What honest answers satisfy.
    #[serde(default, skip_serializing_if = "is_default")]
    pub constraints: Vec<Constraint>,
    /// What the pack claims of itself; a proof checks it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub claims: Vec<Claim>,
    /// Postings: (entry, register).
    #[serde(default, skip_serializing_if = "is_default")]
    pub posts: Vec<(u32, Reg)>,
    /// Facts written into the stay this one follows: (fact, register).
    #[serde(default, skip_serializing_if = "is_default")]
    pub attaches: Vec<(String, Reg)>,
    /// Values that a later stay may read, in the order of the plan's `previous`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub previous: Vec<Option<Reg>>,
}

/// The bill, its parts, and what is left for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Total.
    pub total: Reg,
    /// Parts.
    pub parts: Vec<Part>,
    /// The person's share: what no one else pays (own accounts included).
    pub patient: Reg,
    /// Cash: the share less own accounts.
    pub cash: Reg,
    /// Share less benefits.
    pub net: Reg,
}

/// A part of the bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Id.
    pub id: String,
    /// Label.
    pub label: Text,
    /// Its amount.
    pub amount: Reg,
    /// What is left of it in the end.
    pub left: Reg,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Index of the step.
    pub step: u32,
    /// Index of the payer.
    pub payer: u32,
    /// What was paid.
    pub paid: Reg,
    /// What was asked, rounded, before cap and what is left.
    pub asked: Reg,
    /// From which part: (part, register).
    pub draws: Vec<(u32, Reg)>,
}

/// An amount outside the bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Index of the step.
    pub step: u32,
    /// Index of the payer.
    pub payer: u32,
    /// Register.
    pub amount: Reg,
}

/// What honest answers satisfy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// Register.
    pub holds: Reg,
    /// Said when it does not.
    pub text: Text,
    /// The facts concerned.
    pub facts: Vec<String>,
}

/// What a pack claims of itself for every input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Id.
    pub id: String,
    /// In words.
    pub text: Text,
    /// Register that must be true.
    pub holds: Reg,
    /// Why it may fail all the same.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exempt: Option<Text>,
    /// Clauses.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cites: Vec<Cite>,
    /// The order that is claimed, instead of a condition.
    #[serde(default, skip_serializing_if = "is_default")]
    pub order: Option<Order>,
}

/// A step that is greater (or not less) at each option of a fact than at the next, all else equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The step's register.
    pub register: Reg,
    /// The fact's input.
    pub input: Reg,
    /// Its options, by code, greatest first.
    pub options: Vec<u32>,
    /// Whether equal is not enough.
    pub strict: bool,
}
