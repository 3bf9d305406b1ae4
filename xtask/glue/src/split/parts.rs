//! Which function and which byte of data belongs to which part.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use super::bound::Bound;
use super::links::{Links, Refs};

#[derive(Debug)]
pub struct Parts {
    /// Functions of the first part, by index.
    pub first: BTreeSet<u32>,
    /// Functions of the rest.
    pub rest: BTreeSet<u32>,
    /// Functions of the first part, imports among them, that the rest calls.
    pub shared: Vec<u32>,
    /// Exported functions of the rest, and the place of each in the table.
    pub slots: BTreeMap<u32, u32>,
    /// Addresses of data that only the rest reads.
    pub data: Vec<std::ops::Range<u32>>,
}

impl Parts {
    pub fn of(bound: &Bound<'_>, links: &Links, is_later: impl Fn(&str) -> bool) -> Result<Self> {
        let mut walk = Walk::new(bound, links);
        let wanted = bound.exported().filter(|(name, _)| !is_later(name)).map(|(_, function)| function);
        for function in wanted.chain(bound.start) {
            walk.visit(function)?;
        }
        let Walk { functions: first, data: read, .. } = walk;
        let all: BTreeSet<u32> = (bound.imported..u32::try_from(bound.types_of.len()).unwrap_or(u32::MAX)).collect();
        let rest: BTreeSet<u32> = all.difference(&first).copied().collect();
        let called = rest.iter().flat_map(|function| callees(bound, *function));
        let shared: BTreeSet<u32> = called.filter(|function| !rest.contains(function)).collect();
        let later = bound.exported().map(|(_, function)| function).filter(|function| rest.contains(function));
        let past = bound.tables.first().map_or(0, |table| u32::try_from(table.initial).unwrap_or(u32::MAX));
        let slots = later.collect::<BTreeSet<u32>>().into_iter().zip(past..).collect();
        Ok(Self { first, rest, shared: shared.into_iter().collect(), slots, data: only_later(links, &read) })
    }
}

fn callees(bound: &Bound<'_>, function: u32) -> impl Iterator<Item = u32> {
    let own = function.checked_sub(bound.imported).and_then(|at| bound.calls.get(at as usize));
    own.into_iter().flatten().copied()
}

/// Bytes of data that the first part does not read.
fn only_later(links: &Links, read: &BTreeSet<usize>) -> Vec<std::ops::Range<u32>> {
    // The linker lets one text end in another: a byte is of the first part if any of its data holds it.
    let mut owners: BTreeMap<u32, bool> = BTreeMap::new();
    for (index, data) in links.data.iter().enumerate() {
        for at in data.at.clone() {
            *owners.entry(at).or_default() |= read.contains(&index);
        }
    }
    let mut runs: Vec<std::ops::Range<u32>> = Vec::new();
    for (at, _) in owners.into_iter().filter(|(_, first)| !first) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// Everything that something reaches.
struct Walk<'a> {
    bound: &'a Bound<'a>,
    links: &'a Links,
    /// Functions of a name.
    named: BTreeMap<&'a str, Vec<u32>>,
    functions: BTreeSet<u32>,
    data: BTreeSet<usize>,
}

impl<'a> Walk<'a> {
    fn new(bound: &'a Bound<'a>, links: &'a Links) -> Self {
        let mut named: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        bound.names.iter().for_each(|(function, name)| named.entry(name).or_default().push(*function));
        Self { bound, links, named, functions: BTreeSet::new(), data: BTreeSet::new() }
    }

    fn visit(&mut self, function: u32) -> Result<()> {
        let mut open = vec![function];
        while let Some(function) = open.pop() {
            if function < self.bound.imported || !self.functions.insert(function) {
                continue;
            }
            open.extend(callees(self.bound, function));
            let name = self.bound.names.get(&function).with_context(|| format!("function {function} has no name"))?;
            if let Some(refs) = self.links.of(name)? {
                self.follow(refs, &mut open);
            }
        }
        Ok(())
    }

    fn follow(&mut self, refs: &'a Refs, open: &mut Vec<u32>) {
        let mut all = vec![refs];
        while let Some(refs) = all.pop() {
            for name in &refs.functions {
                open.extend(self.named.get(name.as_str()).into_iter().flatten());
            }
            for index in &refs.data {
                if self.data.insert(*index) {
                    all.extend(self.links.data.get(*index).map(|data| &data.refs));
                }
            }
        }
    }
}
