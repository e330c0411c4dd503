#!/usr/bin/env node
// Runs the command with the runtime of the package for this platform.
import { spawn } from "node:child_process";
import { readFileSync, readdirSync, statSync, utimesSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const platform = `${process.platform}-${process.arch}`;

function runtime() {
  try {
    return dirname(createRequire(import.meta.url).resolve(`@selvedge/${platform}/package.json`));
  } catch {
    console.error(`selvedge: there is no package @selvedge/${platform} here: either npm left out optional dependencies,`
      + " or this platform needs a JDK 25 and a build from the sources");
    return process.exit(1);
  }
}

// The cache of the JVM belongs to jars of a certain time, which npm replaces by the time of the installation.
function restoreTimes(root) {
  const time = Number(readFileSync(join(root, "time"), "utf8"));
  const jars = join(root, "lib");
  if (statSync(join(jars, "selvedge.jar")).mtimeMs / 1000 === time) {
    return;
  }
  try {
    for (const file of [...readdirSync(jars).map((name) => join(jars, name)), join(root, "runtime/lib/modules")]) {
      utimesSync(file, time, time);
    }
  } catch {
    // The files belong to another user: the JVM starts without the cache.
  }
}

const root = runtime();
restoreTimes(root);
const child = spawn(join(root, "bin/selvedge"), process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`selvedge: cannot start ${join(root, "bin/selvedge")}: ${error.message}`);
  process.exitCode = 1;
});
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
