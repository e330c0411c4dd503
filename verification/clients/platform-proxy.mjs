// node platform-proxy.mjs MODULES PLUGIN NAMESPACE
// The namespaces of wrangler.toml in this folder from Node.js, and one by miniflare's own API; MODULES is where wrangler
// and miniflare are. Prints ok.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const [modules, plugin, namespace] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { getPlatformProxy } = require("wrangler");

const { env, dispose } = await getPlatformProxy({ configPath: "wrangler.toml" });
await env.KV.put("from node", "1", { metadata: { a: "é" } });
assert.deepEqual((await env.KV.getWithMetadata("from node")).metadata, { a: "é" });
assert.equal(await env.PREVIEW.get("which"), "preview");
assert.equal((await env.SELVEDGE.fetch("http://x/v1/nothing")).status, 404);
await dispose();

const { Miniflare, convertV4MiniflareOptions = (options) => options } = require("miniflare");
const miniflare = new Miniflare(convertV4MiniflareOptions({
  modules: true,
  script: "export default { async fetch(_, env) { return new Response(await env.KV.get('from node')); } };",
  compatibilityDate: "2026-01-01",
  unsafeBindings: [{
    name: "SELVEDGE",
    type: "selvedge",
    plugin: { package: plugin, name: "selvedge" },
    options: { url: process.env.SELVEDGE_URL, namespaces: { KV: namespace } },
  }],
}));
assert.equal(await (await miniflare.dispatchFetch("http://x/")).text(), "1");
assert.equal(await (await miniflare.getKVNamespace("KV")).get("from node"), "1");
assert.equal(await (await miniflare.getBindings()).KV.get("from node"), "1");
await assert.rejects(miniflare.getKVNamespace("UNKNOWN"), /UNKNOWN/);
await miniflare.dispose();
console.log("ok");
process.exit();
