//! "Did you mean": the known word nearest to a misspelt one.

/// Most known words that are listed.
const MOST_LISTED: usize = 40;
/// Longest word, in bytes, that is compared with others: names are shorter, and comparing takes time.
const LONGEST: usize = 60;

/// The known word nearest to a misspelt one, if it is near.
#[must_use]
pub fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let most = match word.chars().count() {
        0..=4 => 1,
        5..=7 => 2,
        length => length.checked_div(3).unwrap_or(0),
    };
    let comparable = |k: &&str| word.len() <= LONGEST && k.len().abs_diff(word.len()) <= most.saturating_mul(4);
    known.filter(comparable).map(|k| (distance(word, k), k)).filter(|(d, _)| *d <= most).min().map(|(_, k)| k)
}

/// Help for a word that is none of those known: the nearest one, else the first forty; `None` where none is known.
#[must_use]
pub fn suggestion<'w>(word: &str, known: impl Iterator<Item = &'w str> + Clone) -> Option<String> {
    if let Some(near) = nearest(word, known.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let mut first = known.clone().take(MOST_LISTED).collect::<Vec<_>>().join(" ");
    if known.count() > MOST_LISTED {
        first.push_str(" …");
    }
    (!first.is_empty()).then(|| format!("known are {first}"))
}

/// Edit distance, row by row.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        // `corner` is what stood above and to the left, `left` what was just written.
        let mut corner = i;
        let mut left = i.saturating_add(1);
        let mut cells = row.iter_mut();
        if let Some(first) = cells.next() {
            *first = left;
        }
        for (y, above) in b.iter().zip(cells) {
            let cost = if x == *y { corner } else { corner.min(*above).min(left).saturating_add(1) };
            corner = *above;
            *above = cost;
            left = cost;
        }
    }
    row.last().copied().unwrap_or(0)
}
