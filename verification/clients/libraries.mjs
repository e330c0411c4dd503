// Asks the Worker of worker/libraries.js, which runs on workerd with its KV at the server.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";

const WORKER = process.env.WORKER_URL;

async function text(path, options) {
  const response = await fetch(WORKER + path, options);
  return `${response.status} ${await response.text()}`;
}

async function json(path, options) {
  const response = await fetch(WORKER + path, options);
  const body = await response.text();
  assert.equal(response.status, 200, body);
  return JSON.parse(body);
}

export async function honoKeepsAPageInTheCache() {
  const first = await text("/cached");
  let second = await text("/cached");
  while (second !== await text("/cached")) {
    second = await text("/cached");
  }
  assert.match(first, /^200 call 1$/);
}

export async function honosRateLimiterCountsInANamespace() {
  assert.equal(await text("/limited?who=ada"), "200 let in");
  assert.equal(await text("/limited?who=ada"), "200 let in");
  assert.match(await text("/limited?who=ada"), /^429 /);
  assert.equal(await text("/limited?who=bob"), "200 let in");
}

export async function openNextKeepsItsPagesInANamespace() {
  const page = { type: "app", html: "<p>é</p>", revalidate: 60 };
  assert.equal(await json("/next/page"), null);
  await json("/next/page", { method: "PUT", body: JSON.stringify(page) });
  const found = await json("/next/page");
  assert.deepEqual(found.value, page);
  assert.ok(Math.abs(Date.now() - found.lastModified) < 60_000);
  await json("/next/page", { method: "DELETE" });
  assert.equal(await json("/next/page"), null);
}

export async function oauthProviderGrantsAndRefreshesTokens() {
  const redirect = "https://client.example/callback";
  const client = await json(`/client?redirect=${encodeURIComponent(redirect)}`, { method: "POST" });
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: redirect,
    resource: `${WORKER}/api/`,
    scope: "read offline_access",
    state: "a state",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const authorized = (await text(`/authorize?${query}`)).replace(/^200 /, "");
  const code = new URL(authorized).searchParams.get("code");
  const form = (fields) => ({
    method: "POST",
    body: new URLSearchParams({ client_id: client.clientId, redirect_uri: redirect, ...fields }),
  });
  const granted = await json("/token", form({ grant_type: "authorization_code", code, code_verifier: verifier }));
  const user = (token) => json("/api/me", { headers: { authorization: `Bearer ${token}` } });
  assert.deepEqual(await user(granted.access_token), { user: "ada" });

  const refreshed = await json("/token", form({ grant_type: "refresh_token", refresh_token: granted.refresh_token }));
  assert.notEqual(refreshed.access_token, granted.access_token);
  assert.deepEqual(await user(refreshed.access_token), { user: "ada" });
  assert.match(await text("/api/me", { headers: { authorization: "Bearer made-up" } }), /^401 /);
}
