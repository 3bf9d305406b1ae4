//! The plan's types from JSON: the same form that serde writes.

use super::json::{ANOTHER, Expected, FromJson, Json, field, only_entry, record, words};
use crate::date::{MonthEnd, SettlementYear};
use crate::decision::Receipt;
use crate::number::Rounding;
use crate::plan::*;

record!(Text { zh "zh", en "en" });
record!(Plan {
    format "format", engine "engine", digest "digest", pack "pack", sources "sources", payers "payers", choices "choices",
    facts "facts", institutions "institutions" default, groups "groups" default, parameters "parameters" default,
    ledger "ledger", previous "previous" default, services "services",
});
record!(Header {
    id "id", revision "revision", title "title", region_code "regionCode", region "region", publisher "publisher",
    status "status", evidence_date "evidenceDate", from "from", until "until", reviewed_by "reviewedBy",
    reviewed_on "reviewedOn", caveats "caveats", assumptions "assumptions" default,
});
words!(Status {
    "in_force" InForce, "dated" Dated, "historical" Historical, "illustrative" Illustrative, "proposal" Proposal,
    "comparison" Comparison, "invented" Invented,
});
record!(Assumption { id "id", text "text" });
record!(Source {
    id "id", title "title", number "number", issuer "issuer", issued "issued", read_at "readAt", mirror "mirror" default, grade "grade", clauses "clauses",
});
record!(Clause { id "id", article "article", label "label", quote "quote" });
record!(Cite { source "source", clause "clause", mark "mark" });
record!(Payer { id "id", label "label", own "own" default });
record!(ChoiceSet { id "id", options "options", open "open" default });
record!(Choice { id "id", label "label" });
record!(Fact {
    id "id", form "type", label "label", question "question", hint "hint", confirmed_by "confirmedBy", choices "choices",
    only "only" default, min "min", max "max", decimals "decimals" default, fields "fields" default,
});
record!(Institution { id "id", label "label", names "names" default, attributes "attributes" default });
record!(Group { id "id", members "members" });
record!(Member { institution "institution", from "from", until "until" });
record!(Parameter { id "id", form "type", label "label", why "why", cites "cites" default, options "options" default });
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
    id "id", title "title", kind "kind", topic "topic", officer "officer" default, as_of "asOf", ends "ends",
    crosses_year "crossesYear" default, split_days "splitDays", split_lines "splitLines", program "program",
    reasons "reasons", steps "steps", outputs "outputs",
});
record!(Reason { code "code", text "text", step "step", cites "cites" default });
record!(Step {
    id "id", label "label", register "register", block "block", form "form", formulas "formulas" default,
    cites "cites" default, readings "readings" default, assumes "assumes" default, frame "frame",
});
record!(Formula { role "role", pieces "pieces" });
record!(RowText { cells "cells", is "is", readings "readings" default, cites "cites" default });
record!(FrameLink {
    pack "pack", title "title", bound "bound", label "label", at_most "atMost", register "register", cites "cites",
});
record!(Outputs {
    bill "bill", payments "payments" default, benefits "benefits" default, verdict "verdict", limit "limit",
    allocations "allocations" default, result "result" default, requires "requires" default,
    constraints "constraints" default, posts "posts" default, attaches "attaches" default, previous "previous" default,
    claims "claims" default,
});
record!(Claim { id "id", text "text", holds "holds", exempt "exempt", cites "cites" default });
record!(Bill { total "total", parts "parts", patient "patient", cash "cash", net "net" });
record!(Part { id "id", label "label", amount "amount", left "left" });
record!(Payment { step "step", payer "payer", paid "paid", asked "asked", draws "draws" });
record!(Amount { step "step", payer "payer", amount "amount" });
record!(Constraint { holds "holds", text "text", facts "facts" });
record!(Program {
    inputs "inputs", lists "lists" default, constants "constants", tables "tables" default, blocks "blocks" default,
    code "code",
});
record!(Input {
    name "name", kind "kind", den "den", min "min", max "max", only "only" default, absent "absent" default,
    reason "reason" default,
});
record!(Constant { kind "kind", num "num", den "den", state "state" default, reason "reason" default });
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
    keys "keys", rows "rows", impossible "impossible" default, otherwise "otherwise", impossible_reason "impossible_reason",
});
record!(List { name "name", max "max", fields "fields" });
record!(Receipt {
    engine "engine", pack "pack", revision "revision", digest "digest", service "service", service_date "serviceDate",
    answers "answers",
});

impl FromJson for SettlementYear {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        SettlementYear::new(field(json, "month", None)?, field(json, "day", None)?).ok_or(ANOTHER)
    }
}

impl FromJson for Kind {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        let (name, value) = only_entry(json)?;
        Ok(match name {
            "money" => Self::Money,
            "rate" => Self::Rate,
            "number" => Self::Number,
            "points" => Self::Points,
            "days" => Self::Days,
            "months" => Self::Months,
            "date" => Self::Date,
            "bool" => Self::Bool,
            "choice" => Self::Choice(u16::from_json(value)?),
            _ => return Err(ANOTHER),
        })
    }
}

