/** The frame, and the pages that show no keys. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ACCOUNT, ask, finish, GUARDED, line, namespace, open, put, ROOT, SERVER, shell, violations } from './browser.mjs';

export async function overviewListsNamespacesAndServers() {
  const id = await namespace('shop');
  await put(id, 'a', '1');

  const page = await open('');

  await page.getByRole('table').getByRole('link', { name: 'shop' }).waitFor();
  await page.getByRole('img', { name: /: origin, version/ }).waitFor();
  await page.getByText(/^Serving · origin/).waitFor();
  await page.getByRole('columnheader', { name: 'Time to answer, p99' }).waitFor();
  await page.getByRole('row', { name: /^shop 1 .* ms/ }).waitFor();
  await finish(page);
}

export async function overviewShowsWhatNeedsAttention() {
  const notice = { level: 'soon', subject: 'TLS', text: 'The certificate ends in 20 days', detail: 'A new pair is read when its files change.' };
  const page = await open('', {
    answers: { 'v1/overview': (overview) => ({ ...overview, attention: [notice, { ...notice, level: 'wrong', subject: 'disk', text: '<b>The disk is full</b>' }] }) },
  });

  const list = page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem');
  await list.filter({ hasText: 'The certificate ends in 20 days' }).waitFor();
  await list.filter({ hasText: '<b>The disk is full</b>' }).waitFor();
  await finish(page);
}

export async function darkAndPhoneHaveNoViolation() {
  const dark = await open('', { dark: true });
  await dark.getByRole('heading', { name: 'Where the data is' }).waitFor();
  assert.equal(await dark.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await finish(dark);

  const phone = await open('', { phone: true });
  await phone.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Live' }).waitFor();
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 400);
  await finish(phone);
}

/** The palette was opened with what was known then, which a slow server made nothing. */
export async function paletteFindsANamespaceThatArrivesWhileItIsOpen() {
  await namespace('found-late');
  let arrive;
  const arrival = new Promise((resolve) => (arrive = resolve));
  const page = await open('', {
    answers: {
      'v1/overview': async (overview) => {
        await arrival;
        return overview;
      },
    },
  });
  await page.getByText(/^Serving/).waitFor();

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Find a key/ }).fill('found-late');
  await page.getByText('Nothing').first().waitFor();
  arrive();

  await page.getByRole('option', { name: 'found-late' }).waitFor();
  await finish(page);
}

