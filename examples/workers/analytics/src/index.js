// Views of pages by day: GET /hit?page=P counts one, GET /report?day=2026-01-31 adds them up.
// Each view is an entry of its own, so that concurrent visitors lose no count.

const KEPT_SECONDS = 90 * 86_400;

export default {
  async fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    const day = searchParams.get("day") ?? new Date().toISOString().slice(0, 10);
    if (pathname === "/hit") {
      const page = (searchParams.get("page") ?? "/").slice(0, 200);
      const key = `view:${day}:${crypto.randomUUID()}`;
      context.waitUntil(env.VIEWS.put(key, "", { expirationTtl: KEPT_SECONDS, metadata: { page } }));
      return new Response(null, { status: 204 });
    }
    if (pathname === "/report") {
      return Response.json({ day, views: await report(env.VIEWS, day) });
    }
    return new Response("use GET /hit?page=P or GET /report?day=D\n", { status: 404 });
  },
};

async function report(kv, day) {
  const views = {};
  let page = { list_complete: false };
  while (!page.list_complete) {
    page = await kv.list({ prefix: `view:${day}:`, cursor: page.cursor });
    for (const { metadata } of page.keys) {
      views[metadata.page] = (views[metadata.page] ?? 0) + 1;
    }
  }
  return views;
}
