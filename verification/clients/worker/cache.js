// Uses the Cache API and says which rule does not hold.

const url = (name) => `https://cache.example/${name}`;

async function put(name, body, headers, init = {}, cache = caches.default, requestHeaders = {}) {
  await cache.put(new Request(url(name), { headers: requestHeaders }), new Response(body, { headers, ...init }));
}

async function get(name, headers = {}, cache = caches.default) {
  return await cache.match(new Request(url(name), { headers }));
}

const text = async (name, headers, cache) => await (await get(name, headers, cache))?.text();

function check(rule, actual, expected) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${rule}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
}

async function rules() {
  check("a miss", await text("nothing"), undefined);
  await put("plain", "body", { "Cache-Control": "max-age=60", "X-Own": "x" }, { status: 404 });
  const found = await get("plain");
  check("status and headers", [found.status, found.headers.get("X-Own"), found.headers.get("CF-Cache-Status"), found.headers.get("Age")], [404, "x", "HIT", "0"]);
  check("the body", await found.text(), "body");
  await put("plain", "newer", { "Cache-Control": "max-age=60" });
  check("a newer response", await text("plain"), "newer");
  check("deletions", [await caches.default.delete(url("plain")), await caches.default.delete(url("plain"))], [true, false]);
  check("a deleted response", await text("plain"), undefined);
  check("the query", [await put("q?a=1", "1", {}), await text("q?a=1"), await text("q?a=2")], [undefined, "1", undefined]);

  const own = await caches.open("own");
  await put("named", "own", { "Cache-Control": "max-age=60" }, {}, own);
  check("caches with names", [await text("named"), await text("named", {}, own), await text("named", {}, await caches.open("other"))], [undefined, "own", undefined]);

  await notStored();
  await variants();
  await conditions();
  await bodies();
}

async function notStored() {
  const refused = {
    "no-store": { "Cache-Control": "no-store" },
    private: { "Cache-Control": "private, max-age=60" },
    "no-cache": { "Cache-Control": "no-cache" },
    "max-age=0": { "Cache-Control": "max-age=0" },
    "s-maxage=0": { "Cache-Control": "s-maxage=0, max-age=60" },
    "Expires in the past": { Expires: "Thu, 01 Jan 1970 00:00:00 GMT" },
    "Set-Cookie": { "Cache-Control": "max-age=60", "Set-Cookie": "a=b" },
    "an Age over the lifetime": { "Cache-Control": "max-age=60", Age: "61" },
  };
  for (const [rule, headers] of Object.entries(refused)) {
    await put("refused", "x", headers);
    check(rule, await text("refused"), undefined);
  }
  await put("cookie", "x", { "Cache-Control": "private=set-cookie, max-age=60", "Set-Cookie": "a=b" });
  const cookie = await get("cookie");
  check("private=set-cookie", [await cookie?.text(), cookie?.headers.get("Set-Cookie")], ["x", null]);
  await put("by-expires", "x", { Date: "Thu, 01 Jan 1970 00:00:00 GMT", Expires: "Thu, 01 Jan 1970 01:00:00 GMT" });
  check("Expires against Date", await text("by-expires"), "x");
  await put("no-rule", "x", {}, { status: 500 });
  check("a failure without a lifetime", await text("no-rule"), undefined);
  const secret = { Authorization: "Bearer x" };
  await put("authorized", "x", { "Cache-Control": "max-age=60" }, {}, caches.default, secret);
  check("Authorization", await text("authorized", secret), undefined);
  await put("authorized", "x", { "Cache-Control": "public, max-age=60" }, {}, caches.default, secret);
  check("Authorization and public", await text("authorized"), "x");
}

async function variants() {
  const headers = { "Cache-Control": "max-age=60", Vary: "Accept-Language" };
  await put("vary", "german", headers, {}, caches.default, { "Accept-Language": "de" });
  await put("vary", "french", headers, {}, caches.default, { "Accept-Language": "fr" });
  check("Vary", [
    await text("vary", { "Accept-Language": "de" }), await text("vary", { "Accept-Language": "fr" }), await text("vary"),
  ], ["german", "french", undefined]);
  check("deletion of all variants", [await caches.default.delete(url("vary")), await text("vary", { "Accept-Language": "de" })], [true, undefined]);
}

async function conditions() {
  await put("etag", "0123456789", { "Cache-Control": "max-age=60", ETag: "\"v1\"", "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT" });
  const status = async (headers) => (await get("etag", headers))?.status;
  check("If-None-Match", [await status({ "If-None-Match": "\"v0\", W/\"v1\"" }), await status({ "If-None-Match": "\"v0\"" })], [304, 200]);
  check("If-Modified-Since", [
    await status({ "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT" }), await status({ "If-Modified-Since": "Wed, 31 Dec 2025 00:00:00 GMT" }),
  ], [304, 200]);
  const part = await get("etag", { Range: "bytes=2-4" });
  check("Range", [part.status, part.headers.get("Content-Range"), await part.text()], [206, "bytes 2-4/10", "234"]);
  check("a suffix", await text("etag", { Range: "bytes=-3" }), "789");
  check("a range past the end", await status({ Range: "bytes=10-" }), 416);
}

async function bodies() {
  const long = "text that is well compressed ".repeat(1000);
  await put("gzip", long, { "Cache-Control": "max-age=60", "Content-Encoding": "gzip" });
  const gzip = await get("gzip");
  check("Content-Encoding", [gzip.headers.get("Content-Encoding"), await gzip.text() === long], ["gzip", true]);
  const { readable, writable } = new TransformStream();
  const stored = put("stream", readable, { "Cache-Control": "max-age=60" });
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode("in "));
  await writer.write(new TextEncoder().encode("pieces"));
  await writer.close();
  await stored;
  check("a stream", await text("stream"), "in pieces");
  await put("redirect", null, { Location: "/elsewhere" }, { status: 301 });
  const redirect = await get("redirect");
  check("a redirect", [redirect?.status, redirect?.headers.get("Location")], [301, "/elsewhere"]);
}

async function many() {
  const body = new Uint8Array(8 * 1024 * 1024);
  for (let i = 0; i < 12; i++) {
    await put(`many/${i}`, body, { "Cache-Control": "max-age=60" });
  }
  check("the oldest of many", await text("many/0"), undefined);
  check("the newest of many", (await (await get("many/11")).arrayBuffer()).byteLength, body.byteLength);
  await put("large", new Uint8Array(17 * 1024 * 1024), { "Cache-Control": "max-age=60" });
  check("a large response", await text("large"), undefined);
  return "bounded";
}

async function answer(path) {
  switch (path) {
    case "/rules":
      await rules();
      return "all rules hold";
    case "/many":
      return await many();
    case "/put-short":
      await put("short", "short", { "Cache-Control": "s-maxage=2, max-age=60" });
      return (await text("short")) === "short" ? "stored" : "not stored";
    default:
      return (await text("short")) ?? "nothing";
  }
}

export default {
  async fetch(request) {
    try {
      return new Response(await answer(new URL(request.url).pathname));
    } catch (e) {
      return new Response(String(e.stack ?? e), { status: 500 });
    }
  },
};
