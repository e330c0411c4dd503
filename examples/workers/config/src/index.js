// Typed settings with defaults, and an endpoint for administrators that changes them: GET /, GET and PUT /admin/config/NAME.

const DEFAULTS = { greeting: "hello", itemsPerPage: 20, maintenance: false };

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/admin/config/")) {
      return admin(request, env, pathname.slice("/admin/config/".length));
    }
    const config = await read(env.CONFIG);
    return config.maintenance
      ? new Response("back soon\n", { status: 503 })
      : Response.json({ greeting: config.greeting, itemsPerPage: config.itemsPerPage });
  },
};

async function read(kv) {
  const stored = await kv.get(Object.keys(DEFAULTS).map((name) => `config:${name}`), "json");
  return Object.fromEntries(Object.entries(DEFAULTS)
    .map(([name, value]) => [name, stored.get(`config:${name}`) ?? value]));
}

async function admin(request, env, name) {
  if (request.headers.get("Authorization") !== `Bearer ${env.ADMIN_TOKEN}`) {
    return new Response("send the header Authorization: Bearer TOKEN\n", { status: 401 });
  }
  if (!Object.hasOwn(DEFAULTS, name)) {
    return new Response(`unknown setting; the settings are ${Object.keys(DEFAULTS).join(", ")}\n`, { status: 404 });
  }
  if (request.method !== "PUT") {
    return Response.json((await read(env.CONFIG))[name]);
  }
  const value = await request.json().catch(() => undefined);
  if (typeof value !== typeof DEFAULTS[name]) {
    return new Response(`${name} must be a ${typeof DEFAULTS[name]}\n`, { status: 400 });
  }
  await env.CONFIG.put(`config:${name}`, JSON.stringify(value));
  return new Response("stored\n");
}
