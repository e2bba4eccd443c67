// Waiting for something to become true, on a machine that may be busy with other things.

/** How long anything may take. Not a measure of speed: two busy cores need seconds for a first paint. */
export const PATIENCE = 60_000;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Calls `look` until it returns something true, and returns that. A `look` that throws is tried again; its last error
 * is told when patience ends.
 */
export async function until(what, look, patience = PATIENCE) {
  const end = Date.now() + patience;
  let trouble = 'it never became true';
  for (;;) {
    try {
      const seen = await look();
      if (seen) return seen;
      trouble = `the last look saw ${JSON.stringify(seen)}`;
    } catch (error) {
      trouble = error.message;
    }
    if (Date.now() > end) throw new Error(`waited ${patience / 1000} s for: ${what} (${trouble})`);
    await sleep(50);
  }
}
