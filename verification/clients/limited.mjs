// A server with the profile workers-free: one write a second under a key, 1,000 writes a day.

import assert from "node:assert/strict";
import Cloudflare from "cloudflare";
import driver from "unstorage/drivers/cloudflare-kv-http";
import { ACCOUNT, TOKEN, URL, newNamespace } from "./server.mjs";

const account = { account_id: ACCOUNT };

function sdk(options) {
  return new Cloudflare({ apiToken: TOKEN, baseURL: `${URL}/client/v4`, ...options }).kv.namespaces;
}

export async function theSdkWaitsAsLongAsItIsToldAndThenWrites() {
  const at = { ...account, namespace_id: await newNamespace("limited") };
  const kv = sdk();
  await kv.values.update("k", { ...at, value: "first" });
  await kv.values.update("k", { ...at, value: "second" });
  assert.equal(await (await kv.values.get("k", at)).text(), "second");
}

export async function theSdkIsToldWhenToComeBack() {
  const at = { ...account, namespace_id: await newNamespace("limited") };
  const kv = sdk({ maxRetries: 0 });
  await kv.values.update("k", { ...at, value: "first" });
  await assert.rejects(kv.values.update("k", { ...at, value: "second" }), (error) => {
    assert.ok(error instanceof Cloudflare.RateLimitError, `${error}`);
    assert.equal(error.errors[0].code, 10022);
    assert.equal(error.headers.get("retry-after"), "1");
    return true;
  });
  assert.equal(await (await kv.values.get("k", at)).text(), "first");
}

export async function theSdkIsToldThatATimeToLiveIsTooShort() {
  const at = { ...account, namespace_id: await newNamespace("limited") };
  const soon = Math.floor(Date.now() / 1000) + 30;
  const refused = (options, code) => assert.rejects(
    sdk().values.update("k", { ...at, value: "v", ...options }),
    (error) => error instanceof Cloudflare.BadRequestError && error.errors[0].code === code,
  );
  await refused({ expiration_ttl: 59 }, 10034);
  await refused({ expiration: soon }, 10033);
  await sdk().values.update("k", { ...at, value: "v", expiration_ttl: 60 });
}

export async function unstorageIsRefusedASecondWriteAtOnce() {
  const namespaceId = await newNamespace("limited");
  const one = driver({ accountId: ACCOUNT, namespaceId, apiToken: TOKEN, apiURL: URL });
  await one.setItem("k", "first", {});
  await assert.rejects(one.setItem("k", "second", {}), { status: 429 });
  assert.equal(await one.getItem("k"), "first");
}

// The last by its name, and so the last to run: nothing can be written after it.
export async function writesEndWithTheDaysQuotaAndReadsGoOn() {
  const namespace = await newNamespace("limited");
  const kv = sdk({ maxRetries: 0 });
  const pairs = (word, count) => Array.from({ length: count }, (_, i) => ({ key: `${word}${i}`, value: "v" }));
  await kv.bulkUpdate(namespace, { ...account, body: pairs("a", 900) });
  await assert.rejects(kv.bulkUpdate(namespace, { ...account, body: pairs("b", 200) }), (error) => {
    assert.ok(error instanceof Cloudflare.RateLimitError, `${error}`);
    assert.equal(error.errors[0].code, 10048);
    return true;
  });
  const at = { ...account, namespace_id: namespace };
  assert.equal(await (await kv.values.get("a0", at)).text(), "v");
  await assert.rejects(kv.values.get("b0", at), Cloudflare.NotFoundError);
}