export async function paletteFindsPagesByKeyboard() {
  await namespace('found-by-name');
  const page = await open('');
  await page.getByText(/^Serving/).waitFor();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('found-by');
  await page.getByRole('option', { name: 'found-by-name' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Enter');

  await page.waitForURL(/#\/browse\/[0-9a-f]{32}$/);
  await page.goBack();
  await page.getByRole('heading', { name: 'Where the data is' }).waitFor();
  await finish(page);
}

export async function createsANamespace() {
  const page = await open('');
  await page.getByRole('button', { name: '+ New namespace' }).click();
  await page.getByLabel('Title').fill('made-in-the-console');
  await page.getByRole('button', { name: 'Create' }).click();

  await page.waitForURL(/#\/browse\/[0-9a-f]{32}$/);
  await page.getByRole('link', { name: /^made-in-the-console/ }).waitFor();
  await page.context().close();
}

export async function signsInWithTheLinkOfTheCommand() {
  const answer = await fetch(`${GUARDED}/v1/session/codes`, { method: 'POST', headers: { Authorization: `Bearer ${ROOT}` } });
  const { code } = await answer.json();
  const sent = [];
  const page = await open('#/sign-in', { server: GUARDED });
  await page.getByLabel('Token').waitFor();
  page.on('request', (request) => sent.push(request.url()));

  await page.goto(`${GUARDED}/#/access?code=${code}`);
  await page.getByRole('button', { name: 'New token' }).waitFor();
  assert.match(page.url(), /#\/access$/);
  assert(!sent.some((url) => url.includes(code)));

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto(`${GUARDED}/#/access?code=${code}`);
  await page.getByText('This code was used before').waitFor();
  await finish(page);
}

export async function signsInWithATokenThatNoScriptCanRead() {
  const page = await open('#/access', { server: GUARDED });
  await page.getByLabel('Token').fill('no-such-token');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This token is not valid').waitFor();
  assert.deepEqual(await violations(page), []);

  await page.getByLabel('Token').fill(ROOT);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'New token' }).waitFor();
  assert.match(page.url(), /#\/access$/);
  const readable = await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }) + document.documentElement.outerHTML);
  assert(!readable.includes(ROOT));
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
  await page.reload();
  await page.getByLabel('Token').waitFor();
  await finish(page);
}

export async function createsAndRevokesAToken() {
  const page = await open('#/access', { server: GUARDED });
  await page.getByLabel('Token').fill(ROOT);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('reader');
  await page.getByRole('button', { name: 'Create' }).click();
  const secret = (await page.getByRole('region', { name: 'Secret of the token' }).textContent()).trim();
  const asReader = { headers: { Authorization: `Bearer ${secret}` }, server: GUARDED };
  await ask('GET', `client/v4/accounts/${ACCOUNT}/storage/kv/namespaces`, asReader);
  await page.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Revoke reader' }).click();
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByRole('button', { name: 'Revoke reader' }).waitFor({ state: 'detached' });
  await assert.rejects(ask('GET', `client/v4/accounts/${ACCOUNT}/storage/kv/namespaces`, asReader), /401/);

  await page.getByRole('button', { name: 'Audit' }).click();
  await page.getByRole('cell', { name: 'revoke token' }).first().waitFor();
  await finish(page);
}

export async function liveShowsChangesAsTheyHappen() {
  const id = await namespace('watched');
  const page = await open(`#/live/${id}`);
  await page.getByText('Waiting for changes').waitFor();

  // The stream may open a moment after the page says that it waits.
  const shown = page.getByRole('link', { name: 'user:<b>1</b>' }).first();
  for (let attempt = 0; attempt < 10 && !(await shown.isVisible()); attempt++) {
    await put(id, 'user:<b>1</b>', `hello ${attempt}`);
    await shown.waitFor({ timeout: 3000 }).catch(() => {});
  }
  await shown.waitFor();
  await ask('DELETE', `v1/namespaces/${id}/values/${encodeURIComponent('user:<b>1</b>')}`);
  await page.locator('.event', { hasText: 'delete' }).waitFor();
  await finish(page);
}

export async function liveIsPausedAndFilteredAndCounted() {
  const id = await namespace('filtered-live');
  const other = await namespace('other-live');
  const page = await open(`#/live/${id}`);
  await page.getByText('Waiting for changes').waitFor();
  const shown = (key) => page.locator('.event', { hasText: key });
  /** Makes changes until one of them is shown: a stream may open a moment after the page says that it waits. */
  const until = async (key, change) => {
    for (let attempt = 0; attempt < 10 && !(await shown(key).first().isVisible()); attempt++) {
      await change();
      await shown(key).first().waitFor({ timeout: 3000 }).catch(() => {});
    }
    await shown(key).first().waitFor();
  };

  await until('user:1', async () => {
    await put(other, 'user:elsewhere', '1');
    await put(id, 'user:1', '1');
  });
  assert.equal(await shown('user:elsewhere').count(), 0);
  const version = Number(await put(id, 'user:rate', '1'));
  // Other scenarios write to the same server, so that its version may be newer.
  await page.waitForFunction((least) => {
    const shownVersion = /^[0-9.,]+ a second · v ([0-9,]+)$/.exec(document.querySelector('.live-bar .grow').innerText)?.[1];
    return shownVersion !== undefined && Number(shownVersion.replaceAll(',', '')) >= least;
  }, version);

  await page.getByRole('button', { name: 'Pause' }).click();
  await put(id, 'user:passed', '1');
  await page.getByText(/^paused, [1-9]\d* passed$/).waitFor();
  assert.equal(await shown('user:passed').count(), 0);
  await page.getByRole('button', { name: 'Go on' }).click();
  await until('user:after', () => put(id, 'user:after', '1'));
  assert.equal(await shown('user:passed').count(), 0);

  await page.getByRole('button', { name: 'delete', exact: true }).click();
  await page.waitForURL(/type=delete/);
  await until('user:gone', async () => {
    await put(id, 'user:gone', '1');
    await ask('DELETE', `v1/namespaces/${id}/values/user%3Agone`);
  });
  assert.equal(await page.locator('.event', { hasText: 'put' }).count(), 0);

  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('order:');
  await page.waitForURL(/prefix=order%3A/);
  await until('order:1', async () => {
    await put(id, 'user:2', '1');
    await put(id, 'order:1', '1');
  });
  assert.equal(await shown('user:2').count(), 0);

  await page.getByRole('combobox', { name: 'Namespace' }).selectOption({ label: 'other-live' });
  await page.waitForURL(new RegExp(`live/${other}.*prefix=order%3A`));
  await until('order:elsewhere', async () => {
    await put(id, 'order:2', '1');
    await put(other, 'order:elsewhere', '1');
  });
  assert.equal(await shown('order:2').count(), 0);
  await shown('order:elsewhere').first().getByRole('link').click();
  await page.waitForURL(new RegExp(`browse/${other}.*key=order%3Aelsewhere`));
  await finish(page);
}

export async function connectFillsInTheAddress() {
  const id = await namespace('connected');
  const page = await open(`#/connect/${id}`);

  const text = (name) => page.getByRole('region', { name, exact: true }).textContent();
  const { host } = new URL(SERVER);

  assert.equal(await text('curl'), `curl '${SERVER}/v1/namespaces/${id}/values/greeting'`);
  await put(id, 'greeting', 'hello from the page');
  assert.equal(await shell(await text('curl')), 'hello from the page');
  const jsonc = JSON.parse(await text('wrangler.jsonc'));
  assert.deepEqual(jsonc.kv_namespaces, [{ binding: 'CONNECTED', id }]);
  assert.equal(jsonc.unsafe.bindings[0].dev.options.url, SERVER);
  for (const [name, ...parts] of [
    ['wrangler.toml', `kv_namespaces = [{ binding = "CONNECTED", id = "${id}" }]`, `url = "${SERVER}"`],
    ['cloudflare.config.ts', `CONNECTED: bindings.kv({ id: "${id}" })`],
    ['workerd (capnp)', `address = "${host}"`, `(name = "CF-KV-Namespace-Id", value = "${id}")`, `--server ${SERVER}`],
    ['wrangler', `export CLOUDFLARE_API_BASE_URL=${SERVER}/client/v4`, `CLOUDFLARE_ACCOUNT_ID=${ACCOUNT}`, `--namespace-id ${id} --remote`],
    ['Java', `Selvedge.connect(URI.create("${SERVER}"))`, 'selvedge.namespace("connected")'],
    ['A Worker on this server', `selvedge dev . --server ${SERVER}`],
  ]) {
    const snippet = await text(name);
    parts.forEach((part) => assert(snippet.includes(part), `${name}: ${snippet}`));
  }

  await page.getByRole('button', { name: 'Copy curl' }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await text('curl'));
  await finish(page);
}

export async function anUpgradedServerRequiresAReload() {
  const { address, cut, mend } = await line();
  const page = await open('#/settings', { server: address, answers: { 'v1/session': (session) => ({ ...session, software: '1.2.3' }) } });
  await page.getByRole('heading', { name: 'This server' }).waitFor();
  await page.unroute('**/v1/session*');
  const upgraded = async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/app-\w+\.js/, 'app-OTHER.js') });
  };
  await page.route(`${address}/`, upgraded);
  await page.route('**/v1/session*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), software: '4.5.6' } });
  });

  await cut();
  await page.getByText('The server does not answer since').waitFor();
  await mend();

  await page.getByText('The server now runs release 4.5.6, and this page is of release 1.2.3. Save your edits, then reload.').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.unroute(`${address}/`);
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('heading', { name: 'This server' }).waitFor();
  await page.getByText('The server now runs release').waitFor({ state: 'detached' });
  assert.match(page.url(), /#\/settings$/);
  await finish(page);
  await cut();
}

