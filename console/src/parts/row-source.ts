import { isAborted } from '../http.js';
import * as server from '../server.js';

const PAGE_ROWS = 100;
const PAGES_KEPT = 200;
const COUNTING_MILLIS = 1000;

/**
 * The rows below a prefix by their positions. Pages are requested when they become visible; a request that is no longer
 * wanted is given up.
 *
 * While the server still counts, positions are unknown: rows are then read one page after another from the start.
 *
 * @fires change
 */
export class RowSource extends EventTarget {
  /** The exact number of keys, or the number of rows that are known while the server counts. */
  total = 0;
  /** How much is counted, in percent; undefined when the total is exact. */
  counting: number | undefined;
  at = '';
  version = 0;
  failure?: Error;
  loaded = false;
  private pages = new Map<number, server.Row[]>();
  private readonly requests = new Map<number, AbortController>();
  private wanted: [number, number] = [0, PAGE_ROWS];
  private started: server.Row[] = [];
  private startComplete = false;
  private reading = false;
  private ended = false;
  private timer = 0;

  constructor(
    private readonly namespace: string,
    readonly prefix: string,
  ) {
    super();
    void this.read(0);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.requests.forEach((request) => request.abort());
  }

  row(index: number): server.Row | undefined {
    if (this.counting !== undefined) {
      return this.started[index];
    }
    return this.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Requests the rows of a range, and no longer those of an earlier one. */
  want(first: number, last: number): void {
    this.wanted = [first, last];
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.fill(), this.row(first) && this.row(Math.max(first, last - 1)) ? 0 : 40);
  }

  private fill(): void {
    const [first, last] = this.wanted;
    if (this.counting !== undefined) {
      if (last >= this.started.length && !this.startComplete) {
        void this.readStart();
      }
      return;
    }
    const pages = new Set<number>();
    for (let page = Math.floor(first / PAGE_ROWS); page <= Math.floor(Math.max(first, last - 1) / PAGE_ROWS); page++) {
      pages.add(page);
    }
    for (const [page, request] of this.requests) {
      if (!pages.has(page)) {
        request.abort();
      }
    }
    for (const page of pages) {
      if (!this.pages.has(page) && !this.requests.has(page) && page * PAGE_ROWS < this.total) {
        void this.read(page);
      }
    }
  }

  /** Reads again what is visible; the old rows stay until the new ones arrive. */
  refresh(): void {
    const [first, last] = this.wanted;
    for (const page of this.pages.keys()) {
      if (page < Math.floor(first / PAGE_ROWS) || page > Math.floor(last / PAGE_ROWS)) {
        this.pages.delete(page);
      }
    }
    if (this.counting !== undefined) {
      return;
    }
    for (let page = Math.floor(first / PAGE_ROWS); page <= Math.floor(Math.max(first, last - 1) / PAGE_ROWS); page++) {
      if (!this.requests.has(page)) {
        void this.read(page);
      }
    }
  }

  private async read(page: number): Promise<void> {
    const request = new AbortController();
    this.requests.set(page, request);
    try {
      const where = { position: page * PAGE_ROWS };
      const answer = await server.rows(this.namespace, this.prefix, where, PAGE_ROWS, request.signal);
      if (server.isCounting(answer)) {
        this.counts(answer.counting.percent);
      } else {
        this.take(page, answer);
      }
    } catch (error) {
      this.fail(error as Error);
    } finally {
      this.requests.delete(page);
    }
    this.changed();
  }

  private take(page: number, answer: server.Rows): void {
    if (this.counting !== undefined) {
      // Positions are known from now on: the rows around the place that is shown are requested by them.
      this.counting = undefined;
      queueMicrotask(() => this.fill());
    }
    this.failure = undefined;
    this.loaded = true;
    this.total = answer.total ?? 0;
    this.at = answer.at;
    this.version = answer.version;
    this.pages.delete(page);
    this.pages.set(page, answer.rows);
    if (this.pages.size > PAGES_KEPT) {
      this.pages.delete(this.pages.keys().next().value!);
    }
  }

  private counts(percent: number): void {
    this.counting = percent;
    if (this.started.length === 0) {
      void this.readStart();
    }
    window.setTimeout(() => !this.ended && void this.read(0), COUNTING_MILLIS);
  }

  private async readStart(): Promise<void> {
    if (this.reading) {
      return;
    }
    this.reading = true;
    try {
      const last = this.started.at(-1);
      const answer = await server.rows(this.namespace, this.prefix, { from: last ? `${last.key}\0` : '' }, PAGE_ROWS);
      if ('rows' in answer && this.counting !== undefined) {
        this.started.push(...answer.rows);
        this.startComplete = answer.complete;
        this.total = this.started.length;
        this.at = answer.at;
        this.loaded = true;
      }
    } catch (error) {
      this.fail(error as Error);
    } finally {
      this.reading = false;
    }
    this.changed();
  }

  private fail(error: Error): void {
    if (!isAborted(error)) {
      this.failure = error;
    }
  }

  private changed(): void {
    if (!this.ended) {
      this.dispatchEvent(new Event('change'));
    }
  }

  /** Returns the position of a key, or of the first key after it; undefined while the server counts. */
  async positionOf(key: string): Promise<number | undefined> {
    const answer = await server.rows(this.namespace, this.prefix, { from: key }, 1);
    return 'rows' in answer ? answer.position : undefined;
  }
}
