/** What the bytes of a value are. */
import { compact, parseTree, pretty } from './json.js';

export type View = 'json' | 'text' | 'hex' | 'image';

/** A value whose text is longer is not formatted. */
const FORMATTED_MAX = 2_000_000;

const IMAGES: [string, RegExp][] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  ['image/avif', /^[^]{4}ftypavif/],
  ['image/bmp', /^BM[^]{4}\0\0\0\0/],
];

/** Returns the type of an image that a browser can show and that cannot run: SVG is text. */
export function imageType(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  return IMAGES.find(([, pattern]) => pattern.test(head))?.[0] ?? '';
}

/** Returns the text of bytes, or undefined if they are no UTF-8. A character that is cut off at the end is dropped. */
export function textOf(bytes: Uint8Array, complete: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !complete });
  } catch {
    return undefined;
  }
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}

/** Returns the views that fit the bytes, the best first. */
export function viewsOf(bytes: Uint8Array, complete: boolean): View[] {
  if (imageType(bytes)) {
    return ['image', 'hex'];
  }
  const text = textOf(bytes, complete);
  if (text === undefined || /[\0-\x08\x0e-\x1f]/.test(text)) {
    return ['hex'];
  }
  return complete && isDocument(text) ? ['json', 'text', 'hex'] : ['text', 'hex'];
}

function isDocument(text: string): boolean {
  return /^\s*[[{]/.test(text) && text.length <= FORMATTED_MAX && parseTree(text) !== undefined;
}

/** Returns JSON on several lines, or the text as it is if it is no JSON. */
export function formatted(text: string): string {
  const tree = text.length <= FORMATTED_MAX ? parseTree(text) : undefined;
  return tree ? pretty(tree) : text;
}

/** Returns edited JSON in the style of the stored text: on one line if that was, otherwise as edited. */
export function restyled(edited: string, stored: string): string {
  const before = parseTree(stored);
  const tree = parseTree(edited);
  if (!before || !tree) {
    return edited;
  }
  if (compact(tree) === compact(before)) {
    return stored;
  }
  return compact(before) === stored ? compact(tree) : edited;
}

export interface HexLine {
  readonly offset: string;
  readonly bytes: string;
  readonly text: string;
}

export function hexLines(bytes: Uint8Array, most: number): HexLine[] {
  const lines: HexLine[] = [];
  const end = Math.min(bytes.length, most);
  for (let at = 0; at < end; at += 16) {
    const part = [...bytes.subarray(at, Math.min(at + 16, end))];
    lines.push({
      offset: at.toString(16).padStart(8, '0'),
      bytes: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
    });
  }
  return lines;
}
