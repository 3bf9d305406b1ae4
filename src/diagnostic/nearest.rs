//! "Did you mean": the known word nearest to a misspelt one.

use super::joined;

/// Most known words that are listed.
const MOST_LISTED: usize = 40;
/// Longest word, in bytes, that is compared with others: names are shorter, and comparing takes time.
const LONGEST: usize = 60;

/// The known word nearest to a misspelt one, if it is near.
#[must_use]
pub fn nearest<'w>(word: &str, known: &mut dyn Iterator<Item = &'w str>) -> Option<&'w str> {
    let most = match word.chars().count() {
        0..=4 => 1,
        5..=7 => 2,
        length => length / 3,
    };
    let mut best: Option<(usize, &str)> = None;
    for other in known {
        if word.len() > LONGEST || other.len().abs_diff(word.len()) > most.saturating_mul(4) {
            continue;
        }
        let found = (distance(word, other), other);
        if found.0 <= most && best.is_none_or(|best| found < best) {
            best = Some(found);
        }
    }
    best.map(|(_, near)| near)
}

/// Help for a word that is none of those known: the nearest one, else the first forty; `None` where none is known.
#[must_use]
pub fn suggestion(word: &str, known: &mut dyn Iterator<Item = &str>) -> Option<String> {
    let all: Vec<&str> = known.collect();
    if let Some(near) = nearest(word, &mut all.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let first = joined(&mut all.iter().copied().take(MOST_LISTED), " ");
    let more = if all.len() > MOST_LISTED { " …" } else { "" };
    (!first.is_empty()).then(|| format!("known are {first}{more}"))
}

/// Edit distance, row by row; the first cell of each row is its number.
fn distance(a: &str, b: &str) -> usize {
    let mut row = Vec::new();
    for _ in b.chars() {
        row.push(row.len().saturating_add(1));
    }
    let mut last = row.len();
    for (i, x) in a.chars().enumerate() {
        // `corner` is what stood above and to the left, `left` what was just written.
        let mut corner = i;
        let mut left = i.saturating_add(1);
        for (y, above) in b.chars().zip(&mut row) {
            let cost = if x == y { corner } else { corner.min(*above).min(left).saturating_add(1) };
            corner = *above;
            *above = cost;
            left = cost;
        }
        last = left;
    }
    last
}
