//! The plan's types from JSON: the form, and the order of fields, that serde writes.

use super::json::{Blank, FromJson, Reader, record, words};
use crate::date::{MonthEnd, SettlementYear};
use crate::decision::Receipt;
use crate::number::Rounding;
use crate::plan::*;

record!(Text { zh "zh", en "en" });
record!(Plan {
    format "format", engine "engine", digest "digest", pack "pack", sources "sources", payers "payers", choices "choices",
    facts "facts", institutions "institutions?", groups "groups?", parameters "parameters?",
    ledger "ledger?", previous "previous?", services "services",
});
record!(Header {
    id "id", revision "revision", title "title", region_code "regionCode", region "region", publisher "publisher",
    status "status", evidence_date "evidenceDate", from "from", until "until", reviewed_by "reviewedBy",
    reviewed_on "reviewedOn", caveats "caveats", assumptions "assumptions",
});
words!(Status {
    "in_force" InForce, "dated" Dated, "historical" Historical, "illustrative" Illustrative, "proposal" Proposal,
    "comparison" Comparison, "invented" Invented,
});
record!(Assumption { id "id", text "text" });
record!(Source {
    id "id", title "title", number "number?", issuer "issuer?", issued "issued?", read_at "readAt?", mirror "mirror?", grade "grade", clauses "clauses",
});
record!(Clause { id "id", article "article?", label "label?", quote "quote" });

impl FromJson for Cite {
    fn read(&mut self, json: &mut Reader<'_>) {
        let mut all: Vec<u32> = Vec::new();
        all.read(json);
        match Self::try_from(all) {
            Ok(cite) => *self = cite,
            Err(expected) => json.fail(expected),
        }
    }
}

impl Blank for Cite {
    const BLANK: Self = Self { source: 0, clause: 0, mark: None };
}

record!(Payer { id "id", label "label", own "own?" });
record!(ChoiceSet { id "id", options "options", open "open?" });
record!(Choice { id "id", label "label" });
record!(Fact {
    id "id", form "type", label "label", question "question?", hint "hint?", confirmed_by "confirmedBy?", choices "choices?",
    only "only?", min "min?", max "max?", decimals "decimals?", fields "fields?",
});
record!(Institution { id "id", label "label", names "names?", attributes "attributes?" });
record!(Group { id "id", members "members" });
record!(Member { institution "institution", from "from?", until "until?" });
record!(Parameter { id "id", form "type", label "label", why "why", cites "cites?", options "options?" });
record!(Ledger { year "year", entries "entries" });
record!(Entry { id "id", label "label", kind "kind" });
words!(EntryKind { "sum" Sum, "count" Count, "max" Max, "last" Last });
record!(Previous { id "id", label "label" });
words!(ServiceKind {
    "settlement" Settlement, "eligibility" Eligibility, "limit" Limit, "allocation" Allocation, "membership" Membership,
    "indicator" Indicator, "amount" Amount,
});
words!(CrossesYear { "refuse" Refuse, "admission" Admission, "discharge" Discharge, "split" Split });
record!(Service {
    id "id", title "title", kind "kind", topic "topic?", officer "officer?", as_of "asOf?", ends "ends?",
    crosses_year "crossesYear?", split_days "splitDays?", split_lines "splitLines?", program "program",
    reasons "reasons", steps "steps", outputs "outputs",
});
record!(Reason { code "code", text "text", step "step?", cites "cites?" });
record!(Step {
    id "id", label "label", register "register", block "block?", form "form", formulas "formulas?",
    cites "cites?", readings "readings?", assumes "assumes?", frame "frame?",
});
record!(Formula { role "role", pieces "pieces" });
record!(RowText { cells "cells", is "is", readings "readings?", cites "cites?" });
record!(FrameLink {
    pack "pack", title "title", bound "bound", label "label", at_most "atMost", register "register", cites "cites",
});
record!(Outputs {
    bill "bill?", payments "payments?", benefits "benefits?", verdict "verdict?", limit "limit?",
    allocations "allocations?", result "result?", requires "requires?",
    constraints "constraints?", claims "claims?", posts "posts?", attaches "attaches?", previous "previous?",
});
record!(Claim { id "id", text "text", holds "holds", exempt "exempt?", cites "cites?", order "order?" });
record!(Order { register "register", input "input", options "options", strict "strict" });
record!(Bill { total "total", parts "parts", patient "patient", cash "cash", net "net" });
record!(Part { id "id", label "label", amount "amount", left "left" });
record!(Payment { step "step", payer "payer", paid "paid", asked "asked", draws "draws" });
record!(Amount { step "step", payer "payer", amount "amount" });
record!(Constraint { holds "holds", text "text", facts "facts" });
record!(Program {
    inputs "inputs", lists "lists?", constants "constants", tables "tables?", blocks "blocks?",
    code "code",
});
record!(Input {
    name "name", kind "kind", den "den", min "min", max "max", only "only?", absent "absent?",
    reason "reason?",
});
record!(Constant { kind "kind", num "num", den "den", state "state?", reason "reason?" });
words!(State { "known" Known, "unknown" Unknown, "not_applicable" NotApplicable, "unset" Unset, "failed" Failed });
words!(Comparison { "eq" Eq, "ne" Ne, "lt" Lt, "le" Le, "gt" Gt, "ge" Ge });
words!(Fold { "sum" Sum, "count" Count, "any" Any, "all" All, "min" Min, "max" Max });
words!(Rounding {
    "half_up" HalfUp, "half_even" HalfEven, "floor" Floor, "ceiling" Ceiling, "toward_zero" TowardZero,
});
words!(MonthEnd { "clip" Clip, "next" Next, "refuse" Refuse });
record!(Aggregate { fold "fold", block "block", value "value", filter "filter" });
record!(Block { list "list", code "code" });
record!(Row { cells "cells", result "result" });
record!(Table {
    keys "keys", rows "rows", impossible "impossible?", otherwise "otherwise", impossible_reason "impossible_reason",
});
record!(List { name "name", max "max", fields "fields" });
record!(Receipt {
    engine "engine", pack "pack", revision "revision", digest "digest", service "service", service_date "serviceDate",
    answers "answers",
});

