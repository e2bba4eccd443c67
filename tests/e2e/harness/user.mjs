// Somebody without rights, to be tried as.

import { execFileSync } from 'node:child_process';

export const USER = 'quaymaster-test';

/** Only root can start a window as somebody else. */
export const mayBecome = process.getuid() === 0;

/** Makes the account where there is none. */
export function ensureUser() {
  try {
    execFileSync('id', [USER], { stdio: 'ignore' });
  } catch {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', USER]);
  }
}
