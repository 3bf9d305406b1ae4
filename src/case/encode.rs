//! Answers become numbers: each is checked against its fact's type and bounds, all problems at once.

use super::answer::{Answer, AnswerKind, Case, Earlier, Named};
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Diagnostics, clipped, nearest, suggestion};
use crate::number::{Ratio, format_fen, format_scaled, parse_decimal};
use crate::plan::{Fact, Input, Kind, Plan, Service, State};

/// What one input holds: a number at the input's denominator, or the state without one.
pub type Value = Result<i64, State>;

/// Answers of one service, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// One an input.
    pub inputs: Vec<Value>,
    /// Records of each list.
    pub lists: Vec<Option<Vec<Vec<Value>>>>,
    /// Open parameters that the case tried a figure for.
    pub tried: Vec<String>,
}

/// Checks the answers of a case against a service.
///
/// # Errors
/// Every answer that is not one: unknown names, wrong types, values outside their bounds.
pub fn encode(plan: &Plan, service: &Service, case: &Case) -> Result<Encoded, Diagnostics> {
    let mut encoder = Encoder { plan, problems: Diagnostics::new() };
    let inputs = &service.program.inputs;
    let mut values: Vec<Value> = inputs.iter().map(|input| Err(input.absent)).collect();
    let mut lists: Vec<Option<Vec<Vec<Value>>>> = vec![None; service.program.lists.len()];
    for (name, answer) in &case.facts {
        let Some(fact) = plan.facts.iter().find(|f| f.id == *name) else {
            encoder.unknown("fact", "unknown-fact", name, answer, &mut plan.facts.iter().map(|f| f.id.as_str()));
            continue;
        };
        if fact.form == "list" {
            let records = encoder.list(service, fact, answer);
            if let Some(at) = service.program.lists.iter().position(|l| l.name == fact.id)
                && let Some(slot) = lists.get_mut(at)
            {
                *slot = records;
            }
        } else {
            encoder.fact(inputs, &mut values, fact, name, answer);
        }
    }
    let mut tried = Vec::new();
    for (name, answer) in &case.parameters {
        if !plan.parameters.iter().any(|p| p.id == *name) {
            encoder.unknown(
                "open parameter",
                "unknown-parameter",
                name,
                answer,
                &mut plan.parameters.iter().map(|p| p.id.as_str()),
            );
            continue;
        }
        if encoder.named(inputs, &mut values, name, answer) {
            tried.push(name.clone());
        }
    }
    for (name, answer) in &case.ledger {
        let entries = plan.ledger.as_ref().map_or(&[][..], |l| &l.entries);
        if entries.iter().any(|e| e.id == *name) {
            encoder.named(inputs, &mut values, &format!("ledger.{name}"), answer);
        } else {
            encoder.unknown("ledger entry", "unknown-entry", name, answer, &mut entries.iter().map(|e| e.id.as_str()));
        }
    }
    encoder.previous(inputs, &mut values, &case.previous);
    if encoder.problems.is_empty() {
        Ok(Encoded { inputs: values, lists, tried })
    } else {
        Err(encoder.problems.sorted())
    }
}

struct Encoder<'a> {
    plan: &'a Plan,
    problems: Diagnostics,
}

