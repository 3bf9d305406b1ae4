//! The decision as its reader gets it: plain data, money as decimal strings, dates in ISO form.

use super::receipt::Receipt;
use crate::date::Date;
use crate::json::{object, words};
use crate::plan::{ServiceKind, State, Status, Text};

/// How a decision ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything asked was answered.
    Computed,
    /// An answer is still needed.
    Incomplete,
    /// The text leaves it open, does not cover it, or forbids it.
    Refused,
}

/// Whether listed conditions are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerdictWord {
    /// 符合所列条件.
    Meets,
    /// 不符合所列条件.
    DoesNotMeet,
    /// 须由医生或经办机构确认.
    MustBeConfirmed,
    /// 还不能确定.
    CannotTell,
}

/// A decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// How it ended.
    pub outcome: Outcome,
    /// The service.
    pub service: ServiceRef,
    /// The pack.
    pub pack: PackRef,
    /// The date that decided.
    pub as_of: Option<Date>,
    /// Money, for a settlement.
    pub amounts: Option<Amounts>,
    /// Verdict, where the service has one.
    pub verdict: Option<Verdict>,
    /// Limit, where the service has one.
    pub limit: Option<Limit>,
    /// Money to institutions.
    pub allocations: Vec<Payment>,
    /// The result of an amount or indicator service.
    pub result: Vec<NamedValue>,
    /// Steps, in reading order.
    pub steps: Vec<StepView>,
    /// Papers to bring.
    pub documents: Vec<Document>,
    /// Which layer of rules governed.
    pub layers: Vec<Layer>,
    /// Why there is no answer.
    pub refusals: Vec<Refusal>,
    /// Answers that are still needed.
    pub missing: Vec<Missing>,
    /// Said beside the amount.
    pub warnings: Vec<Warning>,
    /// Modelling choices and readings that this decision used.
    pub assumptions: Vec<Text>,
    /// What every page must show.
    pub caveats: Vec<Text>,
    /// Clauses that the steps cite.
    pub clauses: Vec<ClauseView>,
    /// Basis and digests.
    pub receipt: Receipt,
}

/// The service of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRef {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Kind.
    pub kind: ServiceKind,
}

/// The pack of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackRef {
    /// Id.
    pub id: String,
    /// Revision.
    pub revision: String,
    /// Title.
    pub title: Text,
    /// Place.
    pub region: Text,
    /// Evidence status.
    pub status: Status,
    /// The day the text spoke.
    pub evidence_date: Option<Date>,
    /// Who stands for it.
    pub reviewed_by: Option<String>,
    /// Since when.
    pub reviewed_on: Option<Date>,
}

/// A value with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// `known unknown not_applicable unset failed`.
    pub state: State,
    /// The value: yuan with two decimals, per cent with `%`, ISO date, option id; empty unless known.
    pub text: String,
    /// `yuan rate number points days months date bool option`.
    pub unit: &'static str,
    /// The option's label.
    pub label: Option<Text>,
}

/// A value with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedValue {
    /// Id.
    pub id: String,
    /// Label.
    pub label: Text,
    /// Value.
    pub value: Value,
}

/// Who pays what. Amounts are absent where they are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts {
    /// The bill.
    pub total: Value,
    /// Payments in order.
    pub payments: Vec<Payment>,
    /// The person's share.
    pub patient: Value,
    /// The person's share less own accounts.
    pub cash: Value,
    /// The person's share less benefits; may be below zero.
    pub net: Value,
    /// Money from outside the bill.
    pub benefits: Vec<Payment>,
    /// The parts of the bill and what is left of each for the person.
    pub parts: Vec<PartView>,
}

/// A payment, a benefit, or money to an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Step.
    pub step: String,
    /// Label of the step.
    pub label: Text,
    /// Payer.
    pub payer: String,
    /// Name of the payer.
    pub payer_label: Text,
    /// The person's own money.
    pub own: bool,
    /// Amount.
    pub amount: Value,
    /// From which parts of the bill.
    pub from: Vec<Draw>,
    /// `asked`, `left` or `limit`: what decided the amount.
    pub bound: &'static str,
}

