//! One step: why this figure.

use super::money::shown;
use super::{Lang, Register, line, words};
use crate::decision::{CiteView, ClauseView, Decision, FormulaView, RowView, StepView};
use crate::diagnostic::joined;
use crate::plan::State;

/// Why a step has its value, for one reader; `None` where the decision has no such step.
///
/// A patient gets a sentence and the sum; an officer the formula, the row (and why not the others)
/// and the clause; a developer ids, states and every value read.
#[must_use]
pub fn step_text(decision: &Decision, step: &str, register: Register, lang: Lang) -> Option<String> {
    let view = decision.steps.iter().find(|s| s.id == step)?;
    let mut out = String::new();
    write(decision, view, register, lang, &mut out);
    Some(out)
}

pub(super) fn write(decision: &Decision, view: &StepView, register: Register, lang: Lang, out: &mut String) {
    match register {
        Register::Patient => patient(view, lang, out),
        Register::Officer => officer(view, lang, out),
        Register::Developer => return developer(view, out),
    }
    for cite in cites_of(view) {
        quote(decision, cite, lang, out);
    }
}

/// The headline: label and value.
fn headline(view: &StepView, lang: Lang, out: &mut String) {
    let mut text = String::new();
    match &view.value {
        Some(value) => text = shown(value, lang),
        None => {
            for (i, value) in view.records.iter().enumerate() {
                text.push_str(if i > 0 { " · " } else { "" });
                text.push_str(&shown(value, lang));
            }
        }
    }
    line(out, &[lang.of(&view.label), lang.pick("：|: "), &text]);
}

fn patient(view: &StepView, lang: Lang, out: &mut String) {
    headline(view, lang, out);
    for text in [&view.says, &view.reason].into_iter().flatten() {
        line(out, &["  ", lang.of(text)]);
    }
    if view.form == "table"
        && let Some(row) = view.rows.iter().find(|r| r.chosen)
    {
        because(view, row, lang, out);
    }
    for formula in &view.formulas {
        if matches!(formula.role.as_str(), "value" | "amount" | "limit") && has_sum(formula) {
            line(out, &["  ", &in_words(formula, lang)]);
        }
    }
    if view.form == "bands" {
        for row in &view.rows {
            let sum = band_sum(row, lang);
            if !sum.is_empty() {
                line(out, &[&sum]);
            }
        }
    }
}

fn officer(view: &StepView, lang: Lang, out: &mut String) {
    headline(view, lang, out);
    for formula in &view.formulas {
        match words::role(&formula.role, lang) {
            Some(role) => line(out, &["  ", role, lang.pick("：|: "), &formula.text]),
            None => line(out, &["  ", &formula.text]),
        }
        if formula.filled != formula.text {
            line(out, &["  ", lang.pick("代入|with"), " ", &formula.filled]);
        }
    }
    for (i, row) in view.rows.iter().enumerate() {
        let mark = if row.chosen { "  → " } else { "    " };
        let number = i.saturating_add(1).to_string();
        let mut tail = String::new();
        if !row.because.is_empty() {
            tail = ["  (", lang.pick("不符：|not: "), &joined(&mut row.because.iter().map(String::as_str), ", "), ")"]
                .concat();
        }
        line(out, &[mark, &number, ". ", &cells(view, row), " = ", &row.is, &tail, &band_sum(row, lang)]);
    }
    if let Some(by) = &view.replaced_by {
        line(out, &["  ", lang.pick("被例外替代：|replaced by the exception"), " ", by]);
    }
    if let Some(applied) = view.applied {
        let yes = "  例外适用|  the exception applies";
        let no = "  例外不适用|  the exception does not apply";
        line(out, &[lang.pick(if applied { yes } else { no })]);
    }
    if let Some(reason) = &view.reason {
        line(out, &["  ", lang.of(reason)]);
    }
    for all in [&view.readings, &view.assumes] {
        for text in all {
            line(out, &["  ", lang.pick("假定：|assumed: "), lang.of(text)]);
        }
    }
}

fn developer(view: &StepView, out: &mut String) {
    let (text, unit, state) = match &view.value {
        Some(value) => (value.text.as_str(), value.unit, words::state(value.state, Lang::En)),
        None => ("", "", "per record"),
    };
    line(out, &[&view.id, " [", view.form, "] ", text, " ", unit, " (", state, ")"]);
    for formula in &view.formulas {
        line(out, &["  ", &formula.role, ": ", &formula.text, " => ", &formula.filled]);
        for read in &formula.reads {
            line(out, &["    ", &read.id, " = ", &read.value.text, " ", words::state(read.value.state, Lang::En)]);
        }
    }
    for (i, row) in view.rows.iter().enumerate() {
        let chosen = if row.chosen { " chosen=true because=" } else { " chosen=false because=" };
        let because = joined(&mut row.because.iter().map(String::as_str), ",");
        line(out, &["  row ", &i.to_string(), ": ", &cells(view, row), " = ", &row.is, chosen, &because]);
    }
    for cite in cites_of(view) {
        let mark = match cite.mark {
            Some((first, end)) => format!("Some(({first}, {end}))"),
            None => "None".to_owned(),
        };
        line(out, &["  cite ", &cite.clause, " ", &mark]);
    }
}

