//! What a figure counts, and how the word after a number says so.

use core::fmt;

use crate::number::Ratio;

use super::line::Line;
use super::numeral::{Numeral, Script, digit_of, is_chinese};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Money in yuan (元): `1.5万元` is 15000.
    Yuan,
    /// Per cent (%, 百分之, 成, 一半, 减半): `85%` is 85.
    Percent,
    /// Percentage points (个百分点, 个点): never equal to a percentage.
    Points,
    /// A multiple (倍, ×): `增加1倍` holds 1 and 2.
    Multiple,
    /// Minutes (分钟).
    Minutes,
    /// Hours (小时).
    Hours,
    /// Days (天, 日, 自然日).
    Days,
    /// Working days (工作日): never equal to days.
    WorkingDays,
    /// Weeks (周, 星期): equal to seven days.
    Weeks,
    /// Months (个月, 月).
    Months,
    /// Years (年, 周年, 个年度): equal to twelve months.
    Years,
    /// Years of age (岁, 周岁).
    Age,
    /// Times (次), counted or ordinal: `第二次` is 2.
    Times,
    /// Things or persons (个, 家, 名, 所, 人, 人次, 种, 项 …).
    Count,
    /// Level of an institution (级).
    Level,
    /// A number that only names a place in an order or a document: 第五十九条, 46号, (2), 1、.
    Ordinal,
    /// A calendar year (2021年).
    CalendarYear,
    /// A month of a year, as `yyyymm`.
    YearMonth,
    /// A day of the year without a year, as `mmdd`.
    MonthDay,
    /// A date, as `yyyymmdd`.
    Date,
    /// A number with no unit in sight.
    Bare,
}

impl Unit {
    /// The word written after a value of this unit in messages.
    const fn word(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::Percent => "%",
            Self::Points => "个百分点",
            Self::Multiple => "倍",
            Self::Minutes => "分钟",
            Self::Hours => "小时",
            Self::Days => "天",
            Self::WorkingDays => "个工作日",
            Self::Weeks => "周",
            Self::Months => "个月",
            Self::Years | Self::CalendarYear => "年",
            Self::Age => "岁",
            Self::Times => "次",
            Self::Count => "个",
            Self::Level => "级",
            Self::Ordinal => " as an ordinal",
            Self::Bare => " without a unit",
            Self::YearMonth | Self::MonthDay | Self::Date => "",
        }
    }

    /// A value of this unit as messages print it: `500元`, `80%`, `2021-08-20`.
    pub(super) fn text(self, value: Ratio) -> String {
        let parts = whole(value).and_then(|whole| {
            let day = whole.checked_rem(100)?;
            let month = whole.checked_div(100)?.checked_rem(100)?;
            let year = whole.checked_div(10_000)?;
            Some(match self {
                Self::Date => format!("{year:04}-{month:02}-{day:02}"),
                Self::MonthDay => format!("{month:02}-{day:02}"),
                Self::YearMonth => format!("{:04}-{day:02}", whole.checked_div(100)?),
                _ => return None,
            })
        });
        parts.unwrap_or_else(|| format!("{value}{}", self.word()))
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yuan => "yuan",
            Self::Percent => "per cent",
            Self::Points => "percentage points",
            Self::Multiple => "multiple",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::WorkingDays => "working days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
            Self::Age => "years of age",
            Self::Times => "times",
            Self::Count => "count",
            Self::Level => "level",
            Self::Ordinal => "ordinal",
            Self::CalendarYear => "calendar year",
            Self::YearMonth => "month of a year",
            Self::MonthDay => "day of the year",
            Self::Date => "date",
            Self::Bare => "number without a unit",
        })
    }
}

/// The value as an integer, when it is one.
pub(super) fn whole(value: Ratio) -> Option<i128> {
    (value.den() == 1).then_some(value.num())
}

/// A unit word found after a number.
pub(super) struct Suffix {
    pub(super) unit: Unit,
    pub(super) end: usize,
    pub(super) value: Ratio,
}