impl Encoder<'_> {
    fn report(&mut self, code: &'static str, message: String, answer: &Answer, help: Option<String>) {
        let mut problem = Diagnostic::error(code, message);
        if let Some(place) = &answer.place {
            problem = problem.at(place.clone());
        }
        if let Some(help) = help {
            problem = problem.help(help);
        }
        self.problems.push(problem);
    }

    fn unknown<'w>(
        &mut self,
        what: &str,
        code: &'static str,
        name: &str,
        answer: &Answer,
        known: &mut dyn Iterator<Item = &'w str>,
    ) {
        if self.problems.is_full() {
            return self.report(code, String::new(), answer, None);
        }
        let help = suggestion(name, known);
        self.report(code, format!("there is no {what} `{}`", clipped(name)), answer, help);
    }

    /// One named input; whether it got a value.
    fn named(&mut self, inputs: &[Input], values: &mut [Value], name: &str, answer: &Answer) -> bool {
        let Some(at) = inputs.iter().position(|i| i.name == name) else { return false };
        let (Some(input), Some(slot)) = (inputs.get(at), values.get_mut(at)) else { return false };
        match self.value(input, name, answer) {
            Some(value) => {
                *slot = Ok(value);
                true
            }
            None => false,
        }
    }

    fn fact(&mut self, inputs: &[Input], values: &mut [Value], fact: &Fact, name: &str, answer: &Answer) {
        if fact.form != "institution" {
            // A fact of the pack that this service does not read says nothing here.
            if inputs.iter().any(|i| i.name == name) {
                self.named(inputs, values, name, answer);
            }
            return;
        }
        for (name, value) in self.institution(fact, name, answer) {
            let Some(at) = inputs.iter().position(|i| i.name == name) else { continue };
            if let Some(slot) = values.get_mut(at) {
                *slot = Ok(value);
            }
        }
    }

    /// An institution's code and attributes, by input name.
    fn institution(&mut self, fact: &Fact, name: &str, answer: &Answer) -> Vec<(String, i64)> {
        let mut found = Vec::new();
        match &answer.kind {
            AnswerKind::None => {}
            AnswerKind::Text(text) => self.institution_named(fact, name, text, answer, &mut found),
            AnswerKind::Map(named) => {
                for (key, inner) in named {
                    match (key.as_str(), &inner.kind) {
                        ("id", AnswerKind::Text(text)) => self.institution_named(fact, name, text, inner, &mut found),
                        _ => self.attribute(fact, name, key, inner, &mut found),
                    }
                }
            }
            _ => self.report(
                "wrong-type",
                format!("`{name}` is {}, expected an institution", answer.word()),
                answer,
                None,
            ),
        }
        found
    }

    fn attribute(&mut self, fact: &Fact, name: &str, key: &str, inner: &Answer, found: &mut Vec<(String, i64)>) {
        let Some(attribute) = fact.fields.iter().find(|f| f.id == key) else {
            self.unknown("attribute", "unknown-attribute", key, inner, &mut fact.fields.iter().map(|f| f.id.as_str()));
            return;
        };
        let full = format!("{name}.{key}");
        let value = match (attribute.choices, &inner.kind) {
            (_, AnswerKind::None) => None,
            (Some(set), _) => self.option(set, &attribute.only, &full, inner),
            (None, AnswerKind::Truth(yes)) => Some(i64::from(*yes)),
            (None, _) => {
                self.report(
                    "wrong-type",
                    format!("`{full}` is {}, expected `true` or `false`", inner.word()),
                    inner,
                    None,
                );
                None
            }
        };
        if let Some(value) = value {
            found.retain(|(known, _)| *known != full);
            found.push((full, value));
        }
    }

    fn institution_named(
        &mut self,
        fact: &Fact,
        name: &str,
        text: &str,
        answer: &Answer,
        found: &mut Vec<(String, i64)>,
    ) {
        if fact.choices.is_none() {
            let names: Vec<&str> = fact.fields.iter().map(|f| f.id.as_str()).collect();
            self.report(
                "wrong-type",
                format!("this pack lists no institutions; `{name}` is answered by {}", names.join(", ")),
                answer,
                Some(format!("write `{name}: {{ {}: … }}`", names.first().unwrap_or(&"level"))),
            );
            return;
        }
        if text == "other" {
            found.push((name.to_owned(), i64::try_from(self.plan.institutions.len()).unwrap_or(0)));
            return;
        }
        let same = |i: &crate::plan::Institution| {
            i.id == text || i.label.zh == text || i.label.en == text || i.names.iter().any(|n| n == text)
        };
        let Some(at) = self.plan.institutions.iter().position(same) else {
            let plan = self.plan;
            let mut all = plan.institutions.iter().flat_map(|i| [i.label.zh.as_str(), i.id.as_str()]);
            self.unknown("institution", "unknown-option", text, answer, &mut all);
            return;
        };
        found.push((name.to_owned(), i64::try_from(at).unwrap_or(0)));
        let attributes = self.plan.institutions.get(at).map(|i| i.attributes.clone()).unwrap_or_default();
        for (key, option) in attributes {
            let Some(attribute) = fact.fields.iter().find(|f| f.id == key) else { continue };
            let value = match attribute.choices.and_then(|set| self.plan.choices.get(set as usize)) {
                Some(set) => set.options.iter().position(|o| o.id == option).and_then(|n| i64::try_from(n).ok()),
                None => Some(i64::from(option == "true")),
            };
            let full = format!("{name}.{key}");
            if let Some(value) = value.filter(|_| !found.iter().any(|(known, _)| *known == full)) {
                found.push((full, value));
            }
        }
    }

    fn list(&mut self, service: &Service, fact: &Fact, answer: &Answer) -> Option<Vec<Vec<Value>>> {
        let records = match &answer.kind {
            AnswerKind::None => return None,
            AnswerKind::List(records) => records,
            _ => {
                self.report("wrong-type", format!("`{}` is {}, expected a list", fact.id, answer.word()), answer, None);
                return None;
            }
        };
        let list = service.program.lists.iter().find(|l| l.name == fact.id)?;
        if records.len() > list.max as usize {
            self.report(
                "too-many-records",
                format!("`{}` has {} records, at most {} are taken", fact.id, records.len(), list.max),
                answer,
                None,
            );
            return None;
        }
        let mut all = Vec::new();
        for record in records {
            let mut values: Vec<Value> = list.fields.iter().map(|f| Err(f.absent)).collect();
            match &record.kind {
                AnswerKind::Map(named) => self.record(fact, &list.fields, &mut values, named),
                _ => self.report(
                    "wrong-type",
                    format!("a record of `{}` is {}, expected a mapping", fact.id, record.word()),
                    record,
                    None,
                ),
            }
            all.push(values);
        }
        Some(all)
    }

    fn record(&mut self, fact: &Fact, fields: &[Input], values: &mut [Value], named: &Named) {
        for (key, answer) in named {
            match fact.fields.iter().find(|f| f.id == *key) {
                Some(field) => self.fact(fields, values, field, key, answer),
                None => {
                    self.unknown("field", "unknown-field", key, answer, &mut fact.fields.iter().map(|f| f.id.as_str()))
                }
            }
        }
    }

    fn previous(&mut self, inputs: &[Input], values: &mut [Value], previous: &Earlier) {
        match previous {
            Earlier::Unknown => {}
            Earlier::None => {
                for (input, slot) in inputs.iter().zip(values.iter_mut()) {
                    if input.name.starts_with("previous.") {
                        *slot = Err(State::NotApplicable);
                    }
                }
            }
            Earlier::Known(named) => {
                for (name, answer) in named {
                    let plan = self.plan;
                    if plan.previous.iter().any(|p| p.id == *name) {
                        self.named(inputs, values, &format!("previous.{name}"), answer);
                    } else {
                        self.unknown(
                            "previous value",
                            "unknown-entry",
                            name,
                            answer,
                            &mut plan.previous.iter().map(|p| p.id.as_str()),
                        );
                    }
                }
            }
        }
    }

    fn option(&mut self, set: u16, only: &[u32], name: &str, answer: &Answer) -> Option<i64> {
        let plan = self.plan;
        let set = plan.choices.get(set as usize)?;
        let AnswerKind::Text(text) = &answer.kind else {
            self.report(
                "wrong-type",
                format!("`{name}` is {}, expected one of its options", answer.word()),
                answer,
                None,
            );
            return None;
        };
        let allowed = |at: usize| only.is_empty() || only.iter().any(|o| *o as usize == at);
        let found = set.options.iter().position(|o| o.id == *text || o.label.zh == *text);
        if let Some(at) = found.filter(|at| allowed(*at)) {
            return i64::try_from(at).ok();
        }
        if set.open {
            return i64::try_from(set.options.len().saturating_sub(1)).ok();
        }
        let options: Vec<&str> =
            set.options.iter().enumerate().filter(|(i, _)| allowed(*i)).map(|(_, o)| o.id.as_str()).collect();
        let help = match nearest(text, &mut options.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("options are {}", options.join(" ")),
        };
        self.report("unknown-option", format!("`{name}` has no option {}", answer.word()), answer, Some(help));
        None
    }

    /// The number of one answer. `None`: not answered, or reported.
    fn value(&mut self, input: &Input, name: &str, answer: &Answer) -> Option<i64> {
        if answer.kind == AnswerKind::None {
            return None;
        }
        match input.kind {
            Kind::Bool => match &answer.kind {
                AnswerKind::Truth(yes) => Some(i64::from(*yes)),
                _ => {
                    self.report(
                        "wrong-type",
                        format!("`{name}` is {}, expected `true` or `false`", answer.word()),
                        answer,
                        None,
                    );
                    None
                }
            },
            Kind::Choice(set) => {
                let only: Vec<u32> = input.only.iter().filter_map(|n| u32::try_from(*n).ok()).collect();
                self.option(set, &only, name, answer)
            }
            Kind::Date => self.date(input, name, answer),
            kind => self.number(kind, input, name, answer),
        }
    }

    fn date(&mut self, input: &Input, name: &str, answer: &Answer) -> Option<i64> {
        let parsed = match &answer.kind {
            AnswerKind::Text(text) => Date::parse(text).map_err(|e| e.to_string()),
            _ => Err(format!("{} is not a date", answer.word())),
        };
        match parsed {
            // A day outside the pack's period is refused with the period, not an error of the answer.
            Ok(day) => Some(i64::from(day.days())),
            Err(message) => {
                self.report("bad-date", format!("`{name}`: {message}"), answer, Some("write 2023-06-16".into()));
                let _ = input;
                None
            }
        }
    }

    fn number(&mut self, kind: Kind, input: &Input, name: &str, answer: &Answer) -> Option<i64> {
        let AnswerKind::Text(text) = &answer.kind else {
            self.report(
                "wrong-type",
                format!("`{name}` is {}, expected a figure as text", answer.word()),
                answer,
                Some(example(kind).into()),
            );
            return None;
        };
        let (digits, scale) = strip_unit(kind, text.trim());
        let Some(digits) = digits else {
            self.report(
                "wrong-type",
                format!("`{name}` is {}, which has no `%`", answer.word()),
                answer,
                Some(example(kind).into()),
            );
            return None;
        };
        let value = match parse_decimal(digits) {
            Ok(value) => value,
            Err(e) => {
                self.report("wrong-type", format!("`{name}`: {e}"), answer, Some(example(kind).into()));
                return None;
            }
        };
        let over = value.mul(scale).and_then(|v| v.mul(Ratio::from_int(input.den)));
        let Some(over) = over.filter(|v| v.den() == 1) else {
            self.report(
                "too-many-decimals",
                format!("`{name}` is {}, which has more decimals than it can have", answer.word()),
                answer,
                Some(example(kind).into()),
            );
            return None;
        };
        let fits = i64::try_from(over.num()).ok().filter(|n| *n >= input.min && *n <= input.max);
        if fits.is_none() {
            let bounds = format!(
                "from {} to {}",
                value_of(kind, i128::from(input.den), i128::from(input.min)),
                value_of(kind, i128::from(input.den), i128::from(input.max))
            );
            self.report("out-of-range", format!("`{name}` is {}, it can be {bounds}", answer.word()), answer, None);
            return None;
        }
        if !input.only.is_empty() && !fits.is_some_and(|n| input.only.contains(&n)) {
            let all: Vec<String> =
                input.only.iter().map(|n| value_of(kind, i128::from(input.den), i128::from(*n))).collect();
            self.report(
                "out-of-range",
                format!("`{name}` is {}, the text lists {}", answer.word(), all.join(", ")),
                answer,
                None,
            );
            return None;
        }
        fits
    }
}

