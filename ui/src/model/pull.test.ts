import { expect, test } from 'vitest';
import type { Frame } from '../ipc/bindings/Frame';
import { startPull } from './pull';

/** A backend whose answers the test gives when it likes. */
function stage() {
  const asked: { after: number | null; answer: (sequence: number) => void; fail: () => void }[] = [];
  const applied: number[] = [];
  const pauses: { millis: number; over: () => void }[] = [];
  let failures = 0;
  const pull = startPull({
    ask: (after) =>
      new Promise((resolve, reject) => {
        asked.push({
          after,
          answer: (sequence) => resolve({ sequence } as Frame),
          fail: () => reject(new Error('gone')),
        });
      }),
    apply: (frame) => applied.push(frame.sequence),
    failed: () => (failures += 1),
    pause: (millis) => new Promise((over) => pauses.push({ millis, over })),
  });
  const settle = () => new Promise((done) => setTimeout(done));
  const last = () => asked.at(-1) as (typeof asked)[number];
  const on = async () => {
    await settle();
    pauses.splice(0).forEach(({ over }) => over());
    await settle();
  };
  return { pull, asked, applied, pauses, last, settle, on, failures: () => failures };
}

test('asks at once, then for something newer', async () => {
  const { pull, asked, applied, last, on } = stage();
  pull.renew();
  expect(asked.map(({ after }) => after)).toEqual([null]);
  last().answer(7);
  await on();
  expect(applied).toEqual([7]);
  expect(asked.map(({ after }) => after)).toEqual([null, 7]);
});

test('a new question is asked at once, and the late answer to the old one is not looked at', async () => {
  const { pull, asked, applied, last, on } = stage();
  pull.renew();
  last().answer(7);
  await on();
  const old = last();
  pull.renew();
  expect(asked.map(({ after }) => after)).toEqual([null, 7, null]);
  old.answer(8);
  await on();
  expect(applied).toEqual([7]);
  last().answer(9);
  await on();
  expect(applied).toEqual([7, 9]);
});

test('many questions while one is being answered become one', async () => {
  const { pull, asked, last, on, settle } = stage();
  pull.renew();
  pull.renew();
  pull.renew();
  expect(asked.length).toBe(1);
  last().answer(1);
  await settle();
  expect(asked.map(({ after }) => after)).toEqual([null, null]);
  last().answer(2);
  await on();
  expect(last().after).toBe(2);
});

test('a failure is told, and tried again after longer and longer pauses', async () => {
  const { pull, pauses, last, settle, failures } = stage();
  pull.renew();
  const waited: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    last().fail();
    await settle();
    waited.push(...pauses.map(({ millis }) => millis));
    pauses.splice(0).forEach(({ over }) => over());
    await settle();
  }
  expect(failures()).toBe(7);
  expect(waited).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  expect(last().after).toBeNull();
});

test('rests while nobody looks, and goes on afterwards', async () => {
  const { pull, asked, applied, last, on } = stage();
  pull.renew();
  const old = last();
  pull.rest();
  old.answer(3);
  await on();
  expect(applied).toEqual([]);
  expect(asked.length).toBe(1);
  pull.renew();
  expect(last().after).toBeNull();
  last().answer(4);
  await on();
  expect(applied).toEqual([4]);
});
