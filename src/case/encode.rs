//! Answers become numbers: each is checked against its fact's type and bounds, all problems at once.

use super::answer::{Answer, AnswerKind, Case, Earlier};
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, clipped, joined, nearest, suggestion};
use crate::number::{Counted, Decimal, Wide, format_fen, format_scaled, wide};
use crate::plan::{Fact, HUNDREDTHS, Input, Institution, Kind, Plan, Reason, Service, State};

/// What one input holds: a number at the input's denominator, or the state without one.
pub type Value = Result<i64, State>;

/// Answers of one service, checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encoded {
    /// One an input.
    pub inputs: Vec<Value>,
    /// Records of each list.
    pub lists: Vec<Option<Vec<Vec<Value>>>>,
    /// Open parameters that the case tried a figure for.
    pub tried: Vec<String>,
    /// Why an input is open, where that is no reason of this service: of an earlier stay, say. Input and reason.
    pub carried: Vec<(usize, Reason)>,
}

/// Checks the answers of a case against a service.
///
/// # Errors
/// Every answer that is not one: unknown names, wrong types, values outside their bounds.
pub fn encode(plan: &Plan, service: &Service, case: &Case) -> Result<Encoded, Diagnostics> {
    encode_trying(plan, service, case, &[])
}

/// Checks the answers of a case against a service; figures tried for open parameters are the case's own and `more`.
///
/// # Errors
/// As [`encode`].
pub(crate) fn encode_trying(
    plan: &Plan,
    service: &Service,
    case: &Case,
    more: &[(String, Answer)],
) -> Result<Encoded, Diagnostics> {
    let mut encoder = Encoder { plan, problems: Diagnostics::new() };
    let inputs = &service.program.inputs;
    let mut values = absent(inputs);
    let mut lists: Vec<Option<Vec<Vec<Value>>>> = vec![None; service.program.lists.len()];
    for (name, answer) in &case.facts {
        let Some(fact) = plan.facts.iter().find(|f| f.id == *name) else {
            encoder.unknown("fact", "unknown-fact", name, answer, &mut ids(&plan.facts));
            continue;
        };
        if fact.form == "list" {
            let records = encoder.list(service, fact, answer);
            for (list, slot) in service.program.lists.iter().zip(&mut lists) {
                if list.name == fact.id {
                    *slot = records;
                    break;
                }
            }
        } else {
            encoder.fact(inputs, &mut values, fact, answer);
        }
    }
    let mut tried = Vec::new();
    for (name, answer) in case.parameters.iter().chain(more) {
        if !plan.parameters.iter().any(|p| p.id == *name) {
            let known = &mut plan.parameters.iter().map(|p| p.id.as_str());
            encoder.unknown("open parameter", "unknown-parameter", name, answer, known);
        } else if encoder.named(inputs, &mut values, name, answer) {
            tried.push(name.clone());
        }
    }
    let entries = plan.ledger.as_ref().map_or(&[][..], |ledger| &ledger.entries);
    for (name, answer) in &case.ledger {
        if entries.iter().any(|e| e.id == *name) {
            encoder.named(inputs, &mut values, &["ledger.", name].concat(), answer);
        } else {
            let known = &mut entries.iter().map(|e| e.id.as_str());
            encoder.unknown("ledger entry", "unknown-entry", name, answer, known);
        }
    }
    encoder.previous(inputs, &mut values, &case.previous);
    if encoder.problems.is_empty() {
        Ok(Encoded { inputs: values, lists, tried, carried: Vec::new() })
    } else {
        Err(encoder.problems.sorted())
    }
}

/// Checks the answer to one input.
///
/// # Errors
/// Where it is none.
pub(crate) fn encode_one(plan: &Plan, input: &Input, answer: &Answer) -> Result<Value, Diagnostics> {
    let mut encoder = Encoder { plan, problems: Diagnostics::new() };
    let value = encoder.value(input, &input.name, answer).ok_or(input.absent);
    if encoder.problems.is_empty() { Ok(value) } else { Err(encoder.problems) }
}

/// What inputs hold that nobody answered.
fn absent(inputs: &[Input]) -> Vec<Value> {
    let mut values = Vec::with_capacity(inputs.len());
    for input in inputs {
        values.push(Err(input.absent));
    }
    values
}

fn ids(facts: &[Fact]) -> impl Iterator<Item = &str> {
    facts.iter().map(|f| f.id.as_str())
}

/// A position as a number of a register.
fn position(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(0)
}

struct Encoder<'a> {
    plan: &'a Plan,
    problems: Diagnostics,
}

