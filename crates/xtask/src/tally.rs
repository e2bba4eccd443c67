//! How many tests passed and failed, read from the closing lines of the runners: nextest, libtest, vitest, `node --test`.

use std::iter::Sum;
use std::ops::Add;

/// A count of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Tally {
    /// Reads one line; a line that is no summary changes nothing.
    pub(crate) fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let words: Vec<&str> = line.split(|c: char| c.is_whitespace() || "|(),;".contains(c)).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let more = match words.as_slice() {
            // nextest: "     Summary [   0.520s] 12 tests run: 11 passed, 1 failed, 2 skipped"
            ["Summary", ..] => Self::named(&words),
            // libtest: "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; …". nextest quotes it, set in, under a
            // test that failed and is counted already.
            ["test", "result:", ..] if line.starts_with("test") => Self::named(&words),
            // vitest: "      Tests  2 failed | 10 passed | 1 skipped (13)"
            ["Tests", number, ..] if number.parse::<u32>().is_ok() => Self::named(&words),
            // node --test, reporters spec ("ℹ pass 4") and tap ("# pass 4")
            ["ℹ" | "#", what, number] => Self::counted(what, number),
            _ => return,
        };
        *self = *self + more;
    }

    /// "11 passed 1 failed": a number, then what it counts.
    fn named(words: &[&str]) -> Self {
        let mut tally = Self::default();
        for pair in words.windows(2) {
            let Ok(number) = pair[0].parse::<u32>() else { continue };
            match pair[1] {
                "passed" => tally.passed += number,
                "failed" | "timed" | "exec" => tally.failed += number,
                "skipped" | "ignored" | "todo" => tally.skipped += number,
                _ => {}
            }
        }
        tally
    }

    fn counted(what: &str, number: &str) -> Self {
        let number = number.parse().unwrap_or(0);
        match what {
            "pass" => Self { passed: number, ..Self::default() },
            "fail" | "cancelled" => Self { failed: number, ..Self::default() },
            "skipped" | "todo" => Self { skipped: number, ..Self::default() },
            _ => Self::default(),
        }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Self::add)
    }
}

/// Drops terminal colours: some runners colour whenever CI is set.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            let _ = rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn check(lines: &str, passed: u32, failed: u32, skipped: u32) {
        let mut tally = Tally::default();
        lines.lines().for_each(|line| tally.read(line));
        assert_eq!(tally, Tally { passed, failed, skipped }, "{lines}");
    }

    #[test]
    fn every_runner_is_understood() {
        check("     Summary [   0.520s] 12 tests run: 11 passed, 1 failed, 2 skipped", 11, 1, 2);
        check("     Summary [   9.1s] 4 tests run: 3 passed (1 slow), 1 timed out, 0 skipped", 3, 1, 0);
        check(
            "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s",
            3,
            2,
            1,
        );
        check("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m48 passed\u{1b}[39m\u{1b}[22m (48)", 48, 0, 0);
        check(" Tests  2 failed | 10 passed | 1 skipped (13)", 10, 2, 1);
        check("ℹ tests 6\nℹ suites 0\nℹ pass 4\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\nℹ todo 0", 4, 2, 0);
        check("# tests 2\n# pass 2\n# fail 0", 2, 0, 0);
    }

    #[test]
    fn what_is_quoted_is_not_counted_again() {
        check("    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 6 filtered out", 0, 0, 0);
    }

    #[test]
    fn ordinary_lines_count_nothing() {
        check("PASS [ 0.003s] quaymaster-core query::tests::words\n Test Files  3 passed (3)\n# a heading", 0, 0, 0);
    }
}
