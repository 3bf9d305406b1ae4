//! Numbers in a line: Arabic, Chinese and mixed, with 百千万亿; fractions (百分之…); ISO dates.

use crate::number::Ratio;

use super::calendar;
use super::find::Figure;
use super::line::Line;
use super::unit::{self, Unit};

/// The script a number is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Arabic,
    Chinese,
}

/// A number before its unit is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeral {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Ratio,
    /// The value before the closing 万 or its like: 2 in `2万`.
    pub(super) raw: Ratio,
    /// `value` over `raw`.
    pub(super) factor: i128,
    /// 万 or 亿 stands in it.
    pub(super) scaled: bool,
    pub(super) script: Script,
    /// The whole number, when it is written with digits alone.
    pub(super) digits: Option<i128>,
    /// How many characters it takes.
    pub(super) width: usize,
}

/// What the first pass over a line yields.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lexeme {
    Number(Numeral),
    /// A figure that carries its unit in itself, such as 百分之五十, 减半 or an ISO date.
    Whole(Figure),
}

/// Every number of the line from left to right.
pub(super) fn lex(line: &Line) -> Vec<Lexeme> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(ch) = line.at(at) {
        let (end, lexeme) = if ch.is_ascii_digit() {
            arabic(line, at)
        } else if is_chinese(ch) {
            chinese(line, at)
        } else {
            word(line, at, ch)
        };
        found.extend(lexeme);
        at = end.max(at.saturating_add(1));
    }
    found
}

pub(super) fn times(value: Ratio, by: i128) -> Option<Ratio> {
    value.mul(Ratio::new(by, 1)?)
}

fn next(at: usize) -> usize {
    at.saturating_add(1)
}

/// The end of the run of touching characters that satisfy `keep`, from `at` on.
fn run(line: &Line, at: usize, keep: impl Fn(char) -> bool) -> usize {
    let mut end = at;
    while line.at(end).is_some_and(&keep) && (end == at || !line.gap(end)) {
        end = next(end);
    }
    end
}

fn touching_digit(line: &Line, at: usize) -> bool {
    !line.gap(at) && line.at(at).is_some_and(|ch| ch.is_ascii_digit())
}

fn decimal(chars: impl IntoIterator<Item = char>) -> Option<i128> {
    chars.into_iter().try_fold(0_i128, |sum, ch| {
        let digit = i128::from(ch.to_digit(10)?);
        sum.checked_mul(10)?.checked_add(digit)
    })
}

/// `1,000`: a comma in half width, or in full width between digits in full width.
fn group_end(line: &Line, at: usize) -> Option<usize> {
    let comma = line.glyph(at).filter(|glyph| glyph.ch == ',' && !glyph.gap)?;
    let first = next(at);
    let wide_digits = line.glyph(first).is_some_and(|glyph| glyph.wide);
    if !touching_digit(line, first) || (comma.wide && !wide_digits) {
        return None;
    }
    let end = run(line, first, |ch| ch.is_ascii_digit());
    (end.checked_sub(first) == Some(3)).then_some(end)
}

/// The end of a group of three digits that a wide comma, or white space before an amount, parts from the digits before
/// it.
fn doubtful_group(line: &Line, at: usize) -> Option<usize> {
    let first = if line.at(at) == Some(',') { next(at) } else { at };
    let parted = first != at || line.gap(at);
    if !parted || !line.at(first).is_some_and(|ch| ch.is_ascii_digit()) {
        return None;
    }
    let end = run(line, first, |ch| ch.is_ascii_digit());
    if end.checked_sub(first) != Some(3) {
        return None;
    }
    if let Some(further) = doubtful_group(line, end) {
        return Some(further);
    }
    // The cells of a row, 200 500 85%, are numbers of their own.
    let cells = first == at && !matches!(line.at(end), Some('元' | '万' | ','));
    (!cells).then_some(end)
}