impl<'a> Encoder<'a> {
    #[inline(never)]
    fn report(&mut self, code: &'static str, message: String, answer: &Answer, help: &str) {
        self.problems.push_with(Severity::Error, || Diagnostic::fault(code, message, answer.place.as_ref(), help));
    }

    /// Reports what an answer is and why that is none.
    #[inline(never)]
    fn wrong(&mut self, code: &'static str, name: &str, answer: &Answer, why: &str, help: &str) {
        self.report(code, format!("`{name}` is {}, {why}", answer.word()), answer, help);
    }

    #[inline(never)]
    fn unknown(
        &mut self,
        what: &str,
        code: &'static str,
        name: &str,
        answer: &Answer,
        known: &mut dyn Iterator<Item = &str>,
    ) {
        if self.problems.is_full() {
            return self.report(code, String::new(), answer, "");
        }
        let help = suggestion(name, known).unwrap_or_default();
        self.report(code, format!("there is no {what} `{}`", clipped(name)), answer, &help);
    }

    /// One named input; whether it got a value.
    fn named(&mut self, inputs: &[Input], values: &mut [Value], name: &str, answer: &Answer) -> bool {
        for (input, slot) in inputs.iter().zip(values) {
            if input.name == name {
                let value = self.value(input, name, answer);
                if let Some(value) = value {
                    *slot = Ok(value);
                }
                return value.is_some();
            }
        }
        // A fact of the pack that this service does not read says nothing here.
        false
    }

    fn fact(&mut self, inputs: &[Input], values: &mut [Value], fact: &Fact, answer: &Answer) {
        if fact.form != "institution" {
            self.named(inputs, values, &fact.id, answer);
            return;
        }
        let mut found = Vec::new();
        self.institution(fact, answer, &mut found);
        for (input, slot) in inputs.iter().zip(values) {
            for (name, value) in &found {
                if input.name == *name {
                    *slot = Ok(*value);
                }
            }
        }
    }

    /// An institution's code and attributes, by input name.
    fn institution(&mut self, fact: &Fact, answer: &Answer, found: &mut Vec<(String, i64)>) {
        match &answer.kind {
            AnswerKind::None => {}
            AnswerKind::Text(text) => self.institution_named(fact, text, answer, found),
            AnswerKind::Map(named) => {
                for (key, inner) in named {
                    match &inner.kind {
                        AnswerKind::Text(text) if key == "id" => self.institution_named(fact, text, inner, found),
                        _ => self.attribute(fact, key, inner, found),
                    }
                }
            }
            _ => self.wrong("wrong-type", &fact.id, answer, "expected an institution", ""),
        }
    }

    fn attribute(&mut self, fact: &Fact, key: &str, inner: &Answer, found: &mut Vec<(String, i64)>) {
        let Some(attribute) = fact.fields.iter().find(|f| f.id == key) else {
            return self.unknown("attribute", "unknown-attribute", key, inner, &mut ids(&fact.fields));
        };
        let full = [&fact.id, ".", key].concat();
        let value = match (attribute.choices, &inner.kind) {
            (_, AnswerKind::None) => None,
            (Some(set), _) => {
                let only = &attribute.only;
                let only = |n| only.is_empty() || only.iter().any(|o| i64::from(*o) == n);
                self.option(set, &only, &full, inner)
            }
            (None, _) => self.truth(&full, inner),
        };
        if let Some(value) = value {
            match found.iter_mut().find(|(known, _)| *known == full) {
                Some(known) => known.1 = value,
                None => found.push((full, value)),
            }
        }
    }

    fn truth(&mut self, name: &str, answer: &Answer) -> Option<i64> {
        match answer.kind {
            AnswerKind::Truth(yes) => Some(i64::from(yes)),
            _ => {
                self.wrong("wrong-type", name, answer, "expected `true` or `false`", "");
                None
            }
        }
    }

    fn institution_named(&mut self, fact: &Fact, text: &str, answer: &Answer, found: &mut Vec<(String, i64)>) {
        let name = &fact.id;
        if fact.choices.is_none() {
            let names = joined(&mut ids(&fact.fields), ", ");
            let first = fact.fields.first().map_or("level", |f| &f.id);
            self.report(
                "wrong-type",
                format!("this pack lists no institutions; `{name}` is answered by {names}"),
                answer,
                &format!("write `{name}: {{ {first}: … }}`"),
            );
            return;
        }
        let all = &self.plan.institutions;
        if text == "other" {
            found.push((name.clone(), position(all.len())));
            return;
        }
        let same = |i: &Institution| {
            i.id == text || i.label.zh == text || i.label.en == text || i.names.iter().any(|n| n == text)
        };
        let Some((at, institution)) = all.iter().enumerate().find(|(_, i)| same(i)) else {
            let known = &mut all.iter().flat_map(|i| [i.label.zh.as_str(), i.id.as_str()]);
            return self.unknown("institution", "unknown-option", text, answer, known);
        };
        found.push((name.clone(), position(at)));
        for (key, option) in &institution.attributes {
            let Some(attribute) = fact.fields.iter().find(|f| f.id == *key) else { continue };
            let value = match attribute.choices.and_then(|set| self.plan.choices.get(set as usize)) {
                Some(set) => set.options.iter().position(|o| o.id == *option).map(position),
                None => Some(i64::from(option == "true")),
            };
            let full = [name, ".", key].concat();
            if let Some(value) = value
                && !found.iter().any(|(known, _)| *known == full)
            {
                found.push((full, value));
            }
        }
    }

