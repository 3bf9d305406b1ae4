//! What the words around a figure say of it: that something grows or shrinks by it, that it is only about right, that
//! it was replaced, which side of an edge it belongs to, and its place in a list of several.

use super::find::Figure;
use super::line::Line;
use super::unit::Unit;

/// Whether something becomes more or less by a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// 提高, 增加, 上浮.
    Raises,
    /// 降低, 减少, 下浮.
    Lowers,
}

/// Whether a figure is the most or the least that there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// 最高, 不超过, 封顶.
    Most,
    /// 最低, 不低于, 至少.
    Least,
}

/// The side of an edge that the figure itself belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// With what is less (不超过, 超过) and not with what is more (不足, 不低于).
    pub with_less: bool,
    /// Said outright. 以上, 以下 and 以内 include the edge by usage only, and texts differ.
    pub said: bool,
}

/// What the words around a figure say of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sense {
    /// 提高5个百分点, 降低30%.
    pub motion: Option<Motion>,
    /// 最高70%.
    pub limit: Option<Limit>,
    /// 6个月(含)以内.
    pub edge: Option<Edge>,
    /// 近5万元, 五万余元: not this figure, only something near it.
    pub about: bool,
    /// 由85%降至80%: 85 % held until then.
    pub was: bool,
    /// 第三次, 首次: its place in an order and no number of things.
    pub nth: bool,
    /// Its place in a 分别 list, from 0.
    pub place: Option<usize>,
}

const RAISES: &[&str] =
    &["提高", "增加", "上浮", "上调", "上調", "上升", "增长", "增長", "提升", "调高", "增幅", "涨幅", "升幅"];
const LOWERS: &[&str] =
    &["降低", "下降", "减少", "下调", "下調", "下浮", "调低", "降幅", "减幅", "核减", "扣减", "减免", "降", "减"];
/// What may stand between such a word and its figure.
const FILLERS: &[&str] = &["了", "约", "近", "再", "各", "均", "分别", "分別", "幅度", "为"];

const AT_MOST: &[&str] = &[
    "不超过",
    "不超過",
    "不得超过",
    "不得超過",
    "不能超过",
    "不过超过",
    "未超过",
    "未超過",
    "不高于",
    "不得高于",
    "不多于",
    "不大于",
    "至多",
    "最多",
];
const AT_LEAST: &[&str] = &[
    "不低于",
    "不低於",
    "不得低于",
    "不得低於",
    "不少于",
    "不得少于",
    "不小于",
    "至少",
    "最少",
    "年满",
    "年滿",
    "达到",
    "達到",
    "满",
    "滿",
];
const BELOW: &[&str] =
    &["不足", "未满", "未滿", "不满", "不滿", "不到", "未达到", "未達到", "低于", "低於", "少于", "小于"];
const ABOVE: &[&str] = &["超过", "超過", "超出", "高于", "多于", "大于"];

/// Words after a figure: what they say, and whether outright.
const SIDES: &[(&str, bool, bool)] = &[
    ("及以下", true, true),
    ("及以上", false, true),
    ("及以内", true, true),
    ("及以后", false, true),
    ("及以後", false, true),
    ("以后", false, true),
    ("起", false, true),
    ("以下", true, false),
    ("以上", false, false),
    ("以内", true, false),
    ("之内", true, false),
    ("内", true, false),
];

const MOST: &[&str] = &["最高", "不超过", "不超過", "不得超过", "不得超過", "不高于", "至多", "最多", "封顶", "上限"];
const LEAST: &[&str] = &["最低", "不低于", "不低於", "不得低于", "不得低於", "不少于", "不得少于", "至少", "下限"];

/// How far words are looked for, in characters.
const NEAR: usize = 12;

/// What is said of each figure of a line.
pub(super) fn senses(line: &Line, figures: &[Figure]) -> Vec<Sense> {
    let mut all: Vec<Sense> = Vec::new();
    // Where the list that the figure at hand goes on with began, if 分别 stands before it.
    let mut listed: Option<usize> = None;
    for (at, figure) in figures.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| figures.get(i).zip(all.get(i).copied()));
        let after = figures.iter().skip(at).find(|other| other.start >= figure.end);
        let mut sense = Sense {
            motion: motion(line, figure),
            limit: limit(line, figure, before.map(|(other, _)| other)),
            edge: edge(line, figure, before.map(|(other, _)| other)),
            about: about(line, figure),
            was: after.is_some_and(|next| was(line, figure, next)),
            nth: matches!(line.at(figure.start), Some('第' | '首' | '次')),
            place: None,
        };
        match before {
            // 增加1倍 is read as two figures: one more, and two in all.
            Some((other, _)) if other.start == figure.start => sense.motion = None,
            Some((other, earlier)) if goes_on(line, other, figure) => {
                sense.motion = sense.motion.or(earlier.motion);
                sense.place = listed.and_then(|from| at.checked_sub(from));
            }
            _ => {
                listed = distributes(line, figure).then_some(at);
                let goes = figures.get(at.saturating_add(1)).is_some_and(|next| goes_on(line, figure, next));
                sense.place = listed.filter(|_| goes).map(|_| 0);
            }
        }
        all.push(sense);
    }
    all
}

fn between(line: &Line, left: &Figure, right: &Figure) -> String {
    line.slice(left.end, right.start).into_iter().collect()
}

/// Two figures of one list, 5、10个百分点.
fn goes_on(line: &Line, left: &Figure, right: &Figure) -> bool {
    left.unit == right.unit
        && matches!(between(line, left, right).as_str(), "、" | "," | "和" | "及" | "与" | "或" | "/")
}

