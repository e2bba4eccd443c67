// Processes as the kernel shows them: who lives, who descends from whom, what they cost.

import { readFileSync } from 'node:fs';

/** Whether the process is there and not merely waiting to be buried. */
export function alive(pid) {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** All descendants of a process, nearest first. */
export function descendants(pid) {
  let children;
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
  return [...children, ...children.flatMap(descendants)];
}

/** The name that the kernel keeps, 15 bytes at most. */
export function comm(pid) {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trimEnd();
}

/** Processor time used so far, in ticks of 10 ms (proc_pid_stat(5), fields 14 and 15). */
export function ticks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Seconds since the process was started, to a hundredth (field 22: ticks after the machine's own start). */
export function age(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / 100;
  return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) - started;
}

/** Memory in MB: resident, and the process's own fair share of it. */
export function memory(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)[1]) / 1024;
  return { rss: field('Rss'), pss: field('Pss') };
}

export function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
