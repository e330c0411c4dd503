/** Rows of files to import: NDJSON, CSV, and the bulk JSON of wrangler. */
import { compact, jsonTrouble, parseTree, type Tree } from '../json.js';
import type { Pair } from '../server.js';

export type Format = 'ndjson' | 'csv' | 'json';

export interface ImportRow {
  /** The line of the file, or the number of the element of an array. */
  readonly line: number;
  readonly bytes: number;
  readonly pair?: Pair;
  /** Why the row is wrong. */
  readonly trouble?: string;
}

export interface Bounds {
  readonly keyBytes: number;
  readonly metadataBytes: number;
  readonly valueBytes: number;
}

const MEMBERS = ['key', 'value', 'base64', 'expiration', 'expiration_ttl', 'expires', 'metadata'];

/** Numbers that JSON.parse may change. */
const EXACT = /[\d.]{16}|\d[eE][+-]?\d/;

export function formatOf(name: string): Format {
  if (/\.csv$/i.test(name)) {
    return 'csv';
  }
  return /\.json$/i.test(name) ? 'json' : 'ndjson';
}

/** Reads the rows of a file one after another, so that a file of any size fits. */
export async function* importRows(file: File, format: Format, bounds: Bounds): AsyncGenerator<ImportRow> {
  switch (format) {
    case 'ndjson':
      yield* ndjson(file, bounds);
      break;
    case 'csv':
      yield* csv(file, bounds);
      break;
    case 'json':
      yield* array(file, bounds);
  }
}

async function* ndjson(file: File, bounds: Bounds): AsyncGenerator<ImportRow> {
  let line = 0;
  let rest = '';
  for await (const text of texts(file)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const each of lines) {
      line++;
      if (each.trim()) {
        yield parsed(each, line, bounds);
      }
    }
  }
  if (rest.trim()) {
    yield parsed(rest, line + 1, bounds);
  }
}

async function* texts(file: File): AsyncGenerator<string> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    yield value;
  }
}

function parsed(text: string, line: number, bounds: Bounds): ImportRow {
  try {
    return checked(JSON.parse(text), line, bounds, EXACT.test(text) ? metadataOf(parseTree(text)) : undefined);
  } catch {
    return { line, bytes: 0, trouble: `the line is no JSON: ${jsonTrouble(text)}` };
  }
}

/** Returns the metadata of a row as it is written. */
function metadataOf(row: Tree | undefined): string | undefined {
  const member = row?.kind === 'object' ? row.members.get('metadata') : undefined;
  return member && compact(member.value);
}

async function* array(file: File, bounds: Bounds): AsyncGenerator<ImportRow> {
  const text = await file.text();
  let elements: unknown;
  try {
    elements = JSON.parse(text);
  } catch {
    yield { line: 1, bytes: 0, trouble: `the file is no JSON: ${jsonTrouble(text)}` };
    return;
  }
  if (!Array.isArray(elements)) {
    yield { line: 1, bytes: 0, trouble: 'the file must have an array of {"key", "value"}' };
    return;
  }
  const tree = EXACT.test(text) ? parseTree(text) : undefined;
  for (const [index, element] of elements.entries()) {
    yield checked(element, index + 1, bounds, tree?.kind === 'list' ? metadataOf(tree.parts[index]) : undefined);
  }
}

async function* csv(file: File, bounds: Bounds): AsyncGenerator<ImportRow> {
  let names: string[] | undefined;
  for await (const { line, cells } of csvLines(file)) {
    if (!names) {
      names = cells.map((cell) => cell.trim());
      const unknown = names.filter((name) => !MEMBERS.includes(name));
      if (!names.includes('key') || !names.includes('value') || unknown.length > 0) {
        yield { line, bytes: 0, trouble: `the first line must name the columns: key, value, and of ${MEMBERS.slice(2).join(', ')} what there is; got ${cells.join(', ')}` };
        return;
      }
    } else if (cells.length !== names.length) {
      yield { line, bytes: 0, trouble: `the line must have ${names.length} cells, got ${cells.length}` };
    } else {
      yield fromCells(names, cells, line, bounds);
    }
  }
}

