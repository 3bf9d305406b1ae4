//! The plan's types from JSON: the form, and the order of fields, that serde writes.

use super::json::{FromJson, Reader, record, words};
use crate::date::{MonthEnd, SettlementYear};
use crate::decision::Receipt;
use crate::number::Rounding;
use crate::plan::*;

record!(Text { zh "zh", en "en" });
record!(Plan {
    format "format", engine "engine", digest "digest", pack "pack", sources "sources", payers "payers", choices "choices",
    facts "facts", institutions "institutions", groups "groups", parameters "parameters",
    ledger "ledger", previous "previous", services "services",
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
    id "id", title "title", number "number", issuer "issuer", issued "issued", read_at "readAt", mirror "mirror", grade "grade", clauses "clauses",
});
record!(Clause { id "id", article "article", label "label", quote "quote" });
record!(Cite { source "source", clause "clause", mark "mark" });
record!(Payer { id "id", label "label", own "own" });
record!(ChoiceSet { id "id", options "options", open "open" });
record!(Choice { id "id", label "label" });
record!(Fact {
    id "id", form "type", label "label", question "question", hint "hint", confirmed_by "confirmedBy", choices "choices",
    only "only", min "min", max "max", decimals "decimals", fields "fields",
});
record!(Institution { id "id", label "label", names "names", attributes "attributes" });
record!(Group { id "id", members "members" });
record!(Member { institution "institution", from "from", until "until" });
record!(Parameter { id "id", form "type", label "label", why "why", cites "cites", options "options" });
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
    id "id", title "title", kind "kind", topic "topic", officer "officer", as_of "asOf", ends "ends",
    crosses_year "crossesYear", split_days "splitDays", split_lines "splitLines", program "program",
    reasons "reasons", steps "steps", outputs "outputs",
});
record!(Reason { code "code", text "text", step "step", cites "cites" });
record!(Step {
    id "id", label "label", register "register", block "block", form "form", formulas "formulas",
    cites "cites", readings "readings", assumes "assumes", frame "frame",
});
record!(Formula { role "role", pieces "pieces" });
record!(RowText { cells "cells", is "is", readings "readings", cites "cites" });
record!(FrameLink {
    pack "pack", title "title", bound "bound", label "label", at_most "atMost", register "register", cites "cites",
});
record!(Outputs {
    bill "bill", payments "payments", benefits "benefits", verdict "verdict", limit "limit",
    allocations "allocations", result "result", requires "requires",
    constraints "constraints", claims "claims", posts "posts", attaches "attaches", previous "previous",
});
record!(Claim { id "id", text "text", holds "holds", exempt "exempt", cites "cites", order "order" });
record!(Order { register "register", input "input", options "options", strict "strict" });
record!(Bill { total "total", parts "parts", patient "patient", cash "cash", net "net" });
record!(Part { id "id", label "label", amount "amount", left "left" });
record!(Payment { step "step", payer "payer", paid "paid", asked "asked", draws "draws" });
record!(Amount { step "step", payer "payer", amount "amount" });
record!(Constraint { holds "holds", text "text", facts "facts" });
record!(Program {
    inputs "inputs", lists "lists", constants "constants", tables "tables", blocks "blocks",
    code "code",
});
record!(Input {
    name "name", kind "kind", den "den", min "min", max "max", only "only", absent "absent",
    reason "reason",
});
record!(Constant { kind "kind", num "num", den "den", state "state", reason "reason" });
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
    keys "keys", rows "rows", impossible "impossible", otherwise "otherwise", impossible_reason "impossible_reason",
});
record!(List { name "name", max "max", fields "fields" });
record!(Receipt {
    engine "engine", pack "pack", revision "revision", digest "digest", service "service", service_date "serviceDate",
    answers "answers",
});

impl FromJson for SettlementYear {
    fn read(json: &mut Reader<'_>) -> Self {
        json.key("month");
        let month = FromJson::read(json);
        json.key("day");
        let day = FromJson::read(json);
        json.token("}");
        SettlementYear::new(month, day).unwrap_or_else(|| {
            json.fail("a day of the year");
            SettlementYear::default()
        })
    }
}

impl FromJson for Kind {
    fn read(json: &mut Reader<'_>) -> Self {
        let (name, holds) = json.variant();
        let kind = match name {
            "money" => Self::Money,
            "rate" => Self::Rate,
            "number" => Self::Number,
            "points" => Self::Points,
            "days" => Self::Days,
            "months" => Self::Months,
            "date" => Self::Date,
            "bool" => Self::Bool,
            "choice" => Self::Choice(FromJson::read(json)),
            _ => {
                json.fail("a unit");
                Self::Money
            }
        };
        json.end_variant(holds);
        kind
    }
}

impl FromJson for Cell {
    fn read(json: &mut Reader<'_>) -> Self {
        let (name, holds) = json.variant();
        let cell = match name {
            "any" => Self::Any,
            "options" => Self::Options(FromJson::read(json)),
            "interval" => {
                let (low, high) = FromJson::read(json);
                Self::Interval(low, high)
            }
            _ => {
                json.fail("a cell");
                Self::Any
            }
        };
        json.end_variant(holds);
        cell
    }
}

