//! What an unanswered fact can be: finitely many answers, or one stretch of amounts.

use crate::case::{Encoded, value_of};
use crate::number::wide;
use crate::plan::{Cell, Input, Instr, Kind, Plan, Reg, Service, State};
use std::collections::{BTreeMap, BTreeSet};

/// One way to answer a fact: inputs and their values.
pub(super) type Choice = Vec<(usize, i64)>;

/// The answers of one fact.
#[derive(Debug, Clone)]
pub(super) struct Domain {
    /// Name of the fact.
    pub(super) fact: String,
    /// Ways to answer it, where they are few.
    pub(super) choices: Vec<Choice>,
    /// Whether any other answer is like one of these.
    pub(super) exact: bool,
    /// The input and its bounds, where it is an amount or a day.
    pub(super) range: Option<(usize, i64, i64)>,
}

/// Most values of a whole number that are tried one by one.
const FEW: i64 = 40;

/// Domains of these unanswered inputs.
pub(super) fn domains(plan: &Plan, service: &Service, encoded: &Encoded, names: &[String]) -> Vec<Domain> {
    let mut all: Vec<Domain> = Vec::new();
    for name in names {
        // An institution that no list knows may have any attributes: those are then asked one by one.
        let open = |fact: &String| position(service, fact).and_then(|at| encoded.inputs.get(at)).is_some_and(is_open);
        let fact = institution_of(plan, name).filter(open);
        match fact {
            Some(fact) => {
                if !all.iter().any(|d| d.fact == fact) {
                    all.extend(institution(plan, service, encoded, &fact));
                }
            }
            None => all.extend(plain(plan, service, name)),
        }
    }
    all
}

/// The institution fact that an input belongs to, where the pack lists institutions.
fn institution_of(plan: &Plan, name: &str) -> Option<String> {
    let root = name.split('.').next().unwrap_or(name);
    let fact = plan.facts.iter().find(|f| f.id == root && f.form == "institution")?;
    fact.choices.map(|_| fact.id.clone())
}

fn position(service: &Service, name: &str) -> Option<usize> {
    service.program.inputs.iter().position(|i| i.name == name)
}

/// Whether a service reads which institution it is, and not only its attributes and its groups.
fn is_read_itself(service: &Service, own: usize) -> bool {
    let program = &service.program;
    let is_own = |reg: Reg| reg as usize == own;
    let code = program.code.iter().chain(program.blocks.iter().flat_map(|block| &block.code));
    let mut by_code = code.filter(|instr| !matches!(instr, Instr::InGroup(..)));
    by_code.any(|instr| {
        let mut reads = false;
        instr.each_operand(&mut |reg| reads |= is_own(reg));
        reads
    }) || program.tables.iter().any(|table| table.keys.iter().any(|key| is_own(*key)))
}

/// Institutions that no attribute read here and no group tells apart, and that are not held against another, count as
/// one.
fn institution(plan: &Plan, service: &Service, encoded: &Encoded, fact: &str) -> Option<Domain> {
    let declared = plan.facts.iter().find(|f| f.id == fact)?;
    let own = position(service, fact);
    let is_told_apart = own.is_some_and(|own| is_read_itself(service, own));
    // The attributes that the service reads: input, and options.
    let mut read = BTreeMap::new();
    for field in &declared.fields {
        if let Some(at) = position(service, &format!("{fact}.{}", field.id)) {
            read.insert(field.id.as_str(), (at, field.choices.and_then(|set| plan.choices.get(set as usize))));
        }
    }
    // The groups that each institution is in.
    let mut groups: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, group) in plan.groups.iter().enumerate().filter(|_| own.is_some()) {
        for member in &group.members {
            groups.entry(member.institution as usize).or_default().insert(at);
        }
    }
    let mut choices: Vec<Choice> = Vec::new();
    let mut seen: BTreeSet<(Choice, BTreeSet<usize>)> = BTreeSet::new();
    for (code, institution) in plan.institutions.iter().enumerate() {
        let mut attributes = Vec::new();
        for (key, option) in &institution.attributes {
            let Some((at, options)) = read.get(key.as_str()) else { continue };
            let value = match options {
                Some(set) => set.options.iter().position(|o| o.id == *option).and_then(|n| i64::try_from(n).ok())?,
                None => i64::from(option == "true"),
            };
            attributes.push((*at, value));
        }
        let alike = !seen.insert((attributes.clone(), groups.remove(&code).unwrap_or_default()));
        if !alike || is_told_apart {
            let mut choice = attributes;
            choice.extend(own.zip(i64::try_from(code).ok()));
            choices.push(choice);
        }
    }
    if let Some(own) = own {
        choices.push(vec![(own, i64::try_from(plan.institutions.len()).unwrap_or(0))]);
    }
    // What was answered stays.
    choices.retain(|c| {
        c.iter().all(|(at, v)| encoded.inputs.get(*at).is_none_or(|known| known.is_err() || *known == Ok(*v)))
    });
    Some(Domain { fact: fact.to_owned(), choices, exact: true, range: None })
}

