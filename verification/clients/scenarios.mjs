// node scenarios.mjs MODULE
// Runs each function that MODULE exports, one after another, by name. A scenario holds if it returns; what came of it
// is a line of JSON on standard output: {"name":…} or {"name":…,"failure":…}.
// SELVEDGE_URL, SELVEDGE_ACCOUNT and SELVEDGE_TOKEN say where and as whom.

import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

const PATIENCE_MILLIS = 60_000;

const scenarios = await import(pathToFileURL(process.argv[2]).href);
for (const [name, scenario] of Object.entries(scenarios)) {
  console.log(JSON.stringify({ name, failure: await failureOf(scenario) }));
}
// A scenario that was given up may still be at work.
process.exit();

async function failureOf(scenario) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${PATIENCE_MILLIS} ms`)), PATIENCE_MILLIS);
  });
  try {
    await Promise.race([scenario(), late]);
    return undefined;
  } catch (failure) {
    return inspect(failure, { depth: 4 });
  } finally {
    clearTimeout(timer);
  }
}
