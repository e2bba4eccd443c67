//! What our own program answers when it was called to act: one number, its exit code.
//!
//! The numbers are a promise between two runs of one program, not to scripts. They keep clear of those that programs end with
//! for other reasons: 0 to 3 (`quay`), 101 (a panic), and what systems give.

use quaymaster_probe::INTERRUPTED;

use crate::wire::{EndProgress, Failure, Refusal};

/// What an act came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 20 to 22. The order was carried out; whether children that went along still run is for the asking side to see.
    Progress(EndProgress),
    /// 30 to 37: it was refused, and nothing was done.
    Refused(Refusal),
    /// 40: the system failed, in a way that no number tells.
    Failed,
    /// 41: the call was not understood; nothing was looked at or done.
    BadRequest,
    /// 50: Ctrl-Break was sent.
    Interrupted,
}

impl Answer {
    /// Every answer that there is.
    pub const ALL: [Self; 14] = [
        Self::Progress(EndProgress::Ended),
        Self::Progress(EndProgress::StillRunning),
        Self::Progress(EndProgress::CannotBeAsked),
        Self::Refused(Refusal::Itself),
        Self::Refused(Refusal::Ancestor),
        Self::Refused(Refusal::System),
        Self::Refused(Refusal::Essential),
        Self::Refused(Refusal::Replaced),
        Self::Refused(Refusal::Gone),
        Self::Refused(Refusal::NotAllowed),
        Self::Refused(Refusal::NeverAllowed),
        Self::Failed,
        Self::BadRequest,
        Self::Interrupted,
    ];

    /// Its number.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Progress(EndProgress::Ended) => 20,
            Self::Progress(EndProgress::StillRunning) => 21,
            Self::Progress(EndProgress::CannotBeAsked) => 22,
            Self::Refused(Refusal::Itself) => 30,
            Self::Refused(Refusal::Ancestor) => 31,
            Self::Refused(Refusal::System) => 32,
            Self::Refused(Refusal::Essential) => 33,
            Self::Refused(Refusal::Replaced) => 34,
            Self::Refused(Refusal::Gone) => 35,
            Self::Refused(Refusal::NotAllowed) => 36,
            Self::Refused(Refusal::NeverAllowed) => 37,
            Self::Failed => 40,
            Self::BadRequest => 41,
            Self::Interrupted => INTERRUPTED,
        }
    }

    /// The answer of this number; `None` if it is nobody's, as of a program that broke down.
    #[must_use]
    pub fn of(code: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| u32::from(answer.code()) == code)
    }
}

impl From<&Failure> for Answer {
    fn from(failure: &Failure) -> Self {
        match (failure.refusal, failure.code) {
            (Some(refusal), _) => Self::Refused(refusal),
            (None, "bad_request") => Self::BadRequest,
            (None, _) => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_answer_comes_back_as_it_was_given() {
        for answer in Answer::ALL {
            assert_eq!(Answer::of(answer.code().into()), Some(answer));
        }
        let codes: HashSet<u8> = Answer::ALL.iter().map(Answer::code).collect();
        assert_eq!(codes.len(), Answer::ALL.len(), "each has a number of its own");
    }

    #[test]
    fn what_ends_otherwise_has_not_answered() {
        for code in [0, 1, 2, 3, 19, 38, 101, 255, 276, 0xC000_0005, 0xC000_013A, u32::MAX] {
            assert_eq!(Answer::of(code), None, "{code}");
        }
    }

    #[test]
    fn a_failure_is_answered_by_its_reason() {
        assert_eq!(Answer::from(&Failure::refused(Refusal::Replaced)), Answer::Refused(Refusal::Replaced));
        assert_eq!(Answer::from(&Failure::bad_request()), Answer::BadRequest);
        assert_eq!(Answer::from(&Failure::not_ended(&"why")), Answer::Failed);
    }

    #[test]
    fn only_a_no_says_that_nothing_was_ended() {
        use quaymaster_probe::ElevationError::{Declined, System, Unsupported};
        assert_eq!(Failure::from(Declined).code, "not_elevated");
        assert_eq!(Failure::from(System(258)).code, "not_ended");
        assert_eq!(Failure::from(Unsupported), Failure::refused(Refusal::NotAllowed));
    }
}
