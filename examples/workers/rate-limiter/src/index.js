// Allows a number of requests per client in each time window. Get and put are two steps, so concurrent requests can pass
// together, as on Workers KV everywhere. increment() of @selvedge/workers counts exactly.

export default {
  async fetch(request, env) {
    const client = request.headers.get("X-Client") ?? "anonymous";
    const window = Math.floor(Date.now() / 1000 / env.WINDOW_SECONDS);
    const key = `limit:${encodeURIComponent(client)}:${window}`;
    const used = Number(await env.LIMITS.get(key)) || 0;
    const reset = (window + 1) * env.WINDOW_SECONDS - Math.floor(Date.now() / 1000);
    const headers = {
      "X-RateLimit-Limit": String(env.LIMIT),
      "X-RateLimit-Remaining": String(Math.max(0, env.LIMIT - used - 1)),
      "X-RateLimit-Reset": String(reset),
    };
    if (used >= env.LIMIT) {
      return new Response("too many requests\n", { status: 429, headers: { ...headers, "Retry-After": String(reset) } });
    }
    await env.LIMITS.put(key, String(used + 1), { expirationTtl: Math.max(60, 2 * env.WINDOW_SECONDS) });
    return new Response("ok\n", { headers });
  },
};