impl FromJson for SettlementYear {
    fn read(&mut self, json: &mut Reader<'_>) {
        let (mut month, mut day) = (0_u32, 0_u32);
        json.object("month day", &mut [&mut month, &mut day]);
        match Self::new(month, day) {
            Some(year) => *self = year,
            None => json.fail("a day of the year"),
        }
    }
}

impl Blank for SettlementYear {
    const BLANK: Self = Self::CALENDAR;
}

impl FromJson for Kind {
    fn read(&mut self, json: &mut Reader<'_>) {
        const PLAIN: [Kind; 8] =
            [Kind::Money, Kind::Rate, Kind::Number, Kind::Points, Kind::Days, Kind::Months, Kind::Date, Kind::Bool];
        let (at, holds) = json.variant("money rate number points days months date bool choice");
        *self = PLAIN.get(at).copied().unwrap_or(Self::Choice(0));
        if let Self::Choice(set) = self {
            set.read(json);
        }
        json.end_variant(holds);
    }
}

impl Blank for Kind {
    const BLANK: Self = Self::Money;
}

impl FromJson for Cell {
    fn read(&mut self, json: &mut Reader<'_>) {
        let (at, holds) = json.variant("any options interval");
        *self = match at {
            0 => Self::Any,
            1 => Self::Options(Vec::new()),
            _ => Self::Interval(None, None),
        };
        match self {
            Self::Any => {}
            Self::Options(all) => all.read(json),
            Self::Interval(low, high) => json.items(&mut [low, high]),
        }
        json.end_variant(holds);
    }
}

impl Blank for Cell {
    const BLANK: Self = Self::Any;
}

impl FromJson for Piece {
    fn read(&mut self, json: &mut Reader<'_>) {
        let (at, holds) = json.variant("text name");
        if at == 1 {
            *self = Self::Name(String::new(), 0);
        }
        match self {
            Self::Text(text) => text.read(json),
            Self::Name(name, reg) => json.items(&mut [name, reg]),
        }
        json.end_variant(holds);
    }
}

impl Blank for Piece {
    const BLANK: Self = Self::Text(String::new());
}

impl FromJson for Form {
    fn read(&mut self, json: &mut Reader<'_>) {
        json.key("is");
        *self = match json.one_of("value table bands bill pay benefit condition require exception limit allocate") {
            1 => Self::Table { table: 0, keys: Vec::new(), rows: Vec::new(), otherwise: Vec::new() },
            2 => Self::Bands { bands: 0, rows: Vec::new() },
            3 => Self::Bill,
            4 => Self::Pay { payment: 0 },
            5 => Self::Benefit { payer: 0 },
            6 => Self::Condition { holds: Text::BLANK, fails: Text::BLANK, document: None },
            7 => Self::Require,
            8 => Self::Exception { to: 0, when: 0 },
            9 => Self::Limit { from: None },
            10 => Self::Allocate { payer: 0 },
            _ => Self::Value,
        };
        match self {
            Self::Value | Self::Bill | Self::Require => json.object("", &mut []),
            Self::Table { table, keys, rows, otherwise } => {
                json.object("table keys rows otherwise?", &mut [table, keys, rows, otherwise]);
            }
            Self::Bands { bands, rows } => json.object("bands rows", &mut [bands, rows]),
            Self::Pay { payment } => json.object("payment", &mut [payment]),
            Self::Condition { holds, fails, document } => {
                json.object("holds fails document?", &mut [holds, fails, document]);
            }
            Self::Exception { to, when } => json.object("to when", &mut [to, when]),
            Self::Limit { from } => json.object("from?", &mut [from]),
            Self::Benefit { payer } | Self::Allocate { payer } => json.object("payer", &mut [payer]),
        }
    }
}

