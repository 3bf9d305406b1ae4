//! Values as readers write them.

use super::Lang;
use super::words;
use crate::decision::Value;
use crate::number::group_thousands;
use crate::plan::State;

/// A value with its unit: `14,475.00 元`, `75%`, `2个月`.
pub(super) fn shown(value: &Value, lang: Lang) -> String {
    let mut text = match (value.state, value.unit, &value.label) {
        (State::Known, "yuan", _) => group_thousands(&value.text),
        (State::Known, "bool", _) => lang.pick(if value.text == "true" { "是|yes" } else { "否|no" }).to_owned(),
        (State::Known, "option", Some(label)) => lang.of(label).to_owned(),
        (State::Known, ..) => value.text.clone(),
        (state, ..) => return words::state(state, lang).to_owned(),
    };
    text.push_str(lang.pick(match value.unit {
        "yuan" => " 元| yuan",
        "points" => "个百分点| points",
        "days" => "天| days",
        "months" => "个月| months",
        _ => "",
    }));
    text
}
