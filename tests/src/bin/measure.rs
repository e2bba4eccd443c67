//! What a look costs: `measure SOCKETS PROCESSES` opens about so many sockets in so many actors and prints milliseconds of
//! CPU for the first look, a steady look, `ss -tunap` and netstat2, all in one run on one machine. Figures mean something
//! in a release build only; the actor is the program of that name beside this one.

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    linux::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, BufRead as _, BufReader};
    use std::process::{Child, Command, Stdio};

    use quaymaster_core::UnixMillis;
    use quaymaster_probe::SocketSource;
    use quaymaster_probe::linux::Sockets;
    use quaymaster_probe::portable;
    use rustix::time::{ClockId, clock_gettime};

    const LOOKS: u64 = 200;
    const OTHERS: u32 = 10;

    pub(super) fn main() -> io::Result<()> {
        let mut numbers = std::env::args().skip(1).map(|number| number.parse::<usize>().unwrap_or(1));
        let (sockets, processes) = (numbers.next().unwrap_or(500), numbers.next().unwrap_or(10).max(1));
        // A pair is three sockets: a listener and two ends.
        let actors = (0..processes).map(|_| actor(sockets / processes / 3)).collect::<io::Result<Vec<_>>>()?;

        let mut source = Sockets::new();
        let mut rows = 0;
        let first = cpu(|| rows = source.look(UnixMillis(1)).changes.len());
        // New processes are read once more in the next look.
        source.look(UnixMillis(2));
        let before = source.owner_stats();
        let steady = cpu(|| (0..LOOKS).for_each(|_| drop(source.look(UnixMillis(3))))) / float(LOOKS);
        let after = source.owner_stats();
        let netstat2 = cpu(|| drop(portable::Sockets::new(|_| None).look(UnixMillis(1))));
        let ticks = children_ticks()?;
        for _ in 0..OTHERS {
            Command::new("ss").arg("-tunap").stdout(Stdio::null()).status()?;
        }
        let ss = (children_ticks()? - ticks) * 10.0 / f64::from(OTHERS);
        println!("{rows} sockets, {processes} processes: CPU ms");
        println!("first look {first:.3}  steady look {steady:.4}  ss -tunap {ss:.2}  netstat2 {netstat2:.2}");
        println!("steady / ss {:.4}  steady / netstat2 {:.4}", steady / ss, steady / netstat2);
        println!(
            "in {LOOKS} steady looks: {} readings of /proc, {} looks stirred",
            after.proc_reads - before.proc_reads,
            after.stirred - before.stirred
        );
        for mut actor in actors {
            actor.kill()?;
            actor.wait()?;
        }
        Ok(())
    }

    fn actor(pairs: usize) -> io::Result<Child> {
        let program = std::env::current_exe()?.with_file_name("actor");
        let mut child =
            Command::new(program).arg(format!("pair4={pairs}")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut String::new())?;
        }
        Ok(child)
    }

    /// Milliseconds of this process's CPU time.
    fn cpu(work: impl FnOnce()) -> f64 {
        let now = || {
            let time = clock_gettime(ClockId::ProcessCPUTime);
            time.tv_sec * 1_000_000_000 + time.tv_nsec
        };
        let before = now();
        work();
        std::time::Duration::from_nanos((now() - before).unsigned_abs()).as_secs_f64() * 1000.0
    }

    fn float(count: u64) -> f64 {
        f64::from(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// CPU time of children that have ended, in ticks of 10 ms: fields 16 and 17 of `/proc/self/stat`.
    fn children_ticks() -> io::Result<f64> {
        let stat = std::fs::read_to_string("/proc/self/stat")?;
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        Ok(fields.skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum())
    }
}
