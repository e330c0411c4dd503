/** A browser with a page of the console, and what tests ask of it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const PATIENCE_MILLIS = 20_000;

export const SERVER = process.env.SELVEDGE_URL;
export const GUARDED = process.env.SELVEDGE_GUARDED_URL;
export const ROOT = process.env.SELVEDGE_ROOT_TOKEN;
export const ACCOUNT = process.env.SELVEDGE_ACCOUNT;

const program = process.env.CHROMIUM ?? PROGRAMS.find(existsSync);
assert(program, `the tests of the console need Chromium (Debian: apt-get install chromium), looked for ${PROGRAMS}`);
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });

/**
 * Opens a place of the console in a window of its own. An error of the page, such as a script that the policy refused,
 * fails the test.
 *
 * @param answers for what cannot happen in a test: by path, a function that changes the answer in JSON, or another
 *     answer; undefined for none
 */
export async function open(fragment, { server = SERVER, dark = false, phone = false, answers = {} } = {}) {
  const context = await browser.newContext({
    viewport: phone ? { width: 400, height: 860 } : { width: 1440, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(PATIENCE_MILLIS);
  const page = await context.newPage();
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
      page.errors.push(message.text());
    }
  });
  for (const [path, change] of Object.entries(answers)) {
    await page.route(`**/${path}*`, async (route) => {
      if (!change) {
        return;
      }
      if (typeof change !== 'function') {
        await route.fulfill(change);
        return;
      }
      const response = await route.fetch();
      await route.fulfill({ response, json: await change(await response.json()) });
    });
  }
  await page.goto(`${server}/${fragment}`);
  return page;
}

/** Requires that the page made no error and that axe finds no violation, then closes the window. */
export async function finish(page) {
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
}

/** Returns what axe finds, in short. Its script is run through the debugger, which the policy of the page does not bind. */
export async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
}

/** Sends a request to the server as a program does, and returns the answer of a success. */
export async function ask(method, path, { body, headers = {}, server = SERVER } = {}) {
  const response = await fetch(`${server}/${path}`, { method, body, headers });
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }
  return response;
}

/** Creates a namespace and returns its id. */
export async function namespace(title) {
  return (await (await ask('PUT', `v1/namespaces/${title}`)).json()).id;
}

export async function put(id, key, value, query = '') {
  const answer = await ask('PUT', `v1/namespaces/${id}/values/${encodeURIComponent(key)}${query}`, { body: value });
  return (await answer.json()).version;
}

/** Writes keys 10,000 at a time. */
export async function fill(id, pairs) {
  for (let start = 0; start < pairs.length; start += 10_000) {
    await ask('PUT', `client/v4/accounts/${ACCOUNT}/storage/kv/namespaces/${id}/bulk`, {
      body: JSON.stringify(pairs.slice(start, start + 10_000)),
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer any' },
    });
  }
}

/** Returns the text of an entry, and its version, metadata and expiry. */
export async function get(id, key) {
  const response = await ask('GET', `v1/namespaces/${id}/values/${encodeURIComponent(key)}`);
  return {
    text: await response.text(),
    version: response.headers.get('Selvedge-Version'),
    metadata: response.headers.get('CF-KV-Metadata'),
    expires: response.headers.get('Selvedge-Expires'),
  };
}

/** Runs a line as a person who pastes it into a shell, and returns its output. */
export async function shell(line, environment = {}) {
  const options = { env: { ...process.env, ...environment } };
  return (await promisify(execFile)('bash', ['-ec', line.replace(/^curl /, 'curl -fsS ')], options)).stdout;
}

/** A line to the server that can be cut and mended. */
export async function line() {
  const { hostname, port } = new URL(SERVER);
  const sockets = new Set();
  const relay = createServer((client) => {
    const server = connect(Number(port), hostname);
    for (const [from, to] of [[client, server], [server, client]]) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  const listen = (at) => new Promise((resolve) => relay.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const at = relay.address().port;
  return {
    address: `http://127.0.0.1:${at}`,
    async cut() {
      const closed = new Promise((resolve) => relay.close(resolve));
      sockets.forEach((socket) => socket.destroy());
      sockets.clear();
      await closed;
    },
    mend: () => listen(at),
  };
}
