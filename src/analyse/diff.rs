//! Two revisions of a pack: figures and clauses that changed, and who gains and who loses over a
//! seeded population. Cases that change come from the runner, which has them.

use super::domain::words;
use crate::case::Encoded;
use crate::decision::{Engine, MOST_WORK_OF_AUTHORS, Run, Work, instructions};
use crate::diagnostic::Diagnostics;
use crate::evaluate::Slot;
use crate::json::object;
use crate::number::{Wide, format_fen};
use crate::plan::{Form, Input, Kind, Plan, Service, State, Step};
use std::fmt::Write;

/// A figure, formula or row that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Service.
    pub service: String,
    /// Step.
    pub step: String,
    /// Which part: `value`, `row level=third`, …
    pub part: String,
    /// Before; absent where it is new.
    pub before: Option<String>,
    /// After; absent where it is gone.
    pub after: Option<String>,
}

/// A sentence that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseChange {
    /// `source/clause`.
    pub clause: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
}

/// One generated person whose amount changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Answers.
    pub answers: Vec<(String, String)>,
    /// Pays before, yuan.
    pub before: String,
    /// Pays after, yuan.
    pub after: String,
}

/// Who gains and who loses in one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Service.
    pub service: String,
    /// People whose amount both revisions know.
    pub compared: usize,
    /// People who pay less.
    pub winners: usize,
    /// People who pay more.
    pub losers: usize,
    /// Sum of what winners save, yuan.
    pub saved: String,
    /// Sum of what losers pay more, yuan.
    pub lost: String,
    /// Who saves most.
    pub most_saved: Option<Person>,
    /// Who loses most.
    pub most_lost: Option<Person>,
}

/// Two revisions held against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// Pack and revision before.
    pub before: String,
    /// Pack and revision after.
    pub after: String,
    /// Figures, formulas, rows.
    pub changes: Vec<Change>,
    /// Sentences.
    pub clauses: Vec<ClauseChange>,
    /// Winners and losers, by settlement service.
    pub shifts: Vec<Shift>,
}

/// Compares two revisions; `people` are generated from `seed` for each settlement service.
///
/// ```
/// use yibao_rules::analyse::diff;
/// # use yibao_rules::{compile::{Library, Pack}, decision::Engine};
/// # let mut library = Library::new();
/// # library.add_vocabulary("v", &std::fs::read("packs/vocabulary.yaml").unwrap()).unwrap();
/// # let pack = std::fs::read("packs/anhui-suzhou-resident/pack.yaml").unwrap();
/// # let engine = Engine::load(Pack::parse("p", &pack, &library).unwrap().into_plan()).unwrap();
/// # let text = String::from_utf8(pack).unwrap();
/// // The same pack with 600 instead of 500 yuan at county hospitals.
/// let revised = text.replace("起付线500元", "起付线600元").replace("is: 500元", "is: 600元");
/// # let revised = Engine::load(Pack::parse("r", revised.as_bytes(), &library).unwrap().into_plan()).unwrap();
/// let found = diff(&engine, &revised, 1_000, 1).unwrap();
/// assert_eq!((found.changes[0].before.as_deref(), found.changes[0].after.as_deref()), (Some("500元"), Some("600元")));
/// assert!(found.shifts[0].losers > 0 && found.shifts[0].winners == 0);
/// assert!(found.markdown().contains("`500元` → `600元`"));
/// ```
///
/// # Errors
/// `too-much-work`: too many people for rules of this length.
pub fn diff(before: &Engine, after: &Engine, people: usize, seed: u64) -> Result<Diff, Diagnostics> {
    diff_with(before, after, people, seed, &Work::of(MOST_WORK_OF_AUTHORS))
}

/// The same with a budget.
///
/// # Errors
/// As [`diff`].
pub fn diff_with(before: &Engine, after: &Engine, people: usize, seed: u64, work: &Work) -> Result<Diff, Diagnostics> {
    let name = |e: &Engine| format!("{} {}", e.plan().pack.id, e.plan().pack.revision);
    let mut changes = Vec::new();
    for service in ids(before, after) {
        changes.extend(service_changes(before, after, &service));
    }
    let mut shifts = Vec::new();
    for id in ids(before, after) {
        shifts.extend(shift(before, after, &id, (people, seed), work)?);
    }
    Ok(Diff {
        before: name(before),
        after: name(after),
        changes,
        clauses: clause_changes(before.plan(), after.plan()),
        shifts,
    })
}

fn ids(before: &Engine, after: &Engine) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for service in before.plan().services.iter().chain(&after.plan().services) {
        if !all.contains(&service.id) {
            all.push(service.id.clone());
        }
    }
    all
}