/// 分别, 分别为, 分别提高.
fn distributes(line: &Line, figure: &Figure) -> bool {
    (0..=4).any(|back| {
        figure.start.checked_sub(back).is_some_and(|end| line.ends_with(end, "分别") || line.ends_with(end, "分別"))
    })
}

/// The end of the text before `end` once words that say nothing here are taken off.
fn without(line: &Line, end: usize, words: &[&[&str]]) -> usize {
    let mut end = end;
    while let Some(word) = words.iter().flat_map(|list| list.iter()).find(|word| line.ends_with(end, word)) {
        end = end.saturating_sub(word.chars().count());
    }
    end
}

fn ends_with_one(line: &Line, end: usize, words: &[&str]) -> bool {
    words.iter().any(|word| line.ends_with(end, word))
}

fn motion(line: &Line, figure: &Figure) -> Option<Motion> {
    let end = without(line, figure.start, &[FILLERS, AT_MOST, AT_LEAST]);
    // 降为80%: it becomes the figure.
    if line.before(figure.start) == Some('为') && !line.ends_with(end, "幅") {
        return None;
    }
    if ends_with_one(line, end, RAISES) {
        return Some(Motion::Raises);
    }
    ends_with_one(line, end, LOWERS).then_some(Motion::Lowers)
}

/// The word may stand some way before: 最高支付比例可达70%.
fn limit(line: &Line, figure: &Figure, before: Option<&Figure>) -> Option<Limit> {
    let first = figure.start.saturating_sub(NEAR).max(before.map_or(0, |other| other.end.min(figure.start)));
    let words = line.slice(first, figure.start);
    let clause: String = words.rsplit(|ch| matches!(ch, ',' | ';' | '。' | '、')).next()?.iter().collect();
    let has = |list: &[&str]| list.iter().any(|word| clause.contains(word));
    match (has(MOST), has(LEAST)) {
        (true, false) => Some(Limit::Most),
        (false, true) => Some(Limit::Least),
        _ => None,
    }
}

fn edge(line: &Line, figure: &Figure, before: Option<&Figure>) -> Option<Edge> {
    let said = |with_less: bool| Some(Edge { with_less, said: true });
    let end = without(line, figure.start, &[&["了", "的"]]);
    let outright = if ends_with_one(line, end, AT_MOST) {
        said(true)
    } else if ends_with_one(line, end, BELOW) || ends_with_one(line, end, AT_LEAST) {
        said(false)
    } else if ends_with_one(line, end, ABOVE) {
        said(true)
    } else {
        None
    };
    let (bracket, at) = bracket(line, figure.end);
    // 第二次起付线 begins no order.
    let side = SIDES.iter().find(|(word, ..)| line.has(at, word)).filter(|(word, ..)| {
        *word != "起" || !matches!(line.at(at.saturating_add(1)), Some('付' | '標' | '标' | '步'))
    });
    let Some((word, with_less, word_says)) = side else {
        // 5-10万元(含): the upper end of a range.
        let ranged = before.is_some_and(|left| {
            let mut words = line.slice(left.end, figure.start).into_iter().rev();
            words.next().is_some_and(|ch| matches!(ch, '-' | '~' | '至' | '到'))
        });
        return bracket.filter(|_| ranged).map(|closed| Edge { with_less: closed, said: true }).or(outright);
    };
    let behind = self::bracket(line, at.saturating_add(word.chars().count())).0;
    match bracket.or(behind) {
        // 以下(不含): the figure goes to the other side.
        Some(closed) => said(*with_less == closed),
        None => outright.or(Some(Edge { with_less: *with_less, said: *word_says })),
    }
}

/// `(含)`, `(含1万元)` and `(不含)` at a place: whether the edge belongs, and where the bracket ends.
fn bracket(line: &Line, at: usize) -> (Option<bool>, usize) {
    let closed = if line.has(at, "(含") {
        true
    } else if line.has(at, "(不含") {
        false
    } else {
        return (None, at);
    };
    let end = (at..at.saturating_add(NEAR)).find(|place| line.at(*place) == Some(')'));
    end.map_or((None, at), |end| (Some(closed), end.saturating_add(1)))
}

fn about(line: &Line, figure: &Figure) -> bool {
    let vague_unit = figure.number_end < figure.end && matches!(line.at(figure.number_end), Some('余' | '多'));
    let after = ["左右", "上下"].iter().any(|word| line.has(figure.end, word));
    let name = |ends: &[&str]| ends_with_one(line, figure.start, ends);
    let span = matches!(figure.unit, Unit::Days | Unit::Weeks | Unit::Months | Unit::Years);
    let before = match line.before(figure.start) {
        Some('约') => !name(&["签约", "预约", "节约", "违约", "公约", "合约", "特约"]),
        // 近三年 is a span of three years.
        Some('近') => !span && !name(&["最近", "附近", "就近", "邻近", "临近"]),
        _ => false,
    };
    vague_unit || after || before
}

/// 由85%降至80%.
fn was(line: &Line, figure: &Figure, next: &Figure) -> bool {
    let words = between(line, figure, next);
    let changes = ["降", "提", "升", "调", "增", "减", "上", "下", "变", "改"];
    figure.unit == next.unit
        && words.chars().count() <= 6
        && words.ends_with(['至', '到', '为'])
        && changes.iter().any(|word| words.starts_with(word))
}
