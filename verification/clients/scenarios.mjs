// node scenarios.mjs MODULE
// Runs each function that MODULE exports, SCENARIOS_AT_ONCE of them at a time (by default 1), by name. A scenario holds if it returns; what came of it
// is a line of JSON on standard output: {"name":…} or {"name":…,"failure":…}.
// A scenario that is not done after SCENARIO_SECONDS (60) has failed.
// SELVEDGE_URL, SELVEDGE_ACCOUNT and SELVEDGE_TOKEN say where and as whom.

import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

const PATIENCE_MILLIS = 1000 * Number(process.env.SCENARIO_SECONDS ?? 60);

const scenarios = await import(pathToFileURL(process.argv[2]).href);
const waiting = Object.entries(scenarios);
const runNext = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, scenario] = next;
    console.log(JSON.stringify({ name, failure: await failureOf(scenario) }));
  }
};
await Promise.all(Array.from({ length: Number(process.env.SCENARIOS_AT_ONCE ?? 1) }, runNext));
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