/// Word, unit, multiplier, divisor, and what must not follow. The first that fits wins, so longer
/// words stand before their beginnings.
type Word = (&'static str, Unit, i128, i128, &'static [&'static str]);

const WORDS: &[Word] = &[
    ("个百分点", Unit::Points, 1, 1, &[]),
    ("百分点", Unit::Points, 1, 1, &[]),
    ("个点", Unit::Points, 1, 1, &["位"]),
    ("%", Unit::Percent, 1, 1, &[]),
    ("\\%", Unit::Percent, 1, 1, &[]),
    ("‰", Unit::Percent, 1, 10, &[]),
    ("个工作日", Unit::WorkingDays, 1, 1, &[]),
    ("工作日", Unit::WorkingDays, 1, 1, &[]),
    ("个自然日", Unit::Days, 1, 1, &[]),
    ("自然日", Unit::Days, 1, 1, &[]),
    ("个日历日", Unit::Days, 1, 1, &[]),
    ("天", Unit::Days, 1, 1, &[]),
    ("日", Unit::Days, 1, 1, &["均", "限", "门", "间", "元", "常"]),
    ("个季度", Unit::Months, 3, 1, &[]),
    ("季度", Unit::Months, 3, 1, &[]),
    ("个自然月", Unit::Months, 1, 1, &[]),
    ("个月", Unit::Months, 1, 1, &[]),
    ("月", Unit::Months, 1, 1, &["均"]),
    ("周岁", Unit::Age, 1, 1, &[]),
    ("岁", Unit::Age, 1, 1, &[]),
    ("周年", Unit::Years, 1, 1, &[]),
    ("个星期", Unit::Weeks, 1, 1, &[]),
    ("星期", Unit::Weeks, 1, 1, &[]),
    ("个周", Unit::Weeks, 1, 1, &["期"]),
    ("周", Unit::Weeks, 1, 1, &["期", "边", "转", "围"]),
    ("个自然年度", Unit::Years, 1, 1, &[]),
    ("个结算年度", Unit::Years, 1, 1, &[]),
    ("个年度", Unit::Years, 1, 1, &[]),
    ("年代", Unit::Ordinal, 1, 1, &[]),
    ("世纪", Unit::Ordinal, 1, 1, &[]),
    ("年级", Unit::Ordinal, 1, 1, &[]),
    ("年", Unit::Years, 1, 1, &[]),
    ("个小时", Unit::Hours, 1, 1, &[]),
    ("小时", Unit::Hours, 1, 1, &[]),
    ("分钟", Unit::Minutes, 1, 1, &[]),
    ("人次", Unit::Count, 1, 1, &["均"]),
    ("次", Unit::Times, 1, 1, &["性", "均"]),
    ("倍", Unit::Multiple, 1, 1, &[]),
    (
        "成",
        Unit::Percent,
        10,
        1,
        &["员", "立", "功", "本", "果", "年", "熟", "效", "为", "长", "人", "绩", "就", "品", "交", "分", "型", "都"],
    ),
    (DISCOUNT, Unit::Percent, 10, 1, NO_DISCOUNT),
    ("元", Unit::Yuan, 1, 1, &["旦", "月", "化", "件"]),
    ("级", Unit::Level, 1, 1, &[]),
    ("号", Unit::Ordinal, 1, 1, &[]),
    (
        "个",
        Unit::Count,
        1,
        1,
        &[
            "人账", "人自", "人负", "人承", "人缴", "人支", "人先", "人医", "人帳", "人賬", "人負", "人繳", "人醫",
            "体", "别",
        ],
    ),
    ("家", Unit::Count, 1, 1, &["庭", "属", "長", "长", "医生"]),
    ("名", Unit::Count, 1, 1, &["称", "单"]),
    ("所", Unit::Count, 1, 1, &["有", "在", "需", "发", "得", "属", "承"]),
    ("人", Unit::Count, 1, 1, &["均", "民", "群", "口"]),
    ("户", Unit::Count, 1, 1, &["籍", "口"]),
    ("位", Unit::Count, 1, 1, &["于"]),
    ("例", Unit::Count, 1, 1, &[]),
    ("张", Unit::Count, 1, 1, &[]),
    ("种", Unit::Count, 1, 1, &[]),
    ("项", Unit::Count, 1, 1, &[]),
    ("条", Unit::Count, 1, 1, &["件", "例"]),
    ("批", Unit::Count, 1, 1, &["准"]),
    ("床", Unit::Count, 1, 1, &["位费", "日"]),
    ("部分", Unit::Count, 1, 1, &[]),
];

/// 九折: nine tenths are paid.
const DISCOUNT: &str = "折";
/// What makes another word of it.
const NO_DISCOUNT: &[&str] = &["算", "合", "旧", "叠", "返"];

/// Where 折 ends that stands at `at`.
pub(super) fn discount_end(line: &Line, at: usize) -> Option<usize> {
    let end = at.saturating_add(1);
    (line.has(at, DISCOUNT) && !NO_DISCOUNT.iter().any(|bar| line.has(end, bar))).then_some(end)
}

/// The unit that stands after the number, if a known one does.
pub(super) fn after(line: &Line, number: &Numeral) -> Option<Suffix> {
    counted_half(line, number).or_else(|| plain(line, number.end, number)).or_else(|| {
        // 余 and 多 say "somewhat more than" and stand between the number and its unit.
        let vague = matches!(line.at(number.end), Some('余' | '多'));
        vague.then(|| plain(line, number.end.saturating_add(1), number))?
    })
}

fn plain(line: &Line, at: usize, number: &Numeral) -> Option<Suffix> {
    if number.script == Script::Chinese
        && line.has(at, "大")
        && !["病", "额", "額", "学", "医", "于", "型", "夫"].iter().any(|bar| line.has(at.saturating_add(1), bar))
    {
        return Some(Suffix { unit: Unit::Count, end: at.saturating_add(1), value: number.value });
    }
    let (word, unit, by, over, _) = WORDS.iter().find(|(word, _, _, _, bars)| {
        let end = at.saturating_add(word.chars().count());
        line.has(at, word) && !bars.iter().any(|bar| line.has(end, bar))
    })?;
    // 二季度 is the second quarter of a year.
    let quarter = whole(number.value) == Some(1) && !matches!(line.before(number.start), Some('年' | '第'));
    if *word == "季度" && !quarter {
        return None;
    }
    let mut end = at.saturating_add(word.chars().count());
    let mut value = number.value;
    let by = if *word == DISCOUNT && value >= Ratio::from_int(10) { 1 } else { *by };
    if *word == "成"
        && let Some(tenth) = tenth_after(line, end)
    {
        value = value.add(tenth)?;
        end = end.saturating_add(1);
    }
    if takes_half_after(*unit, word) && line.at(end) == Some('半') {
        value = value.add(Ratio::new(1, 2)?)?;
        end = end.saturating_add(1);
    }
    Some(Suffix { unit: *unit, end, value: value.mul(Ratio::new(by, *over)?)? })
}

/// The 五 of 八成五.
fn tenth_after(line: &Line, at: usize) -> Option<Ratio> {
    let digit = line.at(at).and_then(|ch| digit_of(ch).or_else(|| ch.to_digit(10).map(i128::from)))?;
    let next = at.saturating_add(1);
    let goes_on = line.at(next).is_some_and(|ch| {
        is_chinese(ch) || ch.is_ascii_digit() || ".%元级个次家名人种项天日月年周岁点倍成折所位分".contains(ch)
    });
    if line.gap(at) || goes_on { None } else { Ratio::new(digit, 10) }
}

/// `一年半`, `七成半`: half a unit more.
fn takes_half_after(unit: Unit, word: &str) -> bool {
    word == "成" || matches!(unit, Unit::Years | Unit::Days | Unit::Multiple)
}

/// `一个半月`: one and a half.
fn counted_half(line: &Line, number: &Numeral) -> Option<Suffix> {
    if !line.has(number.end, "个半") {
        return None;
    }
    let at = number.end.saturating_add(2);
    let (word, unit) = [("月", Unit::Months), ("小时", Unit::Hours), ("星期", Unit::Weeks), ("百分点", Unit::Points)]
        .into_iter()
        .find(|(word, _)| line.has(at, word))?;
    Some(Suffix { unit, end: at.saturating_add(word.chars().count()), value: number.value.add(Ratio::new(1, 2)?)? })
}

/// The unit of `半…`: half a year, half a month.
pub(super) fn half_of(line: &Line, at: usize) -> Option<(Unit, usize)> {
    [
        ("年", Unit::Years),
        ("个月", Unit::Months),
        ("月", Unit::Months),
        ("天", Unit::Days),
        ("个小时", Unit::Hours),
        ("小时", Unit::Hours),
    ]
    .into_iter()
    .find(|(word, _)| line.has(at, word))
    .map(|(word, unit)| (unit, at.saturating_add(word.chars().count())))
}