/// The parts of a step that say something, by name.
fn parts(step: &Step) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = step
        .formulas
        .iter()
        .map(|f| {
            let text: String = f
                .pieces
                .iter()
                .map(|p| match p {
                    crate::plan::Piece::Text(t) | crate::plan::Piece::Name(t, _) => t.as_str(),
                })
                .collect();
            (f.role.clone(), text)
        })
        .collect();
    match &step.form {
        Form::Table { keys, rows, .. } => {
            for row in rows {
                let cells: Vec<String> = keys
                    .iter()
                    .zip(&row.cells)
                    .filter(|(_, c)| !c.is_empty())
                    .map(|(k, c)| format!("{k}={c}"))
                    .collect();
                all.push((format!("row {}", cells.join(" ")), row.is.clone()));
            }
        }
        Form::Bands { rows, .. } => all.extend(rows.iter().map(|r| {
            (
                format!("band {}", r.cells.first().filter(|c| !c.is_empty()).map_or("above", |c| c.as_str())),
                r.is.clone(),
            )
        })),
        _ => {}
    }
    all
}

fn service_changes(before: &Engine, after: &Engine, id: &str) -> Vec<Change> {
    let steps = |e: &Engine| -> Vec<(String, String, String)> {
        let service = e.plan().services.iter().find(|s| s.id == id);
        service
            .map(|s| {
                s.steps
                    .iter()
                    .flat_map(|step| parts(step).into_iter().map(|(part, text)| (step.id.clone(), part, text)))
                    .collect()
            })
            .unwrap_or_default()
    };
    let (old, new) = (steps(before), steps(after));
    let mut all = Vec::new();
    for (step, part, text) in &old {
        let now = new.iter().find(|(s, p, _)| s == step && p == part).map(|(_, _, t)| t.clone());
        if now.as_ref() != Some(text) {
            all.push(Change {
                service: id.into(),
                step: step.clone(),
                part: part.clone(),
                before: Some(text.clone()),
                after: now,
            });
        }
    }
    for (step, part, text) in &new {
        if !old.iter().any(|(s, p, _)| s == step && p == part) {
            all.push(Change {
                service: id.into(),
                step: step.clone(),
                part: part.clone(),
                before: None,
                after: Some(text.clone()),
            });
        }
    }
    all
}

fn clause_changes(before: &Plan, after: &Plan) -> Vec<ClauseChange> {
    let all = |plan: &Plan| -> Vec<(String, String)> {
        plan.sources
            .iter()
            .flat_map(|s| s.clauses.iter().map(|c| (format!("{}/{}", s.id, c.id), c.quote.clone())))
            .collect()
    };
    let (old, new) = (all(before), all(after));
    let mut out = Vec::new();
    for (id, quote) in &old {
        let now = new.iter().find(|(i, _)| i == id).map(|(_, q)| q.clone());
        if now.as_ref() != Some(quote) {
            out.push(ClauseChange { clause: id.clone(), before: Some(quote.clone()), after: now });
        }
    }
    out.extend(new.iter().filter(|(id, _)| !old.iter().any(|(i, _)| i == id)).map(|(id, q)| ClauseChange {
        clause: id.clone(),
        before: None,
        after: Some(q.clone()),
    }));
    out
}

/// A small generator: the same seed gives the same people everywhere.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next().checked_rem(n).unwrap_or(0)
    }

    /// An answer of this input. Amounts are spread over their magnitudes, so that small bills are as
    /// common as large ones.
    fn answer(&mut self, input: &Input) -> i64 {
        if !input.only.is_empty() {
            let at = usize::try_from(self.below(u64::try_from(input.only.len()).unwrap_or(1))).unwrap_or(0);
            return input.only.get(at).copied().unwrap_or(input.min);
        }
        let width = u64::try_from(input.max.saturating_sub(input.min)).unwrap_or(0);
        if input.kind == Kind::Money && width > 1_000 {
            let bits = u64::from(width.ilog2());
            let size = self.below(bits.saturating_add(1)).max(4);
            let ceiling = 1_u64.checked_shl(u32::try_from(size).unwrap_or(0)).unwrap_or(width).min(width);
            return input.min.saturating_add(i64::try_from(self.below(ceiling.saturating_add(1))).unwrap_or(0));
        }
        input.min.saturating_add(i64::try_from(self.below(width.saturating_add(1))).unwrap_or(0))
    }
}

