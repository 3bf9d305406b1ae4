//! From text to a checked pack: read, validate, compile. A [`Pack`] exists only where nothing is
//! wrong, so what can be run has been proved: units, bounds, covers, quotes, frames.

mod answers;
mod apply;
mod band;
mod bill;
mod builder;
mod canonical;
mod cells;
mod context;
mod expr;
mod frame;
mod layout;
mod objection;
mod quote;
mod service;
mod step;
mod table;
mod units;
mod usage;

pub use canonical::{canonical_json, canonical_text, digest};
pub use frame::Bound;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::pack::{self, RawPack, RawVocabulary, Scope};
use crate::plan::{self, Plan};
use crate::text::{self, Limits, Node};

/// What packs lean on: the shared vocabulary and the bounds of frames.
#[derive(Debug, Default)]
pub struct Library {
    vocabulary: Option<(String, Node)>,
    pub(crate) bounds: Vec<Bound>,
}

/// How the figures of a pack are proved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Figures {
    /// Figures and days of policy, but for zero and 100 %.
    pub proved: usize,
    /// Those that no quote prints so: a `reads` says how the words are read.
    pub read_in: usize,
}

/// A checked pack. It cannot be changed, so it stays valid.
#[derive(Debug)]
pub struct Pack {
    plan: Plan,
    bounds: Vec<Bound>,
    canonical: String,
    figures: Figures,
    warnings: Diagnostics,
}

impl Library {
    /// An empty library: no shared facts, no frames.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the vocabulary (YAML or JSON).
    ///
    /// # Errors
    /// All problems of its text.
    pub fn add_vocabulary(&mut self, file: &str, bytes: &[u8]) -> Result<(), Diagnostics> {
        let node = text::parse(file, bytes, &Limits::default())?;
        let scope = Scope::default();
        pack::parse_vocabulary(&scope, file, &node);
        let problems = scope.into_problems();
        if problems.has_errors() {
            return Err(problems.sorted());
        }
        self.vocabulary = Some((file.to_owned(), node));
        Ok(())
    }

    /// Gives the bounds of a checked national pack.
    pub fn add_frame(&mut self, frame: &Pack) {
        self.bounds.extend(frame.bounds.iter().cloned());
    }
}

