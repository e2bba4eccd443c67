import { expect, test } from 'vitest';
import { portAskedFor } from './port-text';

test.each([
  ['7897', 7897],
  ['  7897 ', 7897],
  [':7897', 7897],
  ['port 7897', 7897],
  ['PORT  80', 80],
  ['端口 443', 443],
  ['0', 0],
  ['65535', 65535],
])('“%s” asks for port %d', (text, port) => expect(portAskedFor(text)).toBe(port));

test.each(['', '65536', '99999', '-1', '80-443', 'port', 'port:80', '7897 tcp', '1.1', '078970'])(
  '“%s” asks for no port',
  (text) => expect(portAskedFor(text)).toBeNull(),
);
