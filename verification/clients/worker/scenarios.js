// What a Worker sees of its KV, one function a behaviour. They run inside workerd: see binding.js.

import assert from "node:assert/strict";

const MIB = 1024 * 1024;
const VALUE_BYTES_MAX = 25 * MIB;
const FAR_AWAY = 2_000_000_000;

// Every character that the runtime leaves unescaped in a path stands here, and some that it escapes.
const ODD_KEYS = [
  "-._~!*'()+&=:;,@$[]|^", "a/b", "a%2Fb", "a+b", "a b", " ", "?", "#", "?a=b#c", "%", "%zz", "\"<>\\{}`",
  "/", "//", "/a/", "a/../b", "...", "bulk/get", "bulk", "kv", "livez", "v1/feed", "client/v4/user", "\n\t\u0000\u007f",
  "é", "e\u0301", "ключ", "\uffff", "😀", "k".repeat(512), "😀".repeat(128),
];

let names = 0;
// A key of its own for each use, because all scenarios share a namespace.
const fresh = (word = "key") => `${word}-${names++}-${Math.random()}`;
const now = () => Math.floor(Date.now() / 1000);
const failing = (message) => ({ name: "Error", message });
const typeError = (message) => ({ name: "TypeError", message });

async function listAll(kv, options = {}) {
  const pages = [];
  let page = { list_complete: false, cursor: undefined };
  while (!page.list_complete) {
    page = await kv.list({ ...options, cursor: page.cursor });
    pages.push(page);
  }
  return { names: pages.flatMap((each) => each.keys.map((key) => key.name)), pages };
}

export async function getsWhatWasPutInEveryType({ KV }) {
  const key = fresh();
  await KV.put(key, '{"a":[1,"é"]}');
  assert.equal(await KV.get(key), '{"a":[1,"é"]}');
  assert.equal(await KV.get(key, "text"), '{"a":[1,"é"]}');
  assert.equal(await KV.get(key, { type: "text" }), '{"a":[1,"é"]}');
  assert.deepEqual(await KV.get(key, "json"), { a: [1, "é"] });
  assert.deepEqual(await KV.get(key, { type: "json" }), { a: [1, "é"] });
  assert.equal((await KV.get(key, "arrayBuffer")).byteLength, 14);
  assert.equal(await new Response(await KV.get(key, { type: "stream" })).text(), '{"a":[1,"é"]}');
}

export async function putsEveryTypeOfValue({ KV }) {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const values = [bytes, bytes.buffer, new DataView(bytes.buffer), new Response(bytes).body];
  for (const value of values) {
    const key = fresh();
    await KV.put(key, value);
    assert.deepEqual(new Uint8Array(await KV.get(key, "arrayBuffer")), bytes);
  }
  const view = fresh();
  await KV.put(view, bytes.subarray(3, 5));
  assert.deepEqual([...new Uint8Array(await KV.get(view, "arrayBuffer"))], [3, 4]);
  await KV.put(view, 5);
  assert.equal(await KV.get(view), "5");
  await assert.rejects(KV.put(view, {}), typeError(
    "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values."));
}

export async function anEmptyValueIsAValue({ KV }) {
  const key = fresh();
  await KV.put(key, "");
  assert.equal(await KV.get(key), "");
  assert.equal((await KV.get(key, "arrayBuffer")).byteLength, 0);
}

export async function aMissingKeyIsNull({ KV }) {
  const key = fresh();
  for (const type of ["text", "json", "arrayBuffer", "stream", "no such type"]) {
    assert.equal(await KV.get(key, type), null);
  }
  const { value, metadata } = await KV.getWithMetadata(key);
  assert.equal(value, null);
  assert.equal(metadata, null);
}

export async function anUnknownTypeIsRefusedOnceThereIsAValue({ KV }) {
  const key = fresh();
  await KV.put(key, "v");
  await assert.rejects(KV.get(key, "xml"), typeError(
    'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".'));
  await assert.rejects(KV.get(key, "json"), { name: "SyntaxError" });
}

export async function aPutReplacesValueMetadataAndExpiryTogether({ KV }) {
  const key = fresh("whole");
  await KV.put(key, "1", { metadata: { a: 1 }, expirationTtl: 3600 });
  await KV.put(key, "2");
  const { value, metadata } = await KV.getWithMetadata(key);
  assert.equal(value, "2");
  assert.equal(metadata, null);
  assert.deepEqual((await KV.list({ prefix: key })).keys, [{ name: key }]);
}

