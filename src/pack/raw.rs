//! The file's own shape. Nothing here is valid yet.

use super::read::Spot;
use crate::date::{Date, SettlementYear};
use crate::diagnostic::Place;
use crate::formula::{Expr, Figure, RoundTo};
use crate::plan::{CrossesYear, EntryKind, Header, ServiceKind, Source, Text};

/// A formula and where it stands.
#[derive(Debug, Clone)]
pub struct Formula<'a> {
    /// Its text.
    pub spot: Spot<'a>,
    /// Its tree.
    pub expr: Expr,
}

/// A pack as written.
#[derive(Debug)]
pub struct RawPack<'a> {
    /// Header.
    pub header: Header,
    /// Place of the `pack` key.
    pub at: Place,
    /// Whether figures need quotes (all packs but invented ones).
    pub quoted: bool,
    /// Documents.
    pub sources: Vec<Source>,
    /// Payers: id, label, own.
    pub payers: Vec<(String, Text, bool)>,
    /// Facts, shared ones resolved.
    pub facts: Vec<RawFact<'a>>,
    /// Parameters.
    pub parameters: Vec<RawParameter<'a>>,
    /// Institutions.
    pub institutions: Vec<RawInstitution<'a>>,
    /// Groups of institutions.
    pub groups: Vec<RawGroup<'a>>,
    /// Constraints of the pack.
    pub constraints: Vec<RawConstraint<'a>>,
    /// Constraints of the vocabulary; those that name a fact the pack does not use say nothing.
    pub shared_constraints: Vec<RawConstraint<'a>>,
    /// Ledger.
    pub ledger: Option<RawLedger<'a>>,
    /// Previous values.
    pub previous: Vec<RawPrevious<'a>>,
    /// Bounds for local packs.
    pub frame: Vec<RawBound<'a>>,
    /// Services.
    pub services: Vec<RawService<'a>>,
    /// Facts and parameters that could not be read: their names are no news further down.
    pub broken: Vec<String>,
}

/// A fact as written.
#[derive(Debug, Clone)]
pub struct RawFact<'a> {
    /// Id.
    pub id: String,
    /// Where it is declared.
    pub at: Place,
    /// Whether it is the vocabulary's.
    pub shared: bool,
    /// Type word.
    pub form: String,
    /// Label.
    pub label: Text,
    /// Question.
    pub question: Option<Text>,
    /// Hint.
    pub hint: Option<Text>,
    /// Who confirms it.
    pub confirmed_by: Option<String>,
    /// Options: id and label.
    pub options: Vec<(String, Text)>,
    /// Options kept, where narrowed.
    pub only: Vec<Spot<'a>>,
    /// Least.
    pub min: Option<(Figure, Spot<'a>)>,
    /// Greatest.
    pub max: Option<(Figure, Spot<'a>)>,
    /// Decimals.
    pub decimals: u8,
    /// Fields of a list, attributes of an institution.
    pub fields: Vec<RawFact<'a>>,
    /// Most records.
    pub most: u32,
}

/// A parameter as written.
#[derive(Debug, Clone)]
pub struct RawParameter<'a> {
    /// Id.
    pub id: String,
    /// Where.
    pub at: Place,
    /// Type word.
    pub form: String,
    /// Label.
    pub label: Text,
    /// Its figure.
    pub is: Option<(Figure, Spot<'a>)>,
    /// Why there is none.
    pub unset: Option<Text>,
    /// Least value that a case may try.
    pub min: Option<(Figure, Spot<'a>)>,
    /// Greatest.
    pub max: Option<(Figure, Spot<'a>)>,
    /// Decimals of a tried value.
    pub decimals: Option<u8>,
    /// Figures listed without saying which.
    pub options: Vec<(Figure, Spot<'a>)>,
    /// Cites.
    pub cites: Vec<RawCite<'a>>,
}

/// An institution as written.
#[derive(Debug, Clone)]
pub struct RawInstitution<'a> {
    /// Id.
    pub id: String,
    /// Where.
    pub at: Place,
    /// Name.
    pub label: Text,
    /// Other names.
    pub names: Vec<String>,
    /// Attribute name and value.
    pub attributes: Vec<(String, Spot<'a>)>,
}

/// A group as written.
#[derive(Debug, Clone)]
pub struct RawGroup<'a> {
    /// Id.
    pub id: String,
    /// Members.
    pub members: Vec<RawMember<'a>>,
}

/// A member of a group as written.
#[derive(Debug, Clone)]
pub struct RawMember<'a> {
    /// The institution.
    pub id: Spot<'a>,
    /// First day.
    pub from: Option<Date>,
    /// First day no longer.
    pub until: Option<Date>,
    /// Cites of the days.
    pub cites: Vec<RawCite<'a>>,
}

/// A constraint as written.
#[derive(Debug, Clone)]
pub struct RawConstraint<'a> {
    /// What must hold.
    pub must: Formula<'a>,
    /// Said when it does not.
    pub text: Text,
}

/// A ledger as written.
#[derive(Debug, Clone)]
pub struct RawLedger<'a> {
    /// Settlement year.
    pub year: SettlementYear,
    /// Entries.
    pub entries: Vec<(RawFact<'a>, EntryKind)>,
}

/// A previous value as written.
#[derive(Debug, Clone)]
pub struct RawPrevious<'a> {
    /// Its declaration (type left empty where it follows a fact).
    pub fact: RawFact<'a>,
    /// Fact or step that it takes.
    pub from: Spot<'a>,
}

