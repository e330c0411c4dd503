// The operations that Workers KV does not have, over a service binding to a Selvedge server.

// A service binding requires a URL, and ignores its host.
const SERVER = "http://selvedge/v1/";
const encoder = new TextEncoder();

// The number of epochs that are kept for a server, the newest ones.
const EPOCHS_KEPT = 16;

const RETRY_LEAST_MILLIS = 250;
const RETRY_MOST_MILLIS = 4000;

// The heartbeats that a feed may miss before the watch connects again, and the interval of servers that do not send it.
const HEARTBEATS_MISSED = 3;
const HEARTBEAT_SECONDS = 5;

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

// The epochs of the versions that were seen of a server. The server refuses a version of an epoch that a promotion or a
// restore has ended, if it was lost, and must not take it for another one.
class Epochs {
  static #all = new WeakMap();

  // The oldest and the newest version that was seen of each epoch, in the order of the newest ones.
  #known = [];

  static of(binding) {
    const epochs = Epochs.#all.get(binding) ?? new Epochs();
    Epochs.#all.set(binding, epochs);
    return epochs;
  }

  // Records that a version belongs to an epoch.
  seen(version, epoch) {
    const same = this.#known.find((each) => each.epoch === epoch);
    if (same === undefined) {
      this.#known.push({ epoch, oldest: version, newest: version, refused: false });
    } else {
      same.oldest = Math.min(same.oldest, version);
      same.newest = Math.max(same.newest, version);
    }
    this.#known = this.#known.sort((one, other) => one.newest - other.newest).slice(-EPOCHS_KEPT);
  }

  // Returns the epoch of a version; undefined for 0 and for a version that is newer than all that were seen. A version
  // before the oldest one of an epoch may be of an earlier epoch, which matters if the server does not have that epoch.
  epochOf(version) {
    return version > 0
      ? this.#known.find((each) => version <= each.newest && !(each.refused && version < each.oldest))?.epoch
      : undefined;
  }