fn arabic(line: &Line, start: usize) -> (usize, Option<Lexeme>) {
    let cut_before = !line.gap(start) && line.before(start).is_some_and(|ch| ch.is_ascii_alphabetic() || ch == '.');
    if !cut_before && let Some((end, figure)) = calendar::iso(line, start) {
        return (end, figure.map(Lexeme::Whole));
    }
    let first_end = run(line, start, |ch| ch.is_ascii_digit());
    let mut end = first_end;
    let head = line.slice(start, first_end);
    if head.len() <= 3 && head.first() != Some(&'0') {
        while let Some(group) = group_end(line, end) {
            end = group;
        }
    }
    // `1，200元` and `1 200元` may be one number or two: neither is read.
    if head.len() <= 3
        && head.first() != Some(&'0')
        && let Some(stop) = doubtful_group(line, end)
    {
        return (stop, None);
    }
    let grouped = end != first_end;
    let whole_end = end;
    let mut fraction_end = end;
    if !line.gap(end) && line.at(end) == Some('.') && touching_digit(line, next(end)) {
        fraction_end = run(line, next(end), |ch| ch.is_ascii_digit());
        end = fraction_end;
        if !line.gap(end) && line.at(end) == Some('.') && touching_digit(line, next(end)) {
            return (run(line, end, |ch| ch.is_ascii_digit() || ch == '.'), None);
        }
    }
    let cut_after = !line.gap(end) && line.at(end).is_some_and(|ch| ch.is_ascii_alphabetic());
    if cut_before || cut_after {
        return (end, None);
    }
    let numeral = (|| {
        let whole = line.slice(start, whole_end);
        let part = line.slice(next(whole_end), fraction_end);
        let scale = 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?;
        let digits = decimal(whole.iter().chain(&part).copied().filter(|ch| *ch != ','))?;
        let raw = Ratio::new(digits, scale)?;
        let (stop, factor, scaled) = multiplier(line, end)?;
        let plain = part.is_empty() && !grouped && factor == 1;
        let simple = Numeral {
            start,
            end: stop,
            value: times(raw, factor)?,
            raw,
            factor,
            scaled,
            script: Script::Arabic,
            digits: if plain { Some(digits) } else { None },
            width: stop.checked_sub(start)?,
        };
        Some(compound(line, simple).unwrap_or(simple))
    })();
    let stop = numeral.map_or(end, |found| found.end);
    (stop, numeral.map(Lexeme::Number))
}

/// 百千万亿 after Arabic digits, but not the 百 of 百分点 or the 千 of a physical unit.
fn multiplier(line: &Line, from: usize) -> Option<(usize, i128, bool)> {
    let (mut at, mut factor, mut scaled) = (from, 1_i128, false);
    loop {
        let by = match line.at(at) {
            Some('百') if line.at(next(at)) != Some('分') => 100,
            Some('千') if !matches!(line.at(next(at)), Some('分' | '克' | '米' | '瓦' | '卡')) => 1_000,
            Some('万') if line.at(next(at)) != Some('分') => 10_000,
            Some('亿') => 100_000_000,
            _ => return Some((at, factor, scaled)),
        };
        factor = factor.checked_mul(by)?;
        scaled = scaled || by >= 10_000;
        at = next(at);
    }
}

/// `2万5千`.
fn compound(line: &Line, head: Numeral) -> Option<Numeral> {
    if head.factor < 1_000 || !touching_digit(line, head.end) {
        return None;
    }
    let stop = run(line, head.end, |ch| ch.is_ascii_digit());
    let (end, factor, _) = multiplier(line, stop)?;
    if factor == 1 || factor >= head.factor {
        return None;
    }
    let tail = decimal(line.slice(head.end, stop))?.checked_mul(factor)?;
    let value = head.value.add(Ratio::new(tail, 1)?)?;
    Some(Numeral { end, value, raw: value, factor: 1, width: end.checked_sub(head.start)?, ..head })
}