fn plain(plan: &Plan, service: &Service, name: &str) -> Option<Domain> {
    let at = position(service, name)?;
    let input = service.program.inputs.get(at)?;
    let one = |values: Vec<i64>| Domain {
        fact: name.to_owned(),
        choices: values.into_iter().map(|v| vec![(at, v)]).collect(),
        exact: true,
        range: None,
    };
    if !input.only.is_empty() {
        return Some(one(input.only.clone()));
    }
    let width = input.max.saturating_sub(input.min);
    let exact = matches!(input.kind, Kind::Bool | Kind::Choice(_)) || (input.kind != Kind::Money && width <= FEW);
    if exact {
        return Some(one((input.min..=input.max).collect()));
    }
    let range = Some((at, input.min, input.max));
    if input.kind == Kind::Date {
        // Whether a stay crosses a year is asked of its two days besides.
        let crosses = service.ends.is_some() && [service.as_of, service.ends].contains(&Reg::try_from(at).ok());
        let exact = only_compared(service, at) && !crosses;
        return Some(Domain { exact, range, ..one(days(plan, service, at, input)) });
    }
    Some(Domain { fact: name.to_owned(), choices: Vec::new(), exact: false, range })
}

/// Days on both sides of every day that the rules name, and the ends of the input.
fn days(plan: &Plan, service: &Service, at: usize, input: &Input) -> Vec<i64> {
    let program = &service.program;
    let mut all: BTreeSet<i64> = BTreeSet::from([input.min, input.max]);
    let mut add = |day: i64| {
        for near in [day.saturating_sub(1), day, day.saturating_add(1)] {
            if near >= input.min && near <= input.max {
                all.insert(near);
            }
        }
    };
    for constant in program.constants.iter().filter(|c| c.kind == Kind::Date) {
        add(constant.num);
    }
    let members = plan.groups.iter().flat_map(|g| &g.members).flat_map(|m| [m.from, m.until]);
    for day in [plan.pack.from, plan.pack.until].into_iter().chain(members).flatten() {
        add(i64::from(day.days()));
    }
    for table in &program.tables {
        for (i, key) in table.keys.iter().enumerate() {
            if *key as usize != at {
                continue;
            }
            for row in &table.rows {
                if let Some(Cell::Interval(low, high)) = row.cells.get(i) {
                    [low, high].into_iter().flatten().for_each(|end| add(end.0));
                }
            }
        }
    }
    all.into_iter().collect()
}

/// Whether a day is read only where it is held against days that the rules name (tables, groups, and
/// comparisons with figures); then the days around those are all that matter.
pub(super) fn only_compared(service: &Service, at: usize) -> bool {
    let program = &service.program;
    let Ok(reg) = Reg::try_from(at) else { return false };
    let named = program.inputs.len()..program.inputs.len().saturating_add(program.constants.len());
    let is_named = |reg: &Reg| named.contains(&(*reg as usize));
    let code = program.code.iter().chain(program.blocks.iter().flat_map(|b| &b.code));
    code.into_iter().all(|instr| {
        let mut reads = false;
        instr.each_operand(&mut |r| reads |= r == reg);
        let held = match instr {
            Instr::Cmp(_, a, b) => is_named(a) || is_named(b),
            Instr::InGroup(_, _, on) => *on == Some(reg),
            _ => false,
        };
        !reads || held
    })
}

/// Answers with a choice filled in.
pub(super) fn with(encoded: &Encoded, choice: &Choice) -> Encoded {
    let mut out = encoded.clone();
    for (at, value) in choice {
        if let Some(slot) = out.inputs.get_mut(*at) {
            *slot = Ok(*value);
        }
    }
    out
}

/// A choice in words: input name and value.
pub(super) fn words(plan: &Plan, service: &Service, choice: &Choice) -> Vec<(String, String)> {
    choice
        .iter()
        .filter_map(|(at, value)| {
            let input = service.program.inputs.get(*at)?;
            let text = match input.kind {
                Kind::Choice(set) => {
                    let option = plan.choices.get(set as usize)?.options.get(usize::try_from(*value).ok()?);
                    // The code after the last is an institution that the pack does not list.
                    option.map_or_else(|| "other".to_owned(), |o| o.id.clone())
                }
                kind => value_of(kind, wide(input.den), wide(*value)),
            };
            Some((input.name.clone(), text))
        })
        .collect()
}

/// Whether a value is missing (and not merely open in the text).
pub(super) fn is_open(value: &Result<i64, State>) -> bool {
    *value == Err(State::Unknown)
}
