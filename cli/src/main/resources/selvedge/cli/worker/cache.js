// The cache behind caches.default and caches.open() of one Worker: in memory, bounded, lost when the process ends.
// workerd sends GET for match(), PUT with a complete HTTP response as the body for put(), and PURGE for delete().

const TOTAL_BYTES_MAX = 64 * 1024 * 1024;
const RESPONSE_BYTES_MAX = 16 * 1024 * 1024;
const HEAD_BYTES_MAX = 128 * 1024;
const VARIANTS_MAX = 32;
// The overhead of an entry besides its text and body, so that many small entries are bounded too.
const ENTRY_BYTES = 1024;

// Lifetimes in seconds, by status, of responses that set none.
const DEFAULT_LIFETIMES = new Map([
  [200, 7200], [301, 7200], [302, 1200], [303, 1200], [404, 180], [410, 180],
]);
const BODILESS = new Set([204, 205, 304]);

const MISS = () => new Response(null, { status: 504, headers: { "CF-Cache-Status": "MISS" } });
const REFUSED = () => new Response(null, { status: 413 });

// Variants by key, in the order of use; the most recently used key is last.
const entries = new Map();
let totalBytes = 0;

export default {
  async fetch(request) {
    const key = JSON.stringify([
      request.headers.get("CF-Cache-Namespace") ?? "",
      request.cf?.cacheKey ?? request.url.replace(/#.*$/s, ""),
    ]);
    switch (request.method) {
      case "GET":
        return match(key, request);
      case "PUT":
        return put(key, request);
      case "PURGE":
        return purge(key);
      default:
        return new Response(null, { status: 405 });
    }
  },
};

function match(key, request) {
  const now = Date.now();
  const variants = entries.get(key) ?? [];
  const live = variants.filter((variant) => variant.expires > now);
  replace(key, variants, live);
  const found = live.find((variant) => selects(variant, request.headers));
  return found === undefined ? MISS() : answer(found, request.headers, now);
}

function purge(key) {
  const variants = entries.get(key) ?? [];
  replace(key, variants, []);
  const now = Date.now();
  return new Response(null, { status: variants.some((variant) => variant.expires > now) ? 200 : 404 });
}

async function put(key, request) {
  const parsed = parse(await read(request.body));
  if (parsed === undefined) {
    return REFUSED();
  }
  const { status, headers, body } = parsed;
  const rules = directives(headers.get("Cache-Control"));
  if (/^"?set-cookie"?$/i.test(rules.get("private") ?? "")) {
    headers.delete("Set-Cookie");
    rules.delete("private");
  }
  const vary = list(headers.get("Vary"));
  if (!storable(status, headers, rules, vary, request.headers)) {
    return REFUSED();
  }
  const now = Date.now();
  const age = seconds(headers.get("Age")) ?? 0;
  const expires = now + (lifetime(status, headers, rules) - age) * 1000;
  headers.delete("Age");
  const variant = {
    status, headers: [...headers], body, expires, stored: now - age * 1000,
    vary: vary.map((name) => [name, request.headers.get(name)]),
  };
  variant.bytes = ENTRY_BYTES + key.length + body.byteLength + JSON.stringify([variant.headers, variant.vary]).length;
  const before = entries.get(key) ?? [];
  const others = before.filter((other) => other.expires > now && !sameVariant(other, variant));
  const kept = expires > now ? [variant, ...others].slice(0, VARIANTS_MAX) : others;
  replace(key, before, kept);
  evict();
  return new Response(null, { status: 204 });
}

// Replaces the variants of a key and makes the key the most recently used one.
function replace(key, before, after) {
  entries.delete(key);
  totalBytes += sum(after) - sum(before);
  if (after.length > 0) {
    entries.set(key, after);
  }
}

const sum = (variants) => variants.reduce((bytes, variant) => bytes + variant.bytes, 0);

function evict() {
  for (const [key, variants] of entries) {
    if (totalBytes <= TOTAL_BYTES_MAX) {
      return;
    }
    replace(key, variants, []);
  }
}

const selects = (variant, headers) => variant.vary.every(([name, value]) => headers.get(name) === value);

// Returns whether the newer variant answers the same requests as the older one.
const sameVariant = (older, newer) => JSON.stringify(older.vary) === JSON.stringify(newer.vary);

// Returns undefined for a body that is too large, without reading the rest.
async function read(stream) {
  const chunks = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    size += chunk.byteLength;
    if (size > RESPONSE_BYTES_MAX + HEAD_BYTES_MAX) {
      return undefined;
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

// Parses a serialized response. Its body is everything after the head; Transfer-Encoding is ignored.
function parse(bytes) {
  if (bytes === undefined) {
    return undefined;
  }
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, HEAD_BYTES_MAX));
  const end = head.indexOf("\r\n\r\n");
  const [first, ...lines] = head.slice(0, Math.max(end, 0)).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  if (end < 0 || !(status >= 200 && status <= 599)) {
    return undefined;
  }
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  for (const name of ["Connection", "Content-Length", "Keep-Alive", "Transfer-Encoding"]) {
    headers.delete(name);
  }
  const body = bytes.slice(end + 4);
  return body.byteLength > RESPONSE_BYTES_MAX ? undefined : { status, headers, body };
}

function storable(status, headers, rules, vary, requestHeaders) {
  const shared = rules.has("public") || rules.has("s-maxage") || rules.has("must-revalidate");
  return status !== 206
    && !rules.has("no-store")
    && !rules.has("private")
    && !headers.has("Set-Cookie")
    && !vary.includes("*")
    && (shared || !requestHeaders.has("Authorization"));
}

function lifetime(status, headers, rules) {
  if (rules.has("no-cache")) {
    return 0;
  }
  const set = seconds(rules.get("s-maxage")) ?? seconds(rules.get("max-age"));
  if (set !== undefined) {
    return set;
  }
  if (headers.has("Expires")) {
    const date = Date.parse(headers.get("Date") ?? "");
    const remaining = Date.parse(headers.get("Expires")) - (Number.isNaN(date) ? Date.now() : date);
    return Number.isNaN(remaining) ? 0 : remaining / 1000;
  }
  return DEFAULT_LIFETIMES.get(status) ?? 0;
}

function directives(header) {
  const rules = new Map();
  for (const [, name, value] of (header ?? "").matchAll(/([^\s=,;]+)\s*(?:=\s*("[^"]*"|[^\s,;]*))?/g)) {
    rules.set(name.toLowerCase(), value ?? "");
  }
  return rules;
}

const list = (header) => (header ?? "").split(",").map((part) => part.trim().toLowerCase()).filter(Boolean);

function seconds(text) {
  const digits = /^"?(\d+)"?$/.exec(text ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function answer(variant, requestHeaders, now) {
  const headers = new Headers(variant.headers);
  headers.set("CF-Cache-Status", "HIT");
  headers.set("Age", String(Math.max(0, Math.floor((now - variant.stored) / 1000))));
  if (isUnmodified(headers, requestHeaders)) {
    return new Response(null, { status: 304, headers });
  }
  const size = variant.body.byteLength;
  const range = variant.status === 200 ? parseRange(requestHeaders.get("Range"), size) : undefined;
  if (range === "unsatisfiable") {
    headers.set("Content-Range", `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  if (range !== undefined) {
    headers.set("Content-Range", `bytes ${range.start}-${range.end - 1}/${size}`);
    return respond(206, headers, variant.body.slice(range.start, range.end));
  }
  return respond(variant.status, headers, variant.body);
}

// The body is stored in its encoded form, so it must not be encoded again.
function respond(status, headers, body) {
  return new Response(BODILESS.has(status) ? null : body, { status, headers, encodeBody: "manual" });
}

function isUnmodified(headers, requestHeaders) {
  const expected = requestHeaders.get("If-None-Match");
  if (expected !== null) {
    const weak = (tag) => tag.trim().replace(/^W\//, "");
    const etag = headers.get("ETag");
    return expected.trim() === "*" || (etag !== null && expected.split(",").some((tag) => weak(tag) === weak(etag)));
  }
  const since = Date.parse(requestHeaders.get("If-Modified-Since") ?? "");
  return Date.parse(headers.get("Last-Modified") ?? "") <= since;
}

// Parses one range. Several ranges, or an invalid range, return the whole body.
function parseRange(header, size) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || (first === "" && last === "")) {
    return undefined;
  }
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) {
    return undefined;
  }
  return start >= size ? "unsatisfiable" : { start, end };
}
