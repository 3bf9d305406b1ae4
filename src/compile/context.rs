//! What all services of a pack share: choices, inputs, lists, names.

use super::quote::{Found, Proof, resolve_cites};
use super::units::{denominator, numeric, over};
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::formula::Figure;
use crate::pack::{RawFact, RawPack, Scope, Spot};
use crate::plan::{
    Choice, ChoiceSet, Entry, FORMAT, Fact, Group, Input, Institution, Kind, Ledger, List, MOST_INPUTS, Member,
    Parameter, Payer, Plan, Previous, Reg, State, Text,
};
use core::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Everything a service is compiled against.
pub(super) struct Context<'s, 'a> {
    pub(super) scope: &'s Scope,
    pub(super) raw: &'s RawPack<'a>,
    pub(super) plan: Plan,
    /// All inputs a service may read, in the order people are asked.
    pub(super) inputs: Vec<Input>,
    pub(super) lists: Vec<List>,
    /// Where each input stands, by name.
    pub(super) input_at: BTreeMap<String, Reg>,
    /// Parameter inputs: name, why unset.
    pub(super) open_parameters: Vec<(String, usize)>,
    /// Table combinations and operations that the services so far came to.
    pub(super) spent: Cell<(usize, usize)>,
    /// Phrases found in quotes, and figures found in phrases.
    pub(super) found: Found,
}

/// Names of the institutions' choice set.
const INSTITUTIONS: &str = "institutions";

impl<'s, 'a> Context<'s, 'a> {
    pub(super) fn new(scope: &'s Scope, raw: &'s RawPack<'a>) -> Self {
        let plan = Plan {
            format: FORMAT,
            engine: crate::VERSION.into(),
            digest: String::new(),
            pack: raw.header.clone(),
            sources: raw.sources.clone(),
            payers: raw
                .payers
                .iter()
                .map(|(id, label, own)| Payer { id: id.clone(), label: label.clone(), own: *own })
                .collect(),
            choices: Vec::new(),
            facts: Vec::new(),
            institutions: Vec::new(),
            groups: Vec::new(),
            parameters: Vec::new(),
            ledger: None,
            previous: Vec::new(),
            services: Vec::new(),
        };
        let mut context = Self {
            scope,
            raw,
            plan,
            inputs: Vec::new(),
            lists: Vec::new(),
            input_at: BTreeMap::new(),
            open_parameters: Vec::new(),
            spent: Cell::default(),
            found: Found::default(),
        };
        context.facts();
        context.institutions();
        context.groups();
        context.parameters();
        context.ledger();
        context.previous();
        context.count_inputs();
        context.input_at = context
            .inputs
            .iter()
            .enumerate()
            .rev()
            .map(|(i, input)| (input.name.clone(), super::builder::number(i)))
            .collect();
        context
    }

    /// Facts and parameters without a register: their own problem was told.
    pub(super) fn broken(&self) -> BTreeSet<String> {
        let facts = self
            .raw
            .facts
            .iter()
            .filter(|f| !self.input_at.contains_key(&f.id) && !matches!(f.form.as_str(), "list" | "institution"));
        facts.map(|f| f.id.clone()).chain(self.raw.broken.iter().cloned()).collect()
    }

    /// The option of a set that stands for every answer that is none of those listed.
    pub(super) fn unlisted(&self, set: u16) -> Option<u32> {
        let fields = self.plan.facts.iter().flat_map(|fact| &fact.fields);
        let is_open = |fact: &Fact| fact.choices == Some(set) && matches!(fact.form.as_str(), "institution" | "code");
        self.plan.facts.iter().chain(fields).find(|fact| is_open(fact))?;
        let options = self.plan.choices.get(set as usize)?.options.len();
        Some(super::builder::number(options.saturating_sub(1)))
    }

    /// Facts copy the fields of others, so that a short text can ask for very much.
    fn count_inputs(&mut self) {
        let all = self.lists.iter().fold(self.inputs.len(), |sum, list| sum.saturating_add(list.fields.len()));
        if all > MOST_INPUTS {
            let message = format!("the facts, fields and balances are {all} in all, at most {MOST_INPUTS} are read");
            self.scope.report(
                Diagnostic::error("too-many", message)
                    .at(self.raw.at.clone())
                    .help("ask only what a step reads; split the pack"),
            );
            self.inputs.clear();
            self.lists.clear();
        }
    }

    fn report(&self, code: &'static str, message: String, spot: &Spot<'_>) {
        self.scope.report(Diagnostic::error(code, message).at(spot.place()));
    }

