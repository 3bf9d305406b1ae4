//! Where a marked phrase stands in a quote.

use super::find::{Figure, figures};
use super::line::Line;
use super::unit::Unit;

/// The places, in characters of the quote as written, at which the phrase stands in the quote,
/// width of characters, white space and kind of quotation marks ignored.
///
/// A place is left out when it cuts a figure of the quote (`200元` in `1200元`, `85` in `85%`, `10`
/// in `10-20万元`) or when the phrase by itself reads as another figure than the quote does there.
/// An empty phrase stands nowhere.
///
/// ```
/// use yibao_rules::figure::locate;
///
/// let quote = "起付线200元，报销比例85%";
/// assert_eq!(locate(quote, "起付线２００元"), [(0, 7)]);
/// assert_eq!(locate(quote, "比例85"), []);
/// ```
#[must_use]
pub fn locate(quote: &str, phrase: &str) -> Vec<(usize, usize)> {
    let quote = Line::fold(quote);
    let phrase = Line::fold(phrase);
    let width = phrase.len();
    if width == 0 {
        return Vec::new();
    }
    let wanted: Vec<char> = phrase.chars().collect();
    let text: Vec<char> = quote.chars().collect();
    let in_quote = figures(&quote);
    let in_phrase = figures(&phrase);
    text.windows(width)
        .enumerate()
        .filter(|(_, window)| *window == wanted)
        .filter_map(|(start, _)| Some((start, start.checked_add(width)?)))
        .filter(|(start, end)| {
            !in_quote.iter().any(|figure| cuts(figure, *start, *end))
                && in_phrase.iter().all(|figure| stands(figure, *start, &in_quote))
        })
        .filter_map(|(start, end)| quote.written(start, end))
        .collect()
}

/// How many times the phrase stands in the quote, as [`locate`] counts.
#[must_use]
pub fn occurrences(quote: &str, phrase: &str) -> usize {
    locate(quote, phrase).len()
}

/// The phrase's edges part the figure. A unit left outside at the front does no harm: the phrase
/// holds nothing of the number then.
const fn cuts(figure: &Figure, start: usize, end: usize) -> bool {
    let front = figure.start < start && start < figure.number_end;
    let back = figure.start < end && end < figure.end;
    front || back
}

/// The phrase's own figure is the one the quote holds there. Its unit may stand further on in the quote, after the last
/// figure of a list.
fn stands(figure: &Figure, offset: usize, in_quote: &[Figure]) -> bool {
    figure.unit == Unit::Ordinal
        || in_quote.iter().any(|other| {
            Some(other.start) == figure.start.checked_add(offset)
                && Some(other.end) == figure.end.checked_add(offset)
                && (other.same(figure) || (figure.unit == Unit::Bare && !figure.scaled && other.value == figure.value))
        })
}
