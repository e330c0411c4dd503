// A server that knows two tokens: SELVEDGE_TOKEN may write, SELVEDGE_READ_TOKEN may only read.

import assert from "node:assert/strict";
import Cloudflare from "cloudflare";
import driver from "unstorage/drivers/cloudflare-kv-http";
import { ACCOUNT, TOKEN, URL, newNamespace, newTitle } from "./server.mjs";

const READ_TOKEN = process.env.SELVEDGE_READ_TOKEN;
const account = { account_id: ACCOUNT };
const baseURL = `${URL}/client/v4`;

function sdk(credentials) {
  return new Cloudflare({ baseURL, maxRetries: 0, ...credentials }).kv.namespaces;
}

function unstorage(namespaceId, credentials) {
  return driver({ accountId: ACCOUNT, namespaceId, apiURL: URL, ...credentials });
}

async function newEntry() {
  const namespace_id = await newNamespace("guarded");
  await sdk({ apiToken: TOKEN }).values.update("k", { ...account, namespace_id, value: "v" });
  return { ...account, namespace_id };
}

async function refused(promise, type, code) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof type, `${error}`);
    assert.equal(error.errors[0].code, code);
    return true;
  });
}

export async function theSdkReadsWithATokenThatMayRead() {
  const at = await newEntry();
  const kv = sdk({ apiToken: READ_TOKEN });
  assert.equal(await (await kv.values.get("k", at)).text(), "v");
  assert.deepEqual((await kv.keys.list(at.namespace_id, account)).result, [{ name: "k" }]);
  assert.deepEqual(await kv.bulkGet(at.namespace_id, { ...account, keys: ["k"] }), { values: { k: "v" } });
  assert.equal((await kv.get(at.namespace_id, account)).id, at.namespace_id);
}

export async function theSdkMayNotWriteWithATokenThatMayRead() {
  const at = await newEntry();
  const kv = sdk({ apiToken: READ_TOKEN });
  const denied = Cloudflare.PermissionDeniedError;
  await refused(kv.values.update("k", { ...at, value: "w" }), denied, 10000);
  await refused(kv.values.delete("k", at), denied, 10000);
  await refused(kv.bulkUpdate(at.namespace_id, { ...account, body: [{ key: "k", value: "w" }] }), denied, 10000);
  await refused(kv.bulkDelete(at.namespace_id, { ...account, body: ["k"] }), denied, 10000);
  await refused(kv.create({ ...account, title: newTitle("denied") }), denied, 10000);
  await refused(kv.update(at.namespace_id, { ...account, title: newTitle("denied") }), denied, 10000);
  await refused(kv.delete(at.namespace_id, account), denied, 10000);
  assert.equal(await (await kv.values.get("k", at)).text(), "v");
}

export async function theSdkIsToldThatATokenIsUnknown() {
  const at = await newEntry();
  const kv = sdk({ apiToken: "no-such-token" });
  await refused(kv.values.get("k", at), Cloudflare.AuthenticationError, 10000);
  await refused(kv.list(account), Cloudflare.AuthenticationError, 10000);
}

export async function theSdkMayUseAnEmailAndAKey() {
  const at = await newEntry();
  const kv = sdk({ apiToken: null, apiEmail: "me@example.com", apiKey: TOKEN });
  assert.equal(await (await kv.values.get("k", at)).text(), "v");
  const other = sdk({ apiToken: null, apiEmail: "me@example.com", apiKey: "no-such-key" });
  await refused(other.values.get("k", at), Cloudflare.PermissionDeniedError, 9103);
}

export async function theSdkTakesItsAddressFromTheEnvironment() {
  process.env.CLOUDFLARE_BASE_URL = baseURL;
  const client = new Cloudflare({ maxRetries: 0, apiToken: READ_TOKEN });
  delete process.env.CLOUDFLARE_BASE_URL;
  assert.equal((await client.user.tokens.verify()).status, "active");
}

export async function theSdkVerifiesItsToken() {
  const client = (apiToken) => new Cloudflare({ baseURL, maxRetries: 0, apiToken });
  assert.equal((await client(READ_TOKEN).user.tokens.verify()).status, "active");
  await refused(client("no-such-token").user.tokens.verify(), Cloudflare.AuthenticationError, 1000);
  assert.equal((await client(READ_TOKEN).accounts.tokens.verify(account)).status, "active");
  await refused(client("no-such-token").accounts.tokens.verify(account), Cloudflare.AuthenticationError, 1000);
}

export async function unstorageShowsItsCredentialsInThreeWays() {
  const { namespace_id } = await newEntry();
  for (const credentials of [
    { apiToken: TOKEN },
    { email: "me@example.com", apiKey: TOKEN },
    { userServiceKey: TOKEN },
  ]) {
    const one = unstorage(namespace_id, credentials);
    await one.setItem("u", "w", {});
    assert.equal(await one.getItem("u"), "w");
  }
}

export async function unstorageMayNotWriteWithATokenThatMayRead() {
  const { namespace_id } = await newEntry();
  const one = unstorage(namespace_id, { apiToken: READ_TOKEN });
  assert.equal(await one.getItem("k"), "v");
  await assert.rejects(one.setItem("k", "w", {}), { status: 403 });
  await assert.rejects(one.removeItem("k"), { status: 403 });
  await assert.rejects(unstorage(namespace_id, { apiToken: "no-such-token" }).getItem("k"), { status: 401 });
  assert.equal(await one.getItem("k"), "v");
}
