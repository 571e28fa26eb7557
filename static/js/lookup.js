// Asks for one list at a time: a new question gives up the one before, and an answer that comes late is dropped.
const FIRST = 500; // ms before a list that is being read is asked for again; then half as long again each time
const LONGEST = 30000;
const NO_LIST = (words) => `<div role="listbox"></div><p class="picker-foot" data-empty>${words}</p>`;
const SIGNED_OUT = NO_LIST("You are signed out. Sign in in a new tab, or type the id.");
const BROKEN = NO_LIST("The list can’t be shown now. An id can be typed.");

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

export class Lookup {
  #address;
  #show;
  #flight = null;
  #timer = 0;
  #wait = FIRST;
  #waited = 0;

  /** `address(refresh)` says where to ask, `show(html)` takes the answer. */
  constructor(address, show) {
    this.#address = address;
    this.#show = show;
  }

  ask() {
    this.#wait = FIRST;
    this.#waited = 0;
    return this.#fetch(this.#address(false), {});
  }

  /** Wish for a fresh list; the answer says whether it is worth asking again. */
  refresh() {
    this.#wait = FIRST;
    this.#waited = 0;
    return this.#fetch(this.#address(true), { method: "POST", headers: { "X-CSRFToken": token() } });
  }

  /** The list is being read: look again a little later, up to half a minute. */
  again() {
    clearTimeout(this.#timer);
    if (this.#waited >= LONGEST) return;
    this.#waited += this.#wait;
    this.#timer = setTimeout(() => this.#fetch(this.#address(false), {}), this.#wait);
    this.#wait *= 1.5;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.#flight = null;
  }

  async #fetch(address, { headers = {}, ...options }) {
    this.stop();
    const flight = new AbortController();
    this.#flight = flight;
    const html = await read(address, { ...options, headers: { ...headers, "HX-Request": "true" }, signal: flight.signal });
    if (this.#flight === flight && html !== null) this.#show(html);
  }
}

/** The answer as text; null where the question was given up. */
async function read(address, options) {
  try {
    const answer = await fetch(address, options);
    if (new URL(answer.url).pathname.startsWith("/accounts/")) return SIGNED_OUT;
    return answer.ok ? await answer.text() : BROKEN;
  } catch (error) {
    return error.name === "AbortError" ? null : BROKEN;
  }
}
