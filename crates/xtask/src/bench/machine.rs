//! What the figures were taken on.

use crate::call::call;

/// A line a fact. What cannot be told is left out.
pub(crate) fn describe() -> String {
    let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "an unknown processor".to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let virtual_machine =
        field("/proc/cpuinfo", "flags").is_some_and(|flags| flags.split(' ').any(|flag| flag == "hypervisor"));
    let place = if virtual_machine { " of a virtual machine" } else { "" };
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
        .map_or(String::new(), |kilobytes| format!(", {:.0} GB of memory", kilobytes / 1e6));
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let today = jiff::Zoned::now().date();
    let mut lines = vec![format!("- {today}; {cores} cores{place} ({cpu}){memory}; Linux {}", kernel.trim())];
    let versions = [("ss", ["-V"]), ("netstat", ["--version"]), ("lsof", ["-v"]), ("rustc", ["--version"])];
    lines.push(format!(
        "- {}",
        versions.iter().filter_map(|(program, how)| version(program, how)).collect::<Vec<_>>().join("; ")
    ));
    lines.join("\n")
}

/// The value of the first line that begins with this name.
fn field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// What a program says of its version: the first line with a number in it.
fn version(program: &str, how: &[&str]) -> Option<String> {
    let said = call(program).args(how).everything().ok()?;
    let line = said.lines().find(|line| line.chars().any(|letter| letter.is_ascii_digit()))?;
    let line = line.trim();
    Some(if line.starts_with(program) { line.to_owned() } else { format!("{program}: {line}") })
}
