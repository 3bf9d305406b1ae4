//! What a service answers with: verdict, results, claims, postings, constraints.

use super::builder::number;
use crate::diagnostic::Diagnostic;
use crate::formula::{Expr, ExprKind, Figure, FigureUnit};
use crate::number::Ratio;
use crate::pack::{Formula, RawOrder, RawService};
use crate::plan::{Claim, Constraint, Kind, Order, Program, Reg, Service, ServiceKind, kind_word};
use std::collections::BTreeSet;

use super::service::Build;

impl<'a> Build<'_, '_, 'a> {
    pub(super) fn answers(&mut self, raw: &RawService<'a>) {
        self.close_bill();
        if let Some(verdict) = &raw.verdict {
            self.out.verdict = self.plain("a verdict", false, verdict, Some(Kind::Bool));
            if self.out.verdict.is_some_and(|reg| self.builder.kind(reg) != Some(Kind::Bool)) {
                self.cx.scope.report(Diagnostic::error("units", "a verdict is yes or no").at(verdict.spot.place()));
                self.out.verdict = None;
            }
        }
        for spot in &raw.result {
            match self.steps.iter().position(|s| s.id == spot.text()) {
                Some(at) => self.out.result.push(number(at)),
                None if self.is_broken(spot.text()) => {}
                None => self.cx.scope.report(
                    Diagnostic::error("unknown-name", format!("there is no step `{}`", spot.text()))
                        .at(spot.place())
                        .meant(spot.text(), self.steps.iter().map(|s| s.id.as_str())),
                ),
            }
        }
        self.claims(raw);
        self.posts(raw);
        self.attaches(raw);
        for declared in &self.cx.raw.previous {
            let reg = self.look_up(declared.from.text());
            self.check_previous(declared, reg);
            self.out.previous.push(reg);
        }
        self.check_kind(raw);
    }

    /// A formula outside the steps has no cites, so it holds no figures of policy: zero says nothing, and a posting of
    /// `one` counts.
    fn plain(&mut self, what: &str, one: bool, formula: &Formula<'a>, want: Option<Kind>) -> Option<Reg> {
        // What a step that did not compile left behind is not of this formula.
        self.figures.clear();
        self.dates.clear();
        let reg = self.formula(formula, want);
        let counts = |f: &Figure| f.value.is_zero() || (one && f.unit == FigureUnit::Number && f.value == Ratio::ONE);
        if self.cx.raw.quoted && !(self.figures.iter().all(|met| counts(&met.figure)) && self.dates.is_empty()) {
            self.cx.scope.report(
                Diagnostic::error(
                    "figure-not-quoted",
                    format!("{what} holds no figures: put them in a step with its clause"),
                )
                .at(formula.spot.place()),
            );
        }
        self.figures.clear();
        self.dates.clear();
        reg
    }

    pub(super) fn claims(&mut self, raw: &RawService<'a>) {
        for claim in &raw.claims {
            let holds = match &claim.holds {
                Some(formula) => {
                    let Some(holds) = self.formula(formula, Some(Kind::Bool)) else { continue };
                    self.figures.clear();
                    if self.builder.kind(holds) != Some(Kind::Bool) {
                        self.cx
                            .scope
                            .report(Diagnostic::error("units", "a claim is yes or no").at(formula.spot.place()));
                        continue;
                    }
                    holds
                }
                None => match self.builder.truth(true) {
                    Ok(holds) => holds,
                    Err(_) => continue,
                },
            };
            let order = match &claim.order {
                Some(raw) => match self.order(raw) {
                    Some(order) => Some(order),
                    None => continue,
                },
                None => None,
            };
            let cites = self.cites(&claim.cites);
            self.out.claims.push(Claim {
                order,
                id: claim.id.clone(),
                text: claim.text.clone(),
                holds,
                exempt: claim.exempt.clone(),
                cites,
            });
        }
    }

