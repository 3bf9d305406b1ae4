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
    while let Some(lexeme) = lexemes.get(index) {
        let mut taken = 1;
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
        None if before == Some('¥') => Some(Unit::Yuan),
        None if matches!(before, Some('×' | '*')) && !number.scaled => Some(Unit::Multiple),
        None if in_brackets(line, number) => Some(Unit::Ordinal),
        None => None,
    };
    Some(Piece { figure, unit, number: Some(*number), heads_entry, dropped: false })
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
    let mut rest = pieces;
    while let Some((right, others)) = rest.split_last_mut() {
        if let Some(left) = others.last_mut() {
            lend(line, left, right);
            carry_percent(line, left, right);
        }
        rest = others;
    }
}

fn lend(line: &Line, left: &mut Piece, right: &mut Piece) {
    let Some(number) = left.number.filter(|_| left.unit.is_none()) else {
        return;
    };
    let between: String = line.slice(number.end, right.figure.start).into_iter().collect();
    let is_range = matches!(between.as_str(), "-" | "--" | "~" | "至" | "到");
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
    let Some(giver) = right.number else {
        return;
    };
    let unit = right.unit;
    let may_share = match unit {
        Some(Unit::CalendarYear) => calendar::is_year(&number),
        Some(Unit::Ordinal | Unit::Date | Unit::MonthDay | Unit::YearMonth) => false,
        Some(Unit::Level) => true,
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
        } else if unit.is_some() && number.value < giver.value {
            left.unit = unit;
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
