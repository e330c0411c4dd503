// What Workers KV lacks, over a service binding to a Selvedge server.

// Service bindings want a URL; its host does not matter.
const SERVER = "http://selvedge/v1/";
const encoder = new TextEncoder();

// An answer of the server that is neither success nor a missing key.
export class SelvedgeError extends Error {
  constructor(status, code, message) {
    super(message);
    this.name = this.constructor.name;
    this.status = status;
    this.code = code;
  }
}

// The entry in place is not the one that the change was meant for.
export class ConflictError extends SelvedgeError {
  constructor(status, code, message, version) {
    super(status, code, message);
    this.version = version;
  }
}

// Returns the namespace, by id or title, behind a service binding to the server, which injects the token.
export function selvedge(binding, { namespace } = {}) {
  if (typeof binding?.fetch !== "function") {
    throw new TypeError("selvedge() takes a service binding to the server, such as env.SELVEDGE");
  }
  if (typeof namespace !== "string" || namespace === "") {
    throw new TypeError("selvedge() takes { namespace: id or title }");
  }
  const base = `namespaces/${encodeURIComponent(namespace)}`;
  const ask = (path, query, init) => send(binding, `${base}/${path}`, query, init);
  const at = (kind, key) => `${kind}/${name(key)}`;

  return {
    // The entry as { value, metadata, version, age }, or null. At least as new as the version atLeast; no older than
    // maxAge milliseconds.
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

    // Stores the value and returns its version. With ifVersion or ifAbsent it throws a ConflictError when the entry in
    // place is another one.
    async put(key, value, { ttl, metadata: about, ifVersion, ifAbsent } = {}) {
      const headers = {
        ...condition({ ifVersion, ifAbsent }),
        ...(about === undefined ? {} : { "CF-KV-Metadata": ascii(JSON.stringify(about)) }),
      };
      return version(await ask(at("values", key), { ttl }, { method: "PUT", headers, body: value }));
    },

    // Deletes the entry, if there is one, and returns the version of the change.
    async delete(key, { ifVersion } = {}) {
      return version(await ask(at("values", key), {}, { method: "DELETE", headers: condition({ ifVersion }) }));
    },

    // Adds to the number under the key, which counts as 0 when it is missing, and returns { value, version }.
    async increment(key, by = 1, { ttl } = {}) {
      return (await ask(at("increment", key), { by, ttl }, { method: "POST" })).json();
    },

    // Deletes every key with the prefix as one change, and returns its version.
    async deletePrefix(prefix) {
      if (typeof prefix !== "string" || prefix === "") {
        throw new TypeError("deletePrefix() takes a prefix that is not empty");
      }
      return version(await ask("keys", { prefix }, { method: "DELETE" }));
    },

    async count(prefix = "") {
      return (await (await ask("count", { prefix })).json()).count;
    },

    // Yields { version, key, type } for each change after a version, as it happens, until the loop is left.
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
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
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

// encodeURIComponent would throw a bare URIError for half a character.
function name(key) {
  if (typeof key !== "string" || key === "" || key === "." || key === ".." || encoder.encode(key).length > 512) {
    throw new TypeError(`a key is 1 to 512 bytes of text other than . and .., not ${JSON.stringify(key)}`);
  }
  return encodeURIComponent(key.toWellFormed?.() ?? key);
}

const option = (header, value) => (value === undefined ? {} : { [header]: String(value) });

function condition({ ifVersion, ifAbsent }) {
  return { ...(ifVersion === undefined ? {} : { "If-Match": `"${ifVersion}"` }), ...(ifAbsent ? { "If-None-Match": "*" } : {}) };
}

const version = (response) => Number(response.headers.get("Selvedge-Version"));

// A Worker's headers are text of one byte a character, so everything else goes as escapes of JSON.
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
      throw new TypeError(`type is text, json, arrayBuffer or stream, not ${type}`);
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
