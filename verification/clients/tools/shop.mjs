// node shop.mjs up|destroy TITLE TEXT
// A program for alchemy with one namespace. Prints the id of the namespace.

import alchemy from "alchemy";
import { KVNamespace } from "alchemy/cloudflare";

const [phase, title, text] = process.argv.slice(2);
const app = await alchemy("shop", { phase, stage: "test", password: "of a test", quiet: true, telemetry: false });
if (phase === "up") {
  const values = [{ key: "text", value: text }, { key: "json", value: { x: 1 }, metadata: { m: 1 }, expirationTtl: 3600 }];
  const { namespaceId } = await KVNamespace("cache", { title, values });
  console.log(namespaceId);
}
await app.finalize();
