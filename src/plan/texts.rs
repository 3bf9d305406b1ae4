//! What a plan carries beside its programs: names, labels, sources, and which register means what.

use super::program::{Program, Reg};
use crate::date::{Date, SettlementYear};
use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Version of the plan's format; another one is refused.
pub const FORMAT: u32 = 1;

/// A compiled pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of the engine that compiled it.
    pub engine: String,
    /// SHA-256 of the pack's canonical JSON, hexadecimal.
    pub digest: String,
    /// Header.
    pub pack: Header,
    /// Documents.
    pub sources: Vec<Source>,
    /// Who pays.
    pub payers: Vec<Payer>,
    /// Sets of options.
    pub choices: Vec<ChoiceSet>,
    /// What a person is asked.
    pub facts: Vec<Fact>,
    /// Institutions, in the order of the choice set `institutions`.
    #[serde(default)]
    pub institutions: Vec<Institution>,
    /// Sets of institutions with dates.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Open parameters, which a case may try.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Accumulators.
    #[serde(default)]
    pub ledger: Option<Ledger>,
    /// Names of what a later stay may know of the one before.
    #[serde(default)]
    pub previous: Vec<Previous>,
    /// Services.
    pub services: Vec<Service>,
}

/// Who says what, when, and how well it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// Id.
    pub id: String,
    /// Revision of the encoding.
    pub revision: String,
    /// Title.
    pub title: Text,
    /// GB/T 2260 code.
    pub region_code: String,
    /// Place.
    pub region: Text,
    /// Who encoded it.
    pub publisher: Text,
    /// Evidence status.
    pub status: Status,
    /// The day the text spoke.
    #[serde(default)]
    pub evidence_date: Option<Date>,
    /// Stated beginning.
    #[serde(default)]
    pub from: Option<Date>,
    /// Stated end (the first day no longer covered).
    #[serde(default)]
    pub until: Option<Date>,
    /// Who stands for it.
    #[serde(default)]
    pub reviewed_by: Option<String>,
    /// Since when.
    #[serde(default)]
    pub reviewed_on: Option<Date>,
    /// Shown on every page.
    pub caveats: Vec<Text>,
    /// Modelling choices.
    #[serde(default)]
    pub assumptions: Vec<Assumption>,
}

/// How a pack stands to the law of a place today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Known to be in force.
    InForce,
    /// True when the text spoke; its end is not known.
    Dated,
    /// No longer, or an account of the past.
    Historical,
    /// A published example.
    Illustrative,
    /// Proposed, never in force.
    Proposal,
    /// Another system, for comparison.
    Comparison,
    /// Made up for tests.
    Invented,
}

/// A modelling choice that the text does not settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumption {
    /// Id.
    pub id: String,
    /// What is assumed.
    pub text: Text,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Id; a frame's source is `pack:source`.
    pub id: String,
    /// Title.
    pub title: String,
    /// 文号.
    #[serde(default)]
    pub number: Option<String>,
    /// Issuer.
    #[serde(default)]
    pub issuer: Option<String>,
    /// Issued on.
    #[serde(default)]
    pub issued: Option<Date>,
    /// Where it was read.
    #[serde(default)]
    pub read_at: Option<String>,
    /// How well it is known: `policy_text`, `authority_page`, `press`, `seed`.
    pub grade: String,
    /// Its clauses.
    pub clauses: Vec<Clause>,
}

/// A sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// Id.
    pub id: String,
    /// Article or heading.
    #[serde(default)]
    pub article: Option<String>,
    /// The sentence as printed.
    pub quote: String,
}

/// A cite: clause and marked phrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cite {
    /// Index into the sources.
    pub source: u32,
    /// Index into the source's clauses.
    pub clause: u32,
    /// The marked phrase, as (first, end) in characters of the quote.
    #[serde(default)]
    pub mark: Option<(u32, u32)>,
}

/// Who pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// Id.
    pub id: String,
    /// Name.
    pub label: Text,
    /// The person's own money (a personal account).
    #[serde(default)]
    pub own: bool,
}

/// Options of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceSet {
    /// Name of the fact it came from.
    pub id: String,
    /// The options, by code.
    pub options: Vec<Choice>,
    /// A value outside the list is taken as the last option (`other`).
    #[serde(default)]
    pub open: bool,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Id.
    pub id: String,
    /// Label.
    pub label: Text,
}

/// A fact as asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// Id.
    pub id: String,
    /// `money number rate points days months date bool option institution code list`.
    #[serde(rename = "type")]
    pub form: String,
    /// Label.
    pub label: Text,
    /// Question.
    #[serde(default)]
    pub question: Option<Text>,
    /// Hint.
    #[serde(default)]
    pub hint: Option<Text>,
    /// Who settles it, where a patient cannot.
    #[serde(default)]
    pub confirmed_by: Option<String>,
    /// Index of its options.
    #[serde(default)]
    pub choices: Option<u16>,
    /// Options allowed, where narrowed.
    #[serde(default)]
    pub only: Vec<u32>,
    /// Least, as text with unit.
    #[serde(default)]
    pub min: Option<String>,
    /// Greatest, as text with unit.
    #[serde(default)]
    pub max: Option<String>,
    /// Decimals.
    #[serde(default)]
    pub decimals: u8,
    /// An institution's attributes, or a list's fields.
    #[serde(default)]
    pub fields: Vec<Fact>,
}

