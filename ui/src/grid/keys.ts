/** Keys that move the focus through the lines. */

export type Step = 'up' | 'down' | 'page_up' | 'page_down' | 'first' | 'last';

export const steps: Readonly<Record<string, Step | undefined>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'page_up',
  PageDown: 'page_down',
  Home: 'first',
  End: 'last',
};