impl FromJson for Piece {
    fn read(json: &mut Reader<'_>) -> Self {
        let (name, holds) = json.variant();
        let piece = if name == "name" {
            let (name, reg) = FromJson::read(json);
            Self::Name(name, reg)
        } else {
            if name != "text" {
                json.fail("text or name");
            }
            Self::Text(FromJson::read(json))
        };
        json.end_variant(holds);
        piece
    }
}

/// A field of a variant: its key and its value.
fn field<T: FromJson>(json: &mut Reader<'_>, key: &'static str) -> T {
    json.key(key);
    T::read(json)
}

impl FromJson for Form {
    fn read(json: &mut Reader<'_>) -> Self {
        json.key("is");
        let form = match json.word() {
            "value" => Self::Value,
            "table" => Self::Table {
                table: field(json, "table"),
                keys: field(json, "keys"),
                rows: field(json, "rows"),
                otherwise: field(json, "otherwise"),
            },
            "bands" => Self::Bands { bands: field(json, "bands"), rows: field(json, "rows") },
            "bill" => Self::Bill,
            "pay" => Self::Pay { payment: field(json, "payment") },
            "benefit" => Self::Benefit { payer: field(json, "payer") },
            "condition" => Self::Condition {
                holds: field(json, "holds"),
                fails: field(json, "fails"),
                document: field(json, "document"),
            },
            "require" => Self::Require,
            "exception" => Self::Exception { to: field(json, "to"), when: field(json, "when") },
            "limit" => Self::Limit { from: field(json, "from") },
            "allocate" => Self::Allocate { payer: field(json, "payer") },
            _ => {
                json.fail("a form of step");
                Self::Value
            }
        };
        json.token("}");
        form
    }
}

/// An operand, and the bracket or comma before it.
fn operand<T: FromJson>(json: &mut Reader<'_>, before: &'static str) -> T {
    json.token(before);
    T::read(json)
}

/// Two registers in brackets.
fn pair(json: &mut Reader<'_>, make: fn(Reg, Reg) -> Instr) -> Instr {
    let (a, b) = FromJson::read(json);
    make(a, b)
}

fn bands(json: &mut Reader<'_>) -> Instr {
    let bands = Instr::Bands {
        of: field(json, "of"),
        from: field(json, "from"),
        edges: field(json, "edges"),
        rates: field(json, "rates"),
        totals: field(json, "totals"),
    };
    json.token("}");
    bands
}

/// An instruction of more than two operands, but for its closing bracket.
fn longer(json: &mut Reader<'_>, name: &str) -> Instr {
    match name {
        "div_round" => Instr::DivRound(
            operand(json, "["),
            operand(json, ","),
            operand(json, ","),
            operand(json, ","),
            operand(json, ","),
        ),
        "round" => Instr::Round(operand(json, "["), operand(json, ","), operand(json, ","), operand(json, ",")),
        "cmp" => Instr::Cmp(operand(json, "["), operand(json, ","), operand(json, ",")),
        "cmp_span" => Instr::CmpSpan(operand(json, "["), operand(json, ","), operand(json, ",")),
        "if" => Instr::If(operand(json, "["), operand(json, ","), operand(json, ",")),
        "in_set" => Instr::InSet(operand(json, "["), operand(json, ",")),
        "in_group" => Instr::InGroup(operand(json, "["), operand(json, ","), operand(json, ",")),
        "exceptions" => Instr::Exceptions(operand(json, "["), operand(json, ","), operand(json, ",")),
        "add_months" => {
            Instr::AddMonths(operand(json, "["), operand(json, ","), operand(json, ","), operand(json, ","))
        }
        "require" => Instr::Require(operand(json, "["), operand(json, ","), operand(json, ",")),
        _ => {
            json.fail("an instruction");
            Instr::Not(0)
        }
    }
}

impl FromJson for Instr {
    fn read(json: &mut Reader<'_>) -> Self {
        json.token("{");
        let name = json.word();
        json.token(":");
        let instr = match name {
            "add" => pair(json, Self::Add),
            "sub" => pair(json, Self::Sub),
            "mul" => pair(json, Self::Mul),
            "div" => pair(json, Self::Div),
            "min" => pair(json, Self::Min),
            "max" => pair(json, Self::Max),
            "and" => pair(json, Self::And),
            "or" => pair(json, Self::Or),
            "cost_for" => pair(json, Self::CostFor),
            "months_between" => pair(json, Self::MonthsBetween),
            "years_between" => pair(json, Self::YearsBetween),
            "not" => Self::Not(FromJson::read(json)),
            "applies" => Self::Applies(FromJson::read(json)),
            "table" => Self::Table(FromJson::read(json)),
            "year_of" => Self::YearOf(FromJson::read(json)),
            "bands" => bands(json),
            "aggregate" => Self::Aggregate(FromJson::read(json)),
            other => {
                let instr = longer(json, other);
                json.token("]");
                instr
            }
        };
        json.token("}");
        instr
    }
}
