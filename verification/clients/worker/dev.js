// A Worker for wrangler dev: its namespaces by path, and the two interfaces of @selvedge/workers.

import { ConflictError, openWorkers, selvedge } from "@selvedge/workers";

export default {
  async fetch(request, env) {
    const [, what, key] = new URL(request.url).pathname.split("/");
    try {
      switch (what) {
        case "kv":
          return await entry(env.KV, request, decodeURIComponent(key));
        case "preview":
          return await entry(env.PREVIEW, request, decodeURIComponent(key));
        case "open-workers":
          return new Response(await tryOpenWorkers(openWorkers(env.KV), env.KV));
        default:
          return new Response(await trySelvedge(selvedge(env.SELVEDGE, { namespace: env.NAMESPACE }), env.KV));
      }
    } catch (failure) {
      return new Response(failure.stack, { status: 500 });
    }
  },
};

async function entry(kv, request, key) {
  if (request.method === "PUT") {
    await kv.put(key, await request.text());
    return new Response("stored");
  }
  return new Response(await kv.get(key));
}

function equal(actual, expected) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
}

async function rejected(promise, type) {
  const failure = await promise.then(() => undefined, (error) => error);
  if (!(failure instanceof type)) {
    throw new Error(`${failure} is no ${type.name}`);
  }
  return failure;
}

async function tryOpenWorkers(kv, plain) {
  await kv.put("ow/a", "1", { expiresIn: 120 });
  await kv.put("ow/b", "2");
  equal(await kv.get("ow/a"), "1");
  equal(await kv.get("ow/none"), null);
  equal(await kv.list({ prefix: "ow/" }), ["ow/a", "ow/b"]);
  equal(await kv.list({ prefix: "ow/", limit: 1 }), ["ow/a"]);
  equal((await plain.list({ prefix: "ow/" })).keys.map((each) => "expiration" in each), [true, false]);
  await kv.put("ow/a", "3");
  equal((await plain.list({ prefix: "ow/" })).keys.map((each) => "expiration" in each), [false, false]);
  await kv.delete("ow/a");
  equal(await kv.get("ow/a"), null);
  await kv.put("ow/short", "1", { expiresIn: 1 });
  await rejected((async () => kv.put("ow/a", "1", { expiresIn: 0 }))(), TypeError);
  await rejected((async () => kv.put("ow/a", "1", { expiresIn: "soon" }))(), TypeError);
  await rejected(kv.list({ limit: 0 }), TypeError);
  return "ok";
}

async function trySelvedge(kv, plain) {
  const key = "s/é ?/+";
  await plain.delete(key);
  const first = await kv.put(key, "1", { ifAbsent: true, metadata: { who: "é😀" }, ttl: 30 });
  equal(await kv.get(key), { value: "1", metadata: { who: "é😀" }, version: first, age: 0 });
  equal((await plain.getWithMetadata(key)).metadata, { who: "é😀" });
  equal((await rejected(kv.put(key, "2", { ifAbsent: true }), ConflictError)).version, first);
  const second = await kv.put(key, "2", { ifVersion: first });
  equal((await rejected(kv.put(key, "3", { ifVersion: first }), ConflictError)).version, second);
  equal((await kv.get(key, { type: "json", atLeast: second })).value, 2);
  await rejected(kv.delete(key, { ifVersion: first }), ConflictError);
  await kv.delete(key, { ifVersion: second });
  equal(await kv.get(key), null);
  await kv.deletePrefix("counter/");
  const sums = await Promise.all(Array.from({ length: 20 }, () => kv.increment("counter/a", 2)));
  equal(sums.map(({ value }) => value).sort((a, b) => a - b), Array.from({ length: 20 }, (_, i) => 2 * i + 2));
  equal(await kv.count("counter/"), 1);
  await kv.deletePrefix("counter/");
  equal(await kv.count("counter/"), 0);
  const before = await kv.put("watched/0", "0");
  await kv.put("watched/1", "1");
  const seen = [];
  for await (const change of kv.watch({ prefix: "watched/", after: before })) {
    seen.push(`${change.type} ${change.key ?? change.prefix}`);
    if (seen.length === 3) {
      break;
    }
    await (seen.length === 1 ? kv.delete("watched/1") : kv.deletePrefix("watched/"));
  }
  await kv.put("watched/2", "2");
  equal(seen, ["put watched/1", "delete watched/1", "clear watched/"]);
  await rejected(kv.get(""), TypeError);
  await rejected((async () => kv.deletePrefix(""))(), TypeError);
  return "ok";
}