  // Records that the server has no version of an epoch.
  refused(epoch) {
    const same = this.#known.find((each) => each.epoch === epoch);
    if (same !== undefined) {
      same.refused = true;
    }
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
  const epochs = Epochs.of(binding);
  const epoch = (version) => (version === undefined ? {} : option("Selvedge-Epoch", epochs.epochOf(version)));

  // Makes a change. A condition with a version that was lost in a promotion or a restore does not hold.
  async function change(method, key, query, { ifVersion, ifAbsent }, init = {}) {
    const headers = { ...init.headers, ...condition({ ifVersion, ifAbsent }), ...epoch(ifVersion) };
    try {
      return version(await request(at("values", key), query, { ...init, method, headers }));
    } catch (failure) {
      if (failure.code !== "lineage-changed") {
        throw failure;
      }
      const strong = { headers: { "Selvedge-Consistency": "strong" } };
      const current = await send(binding, `${base}/${at("values", key)}`, {}, strong, [404]);
      await current.body?.cancel();
      throw new ConflictError(412, failure.code, failure.message, current.status === 404 ? 0 : version(current));
    }
  }

  return {
    // Returns the entry as { value, metadata, version, age }, or null. The answer includes the version atLeast and is at
    // most maxAge milliseconds old.
    async get(key, { type = "text", atLeast, maxAge } = {}) {
      const headers = {
        ...option("Selvedge-At-Least", atLeast),
        ...epoch(atLeast),
        ...option("Selvedge-Max-Age", maxAge),
      };
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
      const headers = newMetadata === undefined ? {} : { "CF-KV-Metadata": ascii(JSON.stringify(newMetadata)) };
      return change("PUT", key, { ttl }, { ifVersion, ifAbsent }, { headers, body: value });
    },

    // Deletes the entry, if there is one, and returns the version of the change.
    async delete(key, { ifVersion } = {}) {
      return change("DELETE", key, {}, { ifVersion });
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
    // Connects again when the connection is lost, without a gap. Throws a SelvedgeError with status 410 if the server
    // does not have the changes any more, or if a promotion or a restore has lost some that the watch has passed.
    async *watch({ prefix, after } = {}) {
      const reached = { after, epoch: after === undefined ? undefined : epochs.epochOf(after), opening: undefined };
      let connected = false;
      let wait = RETRY_LEAST_MILLIS;
      while (true) {
        const connection = new AbortController();
        try {
          const headers = { Accept: "application/x-ndjson", ...option("Selvedge-Openings", reached.opening) };
          const query = { namespace, prefix, after: reached.after, epoch: reached.epoch };
          const response = await within(
            HEARTBEATS_MISSED * HEARTBEAT_SECONDS,
            send(binding, "feed", query, { signal: connection.signal, headers }),
          );
          connected = true;
          for await (const event of events(response)) {
            wait = RETRY_LEAST_MILLIS;
            reached.after = event.version ?? event.heartbeat ?? reached.after;
            if (event.epoch !== undefined) {
              Object.assign(reached, { epoch: String(event.epoch), opening: event.opening });
            }
            if (event.key !== undefined || event.prefix !== undefined) {
              if (reached.epoch !== undefined) {
                epochs.seen(event.version, reached.epoch);
              }
              yield event;
            }
          }
        } catch (failure) {
          if (!connected || !isTemporary(failure)) {
            throw failure;
          }
        } finally {
          connection.abort();
        }
        await pause(wait);
        wait = Math.min(2 * wait, RETRY_MOST_MILLIS);
      }
    },
  };
}

async function send(binding, path, query, init = {}, expected = []) {
  const present = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = present.length === 0 ? "" : `?${new URLSearchParams(present)}`;
  const response = await binding.fetch(`${SERVER}${path}${search}`, init);
  const epochs = Epochs.of(binding);
  const epoch = response.headers.get("Selvedge-Epoch");
  const version = Number(response.headers.get(init.method === undefined ? "Selvedge-As-Of" : "Selvedge-Version"));
  if (response.ok && epoch !== null && version > 0) {
    epochs.seen(version, epoch);
  }
  if (response.ok || expected.includes(response.status)) {
    return response;
  }
  const { code, message } = await problem(response);
  if (code === "conflict") {
    throw new ConflictError(412, code, message, Number(response.headers.get("Selvedge-Version") ?? 0));
  }
  if (code === "lineage-changed" && Number(response.headers.get("Selvedge-Agreed")) === 0) {
    epochs.refused(query.epoch ?? init.headers?.["Selvedge-Epoch"]);
  }
  throw new SelvedgeError(response.status, code, message);
}

async function problem(response) {
  const text = await response.text();
  try {
    const { code, message } = JSON.parse(text).error;
    if (code !== undefined) {
      return { code, message };
    }
  } catch {
    // A proxy has answered, for example.
  }
  return { code: "unexpected", message: `the server answered ${response.status}: ${text.slice(0, 200)}` };
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

// Yields the events of a feed until the server ends it. Fails if the connection breaks or is silent for too long.
async function* events(response) {
  const interval = Number(response.headers.get("Selvedge-Heartbeat-Seconds") ?? HEARTBEAT_SECONDS);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    while (true) {
      const { done, value } = await within(HEARTBEATS_MISSED * interval, reader.read());
      if (done) {
        return;
      }
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const event of lines.filter((line) => line !== "").map((line) => parsed(response, line))) {
        if (event.error !== undefined) {
          return;
        }
        yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

// A broken connection leaves no whole line that is not JSON.
function parsed(response, line) {
  try {
    return JSON.parse(line);
  } catch {
    throw new SelvedgeError(response.status, "unexpected", `the answer is not a feed: ${line.slice(0, 200)}`);
  }
}

// A server that is away, busy or behind may answer later. Other refusals stay.
const isTemporary = (failure) =>
  !(failure instanceof SelvedgeError) || failure.status === 429 || failure.status >= 500;

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function within(seconds, promise) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing has arrived for ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
