// Timers without time: they run when a test advances the clock, in order, and promises settle in between.

export class VirtualTime {
  #now;
  #timers = new Map();
  #nextId = 1;

  constructor(startMs = Date.parse('2026-01-23T10:30:00.000Z')) {
    this.#now = startMs;
  }

  now = () => this.#now;

  setTimeout = (run, ms) => {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#timers.set(id, { at: this.#now + ms, run });
    return id;
  };

  clearTimeout = (id) => {
    this.#timers.delete(id);
  };

  get pendingTimers() {
    return this.#timers.size;
  }

  /** The computer sleeps: the clock goes on, no timer rings until it wakes. */
  sleep(ms) {
    this.#now += ms;
  }

  async advance(ms) {
    const until = this.#now + ms;
    await settle();
    while (true) {
      const due = [...this.#timers].filter(([, { at }]) => at <= until).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
      if (!due) break;
      const [id, { at, run }] = due;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, at);
      run();
      await settle();
    }
    this.#now = until;
  }
}

/** Lets every promise that can go on, go on. */
export async function settle() {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
