/** The keys of a namespace, and entries. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ask, fill, finish, get, namespace, open, put, SERVER, shell, violations } from './browser.mjs';

const KEYS = Number(process.env.CONSOLE_KEYS ?? 20_000);

/** Replaces the text of the editor as a person does. */
async function type(page, text) {
  await page.getByRole('textbox', { name: /^Value of/ }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

const digits = (number) => String(number).padStart(8, '0');
const grouped = (number) => number.toLocaleString('en-US');

export async function jumpsToTheMiddleOfTheKeys() {
  const id = await namespace('large');
  await fill(id, Array.from({ length: KEYS }, (_, index) => ({ key: `user:${index % 2 ? 'fr' : 'de'}:${digits(index)}`, value: 'x' })));
  const half = KEYS / 2;
  const page = await open(`#/browse/${id}`);
  await page.getByText(`${grouped(KEYS)} keys`).waitFor();

  await page.getByRole('slider', { name: 'Jump to a position' }).fill(String(half));
  await page.getByRole('row', { name: `user:fr:${digits(1)}` }).waitFor();
  assert.equal(await page.getByRole('row', { name: `user:fr:${digits(1)}` }).getAttribute('aria-rowindex'), String(half + 2));

  await page.getByRole('treeitem', { name: /^user:/ }).click();
  await page.getByRole('treeitem', { name: `fr: ${grouped(half)}` }).click();
  await page.getByText(`${grouped(half)} keys`).waitFor();
  assert.match(page.url(), /prefix=user%3Afr%3A$/);
  await page.getByRole('grid', { name: 'Keys' }).focus();
  await page.keyboard.press('End');
  await page.getByRole('row', { name: `user:fr:${digits(KEYS - 1)}` }).waitFor();
  await finish(page);
}

export async function opensALinkToAKeyAnywhere() {
  const id = await namespace('linked');
  await fill(id, Array.from({ length: 1500 }, (_, index) => ({ key: `k${digits(index)}`, value: `value ${index}` })));

  const page = await open(`#/browse/${id}?key=k00001200`, { dark: true });

  await page.getByText('value 1200').waitFor();
  await page.locator('.line[aria-selected=true]', { hasText: 'k00001200' }).waitFor();
  await finish(page);
}

export async function editsKeepWhatIsNotChanged() {
  const id = await namespace('edited');
  await put(id, 'a', '{"n":12345678901234567890,"b":1}', '?metadata=%7B%22plan%22%3A%22pro%22%7D&ttl=3600');
  const before = await get(id, 'a');
  const page = await open(`#/browse/${id}?key=a`);

  await type(page, '{"n": 12345678901234567890, "b": 2}');
  await page.keyboard.press('Control+s');
  await page.getByText(/^Saved as version/).waitFor();

  const after = await get(id, 'a');
  assert.equal(after.text, '{"n":12345678901234567890,"b":2}');
  assert.deepEqual([after.metadata, after.expires], [before.metadata, before.expires]);

  await page.getByLabel('Metadata', { exact: true }).fill('{"plan":');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved: the metadata is not JSON').waitFor();
  await page.getByLabel('Metadata', { exact: true }).fill('');
  await page.getByLabel('Expires').fill('never');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^Saved as version/).waitFor();
  await page.getByRole('button', { name: 'Discard' }).waitFor({ state: 'detached' });
  assert.deepEqual(await get(id, 'a').then(({ text, metadata, expires }) => [text, metadata, expires]), [after.text, null, null]);
  await finish(page);
}

export async function mergesAChangeOfAnotherWriter() {
  const id = await namespace('merged');
  await put(id, 'cart', '{"cart":["sku-2041"],"locale":"fr-FR"}');
  const page = await open(`#/browse/${id}?key=cart`);
  await type(page, '{"cart":["sku-2041"],"locale":"en-GB"}');

  await put(id, 'cart', '{"cart":["sku-2041","sku-77"],"locale":"fr-FR"}');
  await page.getByRole('button', { name: 'Save' }).click();

  await page.getByText('Changed elsewhere while you edited.').waitFor();
  await page.getByText(/added "sku-77" to cart/).waitFor();
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('region', { name: 'Differences' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Merge both' }).click();
  await page.getByText(/^Saved as version/).waitFor();
  assert.equal((await get(id, 'cart')).text, '{"cart":["sku-2041","sku-77"],"locale":"en-GB"}');

  await type(page, '{"cart":[],"locale":"mine"}');
  await put(id, 'cart', '{"cart":["sku-2041","sku-77"],"locale":"theirs"}');
  await page.keyboard.press('Control+s');
  await page.getByText('You both changed locale').waitFor();
  assert.match((await get(id, 'cart')).text, /theirs/);
  await page.getByRole('button', { name: /^Merge, theirs/ }).click();
  await page.getByText(/^Saved as version/).first().waitFor();
  await page.getByText('You both changed').waitFor({ state: 'detached' });
  assert.equal((await get(id, 'cart')).text, '{"cart":[],"locale":"theirs"}');
  await page.context().close();
}

export async function valuesAreNeverRun() {
  const id = await namespace('hostile');
  await put(id, 'page', '<script>document.title="run"</script><img src=x onerror="document.title=\'run\'">');
  await put(id, 'drawing', '<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=\'run\'"><script>document.title="run"</script></svg>');
  await put(id, '<img src=x onerror="document.title=\'run\'">', new Uint8Array([0, 1, 2, 255]));

  const page = await open(`#/browse/${id}?key=page`);
  await page.getByText('onerror').first().waitFor();
  await page.getByRole('row', { name: /drawing/ }).click();
  await page.getByText('onload').first().waitFor();
  await page.getByRole('row', { name: /img src/ }).click();
  await page.getByText('00 01 02 ff').waitFor();
  assert.doesNotMatch(await page.title(), /run/);
  const [type] = await page.evaluate(async (path) => {
    const response = await fetch(path);
    return [response.headers.get('content-type'), response.headers.get('x-content-type-options')];
  }, `v1/namespaces/${id}/values/page`);
  assert.equal(type, 'application/octet-stream');
  await finish(page);
}

export async function createsAnEntryOnlyOnce() {
  const id = await namespace('created');
  await put(id, 'taken', 'first');
  const page = await open(`#/browse/${id}?new=1`);

  await page.getByLabel('Key', { exact: true }).fill('taken');
  await type(page, 'second');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('there is an entry with this key already').waitFor();
  await page.getByLabel('Key', { exact: true }).fill('free');
  await page.getByRole('button', { name: 'Create' }).click();

  await page.getByRole('row', { name: /free/ }).waitFor();
  assert.equal((await get(id, 'taken')).text, 'first');
  assert.equal((await get(id, 'free')).text, 'second');
  await page.context().close();
}

export async function deletesAPrefixAfterItsCountWasTyped() {
  const id = await namespace('deleted');
  await fill(id, Array.from({ length: 1234 }, (_, index) => ({ key: `old:${digits(index)}`, value: 'x' })));
  await put(id, 'kept', 'x');
  const page = await open(`#/browse/${id}?prefix=old%3A`);
  await page.getByText('1,234 keys').waitFor();

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Delete this prefix…' }).click();
  const act = page.getByRole('button', { name: 'Delete 1,234 keys' });
  await act.waitFor();
  assert(await act.isDisabled());
  assert.deepEqual(await violations(page), []);
  await page.getByLabel(/^Type/).fill('1234');
  await act.click();

  await page.getByRole('row', { name: /kept/ }).waitFor();
  await page.getByText('1 key ·').waitFor();
  await page.context().close();
}

export async function selectedKeysAreCopiedAndExpireAndAreDeleted() {
  const id = await namespace('many');
  const other = await namespace('many-copied');
  for (const key of ['a', 'b', 'c']) {
    await put(id, key, `value of ${key}`, '?metadata=1');
  }
  await put(other, 'a', 'kept');
  await put(id, 'b', 'value of b', '?metadata=%7B%22n%22%3A12345678901234567890%7D');
  const page = await open(`#/browse/${id}`);
  const select = async (...keys) => {
    for (const key of keys) {
      await page.getByRole('checkbox', { name: `Select ${key}`, exact: true }).check();
    }
  };

  await select('a', 'b');
  await page.getByRole('button', { name: 'Copy…' }).click();
  await page.getByLabel('To the namespace').selectOption({ label: 'many-copied' });
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByText('1 key done, 1 left as they were.').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  assert.deepEqual([(await get(other, 'a')).text, (await get(other, 'b')).text, (await get(other, 'b')).metadata], ['kept', 'value of b', '{"n":12345678901234567890}']);

  await select('b', 'c');
  await page.getByRole('button', { name: 'Expiry…' }).click();
  await page.getByLabel(/^New expiry/).fill('in 2 hours');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByText('2 keys done.').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  const after = await get(id, 'c');
  assert.deepEqual([after.text, after.metadata, (await get(id, 'a')).expires], ['value of c', '1', null]);
  assert(Math.abs(Number(after.expires) - Date.now() - 7_200_000) < 600_000);

  await select('a', 'c');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByLabel(/^Type/).fill('2');
  await page.getByRole('button', { name: 'Delete 2 keys' }).click();
  await page.getByText('1 key ·').waitFor();
  await finish(page);
}

export async function exportsAndImportsEveryByte() {
  const id = await namespace('exported');
  await put(id, 'text', 'hello, "world"\n', '?metadata=%7B%22n%22%3A12345678901234567890%7D');
  await put(id, 'binary', new Uint8Array([0, 255, 128, 10]));
  await put(id, 'large', 'x'.repeat(400_000), '?metadata=%7B%22n%22%3A12345678901234567890%7D');
  const page = await open(`#/browse/${id}`);
  await page.getByRole('row', { name: /binary/ }).waitFor();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Export all keys…' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  await page.getByText('3 entries in a file').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();

  const other = await namespace('imported');
  await put(other, 'text', 'kept');
  await page.goto(page.url().replace(id, other));
  await page.getByRole('row', { name: /text/ }).waitFor();
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  const buffer = Buffer.from(`${file}{"key":"wrong"}\nno json\n`);
  await page.getByLabel('Choose a file').setInputFiles({ name: 'all.ndjson', mimeType: 'text/plain', buffer });
  await page.getByText('1 key exists already').waitFor();
  await page.getByRole('cell', { name: 'value must be a text, got none' }).waitFor();
  await page.getByRole('cell', { name: /no JSON/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Import 3 rows' }).click();
  await page.getByText('Written: 2. Kept as they were: 1. Wrong: 2.').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();

  assert.equal((await get(other, 'text')).text, 'kept');
  assert.equal((await get(other, 'large')).text, 'x'.repeat(400_000));
  assert.equal((await get(other, 'large')).metadata, '{"n":12345678901234567890}');
  const binary = await ask('GET', `v1/namespaces/${other}/values/binary`);
  assert.deepEqual(new Uint8Array(await binary.arrayBuffer()), new Uint8Array([0, 255, 128, 10]));
  await finish(page);
}

export async function importsTheFilesOfOtherPrograms() {
  const id = await namespace('imported-files');
  const page = await open(`#/browse/${id}`);
  await page.getByRole('heading', { name: 'No key yet' }).waitFor();
  const take = async (name, text) => {
    await page.getByRole('link', { name: 'Import', exact: true }).click();
    await page.getByLabel('Choose a file').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: 'Import 1 row' }).click();
    await page.getByText(/^Written: 1\./).waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
  };

  const expires = 1_000 * Math.floor(Date.now() / 1000 + 3600);
  await take('of-the-command.ndjson', `{"key":"a","value":"1","expiration":${expires / 1000},"expires":${expires - 500},"metadata":{"n":0.12345678901234567}}`);
  await take('of-a-table.csv', `key,value,expiration,metadata\r\n"b,""c""","two\nlines",${expires / 1000},"{""n"":12345678901234567890}"\r\n`);
  await take('of-wrangler.json', '[{"key":"d","value":"AP8=","base64":true,"metadata":[9007199254740993]},{"key":"e"}]');

  const rows = await Promise.all(['a', 'b,"c"', 'd'].map((key) => get(id, key)));
  assert.deepEqual(rows.map(({ metadata }) => metadata), ['{"n":0.12345678901234567}', '{"n":12345678901234567890}', '[9007199254740993]']);
  assert.deepEqual(rows.map((row) => row.expires), [String(expires), String(expires), null]);
  assert.equal(rows[1].text, 'two\nlines');
  assert.deepEqual(new Uint8Array(await (await ask('GET', `v1/namespaces/${id}/values/d`)).arrayBuffer()), new Uint8Array([0, 255]));
  await finish(page);
}

export async function aValueThatIsNoJsonIsKeptAndNotSaved() {
  const id = await namespace('no-json');
  await put(id, 'a', '{"b":1}');
  const page = await open(`#/browse/${id}?key=a`);

  await type(page, '{"b":');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^Not saved: the value is not JSON/).waitFor();
  assert.equal((await get(id, 'a')).text, '{"b":1}');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^Saved as version/).waitFor();
  assert.equal((await get(id, 'a')).text, '{"b":');
  await page.context().close();
}

export async function imagesAreShownAndLargeValuesDownloaded() {
  const id = await namespace('large-values');
  await put(id, 'image', Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'));
  await put(id, 'large', new Uint8Array(25 * 1024 * 1024).fill(97));
  const page = await open(`#/browse/${id}?key=image`);
  await page.waitForFunction(() => document.querySelector('main img')?.naturalWidth === 1);

  await page.getByRole('row', { name: /large/ }).click();
  await page.getByText(/These are the first .* of 26/).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download', exact: true }).click();
  assert.equal((await readFile(await (await download).path())).length, 25 * 1024 * 1024);
  await finish(page);
}

export async function anEmptyNamespaceShowsHowToBegin() {
  const id = await namespace('empty');
  const page = await open(`#/browse/${id}`);
  await page.getByRole('heading', { name: 'No key yet' }).waitFor();
  await finish(page);
}

export async function aKeyIsReadOnAPhone() {
  const id = await namespace('phone');
  await put(id, 'user:1', '{"on":"a phone"}');
  const page = await open(`#/browse/${id}`, { phone: true });
  await page.getByRole('button', { name: 'Prefixes' }).click();
  await page.getByRole('treeitem', { name: /^user:/ }).click();
  await page.getByRole('row', { name: /user:1/ }).click();
  await page.getByText('"a phone"').waitFor();
  await finish(page);
}

export async function anEntryIsCopiedAsLinesThatWork() {
  const id = await namespace('copied-as');
  const key = 'it\'s "a/b" $HOME & é%20?#';
  await put(id, key, 'the value');
  const page = await open(`#/browse/${id}?key=${encodeURIComponent(key)}`);
  const copied = async (name) => {
    await page.getByRole('button', { name: 'Copy as…' }).click();
    await page.locator('#entry-menu').getByRole('button', { name, exact: true }).click();
    await page.locator('#entry-menu').waitFor({ state: 'hidden' });
    return page.evaluate(() => navigator.clipboard.readText());
  };

  const curl = await copied('curl');
  assert(curl.startsWith(`curl '${SERVER}/v1/namespaces/${id}/values/`), curl);
  assert.equal(await shell(curl), 'the value');

  const wrangler = await copied('wrangler');
  assert.match(wrangler, new RegExp(` --namespace-id ${id} --remote$`));
  const words = await shell(`set -- ${wrangler.replace(/^npx /, '')}; printf '%s\\n' "$@"`);
  assert.deepEqual(words.split('\n').slice(0, 5), ['wrangler', 'kv', 'key', 'get', key]);

  const read = [];
  const env = { KV: { get: async (name) => read.push(name) } };
  await new (async () => {}).constructor('env', await copied('JavaScript'))(env);
  assert.deepEqual(read, [key]);

  const java = await copied('Java');
  assert(java.includes(`Selvedge.connect(URI.create("${SERVER}"))`), java);
  assert(java.includes('selvedge.namespace("copied-as")'), java);
  assert(java.includes(String.raw`getText("it's \"a/b\" $HOME & \u00e9%20?#")`), java);

  assert.equal(await copied('Key'), key);
  assert.equal(await copied('Value'), 'the value');
  assert.equal(await copied('Link to this entry'), page.url());
  await finish(page);
}

export async function theEditorKeepsTheSelectionOfThePlainTextThatItReplaces() {
  const id = await namespace('replaced-editor');
  await put(id, 'a', '{"b":1}');
  let release;
  const released = new Promise((resolve) => (release = resolve));
  const page = await open('#/settings');
  await page.route('**/console/codemirror-*.js', async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`${SERVER}/#/browse/${id}?key=a`);
  await page.locator('textarea.plain-editor').click();
  await page.keyboard.press('Control+a');

  release();
  await page.locator('textarea.plain-editor').waitFor({ state: 'detached' });
  await page.keyboard.insertText('{"b":2}');
  await page.keyboard.press('Control+s');
  await page.getByText(/^Saved as version/).waitFor();
  assert.equal((await get(id, 'a')).text, '{"b":2}');
  await finish(page);
}

export async function everythingIsReachedByTheKeyboard() {
  const id = await namespace('by-keyboard');
  await fill(id, ['a:1', 'a:2', 'b:x:1', 'c'].map((key) => ({ key, value: `value of ${key}` })));
  const page = await open(`#/browse/${id}`);
  await page.getByRole('treeitem', { name: /^b:/ }).waitFor();

  await page.getByRole('tree').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'Enter']) {
    await page.keyboard.press(key);
  }
  await page.waitForURL(/prefix=(a%3A|b%3A)/);
  await page.keyboard.press('/');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('a:');
  await page.getByText('2 keys ·').waitFor();
  await page.getByRole('grid', { name: 'Keys' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/key=a%3A2/);
  await page.getByText('value of a:2').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('grid', { name: 'Keys' }).focus();
  await page.keyboard.press('e');
  await page.waitForFunction(() => document.activeElement?.closest('code-editor'));
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('new');
  await page.keyboard.press('Control+s');
  await page.getByText(/^Saved as version/).waitFor();
  assert.equal((await get(id, 'a:2')).text, 'new');
  await finish(page);
}
