// unstorage with its driver cloudflare-kv-http.

import assert from "node:assert/strict";
import { createStorage } from "unstorage";
import driver from "unstorage/drivers/cloudflare-kv-http";
import { ACCOUNT, ODD_KEYS, TOKEN, URL, everyByte, inByteOrder, newNamespace } from "./server.mjs";

async function newDriver(options = {}) {
  return driver({
    accountId: ACCOUNT,
    namespaceId: await newNamespace("unstorage"),
    apiToken: TOKEN,
    apiURL: URL,
    ...options,
  });
}

async function newStorage(options) {
  return createStorage({ driver: await newDriver(options) });
}

async function keysIn(namespaceId) {
  const path = `/client/v4/accounts/${ACCOUNT}/storage/kv/namespaces/${namespaceId}/keys`;
  const response = await fetch(URL + path, { headers: { authorization: `Bearer ${TOKEN}` } });
  return (await response.json()).result;
}

export async function setsGetsAndRemoves() {
  const storage = await newStorage();
  await storage.setItem("text", "hello, ✂");
  await storage.setItem("object", { a: [1, null, "✂"] });
  await storage.setItem("empty", "");
  await storage.setItem("false", false);
  assert.equal(await storage.getItem("text"), "hello, ✂");
  assert.deepEqual(await storage.getItem("object"), { a: [1, null, "✂"] });
  assert.equal(await storage.getItem("empty"), "");
  assert.equal(await storage.getItem("false"), false);

  await storage.removeItem("text");
  await storage.removeItem("text");
  assert.equal(await storage.getItem("text"), null);
}

export async function tellsWhetherAKeyIsThere() {
  const storage = await newStorage();
  assert.equal(await storage.hasItem("k"), false);
  await storage.setItem("k", "v");
  assert.equal(await storage.hasItem("k"), true);
  await storage.removeItem("k");
  assert.equal(await storage.hasItem("k"), false);
}

export async function keepsBytesAsTheyAre() {
  const storage = await newStorage();
  const bytes = everyByte();
  await storage.setItemRaw("bytes", bytes);
  assert.equal(Buffer.compare(await storage.getItemRaw("bytes"), bytes), 0);
}

export async function keepsMetaBesideTheValue() {
  const storage = await newStorage();
  await storage.setItem("k", "v");
  assert.deepEqual({ ...(await storage.getMeta("k")) }, {});
  await storage.setMeta("k", { mtime: new Date(0), owner: "me" });
  assert.deepEqual({ ...(await storage.getMeta("k")) }, { mtime: new Date(0), owner: "me" });
  assert.deepEqual(await storage.getKeys(), ["k"]);
  await storage.removeItem("k", { removeMeta: true });
  assert.deepEqual({ ...(await storage.getMeta("k")) }, {});
}

export async function listsTheKeysBelowABase() {
  const storage = await newStorage();
  for (const key of ["a:1", "a:2:x", "ab", "b:1"]) {
    await storage.setItem(key, key);
  }
  assert.deepEqual(await storage.getKeys(), ["a:1", "a:2:x", "ab", "b:1"]);
  assert.deepEqual(await storage.getKeys("a"), ["a:1", "a:2:x"]);
  assert.deepEqual(await storage.getKeys("none"), []);
}

export async function staysInsideItsOwnBase() {
  const namespaceId = await newNamespace("unstorage");
  const inside = await newStorage({ namespaceId, base: "app" });
  const whole = await newStorage({ namespaceId });
  await inside.setItem("k", "inside");
  await whole.setItem("k", "outside");
  assert.equal(await whole.getItem("app:k"), "inside");
  assert.deepEqual(await inside.getKeys(), ["k"]);

  await inside.clear();
  assert.deepEqual(await whole.getKeys(), ["k"]);
}

export async function clearsMoreKeysThanAPageHolds() {
  const one = await newDriver();
  const storage = createStorage({ driver: one });
  const names = Array.from({ length: 1100 }, (_, i) => `many:${i}`);
  for (let i = 0; i < names.length; i += 50) {
    await Promise.all(names.slice(i, i + 50).map((name) => storage.setItem(name, "v")));
  }
  await storage.setItem("other", "v");
  assert.deepEqual(await one.getKeys(""), inByteOrder([...names, "other"]));
  assert.deepEqual(await storage.getKeys("many"), inByteOrder(names));

  await one.clear("many");
  assert.deepEqual(await storage.getKeys(), ["other"]);
  await storage.clear();
  await storage.clear();
  assert.deepEqual(await storage.getKeys(), []);
}

export async function givesItemsATimeToLive() {
  const namespaceId = await newNamespace("unstorage");
  const storage = await newStorage({ namespaceId });
  const before = Math.floor(Date.now() / 1000);
  await storage.setItem("long", "v", { ttl: 3600 });
  await storage.setItem("short", "v", { ttl: 1 });
  await storage.setItem("whole", "v");
  const after = Math.ceil(Date.now() / 1000);

  const [long, short, whole] = await keysIn(namespaceId);
  assert.ok(long.expiration >= before + 3600 && long.expiration <= after + 3600, JSON.stringify(long));
  assert.ok(short.expiration >= before + 60 && short.expiration <= after + 60, JSON.stringify(short));
  assert.deepEqual(whole, { name: "whole" });
}

export async function carriesEveryOddKey() {
  const one = await newDriver();
  for (const key of ODD_KEYS) {
    await one.setItem(key, `value of ${key}`, {});
  }
  for (const key of ODD_KEYS) {
    assert.equal(await one.getItem(key), `value of ${key}`);
    assert.equal(await one.hasItem(key), true);
  }
  assert.deepEqual(await one.getKeys(""), inByteOrder(ODD_KEYS));
  for (const key of ODD_KEYS) {
    await one.removeItem(key);
    assert.equal(await one.hasItem(key), false);
  }
  assert.deepEqual(await one.getKeys(""), []);
}
