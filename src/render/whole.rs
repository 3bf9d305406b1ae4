//! A whole decision as text.

use super::money::shown;
use super::step::{clause, write};
use super::{Lang, Register, words};
use crate::decision::{Amounts, Decision, Outcome, Payment, Value};
use crate::diagnostic::{joined, text_width};
use crate::plan::Text;

/// A whole decision for one reader: the answer first, then how it came about.
#[must_use]
pub fn decision_text(decision: &Decision, register: Register, lang: Lang) -> String {
    let mut out = String::new();
    head(decision, lang, &mut out);
    answer(decision, lang, &mut out);
    steps(decision, register, lang, &mut out);
    tail(decision, register, lang, &mut out);
    out
}

/// Adds a line, without the white space at its end.
fn line(out: &mut String, parts: &[&str]) {
    out.push_str(parts.concat().trim_end());
    out.push('\n');
}

fn head(decision: &Decision, lang: Lang, out: &mut String) {
    line(out, &[lang.of(&decision.pack.title), " · ", lang.of(&decision.service.title)]);
    let date = decision.pack.evidence_date.map(|d| match lang {
        Lang::Zh => format!("（{}）", d.zh()),
        Lang::En => format!(" ({d})"),
    });
    line(out, &[words::status(decision.pack.status, lang), &date.unwrap_or_default()]);
    out.push('\n');
}

fn answer(decision: &Decision, lang: Lang, out: &mut String) {
    if decision.outcome != Outcome::Computed {
        line(out, &[words::outcome(decision.outcome, lang)]);
    }
    for refusal in &decision.refusals {
        line(out, &["  ", lang.of(&refusal.text)]);
        for cite in &refusal.cites {
            if let Some(clause) = clause(decision, cite) {
                let article = clause.article.as_deref().unwrap_or_default();
                line(out, &["    《", &clause.title, "》", article, " “", &clause.quote, "”"]);
            }
        }
    }
    let comma = lang.pick("、|, ");
    let missing = joined(&mut decision.missing.iter().map(|m| lang.of(&m.label)), comma);
    if !decision.missing.is_empty() {
        line(out, &["  ", lang.pick("还需要：|needed: "), &missing]);
    }
    if let Some(verdict) = &decision.verdict {
        line(out, &[words::verdict(verdict.is, lang)]);
    }
    if let Some(limit) = &decision.limit {
        let from = limit.from.as_ref().map(|v| [&shown(v, lang), lang.pick("至| to ")].concat()).unwrap_or_default();
        line(out, &[lang.pick("最多：|at most: "), &from, &shown(&limit.to, lang)]);
    }
    for layer in &decision.layers {
        let (governed, yields) = (lang.pick("起作用的是 |governed by "), lang.pick("，让位的是 |, yields: "));
        line(out, &[governed, &layer.governs, yields, &layer.yields]);
    }
    if let Some(amounts) = &decision.amounts {
        money(amounts, lang, out);
    }
    for payment in &decision.allocations {
        pair(lang.of(&payment.label), &payment.amount, lang, out);
    }
    for value in &decision.result {
        pair(lang.of(&value.label), &value.value, lang, out);
    }
    let mut bring = decision.documents.iter().filter(|d| d.held != Some(true)).map(|d| lang.of(&d.label)).peekable();
    if bring.peek().is_some() {
        line(out, &[lang.pick("要带的材料：|papers to bring: "), &joined(&mut bring, comma)]);
    }
    out.push('\n');
}

/// Label and value in two columns, aligned for Chinese.
fn pair(label: &str, value: &Value, lang: Lang, out: &mut String) {
    let value = shown(value, lang);
    let gap = 28_usize.saturating_sub(text_width(label)).max(2);
    let pad = 18_usize.saturating_sub(text_width(&value));
    line(out, &["  ", label, &" ".repeat(gap.saturating_add(pad)), &value]);
}

/// What is taken off.
fn less(payment: &Payment, lang: Lang, out: &mut String) {
    pair(&["− ", lang.of(&payment.label)].concat(), &payment.amount, lang, out);
}

fn money(amounts: &Amounts, lang: Lang, out: &mut String) {
    pair(lang.pick("总费用|bill"), &amounts.total, lang, out);
    let mut own = false;
    for payment in &amounts.payments {
        if payment.own {
            own = true;
        } else {
            less(payment, lang, out);
        }
    }
    pair(lang.pick("= 个人负担|= the person's share"), &amounts.patient, lang, out);
    if own {
        for payment in &amounts.payments {
            if payment.own {
                less(payment, lang, out);
            }
        }
        pair(lang.pick("= 现金|= cash"), &amounts.cash, lang, out);
    }
    if !amounts.benefits.is_empty() {
        for benefit in &amounts.benefits {
            less(benefit, lang, out);
        }
        pair(lang.pick("= 最后自己花的|= net cost"), &amounts.net, lang, out);
    }
}

fn steps(decision: &Decision, register: Register, lang: Lang, out: &mut String) {
    for step in &decision.steps {
        // A patient reads what has something to say, not the plumbing.
        if register != Register::Patient
            || matches!(step.form, "table" | "bands" | "pay" | "benefit" | "condition" | "limit" | "allocate")
        {
            write(decision, step, register, lang, out);
        }
    }
    if !decision.steps.is_empty() {
        out.push('\n');
    }
}

fn tail(decision: &Decision, register: Register, lang: Lang, out: &mut String) {
    let mut note = |word: &str, text: &Text| line(out, &[word, lang.of(text)]);
    for text in &decision.caveats {
        note(lang.pick("注意：|note: "), text);
    }
    for text in &decision.assumptions {
        note(lang.pick("假定：|assumed: "), text);
    }
    for warning in &decision.warnings {
        note(lang.pick("提醒：|warning: "), &warning.text);
    }
    let receipt = &decision.receipt;
    let digest = receipt.digest.get(..12).unwrap_or(&receipt.digest);
    let mut basis = [&receipt.pack, " ", &receipt.revision, " ", digest].concat();
    if register == Register::Developer {
        basis.push_str(&[" answers ", &receipt.answers, " engine ", &receipt.engine].concat());
    }
    line(out, &[&basis]);
}
