// Who is at the other end, told without asking anybody: in namespaces of its own, where the addresses of public name servers are
// this computer's and nothing ever leaves it.

import { test } from 'node:test';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mayBecome } from './harness/user.mjs';

const run = promisify(execFile);
const INSIDE = new URL('inside/networks.mjs', import.meta.url).pathname;
const APART = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc', '--', process.execPath];

test(
  'organisation and country of the other end, in grid, filter, panel and terminal',
  { skip: !mayBecome && 'only root makes namespaces' },
  async (context) => {
    const { stdout } = await run('unshare', [...APART, INSIDE], { timeout: 120_000 });
    context.diagnostic(stdout.trim());
  },
);
