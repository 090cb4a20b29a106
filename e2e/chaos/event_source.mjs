// `EventSource` as far as the page uses it, for node, which has none: messages, an error, closing. The page opens each anew.

/** @param {string} origin what the page's relative addresses are relative to */
export const eventSourceOf = (origin) => class EventSource {
  onmessage = null;
  onerror = null;
  #controller = new AbortController();

  constructor(address) {
    void this.#follow(new URL(address, origin));
  }

  close() {
    this.#controller.abort();
  }

  async #follow(url) {
    try {
      const response = await fetch(url, { headers: { accept: 'text/event-stream' }, signal: this.#controller.signal });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      let text = '';
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + piece).split('\n\n');
        text = blocks.pop();
        blocks.forEach((block) => this.#tell(block));
      }
    } catch {
      // However it ended, the page is told the same.
    }
    if (!this.#controller.signal.aborted) this.onerror?.({});
  }

  /** One event: the desk writes one `data` line in each. */
  #tell(block) {
    const data = block.split('\n').find((line) => line.startsWith('data:'));
    if (data && !this.#controller.signal.aborted) this.onmessage?.({ data: data.slice('data:'.length).trimStart() });
  }
};