    /// The order that a claim speaks of: its step is a number, its fact an option.
    fn order(&mut self, raw: &RawOrder<'a>) -> Option<Order> {
        let (fact, place) = &raw.fact;
        let Some(register) = self.look_up(raw.step.text()) else {
            if !self.is_broken(raw.step.text()) {
                let message = format!("there is no step `{}`", raw.step.text());
                let all = self.steps.iter().map(|s| s.id.as_str());
                self.cx.scope.report(
                    Diagnostic::error("unknown-name", message).at(raw.step.place()).meant(raw.step.text(), all),
                );
            }
            return None;
        };
        let numeric = |kind| !matches!(kind, Kind::Bool | Kind::Choice(_) | Kind::Date);
        if register >= crate::plan::LOCAL || !self.builder.kind(register).is_some_and(numeric) {
            let message = format!("`{}` is no amount, rate or number that could fall", raw.step.text());
            self.cx.scope.report(Diagnostic::error("units", message).at(raw.step.place()));
            return None;
        }
        let input = self.cx.input_at.get(fact).copied();
        let kind = input.and_then(|at| self.cx.inputs.get(at as usize)).map(|i| i.kind);
        let (Some(input), Some(Kind::Choice(set))) = (input, kind) else {
            let message = format!("`{fact}` is no fact with options");
            self.cx.scope.report(Diagnostic::error("unknown-fact", message).at(place.clone()));
            return None;
        };
        let known: Vec<String> = self
            .cx
            .plan
            .choices
            .get(set as usize)
            .map(|set| set.options.iter().map(|o| o.id.clone()).collect())
            .unwrap_or_default();
        let mut options = Vec::new();
        for spot in &raw.options {
            match known.iter().position(|id| id == spot.text()) {
                Some(at) => options.push(number(at)),
                None => {
                    let message = format!("`{fact}` has no option `{}`", spot.text());
                    let help = known.iter().map(String::as_str);
                    self.cx
                        .scope
                        .report(Diagnostic::error("unknown-option", message).at(spot.place()).meant(spot.text(), help));
                    return None;
                }
            }
        }
        if options.len() < 2 {
            let message = "an order is between two options at least";
            self.cx.scope.report(Diagnostic::error("missing-key", message).at(place.clone()));
            return None;
        }
        Some(Order { register, input, options, strict: raw.strict })
    }

    pub(super) fn posts(&mut self, raw: &RawService<'a>) {
        for (entry, at, formula) in &raw.posts {
            let ledger = self.cx.plan.ledger.as_ref();
            let Some(index) = ledger.and_then(|l| l.entries.iter().position(|e| e.id == *entry)) else {
                self.cx.scope.report(
                    Diagnostic::error("unknown-name", format!("the ledger has no entry `{entry}`"))
                        .at(at.clone())
                        .meant(entry, ledger.iter().flat_map(|l| &l.entries).map(|e| e.id.as_str())),
                );
                continue;
            };
            let Some(reg) = self.plain("a posting", true, formula, None) else { continue };
            let input = self
                .cx
                .input_at
                .get(&format!("ledger.{entry}"))
                .and_then(|at| self.cx.inputs.get(*at as usize))
                .cloned();
            let shape = self.builder.shape(reg).cloned();
            if let (Some(input), Some(shape)) = (input, shape) {
                if input.kind != shape.kind {
                    self.cx.scope.report(
                        Diagnostic::error(
                            "units",
                            format!(
                                "`{entry}` is `{}`, the posting `{}`",
                                crate::plan::kind_word(input.kind),
                                crate::plan::kind_word(shape.kind)
                            ),
                        )
                        .at(formula.spot.place()),
                    );
                    continue;
                }
                if i128::from(input.den).checked_rem(shape.den) != Some(0) {
                    self.cx.scope.report(
                        Diagnostic::error(
                            "round-needed",
                            format!("a posting to `{entry}` may have more decimals than the entry"),
                        )
                        .at(formula.spot.place())
                        .help("post a rounded step; the ledger keeps rounded amounts"),
                    );
                    continue;
                }
            }
            self.out.posts.push((number(index), reg));
        }
    }

    pub(super) fn attaches(&mut self, raw: &RawService<'a>) {
        for (fact, at, formula) in &raw.attaches {
            let Some(input) = self.cx.inputs.iter().find(|i| i.name == *fact) else {
                self.cx.scope.report(
                    Diagnostic::error("unknown-fact", format!("there is no fact `{fact}` to attach")).at(at.clone()),
                );
                continue;
            };
            if input.kind != Kind::Bool {
                // Of a yes/no fact "no" says that nothing was attached; of nothing else is that known.
                let message = format!("`{fact}` is `{}`: only a yes/no fact can be attached", kind_word(input.kind));
                self.cx.scope.report(
                    Diagnostic::error("units", message)
                        .at(at.clone())
                        .help("attach that it happened, and let the earlier stay compute the amount"),
                );
                continue;
            }
            let Some(reg) = self.plain("what is attached", false, formula, Some(input.kind)) else { continue };
            if self.builder.kind(reg) != Some(input.kind) {
                self.cx.scope.report(
                    Diagnostic::error("units", format!("`{fact}` is of another type than what is attached"))
                        .at(formula.spot.place()),
                );
                continue;
            }
            self.out.attaches.push((fact.clone(), reg));
        }
    }

    /// What a later stay reads must be what this one hands on.
    pub(super) fn check_previous(&self, declared: &crate::pack::RawPrevious<'a>, reg: Option<Reg>) {
        let name = format!("previous.{}", declared.fact.id);
        let input = self.cx.input_at.get(&name).and_then(|at| self.cx.inputs.get(*at as usize));
        let (Some(input), Some(shape)) = (input, reg.and_then(|reg| self.builder.shape(reg))) else { return };
        let (read, found) = (crate::plan::kind_word(input.kind), crate::plan::kind_word(shape.kind));
        if input.kind != shape.kind {
            let message = format!("`{name}` is read as `{read}`, but `{}` is `{found}`", declared.from.text());
            self.cx.scope.report(
                Diagnostic::error("units", message)
                    .at(declared.from.place())
                    .help("write `{ from: …, type: …, label: … }` with its bounds"),
            );
        } else if i128::from(input.den).checked_rem(shape.den) != Some(0) {
            let message = format!("`{}` may have more decimals than `{name}`", declared.from.text());
            self.cx.scope.report(
                Diagnostic::error("round-needed", message)
                    .at(declared.from.place())
                    .help("take a rounded step, or declare more `decimals`"),
            );
        }
    }

