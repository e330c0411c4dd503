// node at-work.mjs NAMESPACE
// Puts one key after another with the official SDK as it is, and prints a line of JSON for each.

import Cloudflare from "cloudflare";
import { ACCOUNT, TOKEN, URL } from "./server.mjs";

const PAUSE_MILLIS = 20;

const kv = new Cloudflare({ apiToken: TOKEN, baseURL: `${URL}/client/v4` }).kv.namespaces;
const at = { account_id: ACCOUNT, namespace_id: process.argv[2] };

for (let i = 0; ; i += 1) {
  const key = `sdk-${i}`;
  const begun = Date.now();
  let made = true;
  try {
    await kv.values.update(key, { ...at, value: `value of ${key}` });
  } catch {
    made = false;
  }
  console.log(JSON.stringify({ key, begun, made }));
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
}