    fn list(&mut self, service: &Service, fact: &Fact, answer: &Answer) -> Option<Vec<Vec<Value>>> {
        let records = match &answer.kind {
            AnswerKind::None => return None,
            AnswerKind::List(records) => records,
            _ => {
                self.wrong("wrong-type", &fact.id, answer, "expected a list", "");
                return None;
            }
        };
        let list = service.program.lists.iter().find(|l| l.name == fact.id)?;
        if records.len() > list.max as usize {
            let message = format!("`{}` has {} records, at most {} are taken", fact.id, records.len(), list.max);
            self.report("too-many-records", message, answer, "");
            return None;
        }
        let mut all = Vec::new();
        for record in records {
            let mut values = absent(&list.fields);
            match &record.kind {
                AnswerKind::Map(named) => {
                    for (key, answer) in named {
                        match fact.fields.iter().find(|f| f.id == *key) {
                            Some(field) => self.fact(&list.fields, &mut values, field, answer),
                            None => self.unknown("field", "unknown-field", key, answer, &mut ids(&fact.fields)),
                        }
                    }
                }
                _ => {
                    let message = format!("a record of `{}` is {}, expected a mapping", fact.id, record.word());
                    self.report("wrong-type", message, record, "");
                }
            }
            all.push(values);
        }
        Some(all)
    }

    fn previous(&mut self, inputs: &[Input], values: &mut [Value], previous: &Earlier) {
        match previous {
            Earlier::Unknown => {}
            Earlier::None => {
                for (input, slot) in inputs.iter().zip(values) {
                    if input.name.starts_with("previous.") {
                        *slot = Err(State::NotApplicable);
                    }
                }
            }
            Earlier::Known(named) => {
                let known = &self.plan.previous;
                for (name, answer) in named {
                    if known.iter().any(|p| p.id == *name) {
                        self.named(inputs, values, &["previous.", name].concat(), answer);
                    } else {
                        let known = &mut known.iter().map(|p| p.id.as_str());
                        self.unknown("previous value", "unknown-entry", name, answer, known);
                    }
                }
            }
        }
    }

    /// The number of an option; `only` says which of the set there are here.
    fn option(&mut self, set: u16, only: &dyn Fn(i64) -> bool, name: &str, answer: &Answer) -> Option<i64> {
        let set = self.plan.choices.get(set as usize)?;
        let AnswerKind::Text(text) = &answer.kind else {
            self.wrong("wrong-type", name, answer, "expected one of its options", "");
            return None;
        };
        let mut allowed: Vec<&str> = Vec::new();
        let mut found = None;
        for (at, option) in set.options.iter().enumerate() {
            // The first of that name counts, allowed or not.
            let named = found.is_none() && (option.id == *text || option.label.zh == *text);
            if named {
                found = Some((position(at), only(position(at))));
            }
            if only(position(at)) {
                allowed.push(&option.id);
            }
        }
        if let Some((at, true)) = found {
            return Some(at);
        }
        if set.open {
            return Some(position(set.options.len().saturating_sub(1)));
        }
        let help = match nearest(text, &mut allowed.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("options are {}", joined(&mut allowed.iter().copied(), " ")),
        };
        self.report("unknown-option", format!("`{name}` has no option {}", answer.word()), answer, &help);
        None
    }

    /// The number of one answer. `None`: not answered, or reported.
    fn value(&mut self, input: &Input, name: &str, answer: &Answer) -> Option<i64> {
        if answer.kind == AnswerKind::None {
            return None;
        }
        match input.kind {
            Kind::Bool => self.truth(name, answer),
            Kind::Choice(set) => self.option(set, &|n| input.only.is_empty() || input.only.contains(&n), name, answer),
            Kind::Date => self.date(name, answer),
            kind => self.number(kind, input, name, answer),
        }
    }

