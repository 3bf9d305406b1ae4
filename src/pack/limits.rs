//! How many of each thing a pack may have. Real packs stay far below; the limits keep the time and the memory that a
//! hostile text can cost within bounds.

/// The most entries or items that a key takes; `None` where the text's own limits are enough.
pub(super) fn most(key: &str) -> Option<usize> {
    Some(match key {
        "facts" | "options" | "values" | "steps" | "impossible" | "groups" => 500,
        "of" | "attributes" | "posts" | "attaches" | "after" | "result" | "entries" | "previous" | "frame" => 100,
        "institutions" | "members" => 5_000,
        "clauses" | "rows" | "versions" => 2_000,
        "sources" | "parameters" | "constraints" | "services" | "assumptions" => 200,
        "payers" | "parts" | "from" | "caveats" | "names" | "assumes" => 50,
        "by" | "cite" | "figure" => 20,
        _ => return None,
    })
}

/// Longest quote of a clause, in characters.
pub(super) const LONGEST_QUOTE: usize = 1_200;
