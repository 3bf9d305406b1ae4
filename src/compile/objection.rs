//! What the words of a clause hold against the use of a figure that they print.

use super::usage::{Met, Side, Use};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::figure::{self, Limit, Motion, Sense, Unit};
use crate::number::Ratio;

/// What speaks against a figure that stands in a phrase.
pub(super) struct Objection {
    pub(super) severity: Severity,
    code: &'static str,
    en: String,
    zh: String,
    /// The use of the step further on may settle it.
    pub(super) doubtful: bool,
}

impl Objection {
    pub(super) fn new(code: &'static str, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, en: en.into(), zh: zh.into(), doubtful: false }
    }

    pub(super) fn warns(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    pub(super) fn told(self, place: Place) -> Diagnostic {
        let help = format!(
            "{}；若原文确实如此，在 `reads` 里说明（where the text means it so, say it under `reads`）",
            self.zh
        );
        match self.severity {
            Severity::Error => Diagnostic::error(self.code, self.en),
            Severity::Warning => Diagnostic::warning(self.code, self.en),
        }
        .at(place)
        .help(help)
    }
}

/// What the words of a phrase hold against the use of a figure that it prints.
pub(super) fn objection(met: &Met, found: &figure::Found) -> Option<Objection> {
    let sense = found.sense;
    let text = figure::figure_text(found.value, found.unit);
    match met.how {
        Use::Added | Use::Taken | Use::Moved | Use::Share(_) => {
            let (up, motion) = (met.how == Use::Added, sense.motion?);
            let (word, verb) = match motion {
                Motion::Raises => ("提高、增加", "raises"),
                Motion::Lowers => ("降低、减少", "lowers"),
            };
            if matches!(met.how, Use::Added | Use::Taken) {
                let money = found.unit == Unit::Yuan;
                let does = if up { ("added", "加上") } else { ("taken off", "减去") };
                let against = up != (motion == Motion::Raises);
                let told = Objection::new(
                    "figure-direction",
                    format!("the text {verb} by {text}, and here it is {}", does.0),
                    format!("原文是{word}{text}，这里却是{}", does.1),
                );
                // What a higher deductible adds, a payment loses.
                return against.then(|| if money { told.warns() } else { told });
            }
            let half = motion == Motion::Lowers && found.value == Ratio::from_int(50);
            if half || met.how == Use::Moved || !matches!(found.unit, Unit::Percent | Unit::Multiple) {
                return None;
            }
            let whole = if found.unit == Unit::Percent { Ratio::from_int(100) } else { Ratio::ONE };
            let left = if motion == Motion::Raises { whole.add(found.value) } else { whole.sub(found.value) };
            let left = left.map(|v| figure::figure_text(v, found.unit)).unwrap_or_default();
            let told = Objection::new(
                "figure-direction",
                format!("the text {verb} by {text}: what is left is {left} of it, and here it is {text}"),
                format!("原文是{word}{text}，结果是原来的{left}，这里却乘以{text}"),
            );
            Some(Objection { doubtful: true, ..told })
        }
        Use::Cap | Use::Floor => {
            let against = match sense.limit? {
                Limit::Most => (met.how == Use::Floor).then_some(("at most", "最高、不超过", "max")),
                Limit::Least => (met.how == Use::Cap).then_some(("at least", "最低、不低于", "min")),
            };
            let (en, zh, call) = against?;
            Some(Objection::new(
                "figure-direction",
                format!("the text says {en} {text}, and `{call}` makes it the other limit"),
                format!("原文是“{zh}”{text}，`{call}` 却把它当成相反的界限"),
            ))
        }
        Use::Edge(Side { ledger: true, .. }) | Use::Balance if sense.nth => Some(Objection::new(
            "figure-edge",
            format!("the text counts this one as number {text}; the ledger counts those before it"),
            format!("原文的第{text}包括本次，年度累计（ledger）只计以前的：写 `ledger.… + 1`"),
        )),
        Use::Edge(side) => edge_objection(side, sense, &text),
        Use::Plain | Use::Divisor | Use::Balance | Use::ThisOne => None,
    }
}

fn edge_objection(side: Side, sense: Sense, text: &str) -> Option<Objection> {
    let edge = sense.edge.filter(|edge| edge.with_less != side.with_less)?;
    let (en, zh) = if edge.with_less { ("below", "以下") } else { ("above", "以上") };
    let (en, zh) = if edge.said {
        (format!("the text counts {text} itself with what is {en} it"), format!("原文里{text}本身属于“{zh}”的一边"))
    } else {
        (
            format!("by usage 以上、以下、以内 include {text} itself, here it is on the other side"),
            format!("按惯例“以上、以下、以内”包括{text}本身，这里把它放在另一边"),
        )
    };
    let told = Objection::new("figure-edge", en, zh);
    Some(if edge.said { told } else { told.warns() })
}

/// Where the row's option is named in the list that stands before 分别: 一级、二级、三级起付线分别为….
pub(super) fn named_at(quote: &str, found: &figure::Found, labels: &[String]) -> Option<usize> {
    let text: String = quote.chars().take(found.start).collect();
    let (head, _) = text.rsplit_once("分别")?;
    let clause = head.rsplit(['。', '；', ';', '，', ',', '：', ':']).next()?;
    let names: Vec<&str> = clause.split(['、', '和', '及', '与']).collect();
    let is_named = |name: &str| {
        labels.iter().any(|label| {
            let short: String = label.chars().take(2).collect();
            !name.is_empty() && (name.contains(label.as_str()) || label.contains(name) || name.contains(short.as_str()))
        })
    };
    let mut hits = names.iter().enumerate().filter(|(_, name)| is_named(name));
    let (at, _) = hits.next()?;
    (names.len() > 1 && hits.next().is_none()).then_some(at)
}
