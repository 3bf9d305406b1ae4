//! Fixed words of explanations.

use super::Lang;
use crate::decision::{Outcome, VerdictWord};
use crate::plan::{State, Status};

pub(super) fn outcome(word: Outcome, lang: Lang) -> &'static str {
    match word {
        Outcome::Computed => lang.pick("已算出", "computed"),
        Outcome::Incomplete => lang.pick("还缺答案", "answers are still needed"),
        Outcome::Refused => lang.pick("不能测算", "refused"),
    }
}

pub(super) fn verdict(word: VerdictWord, lang: Lang) -> &'static str {
    match word {
        VerdictWord::Meets => lang.pick("符合所列条件", "meets the listed conditions"),
        VerdictWord::DoesNotMeet => lang.pick("不符合所列条件", "does not meet the listed conditions"),
        VerdictWord::MustBeConfirmed => {
            lang.pick("须由医生或经办机构确认", "must be confirmed by a doctor or the agency")
        }
        VerdictWord::CannotTell => lang.pick("还不能确定", "cannot tell yet"),
    }
}

pub(super) fn status(word: Status, lang: Lang) -> &'static str {
    match word {
        Status::InForce => lang.pick("现行政策", "policy in force"),
        Status::Dated => {
            lang.pick("按当时的文字测算，现在是否有变化不清楚", "as the text stood; later changes are not known")
        }
        Status::Historical => lang.pick("历史政策演示，非现行待遇", "a past policy, not a benefit in force"),
        Status::Illustrative => lang.pick("公开算例", "a published example"),
        Status::Proposal => lang.pick("建议或预告，未实行", "a proposal, not in force"),
        Status::Comparison => lang.pick("另一种制度，仅供比较", "another system, for comparison"),
        Status::Invented => lang.pick("虚构数字，仅供测试", "invented figures, for tests"),
    }
}

pub(super) fn grade(word: &str, lang: Lang) -> &'static str {
    match word {
        "policy_text" => lang.pick("政策原文", "policy text"),
        "authority_page" => lang.pick("主管部门或公立医院的网页", "page of an authority or public hospital"),
        "press" => lang.pick("报刊或门户转载", "press or portal"),
        _ => lang.pick("项目收集的资料", "collected source document"),
    }
}

pub(super) fn state(word: State, lang: Lang) -> &'static str {
    match word {
        State::Known => lang.pick("已知", "known"),
        State::Unknown => lang.pick("还没有回答", "not answered"),
        State::NotApplicable => lang.pick("不适用", "not applicable"),
        State::Unset => lang.pick("原文没有写明", "left open by the text"),
        State::Failed => lang.pick("不能计算", "refused"),
    }
}

/// Roles of formulas.
pub(super) fn role(word: &str, lang: Lang) -> Option<&'static str> {
    Some(match word {
        "amount" => lang.pick("金额", "amount"),
        "cap" => lang.pick("封顶", "cap"),
        "at_least" => lang.pick("保底", "at least"),
        "leaves" => lang.pick("个人至少负担", "the person keeps at least"),
        "when" => lang.pick("条件", "when"),
        "of" => lang.pick("分段金额", "amount in bands"),
        "from" => lang.pick("起点", "from"),
        "limit" => lang.pick("上限", "limit"),
        "condition" | "require" => lang.pick("条件", "condition"),
        "key" => lang.pick("按", "by"),
        _ => return None,
    })
}