impl Pack {
    /// Reads, validates and compiles a pack.
    ///
    /// # Errors
    /// Every problem at once, sorted by place. A pack with one is not usable in part.
    pub fn parse(file: &str, bytes: &[u8], library: &Library) -> Result<Self, Diagnostics> {
        let node = text::parse(file, bytes, &Limits::default())?;
        let scope = Scope::default();
        let vocabulary = match &library.vocabulary {
            Some((file, node)) => pack::parse_vocabulary(&scope, file, node),
            None => RawVocabulary::default(),
        };
        let compiled = pack::parse(&scope, file, &node, &vocabulary).map(|raw| compile(&scope, &raw, library, &node));
        let problems = scope.into_problems();
        let Some((plan, bounds, canonical, figures)) = compiled.filter(|_| !problems.has_errors()) else {
            return Err(problems.sorted());
        };
        // What the compiler made is checked like any plan from outside.
        if let Err(e) = plan::verify(&plan) {
            let mut all = Diagnostics::new();
            all.push(Diagnostic::error("internal", format!("the compiled plan does not verify: {e}")));
            return Err(all);
        }
        Ok(Self { plan, bounds, canonical, figures, warnings: problems.sorted() })
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The plan, without the pack.
    #[must_use]
    pub fn into_plan(self) -> Plan {
        self.plan
    }

    /// The text whose SHA-256 is the plan's digest: what somebody reads who wants to know what a digest stands for.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// How many figures of policy the pack has, and how many of them rest on a reading.
    #[must_use]
    pub const fn figures(&self) -> Figures {
        self.figures
    }

    /// Warnings; the pack is usable with them.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }
}

fn compile(scope: &Scope, raw: &RawPack<'_>, library: &Library, node: &Node) -> (Plan, Vec<Bound>, String, Figures) {
    check_ids(scope, raw);
    let context = context::Context::new(scope, raw);
    let mut services = Vec::new();
    let mut frames: Vec<plan::Source> = Vec::new();
    for service in &raw.services {
        if let Some((mut compiled, sources)) = service::service(&context, library, service) {
            merge_frames(&mut compiled, sources, &mut frames, context.plan.sources.len());
            services.push(compiled);
        }
    }
    let bounds = bounds(scope, raw, &context);
    // Where something else is wrong, a quote may only not have been read.
    if matches!(raw.header.status, plan::Status::InForce | plan::Status::Dated)
        && !scope.has_errors()
        && !context.plan.sources.iter().any(|source| source.clauses.iter().any(|clause| !clause.quote.is_empty()))
    {
        scope.report(
            Diagnostic::error("missing-quote", "a pack that is in force, or was, quotes at least one sentence")
                .at(raw.at.clone())
                .help("copy the sentences under `sources`（`in_force`、`dated` 的政策包至少要有一句引文）"),
        );
    }
    context.found.report_unused(scope);
    let figures = context.found.counts();
    let mut plan = context.plan;
    plan.sources.extend(frames);
    plan.services = services;
    // Only the bounds that the pack names: which others were at hand changes nothing.
    let links = || plan.services.iter().flat_map(|s| &s.steps).filter_map(|step| step.frame.as_ref());
    let mut leant_on: Vec<Bound> =
        library.bounds.iter().filter(|b| links().any(|l| l.pack == b.pack && l.bound == b.id)).cloned().collect();
    leant_on.sort_by(|a, b| (&a.pack, &a.id).cmp(&(&b.pack, &b.id)));
    let canonical = canonical_text(node, library.vocabulary.as_ref().map(|(_, node)| node), &leant_on);
    plan.digest = canonical::digest_of(&canonical);
    (plan, bounds, canonical, Figures { proved: figures.0, read_in: figures.1 })
}

/// Frames' documents come once into the plan; a service's cites follow them there.
fn merge_frames(service: &mut plan::Service, sources: Vec<plan::Source>, all: &mut Vec<plan::Source>, own: usize) {
    let mut moved: Vec<u32> = Vec::new();
    for source in sources {
        let at = all.iter().position(|s| s.id == source.id).unwrap_or_else(|| {
            all.push(source);
            all.len().saturating_sub(1)
        });
        moved.push(builder::number(own.saturating_add(at)));
    }
    for cite in service.steps.iter_mut().filter_map(|step| step.frame.as_mut()).flat_map(|frame| &mut frame.cites) {
        let local = (cite.source as usize).checked_sub(own);
        if let Some(new) = local.and_then(|at| moved.get(at)) {
            cite.source = *new;
        }
    }
}

fn bounds(scope: &Scope, raw: &RawPack<'_>, context: &context::Context<'_, '_>) -> Vec<Bound> {
    raw.frame
        .iter()
        .map(|bound| {
            if raw.quoted {
                let met = usage::Met::plain(bound.figure, bound.spot.place());
                quote::Proof::new(&context.found, scope, &context.plan.sources, &bound.cites).figure(&met);
            }
            Bound {
                pack: raw.header.id.clone(),
                title: raw.header.title.clone(),
                id: bound.id.clone(),
                label: bound.label.clone(),
                at_most: bound.at_most,
                figure: bound.figure,
                written: bound.spot.text().to_owned(),
                cites: quote::resolve_cites(&context.found, scope, &context.plan.sources, &bound.cites),
                sources: context.plan.sources.clone(),
            }
        })
        .collect()
}

/// Names that would hide each other.
fn check_ids(scope: &Scope, raw: &RawPack<'_>) {
    for parameter in &raw.parameters {
        if raw.facts.iter().any(|f| f.id == parameter.id) {
            scope.report(
                Diagnostic::error("duplicate-id", format!("`{}` is already a fact", parameter.id))
                    .at(parameter.at.clone()),
            );
        }
    }
    if raw.services.is_empty() && raw.frame.is_empty() {
        scope.report(Diagnostic::error("missing-key", "a pack has `services` or a `frame`").at(raw.at.clone()));
    }
}
