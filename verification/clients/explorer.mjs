// node explorer.mjs MODULES PREFIX NAMESPACE
// Asks miniflare's local explorer API and the server's for the same, and compares the answers; MODULES is where miniflare
// is, PREFIX the path of its API, NAMESPACE an empty namespace at SELVEDGE_URL. Prints how many answers were compared.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const [modules, prefix, namespace] = process.argv.slice(2);
const { Miniflare, convertV4MiniflareOptions = (options) => options } = createRequire(`${modules}/`)("miniflare");
const miniflare = new Miniflare(convertV4MiniflareOptions({
  modules: true,
  script: "export default { fetch() { return new Response(); } };",
  compatibilityDate: "2026-01-01",
  kvNamespaces: { KV: namespace },
  unsafeLocalExplorer: true,
}));
const theirs = new URL(prefix, await miniflare.ready);
const ours = new URL(prefix, process.env.SELVEDGE_URL);
let compared = 0;

async function ask(base, method, path, body, headers) {
  const response = await fetch(base + path, { method, body, headers });
  const text = await response.text();
  return { status: response.status, text, json: text.startsWith("{") ? JSON.parse(text) : undefined };
}

async function both(method, path, body, headers) {
  compared += 1;
  return [await ask(theirs, method, path, body, headers), await ask(ours, method, path, body, headers)];
}

// The same status and result. Errors are worded by each, and only one has a code that programs look at.
async function same(method, path, body, headers) {
  const [expected, found] = await both(method, `/storage/kv/namespaces/${namespace}${path}`, body, headers);
  const step = `${method} ${path}: ${found.text}`;
  assert.equal(found.status, expected.status, step);
  if (expected.json === undefined) {
    assert.equal(found.text, expected.text, step);
    return;
  }
  assert.equal(found.json.success, expected.json.success, step);
  assert.deepEqual(found.json.result, expected.json.result, step);
  assert.deepEqual(found.json.messages, expected.json.messages, step);
  assert.equal(found.json.result_info?.count, expected.json.result_info?.count, step);
  assert.equal(found.json.errors.length > 0, expected.json.errors.length > 0, step);
  if (expected.json.errors[0]?.code === 10009) {
    assert.equal(found.json.errors[0].code, 10009, step);
  }
}

async function compareDocuments() {
  const [expected, found] = (await both("GET", "")).map(({ json }) => json);
  assert.equal(found.openapi, expected.openapi);
  const ofKv = Object.entries(expected.paths).filter(([path]) => path.startsWith("/storage/kv/"));
  for (const [path, methods] of ofKv) {
    for (const [method, operation] of Object.entries(methods)) {
      const own = found.paths[path]?.[method];
      assert.equal(own?.operationId, operation.operationId, `${method} ${path}`);
      assert.deepEqual(Object.keys(own.responses), Object.keys(operation.responses));
      assert.deepEqual(own.parameters.map(({ name }) => name), operation.parameters.map(({ name }) => name));
    }
  }
  return ofKv.map(([path]) => path);
}

const paths = await compareDocuments();
const [expected, found] = await both("GET", "/storage/kv/namespaces?order=title&direction=desc");
assert.equal(found.status, expected.status);
assert.equal(expected.json.result[0].id, namespace);
assert.equal(found.json.result.filter(({ id }) => id === namespace).length, 1);
assert.equal(found.json.result_info.count, found.json.result.length);
const titles = found.json.result.map(({ title }) => title);
assert.deepEqual(titles, titles.toSorted().toReversed());

await same("GET", "/keys");
await same("PUT", "/values/plain", "a value");
await same("PUT", "/values/%2F%20%C3%A9%3F", "é\u0000");
await same("GET", "/values/plain");
await same("GET", "/values/%2F%20%C3%A9%3F");
await same("GET", "/values/none");
const form = new FormData();
form.set("value", "of a form");
form.set("metadata", '{"a":[1,null]}');
await same("PUT", "/values/form", form);
await same("GET", "/values/form");
await same("GET", "/keys");
await same("GET", "/keys?prefix=pl&limit=10");
await same("GET", "/keys?limit=many");
await same("POST", "/bulk/get", JSON.stringify({ keys: ["plain", "none"] }), { "content-type": "application/json" });
await same("POST", "/bulk/get", JSON.stringify({ keys: 7 }), { "content-type": "application/json" });
if (paths.some((path) => path.endsWith("/bulk"))) {
  const json = { "content-type": "application/json" };
  await same("PUT", "/bulk", JSON.stringify([
    { key: "b/1", value: "one", metadata: { n: 1 }, expiration: 4102444800 },
    { key: "b/2", value: "dHdv", base64: true },
  ]), json);
  await same("PUT", "/bulk", JSON.stringify([{ key: "b/3" }]), json);
  await same("GET", "/values/b%2F2");
  await same("GET", "/keys?prefix=b/");
  await same("POST", "/bulk/delete", JSON.stringify(["b/1", "b/2"]), json);
  await same("POST", "/bulk/delete", JSON.stringify({}), json);
  await same("GET", "/keys");
}
await same("DELETE", "/values/plain");
await same("DELETE", "/values/plain");
await same("GET", "/keys");
await miniflare.dispose();
console.log(`${compared} answers`);
process.exit();