pub(super) const fn digit_of(ch: char) -> Option<i128> {
    Some(match ch {
        '〇' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

const fn power_of(ch: char) -> Option<i128> {
    Some(match ch {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

pub(super) const fn is_chinese(ch: char) -> bool {
    digit_of(ch).is_some() || power_of(ch).is_some()
}

/// Words such as 统一, 同一 and 上一年度, in which 一 counts nothing.
fn is_worded_one(line: &Line, start: usize) -> bool {
    match line.before(start) {
        Some('上' | '下') => !line.ends_with(start.saturating_sub(1), "以"),
        Some('统' | '統' | '同' | '唯' | '逐' | '惟' | '划' | '专' | '單' | '单' | '万') => true,
        _ => false,
    }
}

fn chinese(line: &Line, start: usize) -> (usize, Option<Lexeme>) {
    let end = run(line, start, is_chinese);
    let chars = line.slice(start, end);
    if line.has(end, "分之") {
        return part_of(line, start, end, &chars);
    }
    // INVARIANT: a run glued to Arabic digits belongs to a number this reader does not know.
    if !line.gap(start) && line.before(start).is_some_and(|ch| ch.is_ascii_digit()) {
        return (end, None);
    }
    if chars == ['一'] {
        if line.at(end) == Some('半') && unit::half_of(line, next(end)).is_none() {
            return (next(end), half(start, next(end)).map(Lexeme::Whole));
        }
        if is_worded_one(line, start) {
            return (end, None);
        }
    }
    if let Some(figure) = two_place_discount(line, start, end, &chars) {
        return (figure.end, Some(Lexeme::Whole(figure)));
    }
    let numeral = read_chinese(line, start, end, &chars);
    let stop = numeral.map_or(end, |found| found.end);
    (stop, numeral.map(Lexeme::Number))
}

/// 七五折: 75 per cent.
fn two_place_discount(line: &Line, start: usize, end: usize, chars: &[char]) -> Option<Figure> {
    let [tens, ones] = chars else { return None };
    let stop = unit::discount_end(line, end)?;
    let value = digit_of(*tens)?.checked_mul(10)?.checked_add(digit_of(*ones)?)?;
    Some(Figure::whole(start, stop, Ratio::new(value, 1)?, Unit::Percent))
}

fn read_chinese(line: &Line, start: usize, end: usize, chars: &[char]) -> Option<Numeral> {
    let (mut value, digits) = positional(chars)
        .map(|year| (year, Some(year)))
        .or_else(|| additive(chars).map(|sum| (sum, None)))
        .and_then(|(sum, digits)| Some((Ratio::new(sum, 1)?, digits)))?;
    let mut stop = end;
    if line.at(end) == Some('点') {
        // 三点五, with any 万 after it.
        let places = run(line, next(end), |ch| digit_of(ch).is_some());
        let part: Vec<i128> = line.slice(next(end), places).into_iter().filter_map(digit_of).collect();
        if !part.is_empty() {
            let mut scale = 1_i128;
            for digit in part {
                scale = scale.checked_mul(10)?;
                value = value.add(Ratio::new(digit, scale)?)?;
            }
            stop = places;
        }
    }
    let (raw, factor) = if stop == end {
        let closing =
            chars.split_last().filter(|(last, rest)| is_great(**last) && !rest.iter().any(|ch| is_great(*ch)));
        match closing.and_then(|(last, _)| power_of(*last)) {
            Some(power) => (value.div(Ratio::new(power, 1)?)?, power),
            None => (value, 1),
        }
    } else {
        let (after, factor, _) = multiplier(line, stop)?;
        stop = after;
        (value, factor)
    };
    Some(Numeral {
        start,
        end: stop,
        value: if stop == end { value } else { times(value, factor)? },
        raw,
        factor,
        scaled: factor >= 10_000 || chars.iter().any(|ch| is_great(*ch)),
        script: Script::Chinese,
        digits,
        width: stop.checked_sub(start)?,
    })
}

const fn is_great(ch: char) -> bool {
    matches!(ch, '万' | '亿')
}

/// 二〇二一: digits in their places, as years are written.
fn positional(chars: &[char]) -> Option<i128> {
    let has_zero = chars.iter().any(|ch| matches!(ch, '〇' | '零'));
    if chars.len() != 4 && !(chars.len() >= 3 && has_zero) {
        return None;
    }
    chars.iter().try_fold(0_i128, |sum, ch| sum.checked_mul(10)?.checked_add(digit_of(*ch)?))
}

/// 一万五千, 一百二十, 三万六 (36000). None for 二三 and for words such as 千万.
fn additive(chars: &[char]) -> Option<i128> {
    let (mut total, mut section) = (0_i128, 0_i128);
    let mut digit: Option<i128> = None;
    let mut ceiling = 10_000_i128;
    let mut great_ceiling = i128::MAX;
    // The power that stands directly before the last digit.
    let mut tail: Option<i128> = None;
    for ch in chars {
        if let Some(value) = digit_of(*ch) {
            if digit.is_some() {
                return None;
            }
            if value == 0 {
                tail = None;
                if chars.len() == 1 {
                    digit = Some(0);
                }
            } else {
                digit = Some(value);
            }
            continue;
        }
        let power = power_of(*ch)?;
        if power < 10_000 {
            let times = match digit {
                Some(value) => value,
                None if power == 10 => 1,
                None => return None,
            };
            if power >= ceiling {
                return None;
            }
            section = section.checked_add(times.checked_mul(power)?)?;
            ceiling = power;
        } else {
            let times = section.checked_add(digit.unwrap_or(0))?;
            if times == 0 || power >= great_ceiling {
                return None;
            }
            total = total.checked_add(times.checked_mul(power)?)?;
            section = 0;
            ceiling = 10_000;
            great_ceiling = power;
        }
        tail = Some(power);
        digit = None;
    }
    let last = match (digit, tail) {
        (Some(value), Some(power)) => value.checked_mul(power.checked_div(10)?)?,
        (Some(value), None) => value,
        (None, _) => 0,
    };
    total.checked_add(section)?.checked_add(last)
}

/// 百分之八十五, 百分之85, 三分之二, 千分之五: per cent.
fn part_of(line: &Line, start: usize, end: usize, whole: &[char]) -> (usize, Option<Lexeme>) {
    let at = end.saturating_add(2);
    let base = match whole {
        ['百'] => Some(100),
        ['千'] => Some(1_000),
        ['万'] => Some(10_000),
        other => additive(other),
    };
    let digits = run(line, at, is_chinese);
    let share = if line.slice(at, digits) == ['百'] {
        Some((digits, Ratio::from_int(100)))
    } else if digits > at {
        read_chinese(line, at, digits, &line.slice(at, digits)).map(|n| (n.end, n.value))
    } else if line.at(at).is_some_and(|ch| ch.is_ascii_digit()) {
        match arabic(line, at) {
            (_, Some(Lexeme::Number(n))) => Some((n.end, n.value)),
            _ => None,
        }
    } else {
        None
    };
    let Some((stop, share)) = share else {
        return (at, None);
    };
    let figure = base.and_then(|base| {
        let value = share.mul(Ratio::new(100, base)?)?;
        Some(Figure::whole(start, stop, value, Unit::Percent))
    });
    (stop, figure.map(Lexeme::Whole))
}

/// A word of two characters that is a figure.
const fn one_of(at: usize, unit: Unit, value: i64) -> Figure {
    Figure::whole(at, at.saturating_add(2), Ratio::from_int(value), unit)
}

fn half(start: usize, end: usize) -> Option<Figure> {
    Some(Figure::whole(start, end, Ratio::from_int(50), Unit::Percent))
}

/// 减半, 半年, 加倍, 首次, 次日, 每季度.
fn word(line: &Line, at: usize, ch: char) -> (usize, Option<Lexeme>) {
    let before = line.before(at);
    let start = at.saturating_sub(1);
    let end = next(at);
    let figure = match ch {
        '半' => match (unit::half_of(line, end), before) {
            (None, Some('减' | '折')) => half(start, end),
            (Some((unit, stop)), before) if !matches!(before, Some('上' | '下' | '前' | '后' | '个')) => {
                Ratio::new(1, 2).map(|value| Figure { number_end: end, ..Figure::whole(at, stop, value, unit) })
            }
            _ => None,
        },
        '首' if line.at(end) == Some('次') => Some(one_of(at, Unit::Times, 1)),
        '次' if !before.is_some_and(|ch| is_chinese(ch) || ch.is_ascii_digit() || "第每人首各多单几".contains(ch)) =>
        {
            let plain = !matches!(line.at(end.saturating_add(1)), Some('均' | '限' | '间'));
            match line.at(end).filter(|_| plain) {
                Some('日') => Some(one_of(at, Unit::Days, 1)),
                Some('月') => Some(one_of(at, Unit::Months, 1)),
                Some('年') => Some(one_of(at, Unit::Years, 1)),
                _ => None,
            }
        }
        '季' if line.at(end) == Some('度') && before == Some('每') => Some(one_of(at, Unit::Months, 3)),
        '倍' | '番' if matches!(before, Some('翻')) || (ch == '倍' && before == Some('加')) => {
            Some(Figure::whole(start, end, Ratio::from_int(2), Unit::Multiple))
        }
        _ => None,
    };
    let stop = figure.map_or(end, |figure| figure.end);
    (stop, figure.map(Lexeme::Whole))
}
