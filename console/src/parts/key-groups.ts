import * as server from '../server.js';

const KEYS = 100;
const PAGE_ROWS = 1000;
const BATCH_BYTES = 8_000_000;

/** Returns the rows below a prefix in groups whose values fit one request. */
export async function* groups(namespace: string, prefix: string, signal: AbortSignal): AsyncGenerator<server.Row[]> {
  let from = '';
  for (;;) {
    const page = await server.rows(namespace, prefix, { from }, PAGE_ROWS, signal);
    if (!('rows' in page)) {
      throw new Error('The keys are still being counted.');
    }
    yield* split(page.rows);
    if (page.complete) {
      return;
    }
    from = `${page.rows.at(-1)!.key}\0`;
  }
}

/** Splits rows into groups whose values fit one request. */
export function* split(rows: readonly server.Row[]): Generator<server.Row[]> {
  let group: server.Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (group.length >= KEYS || (group.length > 0 && bytes + row.bytes > BATCH_BYTES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(row);
    bytes += row.bytes;
  }
  if (group.length > 0) {
    yield group;
  }
}