    pub(super) fn check_kind(&self, raw: &RawService<'a>) {
        let missing = match raw.kind {
            ServiceKind::Settlement if self.out.bill.is_none() => "a `bill` step",
            ServiceKind::Eligibility | ServiceKind::Membership if self.out.verdict.is_none() => "a `verdict`",
            ServiceKind::Limit if self.out.limit.is_none() => "a `limit` step",
            ServiceKind::Allocation if self.out.allocations.is_empty() => "an `allocate` step",
            ServiceKind::Indicator | ServiceKind::Amount if self.out.result.is_empty() => "`result: [steps]`",
            _ => return,
        };
        if self.has_broken() {
            return;
        }
        self.cx.scope.report(
            Diagnostic::error("service-kind", format!("a service of this kind needs {missing}")).at(raw.at.clone()),
        );
    }

    pub(super) fn split_lines(&self, raw: &RawService<'a>) -> Option<(u32, u32)> {
        let splits = raw.split_days.is_some() || raw.crosses_year == crate::plan::CrossesYear::Split;
        let Some((list, field)) = &raw.lines else {
            if splits {
                self.cx.scope.report(
                    Diagnostic::error("missing-key", "`lines` is missing: a stay is split by its dated lines")
                        .at(raw.at.clone())
                        .help("write `lines: { list: …, date: … }`"),
                );
            }
            return None;
        };
        let Some(index) = self.cx.lists.iter().position(|l| l.name == list.text()) else {
            self.cx
                .scope
                .report(Diagnostic::error("unknown-name", format!("`{}` is not a list", list.text())).at(list.place()));
            return None;
        };
        let fields = self.cx.lists.get(index).map(|l| l.fields.as_slice()).unwrap_or_default();
        let Some(at) = fields.iter().position(|f| f.name == field.text() && f.kind == Kind::Date) else {
            self.cx.scope.report(
                Diagnostic::error("unknown-name", format!("`{}` is not a date of `{}`", field.text(), list.text()))
                    .at(field.place()),
            );
            return None;
        };
        Some((number(index), number(at)))
    }

    /// Constraints whose facts this service reads anyway.
    pub(super) fn constraints(&mut self, service: &mut Service) {
        service.program = self.builder.program.clone();
        let roots = super::layout::roots(service);
        let live = super::layout::live(&service.program, &roots);
        service.program = Program::default();
        let read: BTreeSet<String> =
            live.iter().filter_map(|reg| self.cx.inputs.get(*reg as usize)).map(|i| i.name.clone()).collect();
        let own = self.cx.raw.constraints.iter().map(|c| (c, false));
        let shared = self.cx.raw.shared_constraints.iter().map(|c| (c, true));
        for (constraint, shared) in own.chain(shared) {
            let mut all = Vec::new();
            names_in(&constraint.must.expr, &mut all);
            let is_option =
                |name: &String| self.cx.plan.choices.iter().any(|set| set.options.iter().any(|o| o.id == *name));
            let is_input = |name: &String| self.cx.inputs.iter().any(|i| i.name == *name);
            // What the vocabulary says of its facts it does not say of one that this pack declares itself.
            let is_shared = |name: &String| {
                let root = name.split_once('.').map_or(name.as_str(), |(fact, _)| fact);
                is_input(name) && self.cx.raw.facts.iter().any(|fact| fact.id == root && fact.shared)
            };
            if shared && !all.iter().all(|name| is_shared(name) || is_option(name) && !is_input(name)) {
                continue;
            }
            let mut names: Vec<String> = all.into_iter().filter(|name| is_input(name)).collect();
            names.sort();
            names.dedup();
            if names.is_empty() || !names.iter().all(|name| read.contains(name)) {
                continue;
            }
            if let Some(reg) = self.formula(&constraint.must, Some(Kind::Bool)) {
                if self.builder.kind(reg) == Some(Kind::Bool) {
                    service.outputs.constraints.push(Constraint {
                        holds: reg,
                        text: constraint.text.clone(),
                        facts: names,
                    });
                } else {
                    self.cx
                        .scope
                        .report(Diagnostic::error("units", "`must` is yes or no").at(constraint.must.spot.place()));
                }
            }
            self.figures.clear();
        }
    }
}

/// Names in an expression.
fn names_in(e: &Expr, out: &mut Vec<String>) {
    if let ExprKind::Name(name) = &e.kind {
        out.push(name.clone());
    }
    e.parts(&mut |part| names_in(part, out));
}
