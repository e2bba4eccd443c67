// How an actor lives: it says one line of JSON when it is ready, and leaves when its input closes.

/** Tells the test something. */
export const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

/** Leaves with the test, after `last` has been done. */
export function leaveWithTheTest(last = () => {}) {
  process.stdin.resume();
  process.stdin.on('end', () => {
    last();
    process.exit(0);
  });
}