/// An institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// Id.
    pub id: String,
    /// Name.
    pub label: Text,
    /// Other names.
    #[serde(default)]
    pub names: Vec<String>,
    /// What is known of it: attribute and option.
    #[serde(default)]
    pub attributes: Vec<(String, String)>,
}

/// A set of institutions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Id.
    pub id: String,
    /// Members with their dates.
    pub members: Vec<Member>,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Index of the institution.
    pub institution: u32,
    /// First day.
    #[serde(default)]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default)]
    pub until: Option<Date>,
}

/// A parameter that the text leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// Id.
    pub id: String,
    /// `money rate number points days months`.
    #[serde(rename = "type")]
    pub form: String,
    /// Label.
    pub label: Text,
    /// Why there is no figure.
    pub why: Text,
    /// The clause that leaves it open.
    #[serde(default)]
    pub cites: Vec<Cite>,
    /// Figures that the text lists without saying which, as text with unit.
    #[serde(default)]
    pub options: Vec<String>,
}

/// Accumulators and their year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ledger {
    /// When a settlement year begins.
    pub year: SettlementYear,
    /// Entries.
    pub entries: Vec<Entry>,
}

/// One accumulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Id.
    pub id: String,
    /// Label.
    pub label: Text,
    /// `sum count max last`.
    pub kind: EntryKind,
}

/// How an accumulator takes a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Adds up.
    Sum,
    /// Counts.
    Count,
    /// Keeps the greatest.
    Max,
    /// Keeps the newest.
    Last,
}

/// What a later stay may know of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// Name.
    pub id: String,
    /// Label.
    pub label: Text,
}

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
    #[serde(default)]
    pub topic: Option<String>,
    /// For officers only.
    #[serde(default)]
    pub officer: bool,
    /// Input that holds the service date.
    #[serde(default)]
    pub as_of: Option<Reg>,
    /// Input that holds the last day.
    #[serde(default)]
    pub ends: Option<Reg>,
    /// Rule for stays over two years.
    #[serde(default)]
    pub crosses_year: CrossesYear,
    /// Splits a stay every so many days.
    #[serde(default)]
    pub split_days: Option<u32>,
    /// Dated lines that a split divides: (list, field).
    #[serde(default)]
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

/// Why something is open or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable code: `unset`, `not-covered`, `no-row`, `conflict`, `over-bill` …
    pub code: String,
    /// For readers.
    pub text: Text,
    /// Step it belongs to.
    #[serde(default)]
    pub step: Option<u32>,
    /// Clauses.
    #[serde(default)]
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
    #[serde(default)]
    pub block: Option<u32>,
    /// What it is.
    pub form: Form,
    /// Its formulas, in pieces.
    #[serde(default)]
    pub formulas: Vec<Formula>,
    /// Clauses.
    #[serde(default)]
    pub cites: Vec<Cite>,
    /// How words are read that print a figure otherwise, or why a figure stands in no sentence.
    #[serde(default)]
    pub readings: Vec<Text>,
    /// Assumptions used, as indexes into the header's.
    #[serde(default)]
    pub assumes: Vec<u32>,
    /// The frame that bounds it.
    #[serde(default)]
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
    #[serde(default)]
    pub readings: Vec<Text>,
    /// Clauses.
    #[serde(default)]
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
        #[serde(default)]
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
        #[serde(default)]
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
        #[serde(default)]
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
    #[serde(default)]
    pub bill: Option<Bill>,
    /// Payments, in order.
    #[serde(default)]
    pub payments: Vec<Payment>,
    /// Money from outside.
    #[serde(default)]
    pub benefits: Vec<Amount>,
    /// Verdict.
    #[serde(default)]
    pub verdict: Option<Reg>,
    /// Index of the limit step.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Money to institutions.
    #[serde(default)]
    pub allocations: Vec<Amount>,
    /// Steps that are the result.
    #[serde(default)]
    pub result: Vec<u32>,
    /// Registers that must hold, in reading order.
    #[serde(default)]
    pub requires: Vec<Reg>,
    /// What honest answers satisfy.
    #[serde(default)]
    pub constraints: Vec<Constraint>,
    /// What the pack claims of itself; a proof checks it.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// Postings: (entry, register).
    #[serde(default)]
    pub posts: Vec<(u32, Reg)>,
    /// Facts written into the stay this one follows: (fact, register).
    #[serde(default)]
    pub attaches: Vec<(String, Reg)>,
    /// Values that a later stay may read, in the order of the plan's `previous`.
    #[serde(default)]
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
    #[serde(default)]
    pub exempt: Option<Text>,
    /// Clauses.
    #[serde(default)]
    pub cites: Vec<Cite>,
}
