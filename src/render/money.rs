//! Values as readers write them.

use super::Lang;
use super::words;
use crate::decision::Value;
use crate::number::group_thousands;
use crate::plan::State;

/// A value with its unit: `14,475.00 元`, `75%`, `2个月`.
pub(super) fn shown(value: &Value, lang: Lang) -> String {
    if value.state != State::Known {
        return words::state(value.state, lang).to_owned();
    }
    match value.unit {
        "yuan" => format!("{} {}", group_thousands(&value.text), lang.pick("元", "yuan")),
        "points" => format!("{}{}", value.text, lang.pick("个百分点", " points")),
        "days" => format!("{}{}", value.text, lang.pick("天", " days")),
        "months" => format!("{}{}", value.text, lang.pick("个月", " months")),
        "bool" => match value.text.as_str() {
            "true" => lang.pick("是", "yes").to_owned(),
            _ => lang.pick("否", "no").to_owned(),
        },
        "option" => value.label.as_ref().map_or_else(|| value.text.clone(), |label| lang.of(label).to_owned()),
        _ => value.text.clone(),
    }
}
