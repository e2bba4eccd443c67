/** The port answer in sentences: for the card and for the clipboard alike. */

import type { Client } from '../ipc/bindings/Client';
import type { Holder } from '../ipc/bindings/Holder';
import type { Millis } from '../ipc/bindings/Millis';
import type { PortAnswer } from '../ipc/bindings/PortAnswer';
import type { PortHint } from '../ipc/bindings/PortHint';
import type { PortSpan } from '../ipc/bindings/PortSpan';
import { age, count, end, list, moment, protocol, serviceName } from '../model/format';
import { say } from '../model/words.svelte';

/** Other computers and programs that are named before "and N more". */
const MOST_CLIENTS = 8;

/** Organisations that are named before it. */
const MOST_REMOTES = 6;

export function holderName(holder: Holder): string {
  if (holder.label !== null) return holder.label;
  return say(`holder-${holder.because ?? 'pending'}`);
}

/** Name, number and user. */
export function whoWords(holder: Holder): string {
  const pid = holder.process ? `PID ${holder.process.pid}` : '';
  return [holderName(holder), pid, holder.user ?? ''].filter((part) => part !== '').join(' · ');
}

/** What the program file calls itself, and which services run in it; the host of services by its own name too. */
export function saysWords(holder: Holder): string {
  const services =
    holder.services.length > 0 ? say('runs-services', { services: list(holder.services.map(serviceName)) }) : '';
  const hosted = holder.label !== holder.name;
  return [holder.description ?? '', hosted ? (holder.name ?? '') : services].filter((part) => part !== '').join(' · ');
}

export function sinceWords(holder: Holder, now: Millis): string {
  const program = holder.started_at === null ? '' : say('program-started', { time: moment(holder.started_at, now) });
  const since = holder.already_open
    ? say('since-before', { age: age(Math.max(0, now - holder.since)) })
    : say('since', { time: moment(holder.since, now), age: age(Math.max(0, now - holder.since)) });
  return `${since} ${program}`.trim();
}

/** What it is bound to, each once. */
export function boundWords(holder: Holder): string {
  const bound = holder.sockets.map((row) => {
    const place = `${protocol(row)} ${end(row.local_address, row.local_port)}`;
    return row.dual_stack && row.local_address === '::' ? say('bound-dual', { place }) : place;
  });
  return list([...new Set(bound)]);
}

/** Judged by the address alone, and said so where a firewall would matter. */
export function reachWords(holder: Holder): string {
  const reach = say('reachable-from', { reach: say(`reach-${holder.reach}`) });
  return holder.reach === 'this_computer' ? reach : `${reach} ${say('firewall-not-asked')}`;
}

/** With whom its process talks on the Internet. */
export function remoteWords(holder: Holder): string {
  const named = holder.remotes.slice(0, MOST_REMOTES).map(({ organisation, connections }) =>
    say('remote-organisation', {
      organisation: organisation ?? say('organisation-unknown'),
      connections: count(connections),
    }),
  );
  const more = holder.remotes.length - named.length;
  return say('port-remotes', { remotes: list(more > 0 ? [...named, say('and-more', { more: count(more) })] : named) });
}

function oneClient(client: Client): string {
  const connections = count(client.connections);
  if (!client.local) return say('client-remote', { address: client.address, connections });
  if (client.name === null)
    return say('client-unknown', { why: say(`owner-gap-${client.because ?? 'pending'}`), connections });
  const pids = client.processes.map((process) => String(process.pid));
  return say('client-program', { program: client.name, pids: pids.join(', '), connections });
}

export function clientWords(answer: PortAnswer): string {
  const named = answer.clients.slice(0, MOST_CLIENTS).map(oneClient);
  const more = answer.clients.length - named.length;
  return list(more > 0 ? [...named, say('and-more', { more: count(more) })] : named);
}

export function hintWords(hint: PortHint): string {
  const programs = hint.programs.length > 0 ? say('hint-programs', { programs: list(hint.programs) }) : '';
  const name = hint.registered;
  const registered = name === null ? '' : say('hint-registered', { name, description: hint.description ?? name });
  return [programs, registered].filter((part) => part !== '').join(' ');
}

/** What this computer's settings say of the port. */
export function settingWords({ dynamic, excluded }: PortAnswer): string[] {
  const span = ({ first, last }: PortSpan) => ({ first: String(first), last: String(last) });
  const aside = excluded?.administered === true ? 'port-excluded-administered' : 'port-excluded';
  return [
    ...(excluded ? [say(aside, span(excluded.ports))] : []),
    ...(dynamic ? [say('port-dynamic', span(dynamic))] : []),
  ];
}

export function headline(answer: PortAnswer): string {
  const port = String(answer.port);
  switch (answer.standing) {
    case 'held':
      return say('port-held', { port, names: list([...new Set(answer.holders.map(holderName))]) });
    case 'client_port':
      return say('port-client', { port });
    case 'lingering':
      return say('port-lingering', { port });
    case 'free':
      return answer.excluded ? say('port-set-aside', { port }) : say('port-free', { port });
  }
}

/** The whole card as lines of text. */
export function answerAsText(answer: PortAnswer, now: Millis): string {
  const holders = answer.holders.flatMap((holder) => [
    `${whoWords(holder)} — ${sinceWords(holder, now)}`,
    `${boundWords(holder)} — ${reachWords(holder)}`,
    ...(holder.path === null ? [] : [holder.path]),
    ...(holder.remotes.length > 0 ? [remoteWords(holder)] : []),
  ]);
  const clients =
    answer.connections > 0
      ? [`${say('port-connections', { connections: answer.connections })} ${clientWords(answer)}`]
      : [];
  const users = answer.users.map((user) => `${whoWords(user)} — ${say('port-own-end')}`);
  const hint = answer.hint ? [hintWords(answer.hint)] : [];
  return [headline(answer), ...holders, ...clients, ...users, ...settingWords(answer), ...hint].join('\n');
}