/// A draw on a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// Part.
    pub part: String,
    /// Amount.
    pub amount: Value,
}

/// A part of the bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartView {
    /// Id.
    pub id: String,
    /// Label.
    pub label: Text,
    /// Amount.
    pub amount: Value,
    /// What the person pays of it.
    pub left: Value,
}

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The word.
    pub is: VerdictWord,
    /// Who must confirm: `doctor agency hospital`.
    pub by: Vec<String>,
    /// Steps of the conditions that decided.
    pub decided: Vec<String>,
}

/// A limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Step.
    pub step: String,
    /// Least of a range.
    pub from: Option<Value>,
    /// The most.
    pub to: Value,
}

/// A step with all that can be asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    /// Id.
    pub id: String,
    /// Label.
    pub label: Text,
    /// `value table bands bill pay benefit condition require exception limit allocate`.
    pub form: &'static str,
    /// Its value; for a step per record, absent.
    pub value: Option<Value>,
    /// Its value for each record.
    pub records: Vec<Value>,
    /// Its formulas.
    pub formulas: Vec<FormulaView>,
    /// Rows of a table or bands.
    pub rows: Vec<RowView>,
    /// Names of a table's keys.
    pub keys: Vec<String>,
    /// The exception that replaced its value.
    pub replaced_by: Option<String>,
    /// For an exception: whether it applied.
    pub applied: Option<bool>,
    /// What a condition says.
    pub says: Option<Text>,
    /// Why it has no value.
    pub reason: Option<Text>,
    /// Clauses: `source/clause` and the marked phrase.
    pub cites: Vec<CiteView>,
    /// How words were read.
    pub readings: Vec<Text>,
    /// Assumptions used.
    pub assumes: Vec<Text>,
}

/// A formula as written, with its numbers, and what it read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormulaView {
    /// `value amount cap when …`.
    pub role: String,
    /// As written.
    pub text: String,
    /// With the numbers filled in.
    pub filled: String,
    /// Names read, with their values.
    pub reads: Vec<NamedValue>,
}

/// A row of a table or a band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowView {
    /// Cells as written; empty means any. For a band: its upper edge.
    pub cells: Vec<String>,
    /// Result as written. For a band: its rate.
    pub is: String,
    /// Whether it was chosen; for a band, whether anything fell in it.
    pub chosen: bool,
    /// Keys whose cells did not fit.
    pub because: Vec<String>,
    /// For a band: the stretch that fell in it, and what it pays.
    pub portion: Option<Value>,
    /// What the band pays.
    pub pays: Option<Value>,
    /// Clauses.
    pub cites: Vec<CiteView>,
}

/// A cite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CiteView {
    /// `source/clause`.
    pub clause: String,
    /// The marked phrase, as (first, end) in characters of the quote.
    pub mark: Option<(u32, u32)>,
}

/// A clause with its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseView {
    /// `source/clause`.
    pub id: String,
    /// Title of the document.
    pub title: String,
    /// 文号.
    pub number: Option<String>,
    /// Issuer.
    pub issuer: Option<String>,
    /// Issued on.
    pub issued: Option<Date>,
    /// Where it was read.
    pub read_at: Option<String>,
    /// How well it is known.
    pub grade: String,
    /// Article.
    pub article: Option<String>,
    /// What the encoder calls it, where the document prints no heading.
    pub label: Option<String>,
    /// The sentence.
    pub quote: String,
}

/// A paper to bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Step.
    pub step: String,
    /// What it is.
    pub label: Text,
    /// Whether the person has it; absent while not known.
    pub held: Option<bool>,
}

