// Events by time, newest first: POST / appends one, GET /?limit=N&cursor=C lists them.

const LAST_MILLIS = 9_999_999_999_999;
const KEPT_SECONDS = 30 * 86_400;

export default {
  async fetch(request, env) {
    return request.method === "POST" ? append(request, env.EVENTS) : list(new URL(request.url).searchParams, env.EVENTS);
  },
};

// Keys are listed in ascending order, so the key counts time backwards. A small event is stored as metadata, because a
// listing returns metadata but no values.
async function append(request, kv) {
  const text = await request.text();
  const at = Date.now();
  const key = `event:${String(LAST_MILLIS - at).padStart(13, "0")}:${crypto.randomUUID()}`;
  const small = new TextEncoder().encode(text).length < 500;
  await kv.put(key, text, { expirationTtl: KEPT_SECONDS, metadata: small ? { at, text } : { at } });
  return Response.json({ key }, { status: 201 });
}

async function list(parameters, kv) {
  const limit = Math.min(1000, Math.max(1, Number(parameters.get("limit")) || 50));
  const page = await kv.list({ prefix: "event:", limit, cursor: parameters.get("cursor") });
  const events = await Promise.all(page.keys.map(async ({ name, metadata }) => (
    { at: new Date(metadata.at).toISOString(), text: metadata.text ?? (await kv.get(name)) })));
  return Response.json({ events, cursor: page.cursor });
}
