/** The words of a filter, told apart as the engine does: a space within quotes parts nothing. Pure. */

export function wordsOf(filter: string): string[] {
  return filter.match(/(?:[^\s"]|"[^"]*"?)+/gu) ?? [];
}

/** Whether a word says when: it means something only in the history. */
export function saysWhen(word: string): boolean {
  return /^(?:since|until|on):/iu.test(word);
}

/** The words that say when. */
export function timesOf(filter: string): string[] {
  return wordsOf(filter).filter(saysWhen);
}

/** The filter without the words that say when. */
export function untimed(filter: string): string {
  return wordsOf(filter)
    .filter((word) => !saysWhen(word))
    .join(' ');
}

/** The filter with this, and nothing else, to say when; `null`: at any time. */
export function at(filter: string, time: string | null): string {
  return [untimed(filter), time ?? ''].filter(Boolean).join(' ');
}

/** A value as a filter takes it. No quotation mark can be written in a filter: the longest piece without one tells most. */
export function quoted(text: string): string {
  if (!/[\s"|]/u.test(text)) return text;
  const longest = text.split('"').reduce((most, piece) => (piece.length > most.length ? piece : most));
  return `"${longest}"`;
}
