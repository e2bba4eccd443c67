/** What can be done with a row, and with a column. */

import type { Column } from '../ipc/bindings/Column';
import type { Millis } from '../ipc/bindings/Millis';
import type { Row } from '../ipc/bindings/Row';
import type { App } from '../model/app.svelte';
import { toggled } from '../model/columns';
import { quoted } from '../model/filter-words';
import { programPid } from '../model/format';
import { say } from '../model/words.svelte';
import type { MenuItem } from '../view/Menu.svelte';
import { cellText } from './cells';

export function rowMenu(app: App, row: Row, column: Column, takenAt: Millis): MenuItem[] {
  const { watch } = app;
  const owner = row.owners[0];
  const process = owner && { pid: owner.pid, start: owner.start };
  const chosen = watch.selection.ids.has(row.id) ? [...watch.selection.ids] : [row.id];
  const word = filterFor(row, column);
  return [
    { label: say('menu-port', { port: String(row.local_port) }), act: () => watch.search(String(row.local_port)) },
    { label: say('menu-connections'), disabled: !owner, act: () => watch.search(`pid:${owner?.pid ?? ''}`) },
    { label: say('menu-filter'), disabled: word === null, act: () => word !== null && watch.toggleWord(word) },
    {
      label: say('menu-copy-rows', { rows: chosen.length }),
      keys: 'Ctrl+C',
      apart: true,
      act: () => void app.copyRows(chosen),
    },
    {
      label: say('menu-copy-cell'),
      keys: 'Ctrl+Shift+C',
      act: () => void app.copyText(cellText(row, column, takenAt)),
    },
    {
      label: say('open-folder'),
      disabled: !process || owner.path === null,
      apart: true,
      act: () => process && void app.openFolder(process),
    },
    ...endItems(app, row),
  ];
}

/** Of a socket with several owners, each can be ended. */
function endItems(app: App, row: Row): MenuItem[] {
  const end = say('end-program-dots');
  if (row.owners.length < 2) {
    const owner = row.owners[0];
    return [
      { label: end, keys: 'Delete', disabled: !owner, act: () => owner && void app.ending.open(owner, row.local_port) },
    ];
  }
  return row.owners.map((owner) => ({
    label: `${end} ${programPid(owner.name, owner.pid)}`,
    act: () => void app.ending.open(owner, row.local_port),
  }));
}

/** The word of the filter language that finds rows like this one in this column. */
export function filterFor(row: Row, column: Column): string | null {
  switch (column) {
    case 'program':
      return row.owners[0] ? `proc:${quoted(row.owners[0].label)}` : null;
    case 'pid':
      return row.owners[0] ? `pid:${row.owners[0].pid}` : null;
    case 'protocol':
      return `proto:${row.protocol}${row.family === 6 ? '6' : '4'}`;
    case 'local_address':
      return `local:${row.local_address.split('%')[0]}`;
    case 'local_port':
      return `lport:${row.local_port}`;
    case 'remote_address':
      return row.remote_address === null ? null : `remote:${row.remote_address.split('%')[0]}`;
    case 'remote_port':
      return row.remote_port === null ? null : `rport:${row.remote_port}`;
    case 'state':
      return row.state === null ? 'proto:udp' : `state:${row.state.toLowerCase()}`;
    case 'user': {
      const user = row.user ?? row.uid ?? row.owners[0]?.user ?? null;
      return user === null ? null : `user:${quoted(String(user))}`;
    }
    case 'path':
      return row.owners[0]?.path ? `path:${quoted(row.owners[0].path)}` : null;
    default:
      return null;
  }
}

export function columnMenu(app: App, column: Column): MenuItem[] {
  const { preferences } = app;
  const { columns, sort } = preferences.settings;
  const sortBy = (descending: boolean) => preferences.change({ sort: { column, descending } });
  const ticks = columns.map((setting, place) => ({
    label: say(`column-${setting.column}`),
    checked: setting.shown,
    apart: place === 0,
    act: () => preferences.change({ columns: toggled(preferences.settings.columns, setting.column) }),
  }));
  return [
    { label: say('sort-ascending'), checked: sort.column === column && !sort.descending, act: () => sortBy(false) },
    { label: say('sort-descending'), checked: sort.column === column && sort.descending, act: () => sortBy(true) },
    ...ticks,
  ];
}
