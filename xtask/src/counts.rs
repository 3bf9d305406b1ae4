//! Reading each test runner's own totals. A runner that printed none has no count, which is not the same as zero.

/// What one runner reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    /// Ignored, skipped and todo tests: neither passed nor failed.
    pub not_run: u64,
    /// The lines the figures were read from, word for word.
    pub lines: Vec<String>,
}

/// `cargo test`: one `test result:` line for each test binary and for the doc tests; all are added up.
///
/// A binary that was ended or aborted prints no such line. Of the tests it announced, those it did not report as well
/// count as failed.
pub fn from_cargo(output: &str) -> Option<Counts> {
    let mut counts = Counts::default();
    let mut open: Option<OpenBinary> = None;
    for line in plain_lines(output) {
        if let Some(announced) = line.strip_prefix("running ").and_then(announced_tests) {
            let next = OpenBinary { announced, ..OpenBinary::default() };
            if let Some(cut_short) = open.replace(next) {
                cut_short.close(&mut counts);
            }
        } else if let Some(totals) = line.strip_prefix("test result: ") {
            open = None;
            for (number, word) in totals.split([';', '.']).filter_map(number_and_word) {
                match word {
                    "passed" => counts.passed += number,
                    "failed" => counts.failed += number,
                    "ignored" => counts.not_run += number,
                    _ => {}
                }
            }
            counts.lines.push(line);
        } else if let (Some(binary), true) = (&mut open, line.starts_with("test ")) {
            binary.passed += u64::from(line.ends_with(" ... ok"));
            binary.ignored += u64::from(line.contains(" ... ignored"));
        }
    }
    if let Some(cut_short) = open {
        cut_short.close(&mut counts);
    }
    counts.had()
}

/// A test binary whose `test result:` line has not come yet.
#[derive(Default)]
struct OpenBinary {
    announced: u64,
    passed: u64,
    ignored: u64,
}

impl OpenBinary {
    fn close(self, counts: &mut Counts) {
        let Self { announced, passed, ignored } = self;
        let lost = announced.saturating_sub(passed + ignored);
        counts.passed += passed;
        counts.not_run += ignored;
        counts.failed += lost;
        counts.lines.push(format!(
            "running {announced} tests: ended without a result; {passed} reported ok, {lost} counted as failed"
        ));
    }
}

fn announced_tests(text: &str) -> Option<u64> {
    let (number, word) = number_and_word(text)?;
    matches!(word, "test" | "tests").then_some(number)
}

/// `node --test --test-reporter=spec`: a block of `ℹ pass 3` lines at the very end.
pub fn from_node(output: &str) -> Option<Counts> {
    let lines: Vec<String> = plain_lines(output).collect();
    let start = lines.iter().rposition(|line| line.starts_with("ℹ tests "))?;
    let mut counts = Counts::default();
    let mut totals = 0;
    for line in lines.get(start..)? {
        let Some((word, number)) = line.strip_prefix("ℹ ").and_then(|rest| rest.split_once(' ')) else {
            break;
        };
        let Ok(number) = number.parse::<u64>() else {
            break;
        };
        match word {
            "tests" => totals = number,
            "pass" => counts.passed += number,
            "fail" | "cancelled" => counts.failed += number,
            "skipped" | "todo" => counts.not_run += number,
            _ => continue,
        }
        counts.lines.push(line.clone());
    }
    (counts.passed + counts.failed + counts.not_run == totals).then_some(counts)?.had()
}

/// Playwright's list reporter: `2 passed (3.1s)` and the like at the end, only the kinds that occurred.
pub fn from_playwright(output: &str) -> Option<Counts> {
    let lines: Vec<String> = plain_lines(output).collect();
    let mut counts = Counts::default();
    // A test may print anything: only the last line of each kind is the runner's.
    for kind in ["failed", "interrupted", "did not run", "flaky", "skipped", "passed"] {
        let is_total = |line: &&String| {
            let line = line.trim();
            let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
            rest.len() < line.len()
                && rest.trim_start().strip_prefix(kind).is_some_and(|after| after.is_empty() || after.starts_with(" ("))
        };
        let Some(line) = lines.iter().rfind(is_total) else {
            continue;
        };
        let Some((number, _)) = number_and_word(line) else {
            continue;
        };
        match kind {
            "passed" => counts.passed += number,
            "skipped" => counts.not_run += number,
            // Flaky: failed once and passed on a retry. Not good enough. A test that was not reached is no pass either.
            _ => counts.failed += number,
        }
        counts.lines.push(line.trim().to_owned());
    }
    counts.had()
}