export async function analyticsShowWhatHappened() {
  const id = await namespace('counted');
  for (let number = 0; number < 5; number++) {
    await put(id, `k${number}`, 'value');
  }
  await ask('GET', `v1/namespaces/${id}/values/k1`);
  const page = await open(`#/analytics?of=${id}`);

  await page.getByRole('region', { name: 'Operations a second' }).getByRole('img').waitFor();
  await page.getByRole('row', { name: /^write 5 / }).waitFor();
  await page.getByRole('row', { name: /^200 6 100\.0 %/ }).waitFor();
  await page.getByRole('button', { name: '1 h', exact: true }).click();
  await page.waitForURL(/span=1h/);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
  assert.equal(file.suggestedFilename(), 'analytics.csv');
  const [head, ...rows] = (await readFile(await file.path(), 'utf8')).trim().split('\n').map((row) => row.split(','));
  const requests = (operation) => rows.filter((row) => row[head.indexOf('operation')] === operation).reduce((sum, row) => sum + Number(row[head.indexOf('requests')]), 0);
  assert.deepEqual([requests('write'), requests('read')], [5, 1]);
  await finish(page);

  const quiet = await namespace('quiet');
  const empty = await open(`#/analytics?of=${quiet}`, { dark: true });
  await empty.getByRole('heading', { name: 'No operation in this time' }).waitFor();
  await finish(empty);
}

