// The W3C WebDriver protocol, as much of it as these tests need: one session, plain fetch.

import { PATIENCE } from './patience.mjs';

/** The name that the protocol gives to a reference to an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Keys that have no letter, as the protocol writes them. */
export const KEY = {
  enter: '\uE007',
  escape: '\uE00C',
  up: '\uE013',
  down: '\uE015',
  home: '\uE011',
  end: '\uE010',
  pageDown: '\uE00F',
  tab: '\uE004',
  delete: '\uE017',
  control: '\uE009',
  shift: '\uE008',
  space: ' ',
};

/** A window under remote control. */
export class Session {
  #base;

  constructor(base) {
    this.#base = base;
  }

  /** Opens the program at `binary`. */
  static async open(server, binary, args) {
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } };
    const { sessionId } = await request(`${server}/session`, 'POST', { capabilities });
    const session = new Session(`${server}/session/${sessionId}`);
    await session.#post('/timeouts', { script: PATIENCE, pageLoad: PATIENCE, implicit: 0 });
    return session;
  }

  #post(path, body) {
    return request(this.#base + path, 'POST', body);
  }

  /** Runs the body of a function in the page; `arguments` are `args`. */
  run(body, ...args) {
    return this.#post('/execute/sync', { script: body, args });
  }

  /** The same for a body that returns a promise. */
  async promise(body, ...args) {
    const script = `const done = arguments[arguments.length - 1];
      const args = Array.from(arguments).slice(0, -1);
      (async function () { ${body} }).apply(null, args)
        .then((value) => done({ value }), (error) => done({ error: String(error && error.message || JSON.stringify(error)) }));`;
    const { value, error } = await this.#post('/execute/async', { script, args });
    if (error !== undefined) throw new Error(`in the page: ${error}`);
    return value;
  }

  /** The one element that `selector` names; an error if there is none. */
  async find(selector) {
    const found = await this.#post('/element', { using: 'css selector', value: selector });
    return found[ELEMENT];
  }

  async click(selector) {
    const id = await this.find(selector);
    await this.#post(`/element/${id}/click`, {});
  }

  async type(selector, text) {
    const id = await this.find(selector);
    await this.#post(`/element/${id}/value`, { text });
  }

  async clear(selector) {
    const id = await this.find(selector);
    await this.#post(`/element/${id}/clear`, {});
  }

  /** Presses keys one after the other, wherever the focus is; `held` stay down meanwhile. */
  async press(keys, held = []) {
    const down = (value) => ({ type: 'keyDown', value });
    const up = (value) => ({ type: 'keyUp', value });
    const strokes = [...keys].flatMap((key) => [down(key), up(key)]);
    const actions = [...held.map(down), ...strokes, ...held.map(up)];
    await this.#post('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** Width and height of the window. */
  async resize(width, height) {
    await this.#post('/window/rect', { width, height });
  }

  async close() {
    await request(this.#base, 'DELETE');
  }
}

/** One request of the protocol. */
export async function request(url, method, body) {
  const response = await fetch(url, {
    method,
    // An app that ends while it starts leaves the driver waiting for ever.
    signal: AbortSignal.timeout(PATIENCE),
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message} (${method} ${new URL(url).pathname})`);
  return value;
}
