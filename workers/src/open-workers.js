const LIMIT_DEFAULT = 1000;
const PAGE_KEYS_MAX = 1000;

// Returns the KV interface of OpenWorkers on a namespace of Workers KV.
export function openWorkers(kv) {
  if (typeof kv?.get !== "function" || typeof kv?.list !== "function") {
    throw new TypeError("the argument of openWorkers() must be a KV namespace, such as env.KV");
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
    throw new TypeError(`expiresIn must be a number of seconds greater than 0, got ${expiresIn}`);
  }
  return { expirationTtl: Math.ceil(expiresIn) };
}

async function names(kv, { prefix, limit = LIMIT_DEFAULT }) {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new TypeError(`limit must be an integer greater than 0, got ${limit}`);
  }
  const found = [];
  let page = { list_complete: false, cursor: undefined };
  while (!page.list_complete && found.length < limit) {
    page = await kv.list({ prefix, cursor: page.cursor, limit: Math.min(limit - found.length, PAGE_KEYS_MAX) });
    found.push(...page.keys.map(({ name }) => name));
  }
  return found;
}
