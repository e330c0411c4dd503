// The official SDK of the service, npm `cloudflare`.

import assert from "node:assert/strict";
import Cloudflare, { toFile } from "cloudflare";
import { ACCOUNT, FAR_AWAY, ODD_KEYS, TOKEN, URL, everyByte, inByteOrder, newTitle } from "./server.mjs";

const account = { account_id: ACCOUNT };
const kv = new Cloudflare({ apiToken: TOKEN, baseURL: `${URL}/client/v4`, maxRetries: 0 }).kv.namespaces;

async function newNamespace() {
  const { id } = await kv.create({ ...account, title: newTitle("sdk") });
  return { id, at: { ...account, namespace_id: id } };
}

async function all(page) {
  const found = [];
  for await (const one of page) {
    found.push(one);
  }
  return found;
}

async function textOf(key, at) {
  return (await kv.values.get(key, at)).text();
}

async function refusal(promise, type, status, code) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof type, `${error}`);
    assert.equal(error.status, status);
    assert.equal(error.errors[0].code, code);
    return true;
  });
}

export async function createsReadsRenamesAndDeletesANamespace() {
  const title = newTitle("sdk");
  const created = await kv.create({ ...account, title });
  assert.match(created.id, /^[0-9a-f]{32}$/);
  assert.deepEqual(created, { id: created.id, title, supports_url_encoding: true });
  assert.deepEqual(await kv.get(created.id, account), created);

  const renamed = await kv.update(created.id, { ...account, title: `${title} ✂` });
  assert.deepEqual(renamed, { ...created, title: `${title} ✂` });
  assert.deepEqual(await kv.get(created.id, account), renamed);

  await kv.delete(created.id, account);
  await refusal(kv.get(created.id, account), Cloudflare.NotFoundError, 404, 10013);
}

export async function walksManyPagesOfNamespacesToTheirEnd() {
  const before = (await all(kv.list(account))).length;
  const created = [];
  for (let i = 0; i < 23; i += 1) {
    created.push(await kv.create({ ...account, title: newTitle("page") }));
  }

  for (const per_page of [1, 5, 23, 1000]) {
    const listed = await all(kv.list({ ...account, per_page, order: "title", direction: "desc" }));
    assert.equal(listed.length, before + created.length);
    const titles = listed.map((namespace) => namespace.title);
    assert.deepEqual(titles, inByteOrder(titles).reverse());
    assert.deepEqual(new Set(listed.map((namespace) => namespace.id)).size, listed.length);
  }

  await Promise.all(created.map(({ id }) => kv.delete(id, account)));
  assert.equal((await all(kv.list(account))).length, before);
}

export async function putsGetsAndDeletesValues() {
  const { at } = await newNamespace();
  await kv.values.update("greeting", { ...at, value: "hello, ✂" });
  const response = await kv.values.get("greeting", at);
  assert.equal(response.headers.get("content-type"), "application/octet-stream");
  assert.equal(response.headers.get("expiration"), null);
  assert.equal(await response.text(), "hello, ✂");

  await kv.values.update("greeting", { ...at, value: "" });
  assert.equal(await textOf("greeting", at), "");

  await kv.values.delete("greeting", at);
  await kv.values.delete("greeting", at);
  await refusal(kv.values.get("greeting", at), Cloudflare.NotFoundError, 404, 10009);
}

export async function putsFilesByteForByte() {
  const { at } = await newNamespace();
  const bytes = new Uint8Array(3 << 20).fill(0).map((_, i) => (i * 2654435761) >>> 13);
  await kv.values.update("file", { ...at, value: await toFile(bytes, "blob.bin") });
  const got = await (await kv.values.get("file", at)).bytes();
  assert.equal(Buffer.compare(got, bytes), 0);

  const lines = "--boundary\r\n\r\nContent-Disposition: form-data; name=\"value\"\r\n--";
  await kv.values.update("file", { ...at, value: new File([lines], "\"✂\".txt"), metadata: "{\"f\":1}" });
  assert.equal(await textOf("file", at), lines);
  assert.deepEqual(await kv.metadata.get("file", at), { f: 1 });
}

export async function keepsMetadataThatIsGivenAsText() {
  const { at } = await newNamespace();
  for (const metadata of [{ a: [1, 2.5, null, { b: "✂" }] }, [], "text", 0, false]) {
    await kv.values.update("k", { ...at, value: "v", metadata: JSON.stringify(metadata) });
    assert.deepEqual(await kv.metadata.get("k", at), metadata);
  }
  await kv.values.update("k", { ...at, value: "v" });
  assert.equal(await kv.metadata.get("k", at), null);
  await refusal(kv.metadata.get("nothing", at), Cloudflare.NotFoundError, 404, 10009);
}