/// A row's cells; for a band, its upper edge.
fn cells(view: &StepView, row: &RowView) -> String {
    let mut out = String::new();
    if view.keys.is_empty() {
        for (i, cell) in row.cells.iter().enumerate() {
            let parts = if cell.is_empty() { ["above", ""] } else { ["up to ", cell] };
            out.push_str(if i > 0 { " " } else { "" });
            out.push_str(&parts.concat());
        }
        return out;
    }
    for (key, cell) in view.keys.iter().zip(&row.cells) {
        if !cell.is_empty() {
            out.push_str(if out.is_empty() { "" } else { ", " });
            out.push_str(&[key, " ", cell].concat());
        }
    }
    if out.is_empty() { "*".to_owned() } else { out }
}

/// The keys of the chosen row in the reader's words.
fn because(view: &StepView, row: &RowView, lang: Lang, out: &mut String) {
    let mut text = String::new();
    for (key, cell) in view.keys.iter().zip(&row.cells) {
        let read = view.formulas.iter().find_map(|f| f.reads.iter().find(|r| r.id == *key));
        // What is not answered was no reason.
        if let Some(read) = read.filter(|read| !cell.is_empty() && read.value.state == State::Known) {
            text.push_str(lang.pick(if text.is_empty() { "因为|because " } else { "，|, " }));
            for part in [lang.of(&read.label), lang.pick("是| is "), &shown(&read.value, lang)] {
                text.push_str(part);
            }
        }
    }
    if !text.is_empty() {
        line(out, &["  ", &text]);
    }
}

/// Whether a formula says more than a name.
fn has_sum(formula: &FormulaView) -> bool {
    formula.reads.iter().any(|r| r.value.state == State::Known)
        && formula.text.bytes().any(|c| matches!(c, b' ' | b'(' | b'*' | b'/' | b'+' | b'-'))
}

/// The sum in words: signs as people write them.
fn in_words(formula: &FormulaView, lang: Lang) -> String {
    let mut text = formula.filled.clone();
    let (min, max) = (lang.pick("取小(|min("), lang.pick("取大(|max("));
    for (sign, word) in [(" * ", " × "), (" / ", " ÷ "), (" - ", " − "), ("min(", min), ("max(", max)] {
        text = replaced(&text, sign, word);
    }
    text
}

/// As `str::replace`, whose search for long words a page need not load.
fn replaced(text: &str, sign: &str, word: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    loop {
        if let Some(after) = rest.as_str().strip_prefix(sign) {
            out.push_str(word);
            rest = after.chars();
        } else if let Some(c) = rest.next() {
            out.push(c);
        } else {
            return out;
        }
    }
}

/// What a chosen band comes to; nothing for any other row.
fn band_sum(row: &RowView, lang: Lang) -> String {
    match (&row.portion, &row.pays) {
        (Some(portion), Some(pays)) if row.chosen => {
            ["  ", &shown(portion, lang), " × ", &row.is, " = ", &shown(pays, lang)].concat()
        }
        _ => String::new(),
    }
}

/// Cites of the step and of the rows that were chosen.
fn cites_of(view: &StepView) -> Vec<&CiteView> {
    let mut all = Vec::new();
    for row in &view.rows {
        if row.chosen {
            all.extend(&row.cites);
        }
    }
    all.extend(&view.cites);
    all
}

pub(super) fn clause<'a>(decision: &'a Decision, cite: &CiteView) -> Option<&'a ClauseView> {
    decision.clauses.iter().find(|c| c.id == cite.clause)
}

fn quote(decision: &Decision, cite: &CiteView, lang: Lang, out: &mut String) {
    let Some(clause) = clause(decision, cite) else { return };
    let mut heading = String::new();
    for text in [&clause.number, &clause.article].into_iter().flatten() {
        heading.push(' ');
        heading.push_str(text);
    }
    if let (None, Some(label)) = (&clause.article, &clause.label) {
        heading.push_str(&["〔", label, "〕"].concat());
    }
    let grade = words::grade(&clause.grade, lang);
    line(out, &["  ", lang.pick("依据|source "), "《", &clause.title, "》", &heading, "（", grade, "）"]);
    line(out, &["    “", &marked(clause, cite), "”"]);
}

/// The quote with the marked phrase between brackets.
fn marked(clause: &ClauseView, cite: &CiteView) -> String {
    let mut out = String::new();
    let (first, end) = cite.mark.unwrap_or((u32::MAX, u32::MAX));
    let mut at = 0_u32;
    for c in clause.quote.chars() {
        if at == first {
            out.push('【');
        }
        if at == end {
            out.push('】');
        }
        out.push(c);
        at = at.saturating_add(1);
    }
    if at == end {
        out.push('】');
    }
    out
}
