//! Who deals orders out to the parts of the crowd.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// One process of the crowd.
struct Member {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Member {
    fn start(number: usize, sockets: usize, files: usize) -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["part".to_owned(), number.to_string(), sockets.to_string(), files.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (orders, answers) = pipes.ok_or_else(|| io::Error::other("no pipes"))?;
        let mut member = Self { child, orders, answers: BufReader::new(answers) };
        member.hear()?;
        Ok(member)
    }

    fn ask(&mut self, order: &str) -> io::Result<String> {
        writeln!(self.orders, "{order}")?;
        self.hear()
    }

    fn hear(&mut self) -> io::Result<String> {
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            return Err(io::Error::other("a part of the crowd has ended; its own message stands above"));
        }
        Ok(answer.trim_end().to_owned())
    }
}

/// Opens the crowd and obeys until the input ends.
pub(crate) fn lead(sockets: usize, processes: usize, files: usize) -> io::Result<()> {
    let share = |number: usize| sockets * (number + 1) / processes - sockets * number / processes;
    let start = |number: usize| Member::start(number, share(number), files);
    let mut crowd = (0..processes).map(start).collect::<io::Result<Vec<Member>>>()?;
    println!("ready");
    let mut turn = 0;
    for line in io::stdin().lines() {
        let line = line?;
        let (order, number) = line.split_once(' ').unwrap_or((&line, "0"));
        let number = number.parse::<usize>().map_err(io::Error::other)?;
        let answer = match order {
            "churn" | "traffic" => deal(&mut crowd, order, number)?.to_string(),
            "respawn" => {
                for _ in 0..number {
                    turn = (turn + 1) % crowd.len();
                    crowd[turn].child.kill()?;
                    crowd[turn].child.wait()?;
                    crowd[turn] = start(turn)?;
                }
                number.to_string()
            }
            _ => {
                turn = (turn + 1) % crowd.len();
                crowd[turn].ask(order)?
            }
        };
        println!("{answer}");
        io::stdout().flush()?;
    }
    for member in &mut crowd {
        member.child.kill()?;
        member.child.wait()?;
    }
    Ok(())
}

/// Each gets its share of the work. Answers what was done in all.
fn deal(crowd: &mut [Member], order: &str, work: usize) -> io::Result<usize> {
    let processes = crowd.len();
    let mut done = 0;
    for (number, member) in crowd.iter_mut().enumerate() {
        let share = work * (number + 1) / processes - work * number / processes;
        if share > 0 {
            done += member.ask(&format!("{order} {share}"))?.parse::<usize>().map_err(io::Error::other)?;
        }
    }
    Ok(done)
}
