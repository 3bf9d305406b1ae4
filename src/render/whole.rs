//! A whole decision as text.

use super::money::shown;
use super::step::{patient, step_text};
use super::{Lang, Register, words};
use crate::decision::{Amounts, Decision, Outcome, Payment};
use std::fmt::Write;

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

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

fn head(decision: &Decision, lang: Lang, out: &mut String) {
    line(out, &format!("{} · {}", lang.of(&decision.pack.title), lang.of(&decision.service.title)));
    let date = decision.pack.evidence_date.map(|d| match lang {
        Lang::Zh => format!("（{}）", d.zh()),
        Lang::En => format!(" ({d})"),
    });
    line(out, &format!("{}{}", words::status(decision.pack.status, lang), date.unwrap_or_default()));
    out.push('\n');
}

fn answer(decision: &Decision, lang: Lang, out: &mut String) {
    if decision.outcome != Outcome::Computed {
        line(out, words::outcome(decision.outcome, lang));
    }
    for refusal in &decision.refusals {
        line(out, &format!("  {}", lang.of(&refusal.text)));
        for cite in &refusal.cites {
            if let Some(clause) = decision.clauses.iter().find(|c| c.id == cite.clause) {
                line(
                    out,
                    &format!("    《{}》{} “{}”", clause.title, clause.article.as_deref().unwrap_or(""), clause.quote),
                );
            }
        }
    }
    if !decision.missing.is_empty() {
        let all: Vec<&str> = decision.missing.iter().map(|m| lang.of(&m.label)).collect();
        line(out, &format!("  {}{}", lang.pick("还需要：", "needed: "), all.join(lang.pick("、", ", "))));
    }
    if let Some(verdict) = &decision.verdict {
        line(out, words::verdict(verdict.is, lang));
    }
    if let Some(limit) = &decision.limit {
        let from =
            limit.from.as_ref().map(|v| format!("{}{}", shown(v, lang), lang.pick("至", " to "))).unwrap_or_default();
        line(out, &format!("{}{from}{}", lang.pick("最多：", "at most: "), shown(&limit.to, lang)));
    }
    for layer in &decision.layers {
        line(
            out,
            &format!(
                "{}{}{}{}",
                lang.pick("起作用的是 ", "governed by "),
                layer.governs,
                lang.pick("，让位的是 ", ", yields: "),
                layer.yields
            ),
        );
    }
    if let Some(amounts) = &decision.amounts {
        money(amounts, lang, out);
    }
    for payment in &decision.allocations {
        line(out, &pair(lang.of(&payment.label), &shown(&payment.amount, lang)));
    }
    for value in &decision.result {
        line(out, &pair(lang.of(&value.label), &shown(&value.value, lang)));
    }
    let bring: Vec<&str> =
        decision.documents.iter().filter(|d| d.held != Some(true)).map(|d| lang.of(&d.label)).collect();
    if !bring.is_empty() {
        line(out, &format!("{}{}", lang.pick("要带的材料：", "papers to bring: "), bring.join(lang.pick("、", ", "))));
    }
    out.push('\n');
}

/// Label and value in two columns, aligned for Chinese.
fn pair(label: &str, value: &str) -> String {
    let width = crate::diagnostic::text_width(label);
    let gap = 28_usize.saturating_sub(width).max(2);
    let pad = 18_usize.saturating_sub(crate::diagnostic::text_width(value));
    format!("  {label}{}{}{value}", " ".repeat(gap), " ".repeat(pad))
}

fn money(amounts: &Amounts, lang: Lang, out: &mut String) {
    line(out, &pair(lang.pick("总费用", "bill"), &shown(&amounts.total, lang)));
    let less = |p: &Payment| pair(&format!("− {}", lang.of(&p.label)), &shown(&p.amount, lang));
    for payment in amounts.payments.iter().filter(|p| !p.own) {
        line(out, &less(payment));
    }
    line(out, &pair(lang.pick("= 个人负担", "= the person's share"), &shown(&amounts.patient, lang)));
    let own: Vec<&Payment> = amounts.payments.iter().filter(|p| p.own).collect();
    for payment in &own {
        line(out, &less(payment));
    }
    if !own.is_empty() {
        line(out, &pair(lang.pick("= 现金", "= cash"), &shown(&amounts.cash, lang)));
    }
    for benefit in &amounts.benefits {
        line(out, &pair(&format!("− {}", lang.of(&benefit.label)), &shown(&benefit.amount, lang)));
    }
    if !amounts.benefits.is_empty() {
        line(out, &pair(lang.pick("= 最后自己花的", "= net cost"), &shown(&amounts.net, lang)));
    }
}

fn steps(decision: &Decision, register: Register, lang: Lang, out: &mut String) {
    for step in &decision.steps {
        match register {
            Register::Patient => {
                // A patient reads what has something to say, not the plumbing.
                if matches!(step.form, "table" | "bands" | "pay" | "benefit" | "condition" | "limit" | "allocate") {
                    patient(decision, step, lang, out);
                }
            }
            _ => out.push_str(&step_text(decision, &step.id, register, lang).unwrap_or_default()),
        }
    }
    if !decision.steps.is_empty() {
        out.push('\n');
    }
}

fn tail(decision: &Decision, register: Register, lang: Lang, out: &mut String) {
    for (word, all) in
        [(lang.pick("注意：", "note: "), &decision.caveats), (lang.pick("假定：", "assumed: "), &decision.assumptions)]
    {
        for text in all {
            line(out, &format!("{word}{}", lang.of(text)));
        }
    }
    for warning in &decision.warnings {
        line(out, &format!("{}{}", lang.pick("提醒：", "warning: "), lang.of(&warning.text)));
    }
    let receipt = &decision.receipt;
    let mut basis =
        format!("{} {} {}", receipt.pack, receipt.revision, receipt.digest.get(..12).unwrap_or(&receipt.digest));
    if register == Register::Developer {
        let _ = write!(basis, " answers {} engine {}", receipt.answers, receipt.engine);
    }
    line(out, &basis);
}