/// Two layers that both speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Step.
    pub step: String,
    /// The pack that governs.
    pub governs: String,
    /// The pack that yields.
    pub yields: String,
    /// What the frame says.
    pub bound: Value,
    /// Whether the bound is a greatest value.
    pub at_most: bool,
    /// The bound's label.
    pub label: Text,
    /// Its clauses.
    pub cites: Vec<CiteView>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code.
    pub code: String,
    /// For readers.
    pub text: Text,
    /// Step.
    pub step: Option<String>,
    /// Clauses.
    pub cites: Vec<CiteView>,
}

/// An answer that is still needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Name of the fact.
    pub fact: String,
    /// The same name as JavaScript writes it.
    pub key: String,
    /// Label.
    pub label: Text,
    /// Question.
    pub question: Option<Text>,
    /// Who settles it.
    pub confirmed_by: Option<String>,
}

/// Said beside the amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// For readers.
    pub text: Text,
}

object!(Decision {
    outcome "outcome", service "service", pack "pack", as_of "asOf", amounts "amounts", verdict "verdict",
    limit "limit", allocations "allocations", result "result", steps "steps", documents "documents", layers "layers",
    refusals "refusals", missing "missing", warnings "warnings", assumptions "assumptions", caveats "caveats",
    clauses "clauses", receipt "receipt",
});
object!(ServiceRef { id "id", title "title", kind "kind" });
object!(PackRef {
    id "id", revision "revision", title "title", region "region", status "status", evidence_date "evidenceDate",
    reviewed_by "reviewedBy", reviewed_on "reviewedOn",
});
object!(Value { state "state", text "text", unit "unit", label "label?" });
object!(NamedValue { id "id", label "label", value "value" });
object!(Amounts {
    total "total", payments "payments", patient "patient", cash "cash", net "net", benefits "benefits", parts "parts",
});
object!(Payment {
    step "step", label "label", payer "payer", payer_label "payerLabel", own "own", amount "amount", from "from",
    bound "bound",
});
object!(Draw { part "part", amount "amount" });
object!(PartView { id "id", label "label", amount "amount", left "left" });
object!(Verdict { is "is", by "by", decided "decided" });
object!(Limit { step "step", from "from", to "to" });
object!(StepView {
    id "id", label "label", form "form", value "value", records "records?", formulas "formulas", rows "rows?",
    keys "keys?", replaced_by "replacedBy?", applied "applied?", says "says?", reason "reason?", cites "cites",
    readings "readings?", assumes "assumes?",
});
object!(FormulaView { role "role", text "text", filled "filled", reads "reads" });
object!(RowView {
    cells "cells", is "is", chosen "chosen", because "because", portion "portion?", pays "pays?", cites "cites",
});
object!(CiteView { clause "clause", mark "mark" });
object!(ClauseView {
    id "id", title "title", number "number", issuer "issuer", issued "issued", read_at "readAt", grade "grade",
    article "article", label "label", quote "quote",
});
object!(Document { step "step", label "label", held "held" });
object!(Layer {
    step "step", governs "governs", yields "yields", bound "bound", at_most "atMost", label "label", cites "cites",
});
object!(Refusal { code "code", text "text", step "step?", cites "cites" });
object!(Missing { fact "fact", key "key", label "label", question "question", confirmed_by "confirmedBy" });
object!(Warning { code "code", text "text" });
object!(Text { zh "zh", en "en" });

words!(Outcome { "computed" Computed, "incomplete" Incomplete, "refused" Refused });
words!(VerdictWord {
    "meets" Meets, "does_not_meet" DoesNotMeet, "must_be_confirmed" MustBeConfirmed, "cannot_tell" CannotTell,
});
words!(State {
    "known" Known, "unknown" Unknown, "not_applicable" NotApplicable, "unset" Unset, "failed" Failed,
});
words!(Status {
    "in_force" InForce, "dated" Dated, "historical" Historical, "illustrative" Illustrative, "proposal" Proposal,
    "comparison" Comparison, "invented" Invented,
});
words!(ServiceKind {
    "settlement" Settlement, "eligibility" Eligibility, "limit" Limit, "allocation" Allocation,
    "membership" Membership, "indicator" Indicator, "amount" Amount,
});
