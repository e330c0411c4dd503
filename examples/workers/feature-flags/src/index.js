// Flags with allowed users and a rollout in percent: PUT /flags/NAME {"enabled","users","percent"}, GET /flags?user=U.

const encoder = new TextEncoder();

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const [, collection, name] = pathname.split("/");
    if (collection === "flags" && request.method === "PUT" && name) {
      return define(env.FLAGS, name, await request.json().catch(() => null));
    }
    if (collection === "flags" && request.method === "GET" && !name) {
      return Response.json(await all(env.FLAGS, searchParams.get("user") ?? ""));
    }
    return new Response("use PUT /flags/NAME or GET /flags?user=U\n", { status: 404 });
  },
};

// The whole flag is the metadata of its entry, so that one listing returns all flags.
async function define(kv, name, flag) {
  const { enabled = true, users = [], percent = 0 } = flag ?? {};
  if (flag === null || typeof enabled !== "boolean" || !Array.isArray(users) || !(percent >= 0 && percent <= 100)) {
    return new Response("send {\"enabled\": true, \"users\": [], \"percent\": 0 to 100}\n", { status: 400 });
  }
  await kv.put(`flag:${name}`, "", { metadata: { enabled, users, percent } });
  return new Response("defined\n");
}

async function all(kv, user) {
  const states = {};
  let page = { list_complete: false };
  while (!page.list_complete) {
    page = await kv.list({ prefix: "flag:", cursor: page.cursor });
    for (const { name, metadata } of page.keys) {
      const flag = name.slice("flag:".length);
      states[flag] = await isOn(flag, metadata, user);
    }
  }
  return states;
}

async function isOn(name, { enabled, users, percent }, user) {
  if (!enabled) {
    return false;
  }
  return users.includes(user) || (await place(name, user)) < percent / 100;
}

// Returns the position of the user between 0 and 1: constant for one flag, different for different flags. It uses 48 bits
// of the digest, because one byte would make every percentage a multiple of 0.4.
async function place(flag, user) {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${flag}\u0000${user}`));
  const view = new DataView(digest);
  return (view.getUint32(0) * 2 ** 16 + view.getUint16(4)) / 2 ** 48;
}
