// Evaluates the cloudflare.config.ts in the working directory with the project's own wrangler and
// prints the settings, as a wrangler.json spells them, as the last line. The argument is the mode.

const { createRequire } = require("node:module");
const path = require("node:path");

const NO_WRANGLER = 3;
const OLD_WRANGLER = 4;

// wrangler's notes on what it read, and not settings.
const NOTES = ["configPath", "userConfigPath", "topLevelName", "definedEnvironments"];

function load() {
  const require = createRequire(path.resolve("package.json"));
  try {
    require.resolve("wrangler");
  } catch {
    process.exit(NO_WRANGLER);
  }
  const { exports: entries = {} } = require("wrangler/package.json");
  if (entries["./experimental-config"] === undefined) {
    process.exit(OLD_WRANGLER);
  }
  return require("wrangler");
}

function isEmpty(value) {
  return value === undefined || value === null
    || (typeof value === "object" && Object.values(value).every(isEmpty));
}

async function main() {
  const wrangler = load();
  const environment = new wrangler.unstable_DevEnv();
  const dev = { experimentalNewConfig: true, watch: false, logLevel: "none" };
  await environment.config.set({ env: process.argv[1] || undefined, dev }, true);
  const config = environment.config.latestWranglerConfig;
  if (!config?.configPath?.endsWith("cloudflare.config.ts")) {
    process.exit(OLD_WRANGLER);
  }
  const usual = wrangler.unstable_defaultWranglerConfig;
  const settings = Object.entries(config).filter(([name, value]) =>
    !NOTES.includes(name) && !isEmpty(value) && JSON.stringify(value) !== JSON.stringify(usual[name]));
  process.stdout.write(`\n${JSON.stringify(Object.fromEntries(settings))}\n`, () => process.exit(0));
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