/// The second reader: `N passed, M failed` as its last line.
pub fn from_oracle(output: &str) -> Option<Counts> {
    let line = plain_lines(output).last()?;
    let (passed, failed) = line.split_once(", ")?;
    let number = |text: &str, word: &str| text.strip_suffix(word)?.trim().parse().ok();
    let (passed, failed) = (number(passed, "passed")?, number(failed, "failed")?);
    Some(Counts { passed, failed, not_run: 0, lines: vec![line] })
}

impl Counts {
    fn had(self) -> Option<Self> {
        (!self.lines.is_empty()).then_some(self)
    }
}

fn number_and_word(text: &str) -> Option<(u64, &str)> {
    let (number, word) = text.trim().split_once(' ')?;
    Some((number.parse().ok()?, word.trim()))
}

/// The lines without colour codes.
fn plain_lines(output: &str) -> impl Iterator<Item = String> {
    output.lines().map(|line| {
        let mut pieces = line.split('\u{1b}');
        let mut plain = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            plain.push_str(piece.split_once('m').map_or("", |(_, after)| after));
        }
        plain.trim_end().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::{from_cargo, from_node, from_oracle, from_playwright};

    #[test]
    fn the_second_reader_closes_with_its_counts() {
        let counts = from_oracle("3 differ in outcome\n3671 passed, 3 failed\n").unwrap();
        assert_eq!((counts.passed, counts.failed), (3671, 3));
        assert!(from_oracle("Traceback\n").is_none());
    }

    #[test]
    fn adds_up_the_binaries_of_a_cargo_run() {
        let output = "\
running 2 tests
test number::tests::one ... ok
test number::tests::two ... FAILED

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests yibao_rules
test result: \u{1b}[32mok\u{1b}[0m. 7 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 1.25s
";
        let counts = from_cargo(output).unwrap();
        assert_eq!((counts.passed, counts.failed, counts.not_run), (8, 1, 2));
        assert_eq!(counts.lines.len(), 2);
    }

    #[test]
    fn a_binary_that_died_is_not_forgotten() {
        let output = "\
running 4 tests
test a ... ok
test b ... FAILED
test c ... ignored, needs a network

running 1 test
test d ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";
        let counts = from_cargo(output).unwrap();
        assert_eq!((counts.passed, counts.failed, counts.not_run), (2, 2, 1));
        assert_eq!(
            counts.lines.first().map(String::as_str),
            Some("running 4 tests: ended without a result; 1 reported ok, 2 counted as failed")
        );
        let all_lost = from_cargo("running 2 tests\ntest a ... ok\n").unwrap();
        assert_eq!((all_lost.passed, all_lost.failed), (1, 1));
    }

    #[test]
    fn reads_the_last_block_of_a_node_run() {
        let output = "✔ prints ℹ tests 99 (0.5ms)\nℹ tests 99\nℹ pass 99\n\
            ✖ other (1ms)\n\u{1b}[34mℹ tests 5\u{1b}[39m\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\n\
            ℹ todo 0\nℹ duration_ms 53.17\n\n✖ failing tests:\n";
        let counts = from_node(output).unwrap();
        assert_eq!((counts.passed, counts.failed, counts.not_run), (2, 2, 1));
        assert_eq!(counts.lines.first().map(String::as_str), Some("ℹ tests 5"));
    }

    #[test]
    fn refuses_a_node_block_that_does_not_add_up() {
        assert_eq!(from_node("ℹ tests 3\nℹ pass 1\nℹ fail 0\n"), None);
    }

    #[test]
    fn reads_every_kind_of_a_playwright_run() {
        let output = "Running 7 tests using 2 workers\n\n  ✓  1 a.spec.mjs:3:1 › 12 passed on (1.0s)\n\
            12 passed\n  1 failed\n    a.spec.mjs:9:1 › b\n  1 flaky\n  1 skipped\n  2 did not run\n  3 passed (2.4s)\n";
        let counts = from_playwright(output).unwrap();
        assert_eq!((counts.passed, counts.failed, counts.not_run), (3, 4, 1));
        assert_eq!(counts.lines, ["1 failed", "2 did not run", "1 flaky", "1 skipped", "3 passed (2.4s)"]);
    }

    #[test]
    fn a_silent_runner_has_no_count() {
        assert_eq!(from_cargo("error[E0308]: mismatched types"), None);
        assert_eq!(from_node(""), None);
        assert_eq!(from_playwright("Error: No tests found"), None);
    }
}
