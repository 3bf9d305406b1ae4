//! From numbers to figures: units after and before, ranges and lists that share one unit, and
//! numbers that are no figures.

use crate::number::Ratio;

use super::calendar;
use super::line::Line;
use super::numeral::{self, Lexeme, Numeral, Script, times};
use super::unit::{self, Unit, whole};

/// A figure in places of a folded line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure {
    pub(super) start: usize,
    /// Where its number ends and its unit begins.
    pub(super) number_end: usize,
    pub(super) end: usize,
    pub(super) value: Ratio,
    pub(super) unit: Unit,
    pub(super) scaled: bool,
}

impl Figure {
    /// A figure whose number and unit are one word.
    pub(super) const fn whole(start: usize, end: usize, value: Ratio, unit: Unit) -> Self {
        Self { start, number_end: end, end, value, unit, scaled: false }
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.unit == other.unit && self.scaled == other.scaled && self.value == other.value
    }
}

/// A number on its way to a figure.
struct Piece {
    figure: Figure,
    /// Unknown until a neighbour lends its unit.
    unit: Option<Unit>,
    number: Option<Numeral>,
    /// 1、 or 2. at the head of a sentence.
    heads_entry: bool,
    dropped: bool,
}

/// Every figure of the line from left to right.
pub(super) fn figures(line: &Line) -> Vec<Figure> {
    let mut pieces = pieces(line);
    share_units(line, &mut pieces);
    let mut found = Vec::new();
    for piece in &pieces {
        let Some(figure) = settle(line, piece) else {
            continue;
        };
        found.push(figure);
        if figure.unit == Unit::Multiple
            && line.before(figure.end) == Some('倍')
            && grows_before(line, figure.start)
            && let Some(value) = figure.value.add(Ratio::ONE)
        {
            found.push(Figure { value, ..figure });
        }
    }
    found
}

fn pieces(line: &Line) -> Vec<Piece> {
    let lexemes = numeral::lex(line);
    let mut pieces = Vec::new();
    let mut index = 0;
    let mut read = 0;
    while let Some(lexeme) = lexemes.get(index) {
        let mut taken = 1;
        // The 五 of 八成五 was read with its unit.
        if matches!(lexeme, Lexeme::Number(number) if number.start < read) {
            index = index.saturating_add(1);
            continue;
        }
        match lexeme {
            Lexeme::Whole(figure) => pieces.push(known(*figure)),
            Lexeme::Number(number) => match calendar::written(line, &lexemes, index) {
                Some((count, figure)) => {
                    taken = count;
                    pieces.extend(figure.map(known));
                }
                None => pieces.extend(resolve(line, number)),
            },
        }
        read = pieces.last().map_or(read, |piece: &Piece| piece.figure.end.max(read));
        index = index.saturating_add(taken);
    }
    pieces
}

fn known(figure: Figure) -> Piece {
    Piece { figure, unit: Some(figure.unit), number: None, heads_entry: false, dropped: false }
}

/// The unit of one number from its own surroundings. None when it is no figure at all.
fn resolve(line: &Line, number: &Numeral) -> Option<Piece> {
    let before = line.before(number.start);
    let foreign =
        ["美元", "港元", "港币", "欧元", "日元", "澳元", "美金"].iter().any(|word| line.has(number.end, word));
    if foreign || before == Some('$') {
        return None;
    }
    let nth = before == Some('第');
    let suffix = unit::after(line, number);
    let mut figure = Figure {
        start: if nth { number.start.saturating_sub(1) } else { number.start },
        number_end: number.end,
        end: number.end,
        value: number.value,
        unit: Unit::Bare,
        scaled: false,
    };
    let heads_entry = heads_entry(line, number);
    let unit = match suffix {
        Some(suffix) => {
            figure.end = suffix.end;
            figure.value = suffix.value;
            Some(match suffix.unit {
                unit if nth => nth_unit(unit),
                Unit::Years if calendar::is_year(number) => Unit::CalendarYear,
                unit => unit,
            })
        }
        None if nth => Some(Unit::Ordinal),
        None if before == Some('¥') || in_renminbi(line, number.start) => Some(Unit::Yuan),
        None if is_share(line, number) => {
            figure.value = times(number.value, 100)?;
            Some(Unit::Percent)
        }
        None if matches!(before, Some('×' | '*')) && !number.scaled => Some(Unit::Multiple),
        None if in_brackets(line, number) => Some(Unit::Ordinal),
        None => None,
    };
    Some(Piece { figure, unit, number: Some(*number), heads_entry, dropped: false })
}