export async function metadataIsAnyJson({ KV }) {
  for (const metadata of [{ a: { b: [1, null] } }, "text", "é😀\u0001\u007f\"", 5, 0, false, true, [], "", {}]) {
    const key = fresh("meta");
    await KV.put(key, "v", { metadata });
    assert.deepEqual((await KV.getWithMetadata(key)).metadata, metadata);
    assert.deepEqual((await KV.list({ prefix: key })).keys, [{ name: key, metadata }]);
    assert.deepEqual((await KV.getWithMetadata([key])).get(key), { value: "v", metadata });
  }
  const none = fresh("meta");
  await KV.put(none, "v", { metadata: null });
  assert.deepEqual((await KV.list({ prefix: none })).keys, [{ name: none }]);
}

export async function metadataHasALimit({ KV }) {
  const key = fresh();
  await KV.put(key, "v", { metadata: "m".repeat(1022) });
  await assert.rejects(KV.put(key, "v", { metadata: "m".repeat(1023) }),
    failing("KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024."));
  await assert.rejects(KV.put(key, "v", { metadata: "é".repeat(512) }),
    failing("KV PUT failed: 413 Metadata length of 1026 exceeds limit of 1024."));
}

export async function everyLegalKeyIsTakenAsItIs({ ODD }) {
  for (const key of ODD_KEYS) {
    await ODD.put(key, `value of ${key}`);
  }
  for (const key of ODD_KEYS) {
    assert.equal(await ODD.get(key), `value of ${key}`, JSON.stringify(key));
  }
  const { names } = await listAll(ODD, { limit: 7 });
  const inByteOrder = [...ODD_KEYS].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  assert.deepEqual(names, inByteOrder);
  for (const key of ODD_KEYS) {
    const { keys } = await ODD.list({ prefix: key, limit: 1 });
    assert.equal(keys[0].name, key);
    await ODD.delete(key);
    assert.equal(await ODD.get(key), null, JSON.stringify(key));
  }
  assert.deepEqual((await ODD.list()).keys, []);
}

export async function illegalKeysAreRefused({ KV }) {
  for (const call of [(key) => KV.get(key), (key) => KV.put(key, "v"), (key) => KV.delete(key)]) {
    await assert.rejects(async () => call(""), typeError("Key name cannot be empty."));
    await assert.rejects(async () => call("."), typeError('"." is not allowed as a key name.'));
    await assert.rejects(async () => call(".."), typeError('".." is not allowed as a key name.'));
  }
  const long = "k".repeat(513);
  const text = "failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512.";
  await assert.rejects(async () => KV.get(long), failing(`KV GET ${text}`));
  await assert.rejects(async () => KV.put(long, "v"), failing(`KV PUT ${text}`));
  await assert.rejects(async () => KV.delete(long), failing(`KV DELETE ${text}`));
  await assert.rejects(KV.get([long]), failing(`KV GET_BULK ${text}`));
  await assert.rejects(KV.get([""]), failing("KV GET_BULK failed: 400 Key names must not be empty"));
  await assert.rejects(KV.get(["."]),
    failing('KV GET_BULK failed: 400 Illegal key name ".". Please use a different name.'));
  await assert.rejects(KV.list({ prefix: long }), failing(`KV GET ${text}`));
}

export async function aLoneSurrogateIsNoKey({ KV }) {
  await assert.rejects(KV.put("a\ud800", "v"), failing("KV PUT failed: 400 Could not URL-decode key name"));
  await assert.rejects(KV.get("a\ud800"), failing("KV GET failed: 400 Could not URL-decode key name"));
}

export async function expiryIsToldByListings({ KV }) {
  const key = fresh("expiry");
  await KV.put(key, "v", { expirationTtl: 60 });
  const { expiration } = (await KV.list({ prefix: key })).keys[0];
  assert.ok(Math.abs(expiration - now() - 60) <= 3, `${expiration}`);
  await KV.put(key, "v", { expiration: FAR_AWAY, metadata: 1 });
  assert.deepEqual((await KV.list({ prefix: key })).keys, [{ name: key, expiration: FAR_AWAY, metadata: 1 }]);
  await KV.put(key, "v", { expiration: FAR_AWAY, expirationTtl: 100 });
  assert.ok((await KV.list({ prefix: key })).keys[0].expiration < FAR_AWAY);
}

