//! The names of a plan: what an id may be, that no two are the same, and that what is referred to is there.

use super::id::{is_name, is_pack_id, is_source_id};
use super::program::{Kind, Program};
use super::service::{Form, Service};
use super::texts::{ChoiceSet, Cite, Fact, Plan};

type Found = Result<(), &'static str>;

/// Everything that is named or referred to outside the programs.
pub(super) fn check(plan: &Plan) -> Found {
    demand(is_pack_id(&plan.pack.id), "an id of a pack that cannot be one")?;
    sources(plan)?;
    names(&mut plan.pack.assumptions.iter().map(|one| one.id.as_str()))?;
    names(&mut plan.payers.iter().map(|one| one.id.as_str()))?;
    names(&mut plan.groups.iter().map(|one| one.id.as_str()))?;
    names(&mut plan.institutions.iter().map(|one| one.id.as_str()))?;
    names(&mut plan.parameters.iter().map(|one| one.id.as_str()))?;
    names(&mut plan.previous.iter().map(|one| one.id.as_str()))?;
    names(&mut plan.ledger.iter().flat_map(|ledger| &ledger.entries).map(|one| one.id.as_str()))?;
    names(&mut plan.services.iter().map(|one| one.id.as_str()))?;
    plan.choices.iter().try_for_each(choices)?;
    facts(plan, &plan.facts, 2)?;
    for group in &plan.groups {
        let there = group.members.iter().all(|member| (member.institution as usize) < plan.institutions.len());
        demand(there, "a group member that is not there")?;
    }
    plan.parameters.iter().try_for_each(|parameter| cites(plan, &parameter.cites))
}

/// The names of a service: its steps, inputs, lists, parts and claims.
pub(super) fn check_service(plan: &Plan, service: &Service) -> Found {
    dotted(&mut service.steps.iter().map(|step| step.id.as_str()))?;
    inputs(&service.program)?;
    let out = &service.outputs;
    names(&mut out.bill.iter().flat_map(|bill| &bill.parts).map(|part| part.id.as_str()))?;
    names(&mut out.claims.iter().map(|claim| claim.id.as_str()))?;
    names(&mut out.attaches.iter().map(|(fact, _)| fact.as_str()))?;
    demand(out.previous.len() <= plan.previous.len(), "a value of an earlier stay that has no name")?;
    demand(service.split_days != Some(0), "a stay cut into pieces of no day")?;
    if let Some((list, field)) = service.split_lines {
        let list = service.program.lists.get(list as usize).ok_or("a list that is not there")?;
        let field = list.fields.get(field as usize).ok_or("a field that is not there")?;
        demand(field.kind == Kind::Date, "lines without a date")?;
    }
    for step in &service.steps {
        if let Some(frame) = &step.frame {
            demand(is_pack_id(&frame.pack) && is_name(&frame.bound), "a frame whose id cannot be one")?;
        }
        if let Form::Benefit { payer } | Form::Allocate { payer } = step.form {
            demand((payer as usize) < plan.payers.len(), "a payer that is not there")?;
        }
    }
    Ok(())
}

/// That all these clauses are there, with their marks.
pub(super) fn cites(plan: &Plan, all: &[Cite]) -> Found {
    for cite in all {
        let clause = plan.sources.get(cite.source as usize).and_then(|s| s.clauses.get(cite.clause as usize));
        let quote = clause.ok_or("a cite of a clause that is not there")?;
        if let Some((first, end)) = cite.mark {
            demand(first < end && end as usize <= quote.quote.chars().count(), "a mark outside its quote")?;
        }
    }
    Ok(())
}

fn demand(holds: bool, else_: &'static str) -> Found {
    if holds { Ok(()) } else { Err(else_) }
}

fn sources(plan: &Plan) -> Found {
    distinct(&mut plan.sources.iter().map(|source| source.id.as_str()))?;
    for source in &plan.sources {
        // A frame's source carries the id of its pack.
        let own = match source.id.split_once(':') {
            Some((pack, own)) if is_pack_id(pack) => own,
            _ => &source.id,
        };
        demand(is_source_id(own), "an id of a source that cannot be one")?;
        distinct(&mut source.clauses.iter().map(|clause| clause.id.as_str()))?;
        let fits = source.clauses.iter().all(|clause| is_source_id(&clause.id));
        demand(fits, "an id of a clause that cannot be one")?;
    }
    Ok(())
}

fn choices(set: &ChoiceSet) -> Found {
    dotted(&mut core::iter::once(set.id.as_str()))?;
    distinct(&mut set.options.iter().map(|option| option.id.as_str()))?;
    // What is asked as a code is written as the text writes it.
    let fits = set.options.iter().all(|option| !option.id.is_empty() && !option.id.chars().any(char::is_control));
    demand(fits, "an option that cannot be written")
}

/// Facts and their fields: of a list's records, of an institution, of a record's institution. Nothing nests deeper.
fn facts(plan: &Plan, all: &[Fact], depth: u32) -> Found {
    names(&mut all.iter().map(|fact| fact.id.as_str()))?;
    for fact in all {
        if let Some(set) = fact.choices {
            let set = plan.choices.get(set as usize).ok_or("a choice set that is not there")?;
            let there = fact.only.iter().all(|code| (*code as usize) < set.options.len());
            demand(there, "an option that is not there")?;
        }
        demand(depth > 0 || fact.fields.is_empty(), "fields nested too deep")?;
        facts(plan, &fact.fields, depth.saturating_sub(1))?;
    }
    Ok(())
}

fn inputs(program: &Program) -> Found {
    dotted(&mut program.inputs.iter().map(|input| input.name.as_str()))?;
    names(&mut program.lists.iter().map(|list| list.name.as_str()))?;
    program.lists.iter().try_for_each(|list| dotted(&mut list.fields.iter().map(|field| field.name.as_str())))
}

/// Names, no two the same.
fn names(all: &mut dyn Iterator<Item = &str>) -> Found {
    let mut all: Vec<&str> = all.collect();
    demand(all.iter().all(|name| is_name(name)), "an id that cannot be a name")?;
    distinct_among(&mut all)
}

/// Names joined by dots, no two the same: what belongs to another service, fact or stay.
fn dotted(all: &mut dyn Iterator<Item = &str>) -> Found {
    let mut all: Vec<&str> = all.collect();
    let is_dotted = |name: &&str| name.split('.').all(|part| is_name(part) || matches!(part, "ledger" | "previous"));
    demand(all.iter().all(is_dotted), "an id that cannot be a name")?;
    distinct_among(&mut all)
}

fn distinct(all: &mut dyn Iterator<Item = &str>) -> Found {
    distinct_among(&mut all.collect())
}

fn distinct_among(all: &mut Vec<&str>) -> Found {
    all.sort_unstable();
    let twice = all.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
    demand(!twice, "an id that stands twice")
}
