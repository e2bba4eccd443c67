//! An order that is carried out with administrator rights: by our own program ([`super::act`]), which the system starts for us
//! once the person has agreed. Only a number comes back; the rest is seen from here.

use quaymaster_core::{Gap, Process};
use quaymaster_probe::{Elevation, Myself, ProcessSource};

use super::act::call;
use super::answer::Answer;
use super::order::{self, Ended};
use super::{read, refusal};
use crate::convert;
use crate::wire::{EndProgress, EndRequest, Failure, ProcessRef, Refusal};

/// Judges first: nobody is asked for rights to do what is refused anyway.
pub(super) fn end(order: &EndRequest, myself: &Myself, source: &mut dyn ProcessSource) -> Result<Ended, Failure> {
    match quaymaster_probe::elevation() {
        Elevation::Possible => {}
        Elevation::AlreadyThere => return order::end(order, myself, source),
        Elevation::Unsupported => return Err(quaymaster_probe::ElevationError::Unsupported.into()),
    }
    let words = call(order).ok_or_else(Failure::bad_request)?;
    let process = judged(&order.process, myself, source)?;
    for child in &order.children {
        judged(child, myself, source).map(drop).or_else(spare_the_gone)?;
    }
    let answer = quaymaster_probe::as_administrator(&words).map_err(Failure::from).and_then(told);
    let progress = match answer {
        // Who was to answer broke down or was too slow; a program that is seen to have ended has ended all the same.
        Err(failure) if failure.code == "not_ended" && !runs(&order.process, source) => EndProgress::Ended,
        answer => answer?,
    };
    Ok((process, progress, order.children.iter().filter(|child| runs(child, source)).cloned().collect()))
}

fn judged(named: &ProcessRef, myself: &Myself, source: &mut dyn ProcessSource) -> Result<Process, Failure> {
    let key = convert::process_key(named).ok_or_else(Failure::bad_request)?;
    let process = read(key, source);
    match refusal(&process, myself) {
        Some(refusal) => Err(Failure::refused(refusal)),
        None => Ok(process),
    }
}

/// A child that has ended by now is no reason to spare its parent.
fn spare_the_gone(failure: Failure) -> Result<(), Failure> {
    if failure.refusal == Some(Refusal::Gone) { Ok(()) } else { Err(failure) }
}

/// What the number means that came back.
fn told(code: u32) -> Result<EndProgress, Failure> {
    match Answer::of(code) {
        Some(Answer::Progress(progress)) => Ok(progress),
        Some(Answer::Refused(refusal)) => Err(Failure::refused(refusal)),
        Some(Answer::BadRequest) => Err(Failure::bad_request()),
        Some(Answer::Failed | Answer::Interrupted) | None => Err(Failure::not_ended(&format!("exit code {code:#x}"))),
    }
}

fn runs(child: &ProcessRef, source: &mut dyn ProcessSource) -> bool {
    convert::process_key(child).is_some_and(|key| read(key, source).started_at != Err(Gap::Gone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_becomes_what_it_was() {
        for progress in [EndProgress::Ended, EndProgress::StillRunning, EndProgress::CannotBeAsked] {
            assert_eq!(told(Answer::Progress(progress).code().into()), Ok(progress));
        }
        for refusal in [Refusal::Gone, Refusal::Replaced, Refusal::Essential, Refusal::NeverAllowed] {
            assert_eq!(told(Answer::Refused(refusal).code().into()), Err(Failure::refused(refusal)));
        }
        assert_eq!(told(Answer::BadRequest.code().into()), Err(Failure::bad_request()));
        for broken in [0, 1, 101, 0xC000_0005] {
            assert_eq!(told(broken).map_err(|failure| failure.code), Err("not_ended"), "{broken}");
        }
    }
}