export async function aTimeToLiveOfASecondLastsForASecond({ KV }) {
  const key = fresh("second");
  const before = Date.now();
  await KV.put(key, "v", { expirationTtl: 1 });
  const after = Date.now();
  let value = await KV.get(key);
  while (value !== null) {
    assert.equal(value, "v");
    assert.ok(Date.now() < after + 30_000, "the entry did not expire");
    value = await KV.get(key);
  }
  assert.ok(Date.now() >= before + 1000, `it ended after ${Date.now() - before} ms`);
}

export async function impossibleExpiriesAreRefused({ KV }) {
  const key = fresh();
  const put = (options) => KV.put(key, "v", options);
  const past = now() - 10;
  for (const ttl of [0, "abc", NaN]) {
    await assert.rejects(put({ expirationTtl: ttl }),
      failing("KV PUT failed: 400 Invalid expiration_ttl of 0. Please specify integer greater than 0."));
  }
  await assert.rejects(put({ expirationTtl: -1 }),
    failing("KV PUT failed: 400 Invalid expiration_ttl of -1. Please specify integer greater than 0."));
  await assert.rejects(put({ expiration: past }), failing(`KV PUT failed: 400 Invalid expiration of ${past}. `
    + "Please specify integer greater than the current number of seconds since the UNIX epoch."));
  await assert.rejects(async () => put({ expiration: Date.now() + 60_000 }), { name: "TypeError" });
  await put({ expirationTtl: "120" });
  await put({ expirationTtl: 60.9 });
}

export async function cacheTtlIsCheckedAndNothingElse({ KV }) {
  const key = fresh();
  await KV.put(key, "v");
  assert.equal(await KV.get(key, { cacheTtl: 30 }), "v");
  assert.equal(await KV.get([key], { cacheTtl: 60 }).then((found) => found.get(key)), "v");
  for (const [given, sent] of [[29, 29], [0, 0], [-1, -1], ["abc", 0]]) {
    const text = `failed: 400 Invalid cache_ttl of ${sent}. Cache TTL must be at least 30.`;
    await assert.rejects(KV.get(key, { cacheTtl: given }), failing(`KV GET ${text}`));
  }
  await assert.rejects(KV.get([key], { cacheTtl: 10 }),
    failing("KV GET_BULK failed: 400 Invalid cache_ttl of 10. Cache TTL must be at least 30."));
}

export async function saysWhereAnAnswerCameFrom({ KV }) {
  const key = fresh();
  await KV.put(key, "v");
  await KV.get(key);
  assert.equal((await KV.getWithMetadata(key)).cacheStatus, "HIT");
  assert.equal((await KV.getWithMetadata(fresh())).cacheStatus, "MISS");
}

export async function deletesAndDoesNotMindWhatIsMissing({ KV }) {
  const key = fresh();
  await KV.put(key, "v");
  await KV.delete(key);
  await KV.delete(key);
  assert.equal(await KV.get(key), null);
}

export async function keysAreToldFromEachOtherByCase({ KV }) {
  const key = fresh("Case");
  await KV.put(key, "upper");
  await KV.put(key.toLowerCase(), "lower");
  assert.equal(await KV.get(key), "upper");
  assert.deepEqual((await KV.list({ prefix: key })).keys.length, 1);
}

export async function manyValuesAtOnce({ KV }) {
  const [a, b, missing] = [fresh("a"), fresh("b"), fresh("missing")];
  await KV.put(a, '{"x":1}', { metadata: { m: "é" }, expirationTtl: 600 });
  await KV.put(b, "0");
  const texts = await KV.get([b, missing, a, b]);
  assert.deepEqual([...texts], [[b, "0"], [missing, null], [a, '{"x":1}']]);
  assert.deepEqual([...(await KV.get([a, b, missing], "json"))], [[a, { x: 1 }], [b, 0], [missing, null]]);
  assert.deepEqual([...(await KV.getWithMetadata([a, b, missing]))],
    [[a, { value: '{"x":1}', metadata: { m: "é" } }], [b, { value: "0", metadata: null }], [missing, null]]);
  assert.deepEqual((await KV.getWithMetadata([a], { type: "json" })).get(a), { value: { x: 1 }, metadata: { m: "é" } });
}

