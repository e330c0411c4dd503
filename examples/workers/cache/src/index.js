// A cache in front of a slow origin. A fresh answer comes from KV. A stale answer comes from KV too, while a new one is
// fetched in the background. Only the first visitor waits.

const KEPT_SECONDS = 86_400;

export default {
  async fetch(request, env, context) {
    const key = `page:${new URL(request.url).pathname}`;
    const { value, metadata } = await env.CACHE.getWithMetadata(key);
    if (value === null) {
      return answer(await load(key, env), "miss", 0);
    }
    const age = Date.now() - metadata.loaded;
    if (age > env.FRESH_MILLIS) {
      context.waitUntil(load(key, env));
      return answer(value, "stale", age);
    }
    return answer(value, "fresh", age);
  },
};

async function load(key, env) {
  const page = await slowOrigin(key, env.ORIGIN_MILLIS);
  await env.CACHE.put(key, page, { expirationTtl: KEPT_SECONDS, metadata: { loaded: Date.now() } });
  return page;
}

// Takes the place of an origin; your Worker calls fetch() here.
async function slowOrigin(key, millis) {
  await scheduler.wait(millis);
  return `${key} as of ${new Date().toISOString()}\n`;
}

const answer = (page, status, age) => new Response(page, { headers: { "X-Cache": status, Age: String(Math.floor(age / 1000)) } });