/// 人民币200, 人民币:200.
fn in_renminbi(line: &Line, start: usize) -> bool {
    let end = if line.before(start) == Some(':') { start.saturating_sub(1) } else { start };
    ["人民币", "人民幣"].iter().any(|word| line.ends_with(end, word))
}

/// 支付比例0.85: a share written as a decimal.
fn is_share(line: &Line, number: &Numeral) -> bool {
    let mut end = number.start;
    while let Some('为' | '是' | ':' | '按' | '达' | '到' | '=') = line.before(end) {
        end = end.saturating_sub(1);
    }
    number.script == Script::Arabic
        && number.value > Ratio::ZERO
        && number.value < Ratio::ONE
        && ["比例", "报销率", "支付率", "補償比", "补偿比", "报销比"].iter().any(|word| line.ends_with(end, word))
}

/// 第二次, 第三个月 and 第5年 count; 第五十九条 and 第三人 only name a place.
const fn nth_unit(unit: Unit) -> Unit {
    match unit {
        Unit::Times | Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => unit,
        _ => Unit::Ordinal,
    }
}

/// `(2)` and the year of a document number, `〔2022〕`.
fn in_brackets(line: &Line, number: &Numeral) -> bool {
    match (line.before(number.start), line.at(number.end)) {
        (Some('('), Some(')')) => {
            number.width <= 2
                || (calendar::is_year(number)
                    && line.at(number.end.saturating_add(1)).is_some_and(|ch| ch.is_ascii_digit()))
        }
        (Some('['), Some(']')) => true,
        _ => false,
    }
}

fn heads_entry(line: &Line, number: &Numeral) -> bool {
    let small = whole(number.value).is_some_and(|value| value < 20) && number.factor == 1;
    small && line.opens(number.start) && matches!(line.at(number.end), Some('、' | '.' | ')'))
}

/// Gives a number without a unit the unit of its right neighbour in a range or list.
fn share_units(line: &Line, pieces: &mut [Piece]) {
    let mut rest = &mut *pieces;
    while let Some((right, others)) = rest.split_last_mut() {
        if let Some(left) = others.last_mut() {
            lend(line, left, right);
            carry_percent(line, left, right);
            carry_year(line, left, right);
            count_with(line, left, right);
        }
        rest = others;
    }
    for at in (0..pieces.len()).rev() {
        share_by_label(line, pieces, at);
    }
}

fn between(line: &Line, left: &Figure, right: &Figure) -> String {
    line.slice(left.end, right.start).into_iter().collect()
}

fn is_range(between: &str) -> bool {
    matches!(between, "-" | "--" | "~" | "至" | "到")
}

/// 2023年7月1日至12月31日, 2023年1月至6月: the right side is of the same year.
fn carry_year(line: &Line, left: &Piece, right: &mut Piece) {
    if !is_range(&between(line, &left.figure, &right.figure)) {
        return;
    }
    let (unit, value) = match (left.unit, right.unit) {
        (Some(Unit::Date), Some(Unit::MonthDay)) => {
            (Unit::Date, calendar::in_year_of(left.figure.value, right.figure.value))
        }
        // 6月, not 6个月.
        (Some(Unit::YearMonth), Some(Unit::Months)) if line.at(right.figure.number_end) == Some('月') => {
            (Unit::YearMonth, calendar::month_in_year_of(left.figure.value, right.figure.value))
        }
        _ => return,
    };
    if let Some(value) = value {
        right.figure.value = value;
        right.figure.unit = unit;
        right.unit = Some(unit);
    }
}

