//! What a plan carries beside its programs: names, labels, sources, and which register means what.

use super::is_default;
use super::service::Service;
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub institutions: Vec<Institution>,
    /// Sets of institutions with dates.
    #[serde(default, skip_serializing_if = "is_default")]
    pub groups: Vec<Group>,
    /// Open parameters, which a case may try.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parameters: Vec<Parameter>,
    /// Accumulators.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ledger: Option<Ledger>,
    /// Names of what a later stay may know of the one before.
    #[serde(default, skip_serializing_if = "is_default")]
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub number: Option<String>,
    /// Issuer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub issuer: Option<String>,
    /// Issued on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub issued: Option<Date>,
    /// Where it was read.
    #[serde(default, skip_serializing_if = "is_default")]
    pub read_at: Option<String>,
    /// Whether it was read at an address that is not its issuer's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mirror: bool,
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
    /// Article or heading, as the document prints it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub article: Option<String>,
    /// What the encoder calls it, where the document has no heading; not the document's words.
    #[serde(default, skip_serializing_if = "is_default")]
    pub label: Option<String>,
    /// The sentence as printed.
    pub quote: String,
}

/// A cite: clause and marked phrase. In a plan's text a list of numbers: source, clause and, where there is one, mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<u32>", try_from = "Vec<u32>")]
pub struct Cite {
    /// Index into the sources.
    pub source: u32,
    /// Index into the source's clauses.
    pub clause: u32,
    /// The marked phrase, as (first, end) in characters of the quote.
    pub mark: Option<(u32, u32)>,
}

impl From<Cite> for Vec<u32> {
    fn from(Cite { source, clause, mark }: Cite) -> Self {
        let mut all = vec![source, clause];
        all.extend(mark.into_iter().flat_map(|(first, end)| [first, end]));
        all
    }
}

impl TryFrom<Vec<u32>> for Cite {
    type Error = &'static str;

    fn try_from(all: Vec<u32>) -> Result<Self, Self::Error> {
        match *all.as_slice() {
            [source, clause] => Ok(Self { source, clause, mark: None }),
            [source, clause, first, end] => Ok(Self { source, clause, mark: Some((first, end)) }),
            _ => Err("a cite is two numbers or four"),
        }
    }
}

/// Who pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// Id.
    pub id: String,
    /// Name.
    pub label: Text,
    /// The person's own money (a personal account).
    #[serde(default, skip_serializing_if = "is_default")]
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
    #[serde(default, skip_serializing_if = "is_default")]
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub question: Option<Text>,
    /// Hint.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hint: Option<Text>,
    /// Who settles it, where a patient cannot.
    #[serde(default, skip_serializing_if = "is_default")]
    pub confirmed_by: Option<String>,
    /// Index of its options.
    #[serde(default, skip_serializing_if = "is_default")]
    pub choices: Option<u16>,
    /// Options allowed, where narrowed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub only: Vec<u32>,
    /// Least, as text with unit.
    #[serde(default, skip_serializing_if = "is_default")]
    pub min: Option<String>,
    /// Greatest, as text with unit.
    #[serde(default, skip_serializing_if = "is_default")]
    pub max: Option<String>,
    /// Decimals.
    #[serde(default, skip_serializing_if = "is_default")]
    pub decimals: u8,
    /// An institution's attributes, or a list's fields.
    #[serde(default, skip_serializing_if = "is_default")]
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub names: Vec<String>,
    /// What is known of it: attribute and option.
    #[serde(default, skip_serializing_if = "is_default")]
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub from: Option<Date>,
    /// First day no longer.
    #[serde(default, skip_serializing_if = "is_default")]
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
    #[serde(default, skip_serializing_if = "is_default")]
    pub cites: Vec<Cite>,
    /// Figures that the text lists without saying which, as text with unit.
    #[serde(default, skip_serializing_if = "is_default")]
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
