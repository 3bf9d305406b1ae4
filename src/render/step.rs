//! One step: why this figure.

use super::money::shown;
use super::{Lang, Register, words};
use crate::decision::{CiteView, ClauseView, Decision, FormulaView, RowView, StepView};
use crate::plan::State;
use std::fmt::Write;

/// Why a step has its value, for one reader; `None` where the decision has no such step.
///
/// A patient gets a sentence and the sum; an officer the formula, the row (and why not the others)
/// and the clause; a developer ids, states and every value read.
#[must_use]
pub fn step_text(decision: &Decision, step: &str, register: Register, lang: Lang) -> Option<String> {
    let view = decision.steps.iter().find(|s| s.id == step)?;
    let mut out = String::new();
    match register {
        Register::Patient => patient(decision, view, lang, &mut out),
        Register::Officer => officer(decision, view, lang, &mut out),
        Register::Developer => developer(view, lang, &mut out),
    }
    Some(out)
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// The headline: label and value.
fn headline(view: &StepView, lang: Lang) -> String {
    let label = lang.of(&view.label);
    match &view.value {
        Some(value) => format!("{label}{}{}", lang.pick("：", ": "), shown(value, lang)),
        None => format!(
            "{label}{}{}",
            lang.pick("：", ": "),
            view.records.iter().map(|v| shown(v, lang)).collect::<Vec<_>>().join(" · ")
        ),
    }
}

pub(super) fn patient(decision: &Decision, view: &StepView, lang: Lang, out: &mut String) {
    line(out, &headline(view, lang));
    if let Some(says) = &view.says {
        line(out, &format!("  {}", lang.of(says)));
    }
    if let Some(reason) = &view.reason {
        line(out, &format!("  {}", lang.of(reason)));
    }
    if let Some(row) = view.rows.iter().find(|r| r.chosen).filter(|_| view.form == "table") {
        let keys: Vec<String> = row_words(view, row, lang);
        if !keys.is_empty() {
            line(out, &format!("  {}{}", lang.pick("因为", "because "), keys.join(lang.pick("，", ", "))));
        }
    }
    for formula in main_formulas(view) {
        if has_sum(formula) {
            line(out, &format!("  {}", in_words(formula, lang)));
        }
    }
    bands(view, lang, out);
    for cite in cites_of(view) {
        quote(decision, cite, lang, out);
    }
}

fn officer(decision: &Decision, view: &StepView, lang: Lang, out: &mut String) {
    line(out, &headline(view, lang));
    for formula in &view.formulas {
        let role =
            words::role(&formula.role, lang).map(|r| format!("{r}{}", lang.pick("：", ": "))).unwrap_or_default();
        line(out, &format!("  {role}{}", formula.text));
        if formula.filled != formula.text {
            line(out, &format!("  {} {}", lang.pick("代入", "with"), formula.filled));
        }
    }
    for (i, row) in view.rows.iter().enumerate() {
        let mark = if row.chosen { "→" } else { " " };
        let mut text = format!("  {mark} {}. {} = {}", i.saturating_add(1), cells(view, row), row.is);
        if !row.because.is_empty() {
            let _ = write!(text, "  ({}{})", lang.pick("不符：", "not: "), row.because.join(", "));
        }
        if let (Some(portion), Some(pays)) = (row.portion.as_ref().filter(|_| row.chosen), &row.pays) {
            let _ = write!(text, "  {} × {} = {}", shown(portion, lang), row.is, shown(pays, lang));
        }
        line(out, &text);
    }
    if let Some(by) = &view.replaced_by {
        line(out, &format!("  {} {by}", lang.pick("被例外替代：", "replaced by the exception")));
    }
    if let Some(applied) = view.applied {
        line(
            out,
            lang.pick(
                if applied { "  例外适用" } else { "  例外不适用" },
                if applied { "  the exception applies" } else { "  the exception does not apply" },
            ),
        );
    }
    if let Some(reason) = &view.reason {
        line(out, &format!("  {}", lang.of(reason)));
    }
    for reading in view.readings.iter().chain(&view.assumes) {
        line(out, &format!("  {}{}", lang.pick("假定：", "assumed: "), lang.of(reading)));
    }
    for cite in cites_of(view) {
        quote(decision, cite, lang, out);
    }
}

fn developer(view: &StepView, lang: Lang, out: &mut String) {
    let value = view.value.as_ref();
    let text = value.map_or("", |v| v.text.as_str());
    let state = value.map_or("per record", |v| words::state(v.state, Lang::En));
    line(out, &format!("{} [{}] {} {} ({state})", view.id, view.form, text, value.map_or("", |v| v.unit)));
    for formula in &view.formulas {
        line(out, &format!("  {}: {} => {}", formula.role, formula.text, formula.filled));
        for read in &formula.reads {
            line(out, &format!("    {} = {} {}", read.id, read.value.text, words::state(read.value.state, Lang::En)));
        }
    }
    for (i, row) in view.rows.iter().enumerate() {
        line(
            out,
            &format!(
                "  row {i}: {} = {} chosen={} because={}",
                cells(view, row),
                row.is,
                row.chosen,
                row.because.join(",")
            ),
        );
    }
    for cite in cites_of(view) {
        line(out, &format!("  cite {} {:?}", cite.clause, cite.mark));
    }
    let _ = lang;
}

fn cells(view: &StepView, row: &RowView) -> String {
    if view.keys.is_empty() {
        return row
            .cells
            .iter()
            .map(|c| if c.is_empty() { "above".to_owned() } else { format!("up to {c}") })
            .collect::<Vec<_>>()
            .join(" ");
    }
    let all: Vec<String> =
        view.keys.iter().zip(&row.cells).filter(|(_, c)| !c.is_empty()).map(|(k, c)| format!("{k} {c}")).collect();
    if all.is_empty() { "*".into() } else { all.join(", ") }
}

/// The keys of the chosen row in the reader's words.
fn row_words(view: &StepView, row: &RowView, lang: Lang) -> Vec<String> {
    let reads = || view.formulas.iter().flat_map(|f| &f.reads);
    view.keys
        .iter()
        .zip(&row.cells)
        .filter(|(_, cell)| !cell.is_empty())
        .filter_map(|(key, _)| {
            let read = reads().find(|r| r.id == *key)?;
            Some(format!("{}{}{}", lang.of(&read.label), lang.pick("是", " is "), shown(&read.value, lang)))
        })
        .collect()
}

fn main_formulas(view: &StepView) -> impl Iterator<Item = &FormulaView> {
    view.formulas.iter().filter(|f| matches!(f.role.as_str(), "value" | "amount" | "limit"))
}

/// Whether a formula says more than a name.
fn has_sum(formula: &FormulaView) -> bool {
    formula.reads.iter().any(|r| r.value.state == State::Known) && formula.text.chars().any(|c| " (*/+-".contains(c))
}

/// The sum in words: signs as people write them.
fn in_words(formula: &FormulaView, lang: Lang) -> String {
    let signs = formula.filled.replace(" * ", " × ").replace(" / ", " ÷ ").replace(" - ", " − ");
    match lang {
        Lang::Zh => signs.replace("min(", "取小(").replace("max(", "取大("),
        Lang::En => signs,
    }
}

fn bands(view: &StepView, lang: Lang, out: &mut String) {
    if view.form != "bands" {
        return;
    }
    for row in view.rows.iter().filter(|r| r.chosen) {
        if let (Some(portion), Some(pays)) = (&row.portion, &row.pays) {
            line(out, &format!("  {} × {} = {}", shown(portion, lang), row.is, shown(pays, lang)));
        }
    }
}

/// Cites of the step and of the rows that were chosen.
pub(super) fn cites_of(view: &StepView) -> impl Iterator<Item = &CiteView> {
    let rows = view.rows.iter().filter(|r| r.chosen).flat_map(|r| &r.cites);
    rows.chain(&view.cites)
}

pub(super) fn clause<'a>(decision: &'a Decision, cite: &CiteView) -> Option<&'a ClauseView> {
    decision.clauses.iter().find(|c| c.id == cite.clause)
}

fn quote(decision: &Decision, cite: &CiteView, lang: Lang, out: &mut String) {
    let Some(clause) = clause(decision, cite) else { return };
    let number = clause.number.as_ref().map(|n| format!(" {n}")).unwrap_or_default();
    let heading = || clause.label.as_ref().map(|l| format!("〔{l}〕"));
    let article = clause.article.as_ref().map(|a| format!(" {a}")).or_else(heading).unwrap_or_default();
    line(
        out,
        &format!(
            "  {}《{}》{number}{article}（{}）",
            lang.pick("依据", "source "),
            clause.title,
            words::grade(&clause.grade, lang)
        ),
    );
    line(out, &format!("    “{}”", marked(clause, cite)));
}

/// The quote with the marked phrase between brackets.
fn marked(clause: &ClauseView, cite: &CiteView) -> String {
    let Some((first, end)) = cite.mark else { return clause.quote.clone() };
    let mut out = String::new();
    for (i, c) in clause.quote.chars().enumerate() {
        if i == first as usize {
            out.push('【');
        }
        if i == end as usize {
            out.push('】');
        }
        out.push(c);
    }
    if end as usize == clause.quote.chars().count() {
        out.push('】');
    }
    out
}
