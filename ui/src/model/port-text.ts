/** Whether what was typed asks for a port. */

/** The port that `7897`, `:7897` or `port 7897` asks for. */
export function portAskedFor(text: string): number | null {
  const digits = /^(?::|port\s+|端口\s*)?(\d{1,5})$/iu.exec(text.trim())?.[1];
  if (digits === undefined) return null;
  const port = Number(digits);
  return port <= 65535 ? port : null;
}
