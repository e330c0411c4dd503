// The operations that Workers KV does not have, over a service binding to a Selvedge server.

// A service binding requires a URL, and ignores its host.
const SERVER = "http://selvedge/v1/";
const encoder = new TextEncoder();

// The server answered with an error other than a missing key.
export class SelvedgeError extends Error {
  constructor(status, code, message) {
    super(message);
    this.name = this.constructor.name;
    this.status = status;
    this.code = code;
  }
}

// The condition of a change does not hold: the current entry has another version.
export class ConflictError extends SelvedgeError {
  constructor(status, code, message, version) {
    super(status, code, message);
    this.version = version;
  }
}

// Returns the namespace with this id or title. The service binding to the server adds the token.
export function selvedge(binding, { namespace } = {}) {
  if (typeof binding?.fetch !== "function") {
    throw new TypeError("the first argument of selvedge() must be a service binding to the server, such as env.SELVEDGE");
  }
  if (typeof namespace !== "string" || namespace === "") {
    throw new TypeError("the second argument of selvedge() must be { namespace: id or title }");
  }
  const base = `namespaces/${encodeURIComponent(namespace)}`;
  const request = (path, query, init) => send(binding, `${base}/${path}`, query, init);
  const at = (kind, key) => `${kind}/${name(key)}`;

  return {
    // Returns the entry as { value, metadata, version, age }, or null. The answer includes the version atLeast and is at
    // most maxAge milliseconds old.
    async get(key, { type = "text", atLeast, maxAge } = {}) {
      const headers = { ...option("Selvedge-At-Least", atLeast), ...option("Selvedge-Max-Age", maxAge) };
      const response = await send(binding, `${base}/${at("values", key)}`, {}, { headers }, [404]);
      if (response.status === 404) {
        const { code, message } = await problem(response);
        if (code !== "key_not_found") {
          throw new SelvedgeError(404, code, message);
        }
        return null;
      }
      return {
        value: await body(response, type),
        metadata: metadata(response),
        version: version(response),
        age: Number(response.headers.get("Selvedge-Age") ?? 0),
      };
    },

    // Stores the value and returns its version. Throws a ConflictError if the condition ifVersion or ifAbsent does not
    // hold.
    async put(key, value, { ttl, metadata: newMetadata, ifVersion, ifAbsent } = {}) {
      const headers = {
        ...condition({ ifVersion, ifAbsent }),
        ...(newMetadata === undefined ? {} : { "CF-KV-Metadata": ascii(JSON.stringify(newMetadata)) }),
      };
      return version(await request(at("values", key), { ttl }, { method: "PUT", headers, body: value }));
    },

    // Deletes the entry, if there is one, and returns the version of the change.
    async delete(key, { ifVersion } = {}) {
      return version(await request(at("values", key), {}, { method: "DELETE", headers: condition({ ifVersion }) }));
    },

    // Adds to the number stored under the key and returns { value, version }. A missing key counts as 0.
    async increment(key, by = 1, { ttl } = {}) {
      return (await request(at("increment", key), { by, ttl }, { method: "POST" })).json();
    },

    // Deletes every key with the prefix as one change, and returns its version.
    async deletePrefix(prefix) {
      if (typeof prefix !== "string" || prefix === "") {
        throw new TypeError("prefix must not be empty");
      }
      return version(await request("keys", { prefix }, { method: "DELETE" }));
    },

    async count(prefix = "") {
      return (await (await request("count", { prefix })).json()).count;
    },

    // Yields { version, key, type } for each change after the version, as it happens, until the caller leaves the loop.
    async *watch({ prefix, after } = {}) {
      const stop = new AbortController();
      const response = await send(binding, "feed", { namespace, prefix, after },
        { signal: stop.signal, headers: { Accept: "application/x-ndjson" } });
      try {
        for await (const line of lines(response.body)) {
          const event = JSON.parse(line);
          if (event.error !== undefined) {
            throw new SelvedgeError(event.error.status ?? 500, event.error.code, event.error.message);
          }
          if (event.key !== undefined || event.prefix !== undefined) {
            yield event;
          }
        }
      } finally {
        stop.abort();
      }
    },
  };
}

async function send(binding, path, query, init = {}, expected = []) {
  const present = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = present.length === 0 ? "" : `?${new URLSearchParams(present)}`;
  const response = await binding.fetch(`${SERVER}${path}${search}`, init);
  if (response.ok || expected.includes(response.status)) {
    return response;
  }
  const { code, message } = await problem(response);
  if (response.status === 412) {
    throw new ConflictError(412, code, message, Number(response.headers.get("Selvedge-Version") ?? 0));
  }
  throw new SelvedgeError(response.status, code, message);
}

async function problem(response) {
  const text = await response.text();
  try {
    return JSON.parse(text).error;
  } catch {
    return { code: "unexpected", message: `the server answered ${response.status}: ${text.slice(0, 200)}` };
  }
}

// encodeURIComponent would throw a URIError without a message for an unpaired surrogate.
function name(key) {
  if (typeof key !== "string" || key === "" || key === "." || key === ".." || encoder.encode(key).length > 512) {
    throw new TypeError(`a key must be 1 to 512 bytes of text other than . and .., got ${JSON.stringify(key)}`);
  }
  return encodeURIComponent(key.toWellFormed?.() ?? key);
}

const option = (header, value) => (value === undefined ? {} : { [header]: String(value) });

function condition({ ifVersion, ifAbsent }) {
  return { ...(ifVersion === undefined ? {} : { "If-Match": `"${ifVersion}"` }), ...(ifAbsent ? { "If-None-Match": "*" } : {}) };
}

const version = (response) => Number(response.headers.get("Selvedge-Version"));

// The headers of a Worker have one byte per character, so all other characters are sent as JSON escapes.
const ascii = (json) => json.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

function metadata(response) {
  const text = response.headers.get("CF-KV-Metadata");
  return text === null ? null : JSON.parse(text);
}

function body(response, type) {
  switch (type) {
    case "text":
      return response.text();
    case "json":
      return response.json();
    case "arrayBuffer":
      return response.arrayBuffer();
    case "stream":
      return response.body;
    default:
      throw new TypeError(`type must be text, json, arrayBuffer or stream, got ${type}`);
  }
}

async function* lines(stream) {
  let rest = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    const split = (rest + piece).split("\n");
    rest = split.pop();
    yield* split.filter((line) => line !== "");
  }
}
