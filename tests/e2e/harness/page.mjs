// The window as its user sees it: where things are on the page, in the tests' words.

import { until } from './patience.mjs';
import { KEY } from './webdriver.mjs';

export class Page {
  constructor(session) {
    this.session = session;
  }

  /** Until the grid shows sockets. */
  async ready() {
    await until('the grid has rows', async () => (await this.rows()).length > 0);
  }

  /** Replaces what stands in the search box, key by key as a person would. */
  async search(text) {
    await this.session.click('#search');
    await this.session.press('a', [KEY.control]);
    await this.session.press(text === '' ? [KEY.delete] : text);
    await until(`the box says ${text}`, async () => (await this.value('#search')) === text);
  }

  /** The port answer: its standing and its words; null when there is none. */
  card() {
    return this.session.run(`const card = document.querySelector('#port-answer');
      return card && { standing: card.dataset.standing, text: card.innerText };`);
  }

  /** Until the card for a port says one of these standings. */
  standing(...wanted) {
    return until(`the card says ${wanted.join(' or ')}`, async () => {
      const card = await this.card();
      if (!wanted.includes(card?.standing)) throw new Error(`it says ${JSON.stringify(card)}`);
      return card;
    });
  }

  /** Until the card has all of these in its words: names and numbers may follow a moment after the card itself. */
  async cardSays(...wanted) {
    for (const words of wanted) {
      const pattern = words instanceof RegExp ? words : new RegExp(`\\b${words}\\b`);
      await until(`the card says ${pattern}`, async () => {
        const { text } = (await this.card()) ?? {};
        if (!pattern.test(text)) throw new Error(`it says ${text}`);
        return true;
      });
    }
  }

  /** Back to where every test begins: no dialog, everything in view, nothing searched for. */
  async home() {
    if (await this.exists('dialog[open]')) {
      await this.session.press([KEY.escape]);
      await this.disappears('dialog[open]');
    }
    await this.view('all');
    await this.search('');
  }

  /** The rows that the grid holds, with their cells' words. */
  rows() {
    return this.session.run(`return Array.from(document.querySelectorAll('#grid [role=row][data-id]'), (row) => ({
      id: row.dataset.id,
      selected: row.getAttribute('aria-selected') === 'true',
      cells: Object.fromEntries(Array.from(row.querySelectorAll('[data-column]'),
        (cell) => [cell.dataset.column, cell.innerText.trim()])),
    }));`);
  }

  /** Until the rows are as `wanted` says. */
  rowsThat(what, wanted) {
    return until(what, async () => {
      const rows = await this.rows();
      if (!wanted(rows)) throw new Error(`the rows are ${JSON.stringify(rows.slice(0, 5))}, ${rows.length} in all`);
      return rows;
    });
  }

  exists(selector) {
    return this.session.run('return document.querySelector(arguments[0]) !== null;', selector);
  }

  appears(selector) {
    return until(`${selector} is there`, () => this.exists(selector));
  }

  disappears(selector) {
    return until(`${selector} is gone`, async () => !(await this.exists(selector)));
  }

  text(selector) {
    return this.session.run('return document.querySelector(arguments[0])?.innerText ?? "";', selector);
  }

  value(selector) {
    return this.session.run('return document.querySelector(arguments[0])?.value;', selector);
  }

  attribute(selector, name) {
    return this.session.run('return document.querySelector(arguments[0])?.getAttribute(arguments[1]);', selector, name);
  }

  /** Clicks something as soon as it is there. */
  async click(selector) {
    await this.appears(selector);
    await until(`${selector} can be clicked`, async () => {
      await this.session.click(selector);
      return true;
    });
  }

  /** Opens one of the views of the left rail. */
  view(name) {
    return this.click(`[data-view=${name}]`);
  }

  /** Chooses in a drop-down list, or among radio buttons, by value. */
  async choose(selector, value) {
    await this.appears(selector);
    await this.session.run(
      `const [list, value] = arguments;
       const element = document.querySelector(list);
       if (element.tagName === 'SELECT') {
         element.value = value;
         element.dispatchEvent(new Event('change', { bubbles: true }));
       } else {
         element.querySelector('[value="' + value + '"]').click();
       }`,
      selector,
      value,
    );
  }

  /** Presses what ends the program on the card; comes back when the dialog has said what will go. */
  async askToEnd() {
    await this.click('[data-testid=end-program]');
    await this.appears('#end-dialog [data-testid=end-confirm]');
  }

  /** The same, and confirms it. */
  async endFromCard() {
    await this.askToEnd();
    await this.click('#end-dialog [data-testid=end-confirm]');
  }

  /** What became of the port, once the window says so: fate and words. */
  fate() {
    return until('the dialog tells the port’s fate', () =>
      this.session.run(`const result = document.querySelector('[data-testid=end-result]');
        return result && result.dataset.fate && { fate: result.dataset.fate, text: result.innerText };`),
    );
  }
}