/// Digits of a figure and what one of them means in register units (fen, hundredths).
fn strip_unit(kind: Kind, text: &str) -> (Option<&str>, Ratio) {
    let hundredth = Ratio::new(1, 100).unwrap_or(Ratio::ONE);
    match kind {
        Kind::Money => (Some(text.strip_suffix('元').unwrap_or(text)), Ratio::from_int(100)),
        Kind::Rate => (text.strip_suffix('%').map(str::trim_end), hundredth),
        Kind::Points => (Some(text.strip_suffix("points").unwrap_or(text).trim_end()), hundredth),
        Kind::Days => {
            (Some(text.strip_suffix("days").or_else(|| text.strip_suffix('天')).unwrap_or(text).trim_end()), Ratio::ONE)
        }
        Kind::Months => (
            Some(text.strip_suffix("months").or_else(|| text.strip_suffix("个月")).unwrap_or(text).trim_end()),
            Ratio::ONE,
        ),
        _ => (Some(text), Ratio::ONE),
    }
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
pub fn value_of(kind: Kind, den: i128, num: i128) -> String {
    match kind {
        Kind::Money if den == 1 => format_fen(num),
        Kind::Money => two_decimals(format_scaled(num, den.saturating_mul(100))),
        Kind::Rate => format!("{}%", format_scaled(num.saturating_mul(100), den)),
        Kind::Points => format_scaled(num.saturating_mul(100), den),
        Kind::Date => {
            i32::try_from(num).ok().and_then(Date::from_days).map_or_else(|| num.to_string(), |d| d.to_string())
        }
        Kind::Bool => (num != 0).to_string(),
        _ => format_scaled(num, den),
    }
}

/// An exact amount that may have fractions of a fen, with two decimals at least.
fn two_decimals(text: String) -> String {
    if text.contains('/') {
        return text;
    }
    match text.split_once('.') {
        None => format!("{text}.00"),
        Some((_, decimals)) if decimals.len() == 1 => format!("{text}0"),
        Some(_) => text,
    }
}