    /// The choice set with these options, shared by all facts that have the same ones.
    fn choices(&mut self, id: &str, options: &[(String, Text)], open: bool) -> u16 {
        let wanted: Vec<Choice> =
            options.iter().map(|(id, label)| Choice { id: id.clone(), label: label.clone() }).collect();
        let same =
            |set: &ChoiceSet| set.open == open && set.options.iter().map(|o| &o.id).eq(wanted.iter().map(|o| &o.id));
        if let Some(at) = self.plan.choices.iter().position(same) {
            return u16::try_from(at).unwrap_or(u16::MAX);
        }
        self.plan.choices.push(ChoiceSet { id: id.into(), options: wanted, open });
        u16::try_from(self.plan.choices.len().saturating_sub(1)).unwrap_or(u16::MAX)
    }

    fn facts(&mut self) {
        for fact in &self.raw.facts {
            let text = self.fact(fact, &fact.id);
            self.plan.facts.push(text);
        }
    }

    /// Declares a fact: its inputs, and its text.
    fn fact(&mut self, fact: &RawFact<'a>, name: &str) -> Fact {
        match fact.form.as_str() {
            "list" => {
                let mut text = fact_text(fact);
                let mut fields = Vec::new();
                for field in &fact.fields {
                    let (inputs, inner) = self.plain_or_institution(field, &field.id);
                    fields.extend(inputs);
                    text.fields.push(inner);
                }
                self.lists.push(List { name: name.into(), max: fact.most, fields });
                text
            }
            _ => {
                let (inputs, text) = self.plain_or_institution(fact, name);
                self.inputs.extend(inputs);
                text
            }
        }
    }

    /// Inputs and text of a fact that is no list.
    fn plain_or_institution(&mut self, fact: &RawFact<'a>, name: &str) -> (Vec<Input>, Fact) {
        let mut text = fact_text(fact);
        let mut inputs = Vec::new();
        match fact.form.as_str() {
            "institution" => {
                if !self.raw.institutions.is_empty() {
                    let mut options: Vec<(String, Text)> =
                        self.raw.institutions.iter().map(|i| (i.id.clone(), i.label.clone())).collect();
                    options.push(("other".into(), Text { zh: "其他机构".into(), en: "another institution".into() }));
                    let set = self.choices(INSTITUTIONS, &options, false);
                    text.choices = Some(set);
                    inputs.push(choice_input(name, set, options.len()));
                }
                for attribute in &fact.fields {
                    let mut inner = fact_text(attribute);
                    inputs.extend(self.input(attribute, &format!("{name}.{}", attribute.id), &mut Some(&mut inner)));
                    text.fields.push(inner);
                }
            }
            _ => inputs.extend(self.input(fact, name, &mut Some(&mut text))),
        }
        (inputs, text)
    }

    /// The input of a plain fact.
    fn input(&mut self, fact: &RawFact<'a>, name: &str, text: &mut Option<&mut Fact>) -> Option<Input> {
        match fact.form.as_str() {
            "bool" => Some(plain(name, Kind::Bool, 0, 1)),
            "date" => Some(plain(name, Kind::Date, i64::from(Date::MIN.days()), i64::from(Date::MAX.days()))),
            "option" | "code" => {
                let open = fact.form == "code";
                let mut options = fact.options.clone();
                if open {
                    options.push(("other".into(), Text { zh: "其他".into(), en: "another".into() }));
                }
                let set = self.choices(name, &options, open);
                let mut input = choice_input(name, set, options.len());
                for spot in &fact.only {
                    match options.iter().position(|(id, _)| id == spot.text()) {
                        Some(at) => input.only.push(i64::try_from(at).unwrap_or(0)),
                        None => self.report(
                            "unknown-option",
                            format!("`{}` has no option `{}`", fact.id, spot.text()),
                            spot,
                        ),
                    }
                }
                if let Some(text) = text {
                    text.choices = Some(set);
                    text.only = input.only.iter().filter_map(|n| u32::try_from(*n).ok()).collect();
                }
                Some(input)
            }
            form => self.numeric_input(fact, name, numeric(form)?),
        }
    }

