//! Correctness under every churn: jugglers do with sockets and descriptors whatever programs do, and after every step each row and each
//! owner is compared with what the system says when asked anew, by other means than the collector's.
//!
//! What must be right in the very next look: every row; every holder of a socket that is new; every process that came or ended. What
//! leaves no sign in the kernel (a descriptor that one living process passes to another, or closes while another still has it) may be
//! late, by a minute at most: the test turns the clock on by a minute and then allows nothing.
//!
//! `QUAYMASTER_CHURN_STEPS` (default 50) and `QUAYMASTER_CHURN_SEEDS` (default 2) make it as long as one likes: the nightly form has 400 of
//! each. `QUAYMASTER_CHURN_SEED` begins elsewhere, to repeat what failed.
//!
//! Linux only: it is the lowest free descriptor number, fork and `SCM_RIGHTS` that could mislead the collector there.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "churn/model.rs"]
mod model;
#[path = "churn/oracle.rs"]
mod oracle;
#[path = "churn/stage.rs"]
mod stage;

use std::path::{Path, PathBuf};

use quaymaster_probe::linux::Sockets;

use model::Model;
use oracle::Oracle;
use stage::{Juggler, number, own_network};

const JUGGLERS: u64 = 3;
/// Looks of a second in which everything is read again, and one for what that brings to light.
const MINUTE: usize = 65;

/// Steps, comparisons of owners, and owners that were late as they may be.
#[derive(Debug, Default)]
struct Tally {
    steps: usize,
    owners: usize,
    late: usize,
}

fn juggle(program: &Path, looks: usize, source: impl Fn() -> Sockets) {
    let first = u64::try_from(number("QUAYMASTER_CHURN_SEED", 1)).unwrap();
    let mut tally = Tally::default();
    for seed in first..first + u64::try_from(number("QUAYMASTER_CHURN_SEEDS", 2)).unwrap() {
        one_seed(program, Model::new(source(), looks), seed, &mut tally);
    }
    println!("{tally:?}");
    assert!(tally.owners > tally.steps, "hardly anything was compared: {tally:?}");
}

fn one_seed(program: &Path, mut model: Model, seed: u64, tally: &mut Tally) {
    let mut jugglers: Vec<Juggler> = (0..JUGGLERS).map(|_| Juggler::start(program)).collect();
    let mut before = model.look_at_rest();
    for step in 0..number("QUAYMASTER_CHURN_STEPS", 50) {
        let said = format!("seed {seed}, step {step}");
        for (place, juggler) in (0..).zip(&mut jugglers) {
            let order = seed * 1_000_003 + u64::try_from(step).unwrap() * JUGGLERS + place;
            juggler.perform(order, 1 + order % 5);
        }
        if step % 3 == 0 {
            model.glance();
        }
        let now = model.look_at_rest();
        model.compare_rows(&now, &said);
        tally.late += model.compare_owners(&before, &now, &said);
        tally.owners += now.open();
        tally.steps += 1;
        before = now;
    }
    (0..MINUTE).for_each(|_| model.look());
    let now = model.look_at_rest();
    let late = model.compare_owners(&Oracle::default(), &now, &format!("seed {seed}, a minute later"));
    assert_eq!(late, 0, "seed {seed}");
}

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_juggler"))
}

#[test]
fn every_row_and_owner_is_right_after_every_step() {
    own_network();
    juggle(&program(), 1, Sockets::new);
}

/// The same without netlink.
#[test]
fn from_the_text_tables_too() {
    stage::again_in_a_process_of_its_own("text", None);
}

/// The same for somebody who may look into no other user's processes.
#[test]
fn for_an_ordinary_user_too() {
    if rustix::process::geteuid().is_root() {
        own_network();
        stage::again_in_a_process_of_its_own("ordinary", Some(65_534));
    }
}

/// What the two tests above run in a process of their own.
#[test]
#[ignore = "run by other tests, in a process made for it"]
fn in_a_process_of_its_own() {
    let program = std::env::var_os("QUAYMASTER_JUGGLER").map_or_else(program, PathBuf::from);
    match std::env::var("QUAYMASTER_CHURN_FORM").as_deref() {
        Ok("text") => {
            stage::bring_up();
            // A row that one listing of text lacks may be there: only the second look without it says that it is gone.
            juggle(&program, 2, Sockets::from_text);
        }
        _ => juggle(&program, 1, Sockets::new),
    }
}