export async function analyticsComparePlacesAndShowGrowth() {
  const id = await namespace('two-places');
  await put(id, 'k', 'value');
  const growing = (answer) => ({ ...answer, stored: [{ at: answer.from, keys: 10, bytes: 1000 }, { at: answer.to, keys: 20, bytes: 5_000_000 }] });
  const twice = (answer) => ({
    ...growing(answer),
    totals: answer.totals.flatMap((each) => ('place' in each ? [each, { ...each, place: 'fra', millis: { ...each.millis, p99: 250 } }] : [each])),
  });
  const page = await open(`#/analytics?of=${id}`, { answers: { 'v1/analytics': twice } });

  const places = page.getByRole('region', { name: 'Places' });
  await places.getByRole('row', { name: /^origin / }).waitFor();
  await places.getByRole('row', { name: /^fra .* 250 ms$/ }).waitFor();
  await page.getByRole('region', { name: 'Stored' }).getByRole('img').waitFor();
  await page.getByText('5.0 MB').first().waitFor();
  await places.getByRole('link', { name: 'fra' }).click();
  await page.waitForURL(/at=fra/);
  await finish(page);
}

export async function analyticsRequireAWholeNamespace() {
  const headers = { Authorization: `Bearer ${ROOT}` };
  const guarded = { server: GUARDED, headers };
  const { id, account } = await (await ask('PUT', 'v1/namespaces/partly', guarded)).json();
  const body = JSON.stringify({ account, namespace: id, prefix: 'a', grant: 'read' });
  const { secret } = await (await ask('POST', 'v1/tokens', { ...guarded, body })).json();
  const page = await open('#/analytics', { server: GUARDED });
  await page.getByLabel('Token').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Your token does not allow this' }).waitFor();
  await finish(page);
}

export async function settingsShowTheServer() {
  const page = await open('#/settings');
  await page.getByRole('heading', { name: 'Staleness' }).waitFor();
  await finish(page);
}

export async function aLostServerShowsAndComesBack() {
  const { address, cut, mend } = await line();
  const page = await open('#/live', { server: address });
  await page.getByText('Waiting for changes').waitFor();

  await cut();
  await page.getByText('The server does not answer since').waitFor();
  await page.getByText(/^No answer/).waitFor();
  await mend();
  await page.getByText('The server does not answer since').waitFor({ state: 'detached' });
  await page.getByText(/^Serving/).waitFor();

  const id = await namespace('after-the-cut');
  await page.getByRole('link', { name: /^after-the-cut/ }).waitFor();
  await put(id, 'seen-live-again', '1');
  await page.getByRole('link', { name: 'seen-live-again' }).waitFor();
  await page.context().close();
  await cut();
}