/// A bound as written.
#[derive(Debug, Clone)]
pub struct RawBound<'a> {
    /// Id.
    pub id: String,
    /// Label.
    pub label: Text,
    /// Whether a greatest value.
    pub at_most: bool,
    /// The figure.
    pub figure: Figure,
    /// Where it stands.
    pub spot: Spot<'a>,
    /// Cites.
    pub cites: Vec<RawCite<'a>>,
}

/// A service as written.
#[derive(Debug, Clone)]
pub struct RawService<'a> {
    /// Id.
    pub id: String,
    /// Where.
    pub at: Place,
    /// Title.
    pub title: Text,
    /// Kind.
    pub kind: ServiceKind,
    /// Topic.
    pub topic: Option<String>,
    /// For officers.
    pub officer: bool,
    /// Service date.
    pub as_of: Option<Spot<'a>>,
    /// Last day.
    pub ends: Option<Spot<'a>>,
    /// Stays over two years.
    pub crosses_year: CrossesYear,
    /// Split every so many days.
    pub split_days: Option<u32>,
    /// Dated lines: list, field.
    pub lines: Option<(Spot<'a>, Spot<'a>)>,
    /// Services whose steps are read.
    pub after: Vec<Spot<'a>>,
    /// Verdict.
    pub verdict: Option<Formula<'a>>,
    /// Result steps.
    pub result: Vec<Spot<'a>>,
    /// What the pack claims of itself.
    pub claims: Vec<RawClaim<'a>>,
    /// Postings.
    pub posts: Vec<(String, Place, Formula<'a>)>,
    /// Facts for the stay this follows.
    pub attaches: Vec<(String, Place, Formula<'a>)>,
    /// Steps.
    pub steps: Vec<RawStep<'a>>,
    /// Steps that could not be read: their names are no news further down.
    pub broken: Vec<String>,
}

/// A claim as written.
#[derive(Debug, Clone)]
pub struct RawClaim<'a> {
    /// Id.
    pub id: String,
    /// In words.
    pub text: Text,
    /// What must hold for every input; `None` for an order, and for a general property that is exempted.
    pub holds: Option<Formula<'a>>,
    /// The order that must hold.
    pub order: Option<RawOrder<'a>>,
    /// Why it may fail all the same.
    pub exempt: Option<Text>,
    /// Cites.
    pub cites: Vec<RawCite<'a>>,
}

/// `falls: STEP, along: { FACT: [OPTION, …] }` as written.
#[derive(Debug, Clone)]
pub struct RawOrder<'a> {
    /// The step.
    pub step: Spot<'a>,
    /// The fact, and where it stands.
    pub fact: (String, Place),
    /// Its options, greatest first.
    pub options: Vec<Spot<'a>>,
    /// Whether equal is not enough (`falls`, not `never_rises`).
    pub strict: bool,
}

/// A cite as written.
#[derive(Debug, Clone)]
pub struct RawCite<'a> {
    /// `source/clause#phrase`.
    pub at: Option<Spot<'a>>,
    /// How its words are read.
    pub reads: Option<RawReading>,
    /// Where the cite stands.
    pub spot: Spot<'a>,
}

/// Figures that a text prints in other words, and how they are read.
#[derive(Debug, Clone)]
pub struct RawReading {
    /// Figures.
    pub figures: Vec<Figure>,
    /// Days.
    pub days: Vec<Date>,
    /// Said to readers.
    pub text: Text,
}