function fromCells(names: readonly string[], cells: readonly string[], line: number, bounds: Bounds): ImportRow {
  const row: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    const cell = cells[index]!;
    if (name === 'key' || name === 'value') {
      row[name] = cell;
    } else if (cell !== '') {
      const trouble = jsonTrouble(cell);
      if (trouble) {
        return { line, bytes: 0, trouble: `${name} is no JSON: ${trouble}` };
      }
      row[name] = JSON.parse(cell);
    }
  }
  const metadata = cells[names.indexOf('metadata')];
  return checked(row, line, bounds, metadata || undefined);
}

/** Splits CSV as RFC 4180 describes it; a quoted cell may have line ends. */
async function* csvLines(file: File): AsyncGenerator<{ line: number; cells: string[] }> {
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let maybeEnd = false;
  let line = 1;
  let start = 1;
  for await (const text of texts(file)) {
    for (const character of text) {
      if (quoted && !maybeEnd) {
        maybeEnd = character === '"';
        cell += maybeEnd ? '' : character;
      } else if (maybeEnd && character === '"') {
        cell += '"';
        maybeEnd = false;
      } else if (character === '"' && cell === '') {
        quoted = true;
      } else if (character === ',' || character === '\n') {
        cells.push(quoted ? cell : cell.replace(/\r$/, ''));
        cell = '';
        quoted = false;
        maybeEnd = false;
        if (character === '\n') {
          if (cells.length > 1 || cells[0] !== '') {
            yield { line: start, cells };
          }
          cells = [];
          start = line + 1;
        }
      } else if (!(maybeEnd && character === '\r')) {
        cell += character;
      }
      if (character === '\n') {
        line++;
      }
    }
  }
  if (cell !== '' || cells.length > 0) {
    cells.push(cell);
    yield { line: start, cells };
  }
}

const encoder = new TextEncoder();

/** Returns the length in UTF-8, without encoding what is certainly short. */
function byteLength(text: string): number {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) {
      return encoder.encode(text).length;
    }
  }
  return text.length;
}

/** @param exact the metadata as it is written; undefined if it is that of the row */
function checked(row: unknown, line: number, bounds: Bounds, exact?: string): ImportRow {
  const wrong = (trouble: string): ImportRow => ({ line, bytes: 0, trouble });
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    return wrong('the row must be an object with key and value');
  }
  const { key, value, base64, expiration, expiration_ttl: ttl, expires, metadata } = row as Record<string, unknown>;
  const unknown = Object.keys(row).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) {
    return wrong(`a row has no member "${unknown}", only ${MEMBERS.join(', ')}`);
  }
  if (typeof key !== 'string' || key === '' || key === '.' || key === '..' || !key.isWellFormed()) {
    return wrong('key must be a text that is not empty, "." or ".."');
  }
  const keyBytes = byteLength(key);
  if (keyBytes > bounds.keyBytes) {
    return wrong(`key must have at most ${bounds.keyBytes} bytes, got ${keyBytes}`);
  }
  if (typeof value !== 'string') {
    return wrong(`value must be a text, got ${value === undefined ? 'none' : Array.isArray(value) ? 'an array' : typeof value}`);
  }
  if (base64 !== undefined && typeof base64 !== 'boolean') {
    return wrong('base64 must be true or false');
  }
  const valueBytes = base64 ? Math.floor((value.length * 3) / 4) : byteLength(value);
  if (valueBytes > bounds.valueBytes) {
    return wrong(`value must have at most ${bounds.valueBytes} bytes, got ${valueBytes}`);
  }
  for (const [name, number] of Object.entries({ expiration, expiration_ttl: ttl, expires })) {
    if (number !== undefined && (!Number.isInteger(number) || (number as number) < 1)) {
      return wrong(`${name} must be a whole number of ${name === 'expires' ? 'milliseconds' : 'seconds'}, got ${JSON.stringify(number)}`);
    }
  }
  const text = metadata === undefined ? undefined : (exact ?? JSON.stringify(metadata));
  if (text !== undefined && byteLength(text) > bounds.metadataBytes) {
    return wrong(`metadata must have at most ${bounds.metadataBytes} bytes`);
  }
  // A bulk request has whole seconds.
  const seconds = expiration ?? (expires === undefined ? undefined : Math.ceil((expires as number) / 1000));
  return {
    line,
    bytes: keyBytes + valueBytes,
    pair: { key, value, base64, expiration: seconds as number | undefined, expiration_ttl: ttl as number | undefined, metadata: text },
  };
}
