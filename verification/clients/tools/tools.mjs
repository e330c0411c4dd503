// Tools that manage namespaces from a command line or a program.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ACCOUNT, TOKEN, URL as SERVER, newTitle } from "../server.mjs";

const run = promisify(execFile);
const API = `${SERVER}/client/v4`;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// A home and a folder that are empty.
async function environment() {
  const folder = await mkdtemp(`${tmpdir()}/selvedge-tools-`);
  return {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      CLOUDFLARE_BASE_URL: API,
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
      ALCHEMY_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
    },
  };
}

async function rest(path) {
  const response = await fetch(`${API}/accounts/${ACCOUNT}/storage/kv/namespaces${path}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  return { status: response.status, text: await response.text(), metadata: response.headers.get("cf-kv-metadata") };
}

export async function cfFindsTheAccountAndItsToken() {
  const options = await environment();
  const cf = async (...words) => JSON.parse((await run(process.execPath, [here("node_modules/.bin/cf"), ...words], options)).stdout);
  assert.deepEqual((await cf("accounts", "list")).map(({ id }) => id), [ACCOUNT]);
  assert.equal((await cf("accounts", "get")).id, ACCOUNT);
  assert.equal((await cf("accounts", "tokens", "verify")).status, "active");
}

export async function alchemyCreatesFillsRenamesAndDestroysANamespace() {
  const options = await environment();
  const alchemy = async (...words) => (await run(process.execPath, [here("shop.mjs"), ...words], options)).stdout.trim();
  const title = newTitle("alchemy");
  const id = await alchemy("up", title, "one");
  assert.match((await rest("?per_page=100")).text, new RegExp(`"id":"${id}","title":"${title}"`));
  assert.equal((await rest(`/${id}/values/text`)).text, "one");
  assert.deepEqual(await rest(`/${id}/values/json`), { status: 200, text: '{"x":1}', metadata: '{"m":1}' });

  assert.equal(await alchemy("up", `${title}-renamed`, "two"), id);
  assert.match((await rest(`/${id}`)).text, new RegExp(`"title":"${title}-renamed"`));
  assert.equal((await rest(`/${id}/values/text`)).text, "two");

  await alchemy("destroy", title, "");
  assert.equal((await rest(`/${id}`)).status, 404);
}
