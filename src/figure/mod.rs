//! Figures in Chinese policy sentences: which numbers a phrase holds, in which unit, and whether a
//! phrase really stands in a quote.
//!
//! A pack says `200元` and marks the words it took it from; [`matches()`] says whether those words
//! hold exactly that figure, and [`locate`] whether the words stand in the quoted sentence without
//! cutting one of its figures in two. The reader is strict: where a sentence can be read in two
//! ways it reports no unit rather than a likely one, and the pack marks a longer phrase or declares
//! its reading.
//!
//! ```
//! use yibao_rules::figure::{Unit, describe, locate, matches};
//! use yibao_rules::number::Ratio;
//!
//! // 安徽, 跨省: 起付线按当次住院费用的20%计算
//! let clause = "不足2000元按2000元算,最高不超過1萬元";
//! assert!(matches(clause, Ratio::from_int(10_000), Unit::Yuan));
//! assert!(!matches(clause, Ratio::from_int(1_000), Unit::Yuan));
//! assert_eq!(describe("起付线５００元，报销８０％"), "found 500元, 80%");
//! assert_eq!(locate("起付线1200元", "200元"), []);
//! ```

mod calendar;
mod find;
mod line;
mod locate;
mod numeral;
mod sense;
mod unit;

use crate::number::Ratio;

use line::Line;
use numeral::times;

pub use locate::{locate, occurrences};
pub use sense::{Edge, Limit, Motion, Sense};
pub use unit::Unit;

/// A figure found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// The amount in `unit`: `1.5万元` is 15000, `八成` is 80.
    pub value: Ratio,
    /// What it counts.
    pub unit: Unit,
    /// Where it begins in the text as written, in characters.
    pub start: usize,
    /// Where it ends, exclusive. Figures may share a span: `增加1倍` holds 1 and 2.
    pub end: usize,
    /// A [`Unit::Bare`] number that carries 万 or 亿 and no other noun, such as `30万`: it may
    /// stand for money.
    pub scaled: bool,
    /// What the words around it say of it.
    pub sense: Sense,
}

/// The text folded for comparison: full width to half width, quotation marks and dashes unified,
/// white space and invisible characters removed, and the traditional characters that take part in
/// figures (萬, 個, 週, 點, 歲 …) replaced. No other character is changed.
///
/// ```
/// use yibao_rules::figure::normalise;
///
/// assert_eq!(normalise("起付線 １０００ 元，８０％"), "起付線1000元,80%");
/// assert_eq!(normalise("10個百分點"), "10个百分点");
/// ```
#[must_use]
pub fn normalise(text: &str) -> String {
    Line::fold(text).chars().collect()
}

/// Every figure in the text, from left to right.
///
/// Money is in yuan, percentages in per cent, dates as in [`date_value`]. A number inside a longer
/// one is never reported: `1200元` does not hold 200, and a date holds no months or days.
#[must_use]
pub fn find(text: &str) -> Vec<Found> {
    let line = Line::fold(text);
    let figures = find::figures(&line);
    let senses = sense::senses(&line, &figures);
    figures
        .into_iter()
        .zip(senses)
        .filter_map(|(figure, sense)| {
            let (start, end) = line.written(figure.start, figure.end)?;
            Some(Found { value: figure.value, unit: figure.unit, start, end, scaled: figure.scaled, sense })
        })
        .collect()
}

/// Whether the phrase holds exactly this figure in this unit.
///
/// Weeks equal seven days, years twelve months and days 24 hours, in both directions. Money may be written without 元
/// only as an amount in 万 or 亿; a count may be a bare number; a multiple below one is a share; per cent and points
/// never stand for each other. What is only about right (近5万元), or was replaced (由85%降至80%), is not held.
#[must_use]
pub fn matches(phrase: &str, value: Ratio, unit: Unit) -> bool {
    Figures::of(phrase).hold(value, unit)
}

/// The figures of one phrase, read once to be asked often.
#[derive(Clone, Debug)]
pub struct Figures(Vec<Found>);

impl Figures {
    /// Reads a phrase.
    #[must_use]
    pub fn of(phrase: &str) -> Self {
        Self(find(phrase))
    }

    /// The figures that stand in a part of a quote, as the whole quote reads them. Places are in characters.
    #[must_use]
    pub fn within(quote: &str, start: usize, end: usize) -> Self {
        Self(find(quote).into_iter().filter(|found| found.start >= start && found.end <= end).collect())
    }

    /// As [`matches()`].
    #[must_use]
    pub fn hold(&self, value: Ratio, unit: Unit) -> bool {
        self.held(value, unit).any(|found| !found.sense.was)
    }

    /// Where this figure stands exactly, what was replaced included.
    pub fn held(&self, value: Ratio, unit: Unit) -> impl Iterator<Item = &Found> {
        self.0.iter().filter(move |found| !found.sense.about && holds(found, value, unit))
    }

    /// All of them, from left to right.
    pub fn iter(&self) -> impl Iterator<Item = &Found> {
        self.0.iter()
    }
}

fn holds(figure: &Found, value: Ratio, unit: Unit) -> bool {
    let direct = figure.unit == unit
        || (figure.unit == Unit::Bare
            && match unit {
                Unit::Yuan => figure.scaled,
                Unit::Count => true,
                _ => false,
            });
    if direct {
        return figure.value == value;
    }
    if figure.unit == Unit::Multiple && unit == Unit::Percent && figure.value < Ratio::ONE {
        return times(figure.value, 100) == Some(value);
    }
    let (Some((asked, many)), Some((held, of))) = (span_of(unit), span_of(figure.unit)) else {
        return false;
    };
    asked == held && times(value, many).zip(times(figure.value, of)).is_some_and(|(left, right)| left == right)
}

/// The smaller unit a span of time can be told in exactly, and how many of it.
const fn span_of(unit: Unit) -> Option<(Unit, i128)> {
    match unit {
        Unit::Hours => Some((Unit::Hours, 1)),
        Unit::Days => Some((Unit::Hours, 24)),
        Unit::Weeks => Some((Unit::Hours, 168)),
        Unit::Months => Some((Unit::Months, 1)),
        Unit::Years => Some((Unit::Months, 12)),
        _ => None,
    }
}

/// What the text holds, for messages: `found 500元, 80%`, or `found no figure`.
///
/// Each figure is printed as it was understood, so `1.5万元` reads `15000元`. Levels and places in an order are names:
/// they are no figures that could be meant.
#[must_use]
pub fn describe(text: &str) -> String {
    described([&Figures::of(text)])
}

/// As [`describe`], of several phrases.
#[must_use]
pub fn described<'f>(phrases: impl IntoIterator<Item = &'f Figures>) -> String {
    let mut words: Vec<String> = Vec::new();
    let figures = phrases.into_iter().flat_map(Figures::iter);
    for figure in figures.filter(|figure| !matches!(figure.unit, Unit::Level | Unit::Ordinal)) {
        let word = figure.unit.text(figure.value);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    if words.is_empty() {
        return "found no figure".to_owned();
    }
    format!("found {}", words.join(", "))
}

/// A figure as messages print it: `15000元`, `10个百分点`, `2021-08-20`.
#[must_use]
pub fn figure_text(value: Ratio, unit: Unit) -> String {
    unit.text(value)
}

/// A date as the value of [`Unit::Date`], `yyyymmdd`. None outside the range of the number.
#[must_use]
pub fn date_value(year: i32, month: u8, day: u8) -> Option<Ratio> {
    calendar::packed(i128::from(year), i128::from(month), i128::from(day))
}
