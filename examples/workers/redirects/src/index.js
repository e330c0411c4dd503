// Redirects that can be changed at any time, with two targets for an A/B test: PUT /PATH {"a","b"?,"share"?}, GET /PATH.
// Written in the older syntax, in which bindings are globals.

addEventListener("fetch", (event) => event.respondWith(answer(event.request)));

async function answer(request) {
  const { pathname, search } = new URL(request.url);
  if (request.method === "PUT") {
    return define(pathname, await request.json().catch(() => ({})));
  }
  const rule = await RULES.get(`rule:${pathname}`, "json");
  if (rule === null) {
    return new Response("no rule for this path\n", { status: 404 });
  }
  const variant = variantOf(request, rule);
  return new Response(null, {
    status: 302,
    headers: {
      Location: rule[variant] + search,
      "Set-Cookie": `variant=${variant}; Path=${pathname}; Max-Age=2592000; SameSite=Lax`,
      "Cache-Control": "no-store",
    },
  });
}

async function define(pathname, { a, b = a, share = 50 }) {
  if (![a, b].every((target) => typeof target === "string" && URL.canParse(target)) || !(share >= 0 && share <= 100)) {
    return new Response("send {\"a\": URL, \"b\": URL, \"share\": percent of b}\n", { status: 400 });
  }
  await RULES.put(`rule:${pathname}`, JSON.stringify({ a, b, share }));
  return new Response("defined\n");
}

// A visitor who was sent to one target is sent there again.
function variantOf(request, { share }) {
  const [, before] = /(?:^|;\s*)variant=([ab])(?:;|$)/.exec(request.headers.get("Cookie") ?? "") ?? [];
  return before ?? (Math.random() * 100 < share ? "b" : "a");
}