/// A step as written.
#[derive(Debug, Clone)]
pub struct RawStep<'a> {
    /// Id.
    pub id: String,
    /// Where.
    pub at: Spot<'a>,
    /// Label.
    pub label: Text,
    /// One value per record of this list.
    pub each: Option<Spot<'a>>,
    /// What it is.
    pub form: RawForm<'a>,
    /// Cites.
    pub cites: Vec<RawCite<'a>>,
    /// Assumptions used.
    pub assumes: Vec<Spot<'a>>,
    /// Rounding: how, whether of totals, where.
    pub round: Option<(RoundTo, bool, Spot<'a>)>,
    /// Bound: `pack/bound`.
    pub frame: Option<Spot<'a>>,
    /// Whose options the result is one of.
    pub options_of: Option<Spot<'a>>,
}

/// A dated formula.
#[derive(Debug, Clone)]
pub struct RawVersion<'a> {
    /// First day.
    pub from: Option<Date>,
    /// First day no longer.
    pub until: Option<Date>,
    /// Formula.
    pub value: Formula<'a>,
    /// Cites.
    pub cites: Vec<RawCite<'a>>,
    /// Where.
    pub spot: Spot<'a>,
}

/// What a row gives.
#[derive(Debug, Clone)]
pub enum RawResult<'a> {
    /// A formula.
    Is(Formula<'a>),
    /// A refusal.
    Refuse(Text, Spot<'a>),
}

/// A table row as written.
#[derive(Debug, Clone)]
pub struct RawRow<'a> {
    /// Cells by key.
    pub cells: Vec<(String, Place, Spot<'a>)>,
    /// Result.
    pub is: RawResult<'a>,
    /// First day.
    pub from: Option<Date>,
    /// First day no longer.
    pub until: Option<Date>,
    /// Cites.
    pub cites: Vec<RawCite<'a>>,
    /// Where.
    pub spot: Spot<'a>,
}

/// A table as written.
#[derive(Debug, Clone)]
pub struct RawTable<'a> {
    /// Keys.
    pub by: Vec<Formula<'a>>,
    /// Rows.
    pub rows: Vec<RawRow<'a>>,
    /// Impossible combinations.
    pub impossible: Vec<Vec<(String, Place, Spot<'a>)>>,
    /// What is given where no row hits, with its cites.
    pub otherwise: Option<(RawResult<'a>, Vec<RawCite<'a>>)>,
    /// Whether all of it could be read; if not, gaps and overlaps say nothing.
    pub whole: bool,
    /// Where.
    pub spot: Spot<'a>,
}

/// A band as written.
#[derive(Debug, Clone)]
pub struct RawBand<'a> {
    /// Upper edge.
    pub up_to: Option<Formula<'a>>,
    /// Rate.
    pub rate: Formula<'a>,
    /// Cites.
    pub cites: Vec<RawCite<'a>>,
    /// Where.
    pub spot: Spot<'a>,
}

/// A part of the bill as written.
#[derive(Debug, Clone)]
pub struct RawPart<'a> {
    /// Id.
    pub id: String,
    /// Where.
    pub at: Place,
    /// Label.
    pub label: Text,
    /// Amount; `None` is the rest.
    pub amount: Option<Formula<'a>>,
}

/// The form of a step as written.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the keys of the pack guide")]
#[expect(clippy::large_enum_variant, reason = "read once, a few hundred of them")]
pub enum RawForm<'a> {
    Value(Formula<'a>),
    Versions(Vec<RawVersion<'a>>),
    Table(RawTable<'a>),
    Bands {
        of: Formula<'a>,
        from: Formula<'a>,
        rows: Vec<RawBand<'a>>,
    },
    Bill {
        total: Formula<'a>,
        parts: Vec<RawPart<'a>>,
    },
    Pay {
        payer: Spot<'a>,
        from: Vec<Spot<'a>>,
        amount: Formula<'a>,
        cap: Option<Formula<'a>>,
        at_least: Option<Formula<'a>>,
        leaves: Option<Formula<'a>>,
    },
    Benefit {
        payer: Spot<'a>,
        amount: Formula<'a>,
    },
    Condition {
        holds_if: Formula<'a>,
        holds: Text,
        fails: Text,
        document: Option<Text>,
    },
    Require {
        must: Formula<'a>,
        refuse: Text,
    },
    Exception {
        to: Spot<'a>,
        when: Formula<'a>,
        value: Formula<'a>,
    },
    Limit {
        from: Option<Formula<'a>>,
        to: Formula<'a>,
    },
    Allocate {
        payer: Spot<'a>,
        amount: Formula<'a>,
    },
}
