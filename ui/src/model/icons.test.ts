import { expect, test } from 'vitest';
import { Icons } from './icons';

const process = (pid: number) => ({ pid, start: String(pid) });

test('a program file is asked about once', async () => {
  const asked: number[] = [];
  const icons = new Icons({
    programIcon: ({ pid }) => {
      asked.push(pid);
      return Promise.resolve(`data:${pid}`);
    },
  });
  expect(await icons.of('C:\\a.exe', process(1))).toBe('data:1');
  expect(await icons.of('C:\\a.exe', process(2))).toBe('data:1');
  expect(await icons.of('C:\\b.exe', process(3))).toBe('data:3');
  expect(asked).toEqual([1, 3]);
});

test('a process that has ended gives no picture, and the next of its file is asked', async () => {
  const icons = new Icons({
    programIcon: ({ pid }) => (pid === 1 ? Promise.reject(new Error('gone')) : Promise.resolve('data:2')),
  });
  expect(await icons.of('a', process(1))).toBeNull();
  expect(await icons.of('a', process(2))).toBe('data:2');
});