    fn numeric_input(&mut self, fact: &RawFact<'a>, name: &str, kind: Kind) -> Option<Input> {
        let den = denominator(kind, fact.decimals);
        let bound = |side: &Option<(Figure, Spot<'a>)>, word: &str| match side {
            None => {
                self.scope.report(
                    Diagnostic::error("missing-bounds", format!("`{}` needs `{word}`", fact.id)).at(fact.at.clone()).help("every numeric fact has bounds: they make it possible to prove that no calculation overflows"),
                );
                None
            }
            Some((figure, spot)) => {
                // Plain counts of days, months and numbers need no unit word.
                let counted =
                    figure.unit == crate::formula::FigureUnit::Number && matches!(kind, Kind::Days | Kind::Months);
                let fits = super::units::kind_of(figure.unit) == kind || counted;
                let value = fits.then(|| over(*figure, den)).flatten();
                if value.is_none() {
                    let decimals =
                        if kind == Kind::Money { String::new() } else { format!(" with {} decimals", fact.decimals) };
                    self.report(
                        "bad-bounds",
                        format!("`{}` is not a bound of `{}`, which is {}{decimals}", spot.text(), fact.id, fact.form),
                        spot,
                    );
                }
                value
            }
        };
        let (min, max) = (bound(&fact.min, "min"), bound(&fact.max, "max"));
        let (min, max) = (min?, max?);
        if min > max {
            if let Some((_, spot)) = &fact.max {
                self.report("bad-bounds", format!("`max` of `{}` is below its `min`", fact.id), spot);
            }
            return None;
        }
        Some(Input { name: name.into(), kind, den, min, max, only: Vec::new(), absent: State::Unknown, reason: 0 })
    }

    fn institutions(&mut self) {
        let nested = self.raw.facts.iter().flat_map(|f| &f.fields);
        let declared: Vec<&RawFact<'a>> =
            self.raw.facts.iter().chain(nested).filter(|f| f.form == "institution").flat_map(|f| &f.fields).collect();
        for institution in &self.raw.institutions {
            let mut attributes = Vec::new();
            for (key, spot) in &institution.attributes {
                match declared.iter().find(|f| f.id == *key) {
                    Some(fact) if self.attribute(fact, spot) => attributes.push((key.clone(), spot.text().to_owned())),
                    Some(_) => {}
                    None => {
                        let problem = Diagnostic::error(
                            "unknown-attribute",
                            format!("no institution fact declares an attribute `{key}`"),
                        );
                        self.scope.report(problem.at(spot.place()).meant(key, declared.iter().map(|f| f.id.as_str())));
                    }
                }
            }
            let names = institution.names.clone();
            self.plan.institutions.push(Institution {
                id: institution.id.clone(),
                label: institution.label.clone(),
                names,
                attributes,
            });
        }
        self.name_clashes();
    }

    /// Two institutions with one name could not be told apart.
    fn name_clashes(&self) {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for institution in &self.raw.institutions {
            for name in institution.names.iter().chain([&institution.label.zh, &institution.label.en, &institution.id])
            {
                match seen.get(name.as_str()) {
                    Some(other) if *other != institution.id => {
                        self.scope.report(
                            Diagnostic::error(
                                "name-clash",
                                format!("`{name}` names both `{other}` and `{}`", institution.id),
                            )
                            .at(institution.at.clone()),
                        );
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(name, &institution.id);
                    }
                }
            }
        }
    }

    fn attribute(&self, declared: &RawFact<'a>, spot: &Spot<'a>) -> bool {
        let fits = if declared.form == "bool" {
            ["false", "true"].contains(&spot.text())
        } else {
            declared.options.iter().any(|(id, _)| id == spot.text())
        };
        if !fits {
            self.report("unknown-option", format!("`{}` has no option `{}`", declared.id, spot.text()), spot);
        }
        fits
    }

    fn groups(&mut self) {
        let at: BTreeMap<&str, usize> =
            self.raw.institutions.iter().enumerate().map(|(at, i)| (i.id.as_str(), at)).collect();
        for group in &self.raw.groups {
            let mut members = Vec::new();
            for member in &group.members {
                let spot = &member.id;
                match at.get(spot.text()) {
                    Some(at) => members.push(Member {
                        institution: super::builder::number(*at),
                        from: member.from,
                        until: member.until,
                    }),
                    None => {
                        let all = self.raw.institutions.iter().map(|i| i.id.as_str());
                        let problem = Diagnostic::error(
                            "unknown-institution",
                            format!("there is no institution `{}`", spot.text()),
                        );
                        self.scope.report(problem.at(spot.place()).meant(spot.text(), all));
                    }
                }
                resolve_cites(&self.found, self.scope, &self.plan.sources, &member.cites);
                if self.raw.quoted {
                    let mut proof = Proof::new(&self.found, self.scope, &self.plan.sources, &member.cites);
                    member.from.iter().for_each(|day| proof.day(*day, false, spot.place()));
                    member.until.iter().for_each(|day| proof.day(*day, true, spot.place()));
                }
            }
            self.plan.groups.push(Group { id: group.id.clone(), members });
        }
    }

