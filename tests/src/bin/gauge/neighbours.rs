//! Looks beside another network namespace with very many sockets. The kernel keeps those of all namespaces in one table, so that every
//! listing walks past the others; nobody can help that, but a look must not add to it.

use std::io;

use quaymaster_probe::linux::BareDump;
use quaymaster_tests::crowd::{Crowd, own_network};
use serde_json::{Value, json};

use super::clock::{median, own};
use super::looks::Warm;
use super::peers::PEERS;

const ROUNDS: usize = 9;
/// Processes of each crowd, and what each has open beside.
const PROCESSES: usize = 200;
const FEW_PROCESSES: usize = 10;
const FILES: usize = 50;

/// Looks at `sockets`, alone and then while another namespace holds `others`; prints one object of JSON, null where no namespace may
/// be made.
pub(crate) fn measure(sockets: usize, others: usize) -> io::Result<()> {
    if !own_network() {
        println!("null");
        return Ok(());
    }
    let _crowd = Crowd::open(sockets, FEW_PROCESSES, FILES)?;
    let alone = in_turn();
    // A thread that leaves the crowd's network behind does not take this one with it.
    let neighbours = std::thread::spawn(move || -> io::Result<Crowd> {
        let _ = own_network();
        Crowd::open(others, PROCESSES, FILES)
    });
    let _neighbours = neighbours.join().map_err(|_| io::Error::other("the neighbours never came"))??;
    println!("{}", json!({ "alone": alone, "beside": in_turn() }));
    Ok(())
}

/// Medians of processor time, milliseconds.
fn in_turn() -> Value {
    let mut warm = Warm::new();
    let mut bare = BareDump::open();
    let (mut listings, mut looks, mut rows) = (Vec::new(), Vec::new(), None);
    for _ in 0..ROUNDS {
        if let Some(bare) = &mut bare {
            listings.push(own(|| rows = bare.rows()).cpu);
        }
        looks.push(own(|| drop(warm.look())).cpu);
    }
    let ss = PEERS.iter().find(|peer| peer.name == "ss -tuna").and_then(|peer| peer.measure(0, 0));
    json!({ "bare dump": median(listings), "steady look": median(looks), "rows": rows, "ss -tuna": ss.map(|cost| cost.cpu) })
}