impl Blank for Form {
    const BLANK: Self = Self::Value;
}

/// The names of instructions, in the order of [`blank`].
const INSTRUCTIONS: &str = "add sub mul div min max and or cost_for months_between years_between cmp cmp_span require \
    if div_round round not applies table year_of in_set in_group bands exceptions add_months aggregate";

/// An instruction of this number, before its operands are read.
fn blank(at: usize) -> Instr {
    match at {
        0 => Instr::Add(0, 0),
        1 => Instr::Sub(0, 0),
        2 => Instr::Mul(0, 0),
        3 => Instr::Div(0, 0),
        4 => Instr::Min(0, 0),
        5 => Instr::Max(0, 0),
        6 => Instr::And(0, 0),
        7 => Instr::Or(0, 0),
        8 => Instr::CostFor(0, 0),
        9 => Instr::MonthsBetween(0, 0),
        10 => Instr::YearsBetween(0, 0),
        11 => Instr::Cmp(Comparison::BLANK, 0, 0),
        12 => Instr::CmpSpan(Comparison::BLANK, 0, 0),
        13 => Instr::Require(0, 0, 0),
        14 => Instr::If(0, 0, 0),
        15 => Instr::DivRound(0, 0, Rounding::BLANK, 0, 0),
        16 => Instr::Round(0, Rounding::BLANK, 0, 0),
        17 => Instr::Not(0),
        18 => Instr::Applies(0),
        19 => Instr::Table(0),
        20 => Instr::YearOf(0),
        21 => Instr::InSet(0, Vec::new()),
        22 => Instr::InGroup(0, 0, None),
        23 => Instr::Bands { of: 0, from: 0, edges: Vec::new(), rates: Vec::new(), totals: None },
        24 => Instr::Exceptions(0, Vec::new(), 0),
        25 => Instr::AddMonths(0, 0, MonthEnd::BLANK, 0),
        _ => Instr::Aggregate(Aggregate::BLANK),
    }
}

impl FromJson for Instr {
    fn read(&mut self, json: &mut Reader<'_>) {
        json.token("{");
        *self = blank(json.one_of(INSTRUCTIONS));
        json.token(":");
        match self {
            Self::Add(a, b)
            | Self::Sub(a, b)
            | Self::Mul(a, b)
            | Self::Div(a, b)
            | Self::Min(a, b)
            | Self::Max(a, b)
            | Self::And(a, b)
            | Self::Or(a, b)
            | Self::CostFor(a, b)
            | Self::MonthsBetween(a, b)
            | Self::YearsBetween(a, b) => json.items(&mut [a, b]),
            Self::Cmp(how, a, b) | Self::CmpSpan(how, a, b) => json.items(&mut [how, a, b]),
            Self::Require(a, b, c) | Self::If(a, b, c) => json.items(&mut [a, b, c]),
            Self::DivRound(a, b, mode, num, den) => json.items(&mut [a, b, mode, num, den]),
            Self::Round(a, mode, num, den) => json.items(&mut [a, mode, num, den]),
            Self::Not(a) | Self::Applies(a) | Self::Table(a) | Self::YearOf(a) => a.read(json),
            Self::InSet(a, all) => json.items(&mut [a, all]),
            Self::InGroup(a, group, on) => json.items(&mut [a, group, on]),
            Self::Bands { of, from, edges, rates, totals } => {
                json.object("of from edges rates totals", &mut [of, from, edges, rates, totals]);
            }
            Self::Exceptions(base, all, reason) => json.items(&mut [base, all, reason]),
            Self::AddMonths(a, b, end, reason) => json.items(&mut [a, b, end, reason]),
            Self::Aggregate(aggregate) => aggregate.read(json),
            // Figures stand before the code.
            Self::Figure(_) => json.fail("an instruction"),
        }
        json.token("}");
    }
}

impl Blank for Instr {
    const BLANK: Self = Self::Not(0);
}
