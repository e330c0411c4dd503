// node lineage.mjs PACKAGE NAMESPACE ORIGIN EDGE
// Checks selvedge() of @selvedge/workers across a promotion that loses a change. Prints each step that the caller must
// take, and continues after a line of input.

import { createInterface } from "node:readline";

const [entry, namespace, origin, edge] = process.argv.slice(2);
const { ConflictError, selvedge, SelvedgeError } = await import(entry);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function require(what) {
  console.log(what);
  await answers.next();
}

let server = origin;
const moving = () => client((path) => server + path);
const client = (address) =>
  selvedge({ fetch: (url, init) => fetch(address(url.slice("http://selvedge".length)), init) }, { namespace });

function equal(actual, expected) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
}

async function rejected(promise, type) {
  const failure = await promise.then((value) => new Error(JSON.stringify(value)), (error) => error);
  if (!(failure instanceof type)) {
    throw new Error(`${failure} is no ${type.name}`);
  }
  return failure;
}

const [writer, reader, watcher] = [moving(), moving(), moving()];
const kept = await writer.put("k", "kept");
await require("let the edge follow, and cut it off");
const late = watcher.watch({ after: kept });
const onward = client((path) => edge + path).watch({ after: kept });
const lost = await writer.put("k", "lost");
equal((await late.next()).value.version, lost);
equal((await reader.get("k")).version, lost);
await require("promote the edge");

server = edge;
const refused = await rejected(reader.get("k", { atLeast: lost }), SelvedgeError);
equal([refused instanceof ConflictError, refused.status, refused.code], [false, 412, "lineage-changed"]);
const conflict = await rejected(writer.put("k", "again", { ifVersion: lost }), ConflictError);
equal([conflict.version, conflict.code], [kept, "lineage-changed"]);
const gone = await rejected(late.next(), SelvedgeError);
equal([gone.status, gone.code], [410, "lineage-changed"]);

const next = await writer.put("k", "again", { ifVersion: conflict.version });
equal((await onward.next()).value.version, next);
equal((await rejected(writer.delete("k", { ifVersion: lost }), ConflictError)).version, next);
equal((await reader.get("k", { atLeast: next })).value, "again");
await onward.return();
console.log("ok");
process.exit();