    fn parameters(&mut self) {
        for raw in &self.raw.parameters {
            let Some(kind) = numeric(&raw.form) else { continue };
            let cites = resolve_cites(&self.found, self.scope, &self.plan.sources, &raw.cites);
            if self.raw.quoted {
                let mut proof = Proof::new(&self.found, self.scope, &self.plan.sources, &raw.cites);
                for (figure, spot) in raw.is.iter().chain(&raw.options) {
                    proof.figure(&super::usage::Met::plain(*figure, spot.place()));
                }
            }
            for (figure, spot) in raw.is.iter().chain(&raw.options) {
                if super::units::kind_of(figure.unit) != kind {
                    let found = crate::plan::kind_word(super::units::kind_of(figure.unit));
                    self.report(
                        "wrong-unit",
                        format!("`{}` is {found}, the parameter is {}", spot.text(), raw.form),
                        spot,
                    );
                }
            }
            let Some(why) = &raw.unset else { continue };
            // Bounds of what a case may try; a rate of the text has at most two decimals.
            let decimals = raw.decimals.unwrap_or(2);
            let den = denominator(kind, decimals);
            let side = |side: &Option<(Figure, Spot<'a>)>, otherwise: i64| {
                side.as_ref().and_then(|(figure, _)| over(*figure, den)).unwrap_or(otherwise)
            };
            let most = match kind {
                Kind::Money => 1_000_000_000_000,
                Kind::Rate | Kind::Points => den,
                _ => den.saturating_mul(10_000),
            };
            let (min, max) = (side(&raw.min, 0), side(&raw.max, most));
            let only: Vec<i64> = raw
                .options
                .iter()
                .filter_map(|(figure, _)| over(*figure, den))
                .filter(|n| *n >= min && *n <= max)
                .collect();
            self.open_parameters.push((raw.id.clone(), self.plan.parameters.len()));
            self.inputs.push(Input {
                name: raw.id.clone(),
                kind,
                den,
                min,
                max,
                only,
                absent: State::Unset,
                reason: 0,
            });
            self.plan.parameters.push(Parameter {
                id: raw.id.clone(),
                form: raw.form.clone(),
                label: raw.label.clone(),
                why: why.clone(),
                cites,
                options: raw.options.iter().map(|(_, spot)| spot.text().to_owned()).collect(),
            });
        }
    }

    fn ledger(&mut self) {
        let Some(ledger) = &self.raw.ledger else { return };
        let mut entries = Vec::new();
        for (fact, kind) in &ledger.entries {
            let name = format!("ledger.{}", fact.id);
            if let Some(input) = self.input(fact, &name, &mut None) {
                self.inputs.push(input);
                entries.push(Entry { id: fact.id.clone(), label: fact.label.clone(), kind: *kind });
            }
        }
        self.plan.ledger = Some(Ledger { year: ledger.year, entries });
    }

    fn previous(&mut self) {
        for raw in &self.raw.previous {
            let name = format!("previous.{}", raw.fact.id);
            let followed = self.inputs.iter().find(|input| input.name == raw.from.text()).cloned();
            let mut label = raw.fact.label.clone();
            let input = if raw.fact.form.is_empty() {
                label = self
                    .raw
                    .facts
                    .iter()
                    .find(|f| f.id == raw.from.text())
                    .map(|f| f.label.clone())
                    .unwrap_or_default();
                match followed {
                    Some(input) => Input { name, ..input },
                    // A step without a declared type is an amount of money.
                    None => Input {
                        name,
                        kind: Kind::Money,
                        den: 1,
                        min: 0,
                        max: 10_000_000_000,
                        only: Vec::new(),
                        absent: State::Unknown,
                        reason: 0,
                    },
                }
            } else {
                match self.input(&raw.fact, &name, &mut None) {
                    Some(input) => input,
                    None => continue,
                }
            };
            self.inputs.push(input);
            self.plan.previous.push(Previous { id: raw.fact.id.clone(), label });
        }
    }
}

fn plain(name: &str, kind: Kind, min: i64, max: i64) -> Input {
    Input { name: name.into(), kind, den: 1, min, max, only: Vec::new(), absent: State::Unknown, reason: 0 }
}

fn choice_input(name: &str, set: u16, options: usize) -> Input {
    plain(name, Kind::Choice(set), 0, i64::try_from(options.saturating_sub(1)).unwrap_or(0))
}

fn fact_text(fact: &RawFact<'_>) -> Fact {
    Fact {
        id: fact.id.clone(),
        form: fact.form.clone(),
        label: fact.label.clone(),
        question: fact.question.clone(),
        hint: fact.hint.clone(),
        confirmed_by: fact.confirmed_by.clone(),
        choices: None,
        only: Vec::new(),
        min: fact.min.as_ref().map(|(_, spot)| spot.text().to_owned()),
        max: fact.max.as_ref().map(|(_, spot)| spot.text().to_owned()),
        decimals: if fact.form == "money" { 2 } else { fact.decimals },
        fields: Vec::new(),
    }
}