export async function falsyValuesOfManyAreValues({ KV }) {
  const [empty, zero, no] = [fresh("empty"), fresh("zero"), fresh("no")];
  await KV.put(empty, "");
  await KV.put(zero, "0");
  await KV.put(no, "false");
  assert.equal((await KV.get([empty])).get(empty), "");
  assert.deepEqual((await KV.getWithMetadata([empty])).get(empty), { value: "", metadata: null });
  assert.deepEqual([...(await KV.get([zero, no], "json"))], [[zero, 0], [no, false]]);
}

export async function manyValuesHaveLimits({ KV }) {
  const key = fresh();
  await KV.put(key, "no json");
  const many = (count) => Array.from({ length: count }, (_, i) => `k${i}`);
  assert.equal((await KV.get(many(100))).size, 100);
  await assert.rejects(KV.get(many(101)), failing("KV GET_BULK failed: 400 You can request a maximum of 100 keys"));
  await assert.rejects(KV.get([]), failing("KV GET_BULK failed: 400 You must request a minimum of 1 key"));
  await assert.rejects(KV.get([key], "arrayBuffer"),
    failing('KV GET_BULK failed: 400 "arrayBuffer" is not a valid type. Use "json" or "text"'));
  await assert.rejects(KV.get([key], "json"),
    failing("KV GET_BULK failed: 400 At least one of the requested keys corresponds to a non-json value"));
}

export async function manyValuesAreOnlySoLarge({ KV }) {
  const keys = [fresh("large"), fresh("large")];
  await KV.put(keys[0], "x".repeat(20 * MIB));
  await KV.put(keys[1], "x".repeat(5 * MIB));
  assert.equal((await KV.get(keys)).get(keys[1]).length, 5 * MIB);
  await KV.put(keys[1], "x".repeat(5 * MIB + 1));
  await assert.rejects(KV.get(keys), failing("KV GET_BULK failed: 413 Total size of request exceeds the limit of 25MB"));
  await Promise.all(keys.map((key) => KV.delete(key)));
}

export async function listsInOrderAndPageByPage({ KV }) {
  const prefix = fresh("page:");
  const wanted = Array.from({ length: 25 }, (_, i) => `${prefix}${String(i).padStart(2, "0")}`);
  await Promise.all(wanted.map((key) => KV.put(key, "v")));
  const { names, pages } = await listAll(KV, { prefix, limit: 10 });
  assert.deepEqual(names, wanted);
  assert.deepEqual(pages.map((page) => page.keys.length), [10, 10, 5]);
  assert.ok(!("cursor" in pages[2]));
  assert.equal(typeof pages[0].cursor, "string");
  const whole = await KV.list({ prefix, cursor: "" });
  assert.equal(whole.keys.length, 25);
  assert.equal(whole.list_complete, true);
  assert.ok(!("cursor" in whole));
}

export async function aCursorMeansAfterThisKey({ KV }) {
  const prefix = fresh("cursor:");
  await Promise.all(["b", "d", "f"].map((each) => KV.put(prefix + each, "v")));
  const first = await KV.list({ prefix, limit: 2 });
  await Promise.all(["a", "e"].map((each) => KV.put(prefix + each, "v")));
  await KV.delete(`${prefix}d`);
  const second = await KV.list({ prefix, limit: 2, cursor: first.cursor });
  assert.deepEqual(second.keys.map((key) => key.name), [`${prefix}e`, `${prefix}f`]);
  await assert.rejects(KV.list({ prefix: "another", cursor: first.cursor }), /^Error: KV GET failed: 400 Invalid cursor/);
  await assert.rejects(KV.list({ cursor: "nonsense" }), /^Error: KV GET failed: 400 Invalid cursor/);
}

export async function listingsHaveLimits({ KV }) {
  const prefix = fresh("none");
  for (const limit of [0, -1, undefined, 1, 1000]) {
    assert.deepEqual((await KV.list({ prefix, limit })).keys, []);
  }
  await assert.rejects(KV.list({ limit: 1001 }),
    failing("KV GET failed: 400 Invalid key_count_limit of 1001. Please specify an integer less than 1000."));
  const empty = await KV.list({ prefix });
  assert.equal(empty.list_complete, true);
  assert.ok(!("cursor" in empty));
  assert.ok("cacheStatus" in empty);
}

export async function prefixesAreLiteral({ KV }) {
  const prefix = `${fresh("p")}:é /?&+%*[]|`;
  await KV.put(`${prefix}1`, "v");
  assert.deepEqual((await KV.list({ prefix })).keys, [{ name: `${prefix}1` }]);
  assert.deepEqual((await KV.list({ prefix: prefix.toUpperCase() })).keys, []);
}

