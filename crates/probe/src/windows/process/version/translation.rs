//! Which of a file's translations is read.

/// A language of Windows and the code page that its words were written for: together they name a table of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Translation {
    pub(super) language: u16,
    pub(super) code_page: u16,
}

const UNITED_STATES: u16 = 0x0409;
/// Files often name no translation, or another than they have. These are where their words lie then: Unicode, and the code
/// page of western Windows.
const USUAL: [Translation; 3] = [
    Translation { language: UNITED_STATES, code_page: 0x04b0 },
    Translation { language: UNITED_STATES, code_page: 0x04e4 },
    Translation { language: 0, code_page: 0x04b0 },
];

/// The person's own language, then the same language of another country, then the rest as the file has them.
pub(super) fn best_first(there: &[Translation], person: u16) -> Vec<Translation> {
    let mut all: Vec<Translation> = there.to_vec();
    all.sort_by_key(|one| match one.language {
        language if language == person => 0,
        language if primary(language) == primary(person) => 1,
        _ => 2,
    });
    all.extend(USUAL.iter().filter(|one| !there.contains(one)));
    all
}

/// The language without its country (`PRIMARYLANGID`).
fn primary(language: u16) -> u16 {
    language & 0x3ff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(there: &[(u16, u16)], person: u16, expected: &[(u16, u16)]) {
        let there: Vec<Translation> =
            there.iter().map(|&(language, code_page)| Translation { language, code_page }).collect();
        let order: Vec<(u16, u16)> =
            best_first(&there, person).iter().map(|one| (one.language, one.code_page)).collect();
        assert_eq!(order, expected, "{there:x?} for {person:x}");
    }

    #[test]
    fn the_persons_language_comes_first() {
        const USUAL: [(u16, u16); 3] = [(0x409, 0x4b0), (0x409, 0x4e4), (0, 0x4b0)];
        let [unicode, western, neutral] = USUAL;
        let (german, austrian, china, taiwan) = ((0x407, 0x4b0), (0xc07, 0x4b0), (0x804, 0x4b0), (0x404, 0x4b0));
        check(&[], 0x407, &USUAL);
        check(&[unicode, china], 0x804, &[china, unicode, western, neutral]);
        check(&[unicode, taiwan, china], 0x804, &[china, taiwan, unicode, western, neutral]);
        check(&[unicode, german], 0xc07, &[german, unicode, western, neutral]);
        check(&[german, austrian], 0xc07, &[austrian, german, unicode, western, neutral]);
        check(&[german, china], 0x40c, &[german, china, unicode, western, neutral]);
        check(&[(0x409, 0), german], 0x409, &[(0x409, 0), german, unicode, western, neutral]);
    }
}
