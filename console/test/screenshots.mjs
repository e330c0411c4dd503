/**
 * Fills a new server with made-up entries and writes the screenshots of docs/how-to/console.md.
 *
 * Usage: SELVEDGE_URL=http://127.0.0.1:5820 SELVEDGE_ACCOUNT=... node test/screenshots.mjs
 *
 * The map shows the edges that follow the server. The fonts are Inter and JetBrains Mono (Debian: fonts-inter,
 * fonts-jetbrains-mono).
 */
import { fileURLToPath } from 'node:url';
import { ask, fill, namespace, open, put } from './browser.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/how-to/', import.meta.url));
const MINUTE = 60;

/** A sequence that looks random and is the same each time. */
let state = 42;
const random = (below) => {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
};

const hex = () => random(0x1_0000_0000).toString(16).padStart(8, '0');

function sessions(country, count) {
  return Array.from({ length: count }, (_, index) => ({
    key: `${country}${hex()}`,
    value: JSON.stringify({ user: `user-${index}`, cart: Array.from({ length: random(40) }, () => `sku-${random(9000)}`) }),
    metadata: { plan: random(3) ? 'free' : 'pro' },
    ...(random(6) ? { expiration_ttl: (15 + random(14)) * MINUTE } : {}),
  }));
}

const id = await namespace('sessions');
for (const [prefix, count] of [['anon:', 29_011], ['user:de:', 12_045], ['user:fr:', 8_804], ['user:gb:', 9_023], ['user:us:', 23_227], ['service:', 338]]) {
  await fill(id, sessions(prefix, count));
}
const flags = await namespace('feature-flags');
await fill(flags, Array.from({ length: 214 }, (_, index) => ({ key: `flag/${index}`, value: 'on' })));
const texts = await namespace('i18n');
await fill(texts, Array.from({ length: 4821 }, (_, index) => ({ key: `text/${index % 12}/${index}`, value: 'Hello' })));
const KEY = 'user:fr:7ad109f7';
const value = (cart, locale) => JSON.stringify({ user: 'camille', createdAt: 1798531200, device: { os: 'android 17', trusted: true }, cart, locale });
const query = `?metadata=${encodeURIComponent('{"plan":"pro"}')}&expires=${Date.now() + 1_320_000}`;
await put(id, KEY, value(['sku-2041'], 'fr-FR'), query);

async function shot(page, name) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: `${FOLDER}console-${name}.png` });
  await page.context().close();
}

const place = `#/browse/${id}?prefix=user%3Afr%3A&key=${encodeURIComponent(KEY)}`;
for (const dark of [false, true]) {
  const page = await open(place, { dark });
  await page.getByText('exact', { exact: true }).waitFor();
  await page.locator('.line[aria-selected=true]').waitFor();
  await page.getByRole('textbox', { name: /^Value of/ }).waitFor();
  if (!dark) {
    await page.getByRole('textbox', { name: /^Value of/ }).click();
    await page.keyboard.press('Control+a');
    const text = JSON.stringify(JSON.parse(value(['sku-2041'], 'fr-BE')), null, 2);
    await page.keyboard.insertText(text.replace(/\[\s+("sku-2041")\s+\]/, '[$1]'));
    await put(id, KEY, value(['sku-2041', 'sku-77'], 'fr-FR'), query);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Changed elsewhere while you edited.').waitFor();
  }
  await shot(page, dark ? 'dark' : 'light');
}

/** Reads and writes a little until it is told to stop, so that the pictures have something to show. */
let working = true;
const work = (async () => {
  while (working) {
    const [space, key] = [[id, KEY], [flags, 'flag/7'], [texts, 'text/3/3']][random(3)];
    await ask('GET', `v1/namespaces/${space}/values/${encodeURIComponent(key)}`);
    if (random(4) === 0) {
      await put(flags, 'flag/7', random(2) ? 'on' : 'off');
    }
    await new Promise((resolve) => setTimeout(resolve, 5 + random(25)));
  }
})();
for (const phone of [false, true]) {
  const page = await open('', { phone });
  await page.getByRole('img', { name: /origin, version/ }).waitFor();
  await page.waitForTimeout(25_000);
  await shot(page, phone ? 'phone' : 'overview');
}
working = false;
await work;

const live = await open('#/live', { dark: true });
await live.getByText('Waiting for changes').waitFor();
let writing = true;
const writer = (async () => {
  await put(id, 'user:test:1', 'x');
  while (writing) {
    const key = `user:${['de', 'fr', 'gb', 'us'][random(4)]}:${hex()}`;
    await put(id, key, 'x'.repeat(900 + random(1800)));
    if (random(5) === 0) {
      await ask('DELETE', `v1/namespaces/${id}/values/${encodeURIComponent(key)}`);
    }
  }
})();
await live.waitForTimeout(6000);
await ask('DELETE', `v1/namespaces/${id}/keys?prefix=user%3Atest%3A`);
await live.getByText('user:test:').first().waitFor();
await shot(live, 'live');
writing = false;
await writer;
process.exit();