    fn date(&mut self, name: &str, answer: &Answer) -> Option<i64> {
        let parsed = match &answer.kind {
            AnswerKind::Text(text) => Date::parse(text).map_err(|e| e.to_string()),
            _ => Err(format!("{} is not a date", answer.word())),
        };
        match parsed {
            // A day outside the pack's period is refused with the period, not an error of the answer.
            Ok(day) => Some(i64::from(day.days())),
            Err(message) => {
                self.report("bad-date", format!("`{name}`: {message}"), answer, "write 2023-06-16");
                None
            }
        }
    }

    fn number(&mut self, kind: Kind, input: &Input, name: &str, answer: &Answer) -> Option<i64> {
        let AnswerKind::Text(text) = &answer.kind else {
            self.wrong("wrong-type", name, answer, "expected a figure as text", example(kind));
            return None;
        };
        let (digits, shift) = strip_unit(kind, text.trim());
        let Some(digits) = digits else {
            self.wrong("wrong-type", name, answer, "which has no `%`", example(kind));
            return None;
        };
        let decimal = match Decimal::parse(digits) {
            Ok(decimal) => decimal,
            Err(e) => {
                self.report("wrong-type", format!("`{name}`: {e}"), answer, example(kind));
                return None;
            }
        };
        let counted = decimal.units(input.den, shift);
        if counted == Counted::TooFine {
            let why = "which has more decimals than it can have";
            self.wrong("too-many-decimals", name, answer, why, example(kind));
            return None;
        }
        let text = |n: i64| value_of(kind, wide(input.den), wide(n));
        match counted {
            Counted::Units(n) if n >= input.min && n <= input.max => {
                if input.only.is_empty() || input.only.contains(&n) {
                    return Some(n);
                }
                let mut all = String::new();
                for n in &input.only {
                    all.push_str(if all.is_empty() { "the text lists " } else { ", " });
                    all.push_str(&text(*n));
                }
                self.wrong("out-of-range", name, answer, &all, "");
            }
            _ => {
                let bounds = format!("it can be from {} to {}", text(input.min), text(input.max));
                self.wrong("out-of-range", name, answer, &bounds, "");
            }
        }
        None
    }
}

/// Digits of a figure, and by how many places their point moves towards register units (fen, hundredths).
fn strip_unit(kind: Kind, text: &str) -> (Option<&str>, i32) {
    let (units, shift) = match kind {
        Kind::Money => (["元", ""], 2),
        Kind::Rate => (["%", ""], -2),
        Kind::Points => (["points", ""], -2),
        Kind::Days => (["days", "天"], 0),
        Kind::Months => (["months", "个月"], 0),
        _ => return (Some(text), 0),
    };
    for unit in units {
        if let Some(digits) = text.strip_suffix(unit).filter(|_| !unit.is_empty()) {
            // Money has no space before its unit.
            return (Some(if kind == Kind::Money { digits } else { digits.trim_end() }), shift);
        }
    }
    (if kind == Kind::Rate { None } else { Some(text) }, shift)
}

fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Money => "write yuan as text, as in \"20000\" or \"20000.50\"",
        Kind::Rate => "write a percentage as text, as in \"75%\"",
        Kind::Points => "write percentage points as text, as in \"5\"",
        _ => "write the figure as text, as in \"28\"",
    }
}

/// A register's value as text: money in yuan with two decimals, rates in per cent, dates in ISO form.
#[must_use]
pub fn value_of(kind: Kind, den: Wide, num: Wide) -> String {
    // INVARIANT: what a register may hold has room for hundredths; `infer` sees to it.
    let (num, den) = match kind {
        Kind::Money if den == 1 => return format_fen(num),
        Kind::Money => (num, den.saturating_mul(HUNDREDTHS)),
        Kind::Rate | Kind::Points => (num.saturating_mul(HUNDREDTHS), den),
        Kind::Bool => return if num == 0 { "false" } else { "true" }.to_owned(),
        Kind::Date => {
            if let Some(date) = i32::try_from(num).ok().and_then(Date::from_days) {
                return date.to_string();
            }
            (num, 1)
        }
        _ => (num, den),
    };
    let mut text = format_scaled(num, den);
    match kind {
        Kind::Rate => text.push('%'),
        Kind::Money => two_decimals(&mut text),
        _ => {}
    }
    text
}

/// An exact amount that may have fractions of a fen, with two decimals at least.
fn two_decimals(text: &mut String) {
    if text.contains('/') {
        return;
    }
    match text.split_once('.') {
        None => text.push_str(".00"),
        Some((_, decimals)) if decimals.len() == 1 => text.push('0'),
        Some(_) => {}
    }
}