/// 5个、3个百分点: the 个 of the left side is the beginning of the unit.
fn count_with(line: &Line, left: &mut Piece, right: &Piece) {
    let begun = left.unit == Some(Unit::Count)
        && left.figure.end == left.figure.number_end.saturating_add(1)
        && line.at(left.figure.number_end) == Some('个')
        && line.at(right.figure.number_end) == Some('个');
    let goes_on = matches!(between(line, &left.figure, &right.figure).as_str(), "、" | "或" | "和" | "及" | "与");
    let unit = right
        .unit
        .filter(|unit| matches!(unit, Unit::Points | Unit::Months | Unit::WorkingDays | Unit::Weeks | Unit::Hours));
    if begun && goes_on && unit.is_some() {
        left.unit = unit;
    }
}

/// 一级100、二级300、三级600元: labels of one kind, and the unit after the last figure.
fn share_by_label(line: &Line, pieces: &mut [Piece], at: usize) {
    let back = |n: usize| at.checked_sub(n).and_then(|place| pieces.get(place));
    let (Some(figure), Some(label), Some(other), Some(other_label)) = (back(0), back(1), back(2), back(3)) else {
        return;
    };
    let unit = figure.unit.filter(|unit| matches!(unit, Unit::Yuan | Unit::Percent | Unit::Points | Unit::Days));
    let labels = matches!(label.unit, Some(Unit::Level | Unit::Times)) && label.unit == other_label.unit;
    let plain = figure.number.is_some_and(|n| n.factor == 1) && other.number.is_some_and(|n| n.factor == 1);
    let parted = matches!(between(line, &other.figure, &label.figure).as_str(), "、" | "," | ";");
    let words = |label: &Piece, figure: &Piece| label_words(&between(line, &label.figure, &figure.figure)).to_owned();
    if unit.is_none() || other.unit.is_some() || !labels || !plain || !parted {
        return;
    }
    if words(label, figure) != words(other_label, other) {
        return;
    }
    if let Some(other) = at.checked_sub(2).and_then(|place| pieces.get_mut(place)) {
        other.unit = unit;
    }
}

/// The words between a label and its figure, without 及以下 and its like.
fn label_words(words: &str) -> &str {
    ["及以下", "及以上", "以下", "以上"].iter().find_map(|word| words.strip_prefix(word)).unwrap_or(words)
}

fn lend(line: &Line, left: &mut Piece, right: &mut Piece) {
    let Some(number) = left.number.filter(|_| left.unit.is_none()) else {
        return;
    };
    let between: String = line.slice(number.end, right.figure.start).into_iter().collect();
    let is_range = is_range(&between);
    let is_list = matches!(between.as_str(), "、" | "或" | "和" | "及" | "与" | "/");
    if !is_range && !is_list {
        return;
    }
    if between == "/" && right.unit.is_none() {
        // A fraction or a half-written date, not two numbers.
        left.dropped = true;
        right.dropped = true;
        return;
    }
    if between == "/" && right.unit == Some(Unit::Percent) && leads_rate(line, left) {
        left.unit = Some(Unit::Yuan);
        return;
    }
    let Some(giver) = right.number else {
        return;
    };
    let unit = right.unit;
    let may_share = match unit {
        Some(Unit::CalendarYear) => calendar::is_year(&number),
        Some(Unit::Ordinal | Unit::Date | Unit::MonthDay | Unit::YearMonth) => false,
        // 一级100、二级300: what has a label of its own is no label.
        Some(Unit::Level | Unit::Times) => !(number.script == Script::Arabic && has_label(line, number.start)),
        // `2、3万元以上` may be entry 2.
        Some(_) => !(is_list && left.heads_entry),
        None => giver.scaled && is_range,
    };
    if !may_share {
        return;
    }
    if is_range {
        if number.factor == 1 && !number.scaled && number.raw < giver.raw {
            if let Some(value) = times(number.value, giver.factor) {
                left.figure.value = value;
                left.unit = unit;
                left.number =
                    Some(Numeral { value, raw: number.raw, factor: giver.factor, scaled: giver.scaled, ..number });
            }
        } else if number.value < giver.value {
            left.unit = unit.or(left.unit);
            // 五千至一万: money, if the right side is.
            left.number = Some(Numeral { scaled: number.scaled || giver.scaled, ..number });
        }
    } else if unit.is_some() && giver.factor == 1 {
        left.unit = unit;
    }
    // 七至八成: the word itself multiplies.
    if left.unit == Some(Unit::Percent)
        && line.before(right.figure.end) == Some('成')
        && let Some(value) = times(left.figure.value, 10)
    {
        left.figure.value = value;
    }
}

