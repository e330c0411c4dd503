/** Reads the frames of `/v1`: docs/reference/replication.md describes them. */

export interface FramedEntry {
  readonly key: string;
  readonly version: number;
  /** In milliseconds since 1970; 0 for never. */
  readonly expires: number;
  readonly metadata: string;
  readonly value: Uint8Array<ArrayBuffer>;
}

const PLACED = 2;
const CHUNK = 6;
const END = 8;
const OUTLINE = 9;
const NEVER = 0x7fffffffffffffffn;
const INLINE_BYTES = 262_144;

/** Returns the entries of an answer, which must be complete. */
export function framedEntries(buffer: ArrayBuffer): FramedEntry[] {
  const view = new DataView(buffer);
  const decoder = new TextDecoder();
  const entries: FramedEntry[] = [];
  let filled = 0;
  for (let at = 0; at < buffer.byteLength; ) {
    const length = view.getUint32(at);
    const type = view.getUint8(at + 4);
    let place = at + 5;
    const text = (): string => {
      const size = view.getUint32(place);
      const result = decoder.decode(new Uint8Array(buffer, place + 4, size));
      place += 4 + size;
      return result;
    };
    const long = (): bigint => {
      place += 8;
      return view.getBigInt64(place - 8);
    };
    const end = at + 4 + length;
    if (type === PLACED || type === OUTLINE) {
      place += 32;
      const version = Number(long());
      const key = text();
      const expires = long();
      const metadata = text();
      const size = Number(long());
      const value = new Uint8Array(type === OUTLINE ? 0 : size);
      if (type === PLACED && size <= INLINE_BYTES) {
        value.set(new Uint8Array(buffer, place, size));
      }
      filled = 0;
      entries.push({ key, version, expires: expires === NEVER ? 0 : Number(expires), metadata, value });
    } else if (type === CHUNK) {
      entries.at(-1)!.value.set(new Uint8Array(buffer, place, end - place), filled);
      filled += end - place;
    } else if (type === END) {
      return entries;
    }
    at = end + 4;
  }
  throw new Error('The answer broke off.');
}