export async function rebuildsMetadataThatTheClientTookApart() {
  const { at } = await newNamespace();
  const metadata = { a: "1", b: { c: "✂", d: { e: "" } }, list: ["x", "y"] };
  await kv.values.update("k", { ...at, metadata, value: "v" });
  assert.deepEqual(await kv.metadata.get("k", at), metadata);
  assert.equal(await textOf("k", at), "v");

  const objects = kv.values.update("k", { ...at, metadata: { list: [{ f: "1" }] }, value: "w" });
  await refusal(objects, Cloudflare.BadRequestError, 400, 10147);
  assert.equal(await textOf("k", at), "v");
}

export async function givesEntriesAnExpiry() {
  const { id, at } = await newNamespace();
  await kv.values.update("moment", { ...at, value: "v", expiration: FAR_AWAY });
  assert.equal((await kv.values.get("moment", at)).headers.get("expiration"), `${FAR_AWAY}`);

  const before = Math.floor(Date.now() / 1000);
  await kv.values.update("ttl", { ...at, value: "v", expiration: FAR_AWAY, expiration_ttl: 3600 });
  const after = Math.ceil(Date.now() / 1000);
  const [moment, ttl] = await all(kv.keys.list(id, account));
  assert.deepEqual(moment, { name: "moment", expiration: FAR_AWAY });
  assert.ok(ttl.expiration >= before + 3600 && ttl.expiration <= after + 3600, JSON.stringify(ttl));

  await refusal(
    kv.values.update("ttl", { ...at, value: "v", expiration_ttl: 0 }),
    Cloudflare.BadRequestError,
    400,
    10034,
  );
  await refusal(
    kv.values.update("ttl", { ...at, value: "v", expiration: 1 }),
    Cloudflare.BadRequestError,
    400,
    10033,
  );
}

export async function carriesEveryOddKey() {
  const { id, at } = await newNamespace();
  for (const key of ODD_KEYS) {
    const text = JSON.stringify({ key });
    await kv.values.update(key, { ...at, value: text, metadata: text });
  }

  for (const key of ODD_KEYS) {
    assert.equal(await textOf(key, at), JSON.stringify({ key }));
    assert.deepEqual(await kv.metadata.get(key, at), { key });
  }
  const listed = await all(kv.keys.list(id, { ...account, limit: 10 }));
  assert.deepEqual(listed, inByteOrder(ODD_KEYS).map((name) => ({ name, metadata: { key: name } })));

  for (const key of ODD_KEYS) {
    await kv.values.delete(key, at);
    await refusal(kv.values.get(key, at), Cloudflare.NotFoundError, 404, 10009);
  }
  assert.deepEqual(await all(kv.keys.list(id, account)), []);
  assert.equal((await kv.get(id, account)).id, id);
}

export async function refusesKeysOutsideTheirBounds() {
  const { id, at } = await newNamespace();
  for (const key of [".", ".."]) {
    await assert.rejects(async () => kv.values.delete(key, at), /invalid segments/);
    await refusal(
      kv.bulkUpdate(id, { ...account, body: [{ key, value: "v" }] }),
      Cloudflare.BadRequestError,
      400,
      10023,
    );
  }
  await assert.rejects(kv.values.update("k".repeat(513), { ...at, value: "v" }), { status: 414 });
  await assert.rejects(kv.values.get("😀".repeat(128) + "k", at), { status: 414 });
  assert.deepEqual(await all(kv.keys.list(id, account)), []);
}

export async function walksManyPagesOfKeys() {
  const { id } = await newNamespace();
  const names = Array.from({ length: 2500 }, (_, i) => `${i % 2 ? "odd" : "even"}/${i}`);
  await kv.bulkUpdate(id, { ...account, body: names.map((key) => ({ key, value: key })) });

  const listed = (await all(kv.keys.list(id, account))).map((key) => key.name);
  assert.deepEqual(listed, inByteOrder(names));
  for (const limit of [100, 625, 1000]) {
    const even = (await all(kv.keys.list(id, { ...account, prefix: "even/", limit }))).map((key) => key.name);
    assert.deepEqual(even, inByteOrder(names.filter((name) => name.startsWith("even/"))));
  }
  assert.deepEqual(await all(kv.keys.list(id, { ...account, prefix: "none" })), []);
  await refusal(kv.keys.list(id, { ...account, limit: 1001 }), Cloudflare.BadRequestError, 400, 10028);
  await refusal(kv.keys.list(id, { ...account, cursor: "no such" }), Cloudflare.BadRequestError, 400, 10041);
}

