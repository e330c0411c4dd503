// Login with a cookie: POST /login {"user"}, GET /me, POST /logout.

const LIFETIME_SECONDS = 3600;
// A session is written again only after this part of its lifetime, not at each request.
const RENEW_SECONDS = 600;

export default {
  async fetch(request, env) {
    const route = `${request.method} ${new URL(request.url).pathname}`;
    switch (route) {
      case "POST /login":
        return login(request, env.SESSIONS);
      case "GET /me":
        return me(request, env.SESSIONS);
      case "POST /logout":
        return logout(request, env.SESSIONS);
      default:
        return new Response("use POST /login, GET /me or POST /logout\n", { status: 404 });
    }
  },
};

async function login(request, kv) {
  const { user } = await request.json().catch(() => ({}));
  if (typeof user !== "string" || user === "") {
    return new Response("send {\"user\": \"your name\"}\n", { status: 400 });
  }
  const id = crypto.randomUUID();
  await store(kv, id, { user, since: Date.now() });
  return new Response(`welcome, ${user}\n`, { headers: { "Set-Cookie": cookie(id, LIFETIME_SECONDS) } });
}

async function me(request, kv) {
  const id = idOf(request);
  const { value: session, metadata } = await find(kv, id);
  if (session === null) {
    return new Response("not logged in\n", { status: 401 });
  }
  const headers = {};
  if (Date.now() - metadata.written > RENEW_SECONDS * 1000) {
    await store(kv, id, session);
    headers["Set-Cookie"] = cookie(id, LIFETIME_SECONDS);
  }
  return Response.json(session, { headers });
}

async function logout(request, kv) {
  const id = idOf(request);
  if (id !== undefined) {
    await kv.delete(`session:${id}`);
  }
  return new Response("goodbye\n", { headers: { "Set-Cookie": cookie("", 0) } });
}

const store = (kv, id, session) => kv.put(`session:${id}`, JSON.stringify(session),
  { expirationTtl: LIFETIME_SECONDS, metadata: { written: Date.now() } });

const find = (kv, id) => (id === undefined ? { value: null } : kv.getWithMetadata(`session:${id}`, "json"));

// Accepts only ids that this Worker has created, so that a header cannot name another key.
const idOf = (request) => /(?:^|;\s*)session=([0-9a-f-]{36})(?:;|$)/.exec(request.headers.get("Cookie") ?? "")?.[1];

const cookie = (id, seconds) => `session=${id}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`;
