//! "Did you mean": the known word nearest to a misspelt one.

/// The known word nearest to a misspelt one, if it is near.
#[must_use]
pub fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let most = word.chars().count().checked_div(3).unwrap_or(0).max(1);
    known.map(|k| (distance(word, k), k)).filter(|(d, _)| *d <= most).min().map(|(_, k)| k)
}

/// Edit distance, row by row.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut last = i;
        let mut next = vec![i.saturating_add(1)];
        for (y, above) in b.iter().zip(row.iter().skip(1)) {
            let left = next.last().copied().unwrap_or(0);
            let cost = if x == *y { last } else { last.min(*above).min(left).saturating_add(1) };
            last = *above;
            next.push(cost);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