export async function putsGetsAndDeletesInBulk() {
  const { id, at } = await newNamespace();
  const bytes = everyByte();
  const put = await kv.bulkUpdate(id, {
    ...account,
    body: [
      { key: "text", value: "✂", metadata: { m: [1] }, expiration: FAR_AWAY },
      { key: "empty", value: "", metadata: 0 },
      { key: "json", value: "{\"n\":1}", expiration_ttl: 60 },
      { key: "bytes", value: Buffer.from(bytes).toString("base64"), base64: true },
    ],
  });
  assert.deepEqual(put, { successful_key_count: 4, unsuccessful_keys: [] });
  assert.equal(Buffer.compare(await (await kv.values.get("bytes", at)).bytes(), bytes), 0);

  const texts = await kv.bulkGet(id, { ...account, keys: ["text", "empty", "nothing"] });
  assert.deepEqual(texts, { values: { text: "✂", empty: "", nothing: null } });
  const complete = await kv.bulkGet(id, { ...account, keys: ["text", "empty", "nothing"], withMetadata: true });
  assert.deepEqual(complete, {
    values: {
      text: { value: "✂", metadata: { m: [1] }, expiration: FAR_AWAY },
      empty: { value: "", metadata: 0 },
      nothing: null,
    },
  });
  assert.deepEqual(await kv.bulkGet(id, { ...account, keys: ["json"], type: "json" }), {
    values: { json: { n: 1 } },
  });
  await refusal(kv.bulkGet(id, { ...account, keys: ["bytes"] }), Cloudflare.BadRequestError, 400, 10029);

  const deleted = await kv.bulkDelete(id, { ...account, body: ["text", "empty", "nothing"] });
  assert.deepEqual(deleted, { successful_key_count: 3, unsuccessful_keys: [] });
  assert.deepEqual((await all(kv.keys.list(id, account))).map((key) => key.name), ["bytes", "json"]);
}

export async function knowsTheOlderNamesOfTheBulkMethods() {
  const { id } = await newNamespace();
  await kv.keys.bulkUpdate(id, { ...account, body: [{ key: "k", value: "v" }] });
  assert.deepEqual(await kv.keys.bulkGet(id, { ...account, keys: ["k"] }), { values: { k: "v" } });
  await kv.keys.bulkDelete(id, { ...account, body: ["k"] });
  assert.deepEqual(await kv.keys.bulkGet(id, { ...account, keys: ["k"] }), { values: { k: null } });
}

export async function takesTenThousandPairsAtOnceAndNotOneMore() {
  const { id } = await newNamespace();
  const pairs = Array.from({ length: 10_001 }, (_, i) => ({ key: `k${i}`, value: `v${i}` }));
  await refusal(kv.bulkUpdate(id, { ...account, body: pairs }), Cloudflare.BadRequestError, 400, 10012);
  assert.deepEqual(await all(kv.keys.list(id, account)), []);

  const put = await kv.bulkUpdate(id, { ...account, body: pairs.slice(1) });
  assert.equal(put.successful_key_count, 10_000);
  assert.equal((await all(kv.keys.list(id, account))).length, 10_000);
  const deleted = await kv.bulkDelete(id, { ...account, body: pairs.slice(1).map((pair) => pair.key) });
  assert.equal(deleted.successful_key_count, 10_000);
  assert.deepEqual(await all(kv.keys.list(id, account)), []);
}

export async function turnsRefusalsIntoItsErrorClasses() {
  const { id } = await newNamespace();
  const { title } = await kv.get(id, account);
  await refusal(kv.create({ ...account, title }), Cloudflare.BadRequestError, 400, 10014);
  await refusal(kv.create({ ...account, title: "" }), Cloudflare.BadRequestError, 400, 10019);
  await refusal(kv.get("f".repeat(32), account), Cloudflare.NotFoundError, 404, 10013);
  await refusal(kv.get("nonsense", account), Cloudflare.BadRequestError, 400, 10011);
  await refusal(kv.delete("f".repeat(32), account), Cloudflare.NotFoundError, 404, 10013);
  await refusal(kv.keys.list("f".repeat(32), account), Cloudflare.NotFoundError, 404, 10013);
  await assert.rejects(kv.list({ account_id: "nonsense" }), (error) => error.errors[0].code === 7003);
}