impl FromJson for Cell {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        let (name, value) = only_entry(json)?;
        Ok(match name {
            "any" => Self::Any,
            "options" => Self::Options(Vec::from_json(value)?),
            "interval" => {
                let (low, high) = FromJson::from_json(value)?;
                Self::Interval(low, high)
            }
            _ => return Err(ANOTHER),
        })
    }
}

impl FromJson for Piece {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        let (name, value) = only_entry(json)?;
        match name {
            "text" => String::from_json(value).map(Self::Text),
            "name" => <(String, Reg)>::from_json(value).map(|(name, reg)| Self::Name(name, reg)),
            _ => Err(ANOTHER),
        }
    }
}

impl FromJson for Form {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        let is: String = field(json, "is", None)?;
        Ok(match is.as_str() {
            "value" => Self::Value,
            "table" => Self::Table {
                table: field(json, "table", None)?,
                keys: field(json, "keys", None)?,
                rows: field(json, "rows", None)?,
                otherwise: field(json, "otherwise", Some(Vec::new))?,
            },
            "bands" => Self::Bands { bands: field(json, "bands", None)?, rows: field(json, "rows", None)? },
            "bill" => Self::Bill,
            "pay" => Self::Pay { payment: field(json, "payment", None)? },
            "benefit" => Self::Benefit { payer: field(json, "payer", None)? },
            "condition" => Self::Condition {
                holds: field(json, "holds", None)?,
                fails: field(json, "fails", None)?,
                document: field(json, "document", None)?,
            },
            "require" => Self::Require,
            "exception" => Self::Exception { to: field(json, "to", None)?, when: field(json, "when", None)? },
            "limit" => Self::Limit { from: field(json, "from", None)? },
            "allocate" => Self::Allocate { payer: field(json, "payer", None)? },
            _ => return Err(ANOTHER),
        })
    }
}

/// The items of an instruction's operands.
struct Operands<'j, 'a>(&'j [Json<'a>]);

impl Operands<'_, '_> {
    fn get<T: FromJson>(&self, at: usize) -> Result<T, Expected> {
        self.0.get(at).map_or(Err(ANOTHER), T::from_json)
    }
}

impl FromJson for Instr {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        let (name, value) = only_entry(json)?;
        let one = || Reg::from_json(value);
        let all = Operands(match value {
            Json::List(all) => all,
            _ => &[],
        });
        let two = || Ok::<(Reg, Reg), Expected>((all.get(0)?, all.get(1)?));
        macro_rules! pair {
            ($variant:ident) => {{
                let (a, b) = two()?;
                Self::$variant(a, b)
            }};
        }
        Ok(match name {
            "add" => pair!(Add),
            "sub" => pair!(Sub),
            "mul" => pair!(Mul),
            "div" => pair!(Div),
            "div_round" => Self::DivRound(all.get(0)?, all.get(1)?, all.get(2)?, all.get(3)?, all.get(4)?),
            "round" => Self::Round(all.get(0)?, all.get(1)?, all.get(2)?, all.get(3)?),
            "min" => pair!(Min),
            "max" => pair!(Max),
            "cmp" => Self::Cmp(all.get(0)?, all.get(1)?, all.get(2)?),
            "cmp_span" => Self::CmpSpan(all.get(0)?, all.get(1)?, all.get(2)?),
            "and" => pair!(And),
            "or" => pair!(Or),
            "not" => Self::Not(one()?),
            "if" => Self::If(all.get(0)?, all.get(1)?, all.get(2)?),
            "applies" => Self::Applies(one()?),
            "in_set" => Self::InSet(all.get(0)?, all.get(1)?),
            "in_group" => Self::InGroup(all.get(0)?, all.get(1)?, all.get(2)?),
            "table" => Self::Table(one()?),
            "bands" => Self::Bands {
                of: field(value, "of", None)?,
                from: field(value, "from", None)?,
                edges: field(value, "edges", None)?,
                rates: field(value, "rates", None)?,
                totals: field(value, "totals", None)?,
            },
            "cost_for" => pair!(CostFor),
            "exceptions" => Self::Exceptions(all.get(0)?, all.get(1)?, all.get(2)?),
            "months_between" => pair!(MonthsBetween),
            "years_between" => pair!(YearsBetween),
            "year_of" => Self::YearOf(one()?),
            "add_months" => Self::AddMonths(all.get(0)?, all.get(1)?, all.get(2)?, all.get(3)?),
            "require" => Self::Require(all.get(0)?, all.get(1)?, all.get(2)?),
            "aggregate" => Self::Aggregate(FromJson::from_json(value)?),
            _ => return Err(ANOTHER),
        })
    }
}
