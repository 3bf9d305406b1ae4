//! Fixed words of explanations.

use super::Lang;
use crate::decision::{Outcome, VerdictWord};
use crate::plan::{State, Status};

pub(super) fn outcome(word: Outcome, lang: Lang) -> &'static str {
    lang.pick(match word {
        Outcome::Computed => "已算出|computed",
        Outcome::Incomplete => "还缺答案|answers are still needed",
        Outcome::Refused => "不能测算|refused",
    })
}

pub(super) fn verdict(word: VerdictWord, lang: Lang) -> &'static str {
    lang.pick(match word {
        VerdictWord::Meets => "符合所列条件|meets the listed conditions",
        VerdictWord::DoesNotMeet => "不符合所列条件|does not meet the listed conditions",
        VerdictWord::MustBeConfirmed => "须由医生或经办机构确认|must be confirmed by a doctor or the agency",
        VerdictWord::CannotTell => "还不能确定|cannot tell yet",
    })
}

pub(super) fn status(word: Status, lang: Lang) -> &'static str {
    lang.pick(match word {
        Status::InForce => "现行政策|policy in force",
        Status::Dated => "按当时的文字测算，现在是否有变化不清楚|as the text stood; later changes are not known",
        Status::Historical => "历史政策演示，非现行待遇|a past policy, not a benefit in force",
        Status::Illustrative => "公开算例|a published example",
        Status::Proposal => "建议或预告，未实行|a proposal, not in force",
        Status::Comparison => "另一种制度，仅供比较|another system, for comparison",
        Status::Invented => "虚构数字，仅供测试|invented figures, for tests",
    })
}

pub(super) fn grade(word: &str, lang: Lang) -> &'static str {
    lang.pick(match word {
        "policy_text" => "政策原文|policy text",
        "authority_page" => "主管部门或公立医院的网页|page of an authority or public hospital",
        "press" => "报刊或门户转载|press or portal",
        _ => "项目收集的资料|collected source document",
    })
}

pub(super) fn state(word: State, lang: Lang) -> &'static str {
    lang.pick(match word {
        State::Known => "已知|known",
        State::Unknown => "还没有回答|not answered",
        State::NotApplicable => "不适用|not applicable",
        State::Unset => "原文没有写明|left open by the text",
        State::Failed => "不能计算|refused",
    })
}

/// Roles of formulas.
pub(super) fn role(word: &str, lang: Lang) -> Option<&'static str> {
    Some(lang.pick(match word {
        "amount" => "金额|amount",
        "cap" => "封顶|cap",
        "at_least" => "保底|at least",
        "leaves" => "个人至少负担|the person keeps at least",
        "when" => "条件|when",
        "of" => "分段金额|amount in bands",
        "from" => "起点|from",
        "limit" => "上限|limit",
        "condition" | "require" => "条件|condition",
        "key" => "按|by",
        _ => return None,
    }))
}