export async function aValueHasALimit({ KV }) {
  const key = fresh();
  const text = `KV PUT failed: 413 Value length of ${VALUE_BYTES_MAX + 1} exceeds limit of ${VALUE_BYTES_MAX}.`;
  await KV.put(key, new Uint8Array(VALUE_BYTES_MAX));
  assert.equal((await KV.get(key, "arrayBuffer")).byteLength, VALUE_BYTES_MAX);
  await assert.rejects(KV.put(key, new Uint8Array(VALUE_BYTES_MAX + 1)), failing(text));
  await assert.rejects(KV.put(key, streamOf(VALUE_BYTES_MAX + 1)), failing(text));
  assert.equal((await KV.get(key, "arrayBuffer")).byteLength, VALUE_BYTES_MAX);
  await KV.delete(key);
}

// A stream whose length is not known in advance.
function streamOf(length) {
  let left = length;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) {
        controller.close();
        return;
      }
      const piece = new Uint8Array(Math.min(left, 65_536)).fill(left % 251);
      left -= piece.length;
      controller.enqueue(piece);
    },
  });
}

async function digest(stream) {
  const sum = new crypto.DigestStream("SHA-256");
  await stream.pipeTo(sum);
  return Buffer.from(await sum.digest).toString("hex");
}

export async function streamsOfKnownAndUnknownLength({ KV }) {
  const wanted = await digest(streamOf(VALUE_BYTES_MAX));
  const [unknown, known] = [fresh(), fresh()];
  await KV.put(unknown, streamOf(VALUE_BYTES_MAX));
  assert.equal(await digest(await KV.get(unknown, "stream")), wanted);
  const fixed = new FixedLengthStream(VALUE_BYTES_MAX);
  await Promise.all([streamOf(VALUE_BYTES_MAX).pipeTo(fixed.writable), KV.put(known, fixed.readable)]);
  assert.equal(await digest(await KV.get(known, "stream")), wanted);
  await Promise.all([KV.delete(known), KV.delete(unknown)]);
}

export async function threeHundredPutsAtOnce({ KV }) {
  const prefix = fresh("parallel:");
  const all = Array.from({ length: 300 }, (_, i) => `${prefix}${i}`);
  await Promise.all(all.map((key) => KV.put(key, key)));
  assert.deepEqual(await Promise.all(all.map((key) => KV.get(key))), all);
}

export async function theSameNamespaceIsFoundByItsTitle({ KV, BY_TITLE }) {
  const key = fresh();
  await BY_TITLE.put(key, "v");
  assert.equal(await KV.get(key), "v");
}

export async function theSameNamespaceIsFoundByItsPath({ KV, BY_PATH }) {
  const key = fresh("ä/?");
  await BY_PATH.put(key, "v", { metadata: 1 });
  assert.equal(await KV.get(key), "v");
  assert.deepEqual((await BY_PATH.list({ prefix: key })).keys, [{ name: key, metadata: 1 }]);
  assert.equal((await BY_PATH.get([key])).get(key), "v");
  await BY_PATH.delete(key);
  assert.equal(await KV.get(key), null);
}

export async function anUnknownNamespaceIsAnErrorAndNotAMissingKey({ UNKNOWN }) {
  const text = 'failed: 400 There is no namespace with the id or title "no such namespace"';
  await assert.rejects(UNKNOWN.get("k"), failing(`KV GET ${text}`));
  await assert.rejects(UNKNOWN.put("k", "v"), failing(`KV PUT ${text}`));
  await assert.rejects(UNKNOWN.list(), failing(`KV GET ${text}`));
}

export async function aWrongTokenIsAnErrorAndNotAMissingKey({ STRANGER }) {
  await assert.rejects(STRANGER.get("k"), /^Error: KV GET failed: 401 Unauthorized/);
  await assert.rejects(STRANGER.put("k", "v"), /^Error: KV PUT failed: 401 Unauthorized/);
}

export async function aTokenThatMayOnlyReadReads({ KV, READER }) {
  const key = fresh();
  await KV.put(key, "v");
  assert.equal(await READER.get(key), "v");
  assert.equal((await READER.get([key])).get(key), "v");
  await assert.rejects(READER.put(key, "w"), failing("KV PUT failed: 403 The token may not write in this namespace"));
  await assert.rejects(READER.delete(key), failing("KV DELETE failed: 403 The token may not write in this namespace"));
}
