// A Worker on libraries that keep things in Workers KV, bundled by wrangler.

import { OAuthProvider } from "@cloudflare/workers-oauth-provider";
import { WorkersKVStore } from "@hono-rate-limiter/cloudflare";
import nextCache from "@opennextjs/cloudflare/overrides/incremental-cache/kv-incremental-cache";
import { Hono } from "hono";
import { cache } from "hono/cache";
import { rateLimiter } from "hono-rate-limiter";

const app = new Hono();

let calls = 0;
app.get("/cached", cache({ cacheName: "pages", cacheControl: "max-age=60" }), (c) => c.text(`call ${++calls}`));

app.use("/limited", (c, next) => rateLimiter({
  windowMs: 30_000,
  limit: 2,
  keyGenerator: (of) => of.req.query("who"),
  store: new WorkersKVStore({ namespace: c.env.LIMITS }),
})(c, next));
app.get("/limited", (c) => c.text("let in"));

// What OpenNext's generated entry sets before it calls the application.
app.use("/next/:key", async (c, next) => {
  globalThis[Symbol.for("__cloudflare-context__")] = { env: c.env, ctx: c.executionCtx };
  await next();
});
app.get("/next/:key", async (c) => c.json(await nextCache.get(c.req.param("key"), "cache")));
app.put("/next/:key", async (c) => c.json(await nextCache.set(c.req.param("key"), await c.req.json(), "cache") ?? null));
app.delete("/next/:key", async (c) => c.json(await nextCache.delete(c.req.param("key")) ?? null));

app.post("/client", async (c) => c.json(await c.env.OAUTH_PROVIDER.createClient({
  redirectUris: [c.req.query("redirect")],
  clientName: "a test",
  tokenEndpointAuthMethod: "none",
})));
app.get("/authorize", async (c) => {
  const request = await c.env.OAUTH_PROVIDER.parseAuthRequest(c.req.raw);
  const { redirectTo } = await c.env.OAUTH_PROVIDER.completeAuthorization({
    request,
    userId: "ada",
    metadata: {},
    scope: request.scope,
    props: { user: "ada" },
  });
  return c.text(redirectTo);
});

// Made with the first request, because the resource is the address at which the Worker listens.
let provider;
const createProvider = (origin) => new OAuthProvider({
  apiRoute: "/api/",
  apiHandler: { fetch: (_request, _env, context) => Response.json(context.props) },
  defaultHandler: app,
  authorizeEndpoint: "/authorize",
  tokenEndpoint: "/token",
  scopesSupported: ["read", "offline_access"],
  resourceMetadata: { resource: `${origin}/api/`, authorization_servers: [origin] },
});

export default {
  fetch(request, env, context) {
    provider ??= createProvider(new URL(request.url).origin);
    return provider.fetch(request, env, context);
  },
};