fn shift(
    before: &Engine,
    after: &Engine,
    id: &str,
    (people, seed): (usize, u64),
    work: &Work,
) -> Result<Option<Shift>, Diagnostics> {
    let (Ok((old_index, old)), Ok((new_index, new))) = (before.service(id), after.service(id)) else { return Ok(None) };
    let bills = (old.outputs.bill.as_ref(), new.outputs.bill.as_ref());
    let (Some(old_bill), Some(new_bill)) = bills else { return Ok(None) };
    if !old.program.lists.is_empty() || !new.program.lists.is_empty() {
        return Ok(None);
    }
    let mut seeded = Seeded(seed);
    let mut found = Shift {
        service: id.into(),
        compared: 0,
        winners: 0,
        losers: 0,
        saved: String::new(),
        lost: String::new(),
        most_saved: None,
        most_lost: None,
    };
    let (mut saved, mut lost, mut best, mut worst) = (0_i128, 0_i128, 0_i128, 0_i128);
    for _ in 0..people {
        let answers: Vec<i64> = old.program.inputs.iter().map(|input| seeded.answer(input)).collect();
        let was = run(before, old_index, &encoded(old, old, &answers), work)?;
        let Some(was) = net(&was, old, old_bill.net) else { continue };
        let is = run(after, new_index, &encoded(old, new, &answers), work)?;
        let Some(is) = net(&is, new, new_bill.net) else { continue };
        found.compared = found.compared.saturating_add(1);
        let gain = was.saturating_sub(is);
        let person = || {
            let choice = answers.iter().copied().enumerate().collect();
            Person { answers: words(before.plan(), old, &choice), before: format_fen(was), after: format_fen(is) }
        };
        if gain > 0 {
            found.winners = found.winners.saturating_add(1);
            saved = saved.saturating_add(gain);
            if gain > best {
                best = gain;
                found.most_saved = Some(person());
            }
        } else if gain < 0 {
            found.losers = found.losers.saturating_add(1);
            lost = lost.saturating_sub(gain);
            if gain < worst {
                worst = gain;
                found.most_lost = Some(person());
            }
        }
    }
    (found.saved, found.lost) = (format_fen(saved), format_fen(lost));
    Ok(Some(found))
}

/// One revision's answers under the names of the other; what it does not ask stays unknown.
fn encoded(from: &Service, to: &Service, answers: &[i64]) -> Encoded {
    let value = |input: &Input| -> Result<i64, State> {
        let at =
            from.program.inputs.iter().position(|i| i.name == input.name && i.kind == input.kind && i.den == input.den);
        at.and_then(|at| answers.get(at)).copied().filter(|n| *n >= input.min && *n <= input.max).ok_or(State::Unknown)
    };
    Encoded { inputs: to.program.inputs.iter().map(value).collect(), ..Encoded::default() }
}

fn run(engine: &Engine, index: usize, encoded: &Encoded, work: &Work) -> Result<Run, Diagnostics> {
    let run = engine.run(index, encoded);
    let known = |reg: u32| run.registers.get(reg as usize).is_some_and(Slot::is_known);
    work.take(instructions(engine, index, encoded, &known))?;
    Ok(run)
}

fn net(run: &Run, service: &Service, net: u32) -> Option<Wide> {
    let slot = |reg: u32| run.registers.get(reg as usize).copied();
    let holds = service.outputs.constraints.iter().all(|c| slot(c.holds).is_none_or(|s| !s.is_false()));
    let required = service.outputs.requires.iter().all(|reg| slot(*reg).is_some_and(|s| s.is_known()));
    slot(net).filter(|s| s.is_known() && holds && required).map(|s| s.num)
}

impl Diff {
    /// The diff for a review, as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!("# {} → {}\n", self.before, self.after);
        let mut section = |title: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                let _ = write!(out, "\n## {title}\n\n{}\n", lines.join("\n"));
            }
        };
        let side = |text: &Option<String>| text.as_deref().map_or("—".to_owned(), |t| format!("`{t}`"));
        section(
            "Figures and formulas",
            self.changes
                .iter()
                .map(|c| format!("- `{}.{}` {}: {} → {}", c.service, c.step, c.part, side(&c.before), side(&c.after)))
                .collect(),
        );
        section(
            "Clauses",
            self.clauses
                .iter()
                .map(|c| format!("- `{}`\n  - before: {}\n  - after: {}", c.clause, side(&c.before), side(&c.after)))
                .collect(),
        );
        let person = |p: &Option<Person>| {
            p.as_ref().map_or(String::new(), |p| {
                let answers: Vec<String> = p.answers.iter().map(|(n, v)| format!("{n} {v}")).collect();
                format!(" (most: {} → {} with {})", p.before, p.after, answers.join(", "))
            })
        };
        section(
            "Winners and losers",
            self.shifts
                .iter()
                .map(|s| {
                    format!(
                        "- `{}`: of {} people, {} pay less ({} yuan in all){}; {} pay more ({} yuan in all){}",
                        s.service,
                        s.compared,
                        s.winners,
                        s.saved,
                        person(&s.most_saved),
                        s.losers,
                        s.lost,
                        person(&s.most_lost)
                    )
                })
                .collect(),
        );
        out
    }
}

object!(Change { service "service", step "step", part "part", before "before", after "after" });
object!(ClauseChange { clause "clause", before "before", after "after" });
