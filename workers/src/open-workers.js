const LIMIT_DEFAULT = 1000;
const PAGE_KEYS_MAX = 1000;

// The interface of OpenWorkers' KV on a namespace of Workers KV.
export function openWorkers(kv) {
  if (typeof kv?.get !== "function" || typeof kv?.list !== "function") {
    throw new TypeError("openWorkers() takes a KV namespace, such as env.KV");
  }
  return {
    get: (key) => kv.get(key, "text"),
    put: (key, value, options = {}) => kv.put(key, value, lifetime(options)),
    delete: (key) => kv.delete(key),
    list: (options = {}) => names(kv, options),
  };
}

function lifetime({ expiresIn }) {
  if (expiresIn === undefined || expiresIn === null) {
    return {};
  }
  if (!Number.isFinite(expiresIn) || expiresIn <= 0) {
    throw new TypeError(`expiresIn is a number of seconds greater than 0, not ${expiresIn}`);
  }
  return { expirationTtl: Math.ceil(expiresIn) };
}

async function names(kv, { prefix, limit = LIMIT_DEFAULT }) {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new TypeError(`limit is a whole number greater than 0, not ${limit}`);
  }
  const found = [];
  let page = { list_complete: false, cursor: undefined };
  while (!page.list_complete && found.length < limit) {
    page = await kv.list({ prefix, cursor: page.cursor, limit: Math.min(limit - found.length, PAGE_KEYS_MAX) });
    found.push(...page.keys.map(({ name }) => name));
  }
  return found;
}