/// 一级100/90%: deductible and rate of one level. As a rate, a hundred needs no quote.
fn leads_rate(line: &Line, left: &Piece) -> bool {
    left.figure.value >= Ratio::from_int(100) && has_label(line, left.figure.start)
}

/// 级 or 次 stands before a figure, with few words between: 一级医院200.
fn has_label(line: &Line, start: usize) -> bool {
    (0..=6)
        .map_while(|back| line.before(start.checked_sub(back)?))
        .take_while(|ch| !ch.is_ascii_digit() && !"、,;。和与或".contains(*ch))
        .any(|ch| matches!(ch, '级' | '次'))
}

/// 百分之五十至六十: the right side has no unit of its own.
fn carry_percent(line: &Line, left: &Piece, right: &mut Piece) {
    let stated = left.number.is_none() && left.unit == Some(Unit::Percent);
    let bare = right.unit.is_none() && right.number.is_some();
    let between = line.slice(left.figure.end, right.figure.start);
    if stated && bare && matches!(between.as_slice(), ['至' | '到' | '-' | '~']) {
        right.unit = Some(Unit::Percent);
    }
}

/// The last word on one number.
fn settle(line: &Line, piece: &Piece) -> Option<Figure> {
    if piece.dropped {
        return None;
    }
    let mut figure = piece.figure;
    if let Some(unit) = piece.unit {
        figure.unit = unit;
        return Some(figure);
    }
    let number = piece.number?;
    if piece.heads_entry {
        figure.unit = Unit::Ordinal;
        return Some(figure);
    }
    // A lone 三 is mostly part of a word or a name.
    if number.script == Script::Chinese && number.width == 1 {
        return None;
    }
    figure.scaled = number.scaled && ends_amount(line, number.end);
    Some(figure)
}

/// What may stand after `30万` when the 元 is left out. Anything else may be a unit that is not
/// known here, such as 亩.
fn ends_amount(line: &Line, at: usize) -> bool {
    if line.gap(at) {
        return true;
    }
    line.at(at).is_none_or(|ch| {
        ch.is_ascii_punctuation()
            || matches!(
                ch,
                '。' | '、'
                    | '≤'
                    | '≥'
                    | '×'
                    | '→'
                    | '"'
                    | '以'
                    | '段'
                    | '至'
                    | '到'
                    | '的'
                    | '及'
                    | '起'
                    | '和'
                    | '或'
                    | '与'
                    | '含'
                    | '内'
                    | '之'
                    | '封'
            )
    })
}

/// 增加1倍 makes two of one.
fn grows_before(line: &Line, start: usize) -> bool {
    let end = match line.before(start) {
        Some('了' | '约' | '近') => start.saturating_sub(1),
        _ => start,
    };
    ["增加", "提高", "增长", "增長", "上浮", "提升", "上调", "上調", "上升", "上涨", "扩大", "多"]
        .iter()
        .any(|word| line.ends_with(end, word))
}
