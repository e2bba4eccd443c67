//! `quay act`: what quay is called with by itself, with more rights than it has. Here with the same: what it does, and above all
//! what it does not do.

use quaymaster_core::ProcessKey;
use quaymaster_engine::end::Answer;
use quaymaster_engine::once::Look;
use quaymaster_engine::wire::{EndProgress, Refusal};

use crate::stage::{Child, Ending, quay};

const ENDED: Answer = Answer::Progress(EndProgress::Ended);

/// Calls it, and reads its answer. It says nothing else, to nobody.
fn act<A: AsRef<str>>(words: impl IntoIterator<Item = A>) -> Option<Answer> {
    let words: Vec<String> = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
    let said = quay(std::iter::once("act").chain(words.iter().map(String::as_str)));
    assert_eq!((&*said.out, &*said.err), ("", ""), "{words:?}");
    Answer::of(said.code.unwrap().cast_unsigned())
}

fn end(key: ProcessKey, how: &str, more: &[String]) -> Option<Answer> {
    let words = ["end".to_owned(), key.pid.to_string(), key.start.0.to_string(), how.to_owned()];
    act(words.iter().chain(more))
}

/// The child as the table shows it.
fn key(child: &Child) -> ProcessKey {
    let look = Look::take().unwrap();
    let holders = look.table.rows().map(|row| row.socket.owner);
    holders.flat_map(|owner| owner.holders().to_vec()).find(|key| key.pid == child.pid()).unwrap()
}

#[test]
fn a_program_is_asked_and_what_cannot_be_is_left_alone() {
    let mut child = Child::start();
    match end(key(&child), "ask", &[]) {
        // It shares its console with this test.
        answer if cfg!(windows) => {
            assert_eq!(answer, Some(Answer::Progress(EndProgress::CannotBeAsked)));
            assert!(child.runs());
        }
        answer => {
            assert_eq!(answer, Some(ENDED));
            assert_eq!(child.ending(), Ending::Asked);
        }
    }
}

#[test]
fn a_program_is_forced_with_those_that_were_chosen() {
    let (mut one, mut two, mut three) = (Child::start(), Child::start(), Child::start());
    let other = key(&two);
    let more = [format!("{}:{}", other.pid, other.start.0), "4294967292:7".to_owned()];
    assert_eq!(end(key(&one), "force", &more), Some(ENDED));
    assert_eq!((one.ending(), two.ending()), (Ending::Forced, Ending::Forced));
    assert!(three.runs());
}

#[test]
fn another_process_with_the_same_number_is_left_alone() {
    let mut child = Child::start();
    let mut key = key(&child);
    key.start.0 += 1;
    for how in ["ask", "force"] {
        assert_eq!(end(key, how, &[]), Some(Answer::Refused(Refusal::Replaced)), "{how}");
    }
    assert!(child.runs());
}

#[test]
fn one_that_has_ended_is_gone() {
    let mut child = Child::start();
    let key = key(&child);
    assert_eq!(end(key, "force", &[]), Some(ENDED));
    assert_eq!(child.ending(), Ending::Forced);
    drop(child);
    let gone = end(key, "force", &[]);
    let expected = [Refusal::Gone, Refusal::Replaced].map(|refusal| Some(Answer::Refused(refusal)));
    assert!(expected.contains(&gone), "{gone:?}");
}

#[test]
fn what_it_runs_inside_is_refused_and_so_is_an_order_that_names_it_as_a_child() {
    let own = Look::take().unwrap().myself.own;
    let refused = Some(Answer::Refused(Refusal::Ancestor));
    assert_eq!(end(own, "force", &[]), refused);
    let mut child = Child::start();
    let named = [format!("{}:{}", own.pid, own.start.0)];
    assert_eq!(end(key(&child), "force", &named), refused);
    assert!(child.runs(), "all or nothing");
}

#[test]
fn whatever_is_not_written_exactly_so_does_nothing() {
    let mut child = Child::start();
    let key = key(&child);
    let (pid, start) = (key.pid.to_string(), key.start.0.to_string());
    for words in [
        &[][..],
        &["end"],
        &["end", &pid],
        &["end", &pid, &start],
        &["end", &pid, &start, "FORCE"],
        &["end", &pid, &start, "--force"],
        &["end", &pid, &start, "force", "--yes"],
        &["end", &pid, &start, "force", ""],
        &["end", &format!("+{pid}"), &start, "force"],
        &["end", &format!(" {pid}"), &start, "force"],
        &["end", &pid, &format!("0{start}"), "force"],
        &["force", "end", &pid, &start],
        &["--help"],
        &["interrupt", &pid],
    ] {
        assert_eq!(act(words), Some(Answer::BadRequest), "{words:?}");
    }
    assert!(child.runs());
}

#[test]
fn nobody_else_on_a_console_is_hit() {
    let mut child = Child::start();
    let key = key(&child);
    let answer = act(["interrupt", &key.pid.to_string(), &key.start.0.to_string()]);
    assert_eq!(answer, Some(Answer::Progress(EndProgress::CannotBeAsked)));
    assert!(child.runs());
}
