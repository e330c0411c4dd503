/** What each page shows while it waits, after an error, and to a token that may not see it. */
import { ask, finish, GUARDED, namespace, open, put, ROOT } from './browser.mjs';

const BROKEN = { status: 500, contentType: 'application/json', body: '{"error":{"code":"internal","message":"the disk has failed"}}' };

const PAGES = [
  ['analytics', 'v1/analytics'],
  ['access', 'v1/tokens'],
  ['settings', 'v1/limits'],
];

/** Returns the pages of a namespace, with the path of the request for what they show. */
async function pagesOfKeys() {
  const id = await namespace('states');
  await put(id, 'a', '1');
  return [
    ['', 'v1/overview'],
    [`browse/${id}`, `v1/namespaces/${id}/rows`],
    [`browse/${id}?key=a`, `v1/namespaces/${id}/values/a`],
  ];
}

async function requireLoading(pages) {
  for (const [fragment, path] of pages) {
    const page = await open(`#/${fragment}`, { answers: { [path]: undefined } });
    await page.getByRole('status', { name: 'Loading' }).first().waitFor();
    await finish(page);
  }
}

async function requireError(pages) {
  for (const [fragment, path] of pages) {
    const page = await open(`#/${fragment}`, { answers: { [path]: BROKEN } });
    await page.getByRole('alert').getByText('The disk has failed.').waitFor();
    await page.unroute(`**/${path}*`);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Try again' }).waitFor({ state: 'detached' });
    await finish(page);
  }
}

export async function pagesShowThatTheyLoad() {
  await requireLoading(PAGES);
}

export async function pagesOfKeysShowThatTheyLoad() {
  await requireLoading(await pagesOfKeys());
}

export async function pagesShowAnErrorAndTryAgain() {
  await requireError(PAGES);
}

export async function pagesOfKeysShowAnErrorAndTryAgain() {
  const id = await namespace('states');
  await requireError([...(await pagesOfKeys()), [`history/${id}?key=a`, `v1/namespaces/${id}/history/a`]]);
}

export async function pagesSayWhatATokenMayNotSee() {
  const headers = { Authorization: `Bearer ${ROOT}` };
  const guarded = { server: GUARDED, headers };
  const { id, account } = await (await ask('PUT', 'v1/namespaces/partly-seen', guarded)).json();
  const other = await (await ask('PUT', 'v1/namespaces/unseen', guarded)).json();
  const body = JSON.stringify({ account, namespace: id, prefix: 'a', grant: 'read' });
  const { secret } = await (await ask('POST', 'v1/tokens', { ...guarded, body })).json();
  const page = await open('', { server: GUARDED });
  await page.getByLabel('Token').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The map requires a token that may read everything.').waitFor();

  for (const fragment of ['analytics', 'access']) {
    await page.goto(`${GUARDED}/#/${fragment}`);
    await page.getByRole('heading', { name: 'Your token does not allow this' }).waitFor();
  }
  // What a token may not see is missing for it.
  await page.goto(`${GUARDED}/#/browse/${other.id}`);
  await page.getByRole('alert').getByText('There is no namespace with the id').first().waitFor();
  await page.goto(`${GUARDED}/#/history/${id}?key=b`);
  await page.getByRole('alert').getByText('There is no key "b".').waitFor();
  await page.goto(`${GUARDED}/#/live`);
  await page.getByText('the token may not read all of them').waitFor();
  await page.goto(`${GUARDED}/#/browse/${id}`);
  await page.getByRole('button', { name: 'More actions' }).waitFor();
  const offered = page.getByRole('button', { name: /New entry|New namespace|Delete/ }).or(page.getByRole('link', { name: /New entry|Import/ }));
  if ((await offered.count()) > 0) {
    throw new Error(`offered: ${await offered.allTextContents()}`);
  }
  await finish(page);
}

export async function aReadOnlyTokenIsNotOfferedWhatItMayNotDo() {
  const headers = { Authorization: `Bearer ${ROOT}` };
  const guarded = { server: GUARDED, headers };
  const { id, account } = await (await ask('PUT', 'v1/namespaces/empty-for-a-reader', guarded)).json();
  const body = JSON.stringify({ account, namespace: id, grant: 'read' });
  const { secret } = await (await ask('POST', 'v1/tokens', { ...guarded, body })).json();
  const page = await open(`#/browse/${id}`, { server: GUARDED });
  await page.getByLabel('Token').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.getByRole('heading', { name: 'No key yet' }).waitFor();
  await page.getByText('Your token may read this namespace, but not write to it.').waitFor();
  await page.getByText('Put the first one').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Live page' }).waitFor();
  const offered = page.getByRole('option', { name: /New|Import/ });
  if ((await offered.count()) > 0) {
    throw new Error(`offered: ${await offered.allTextContents()}`);
  }
  await page.keyboard.press('Escape');
  await finish(page);
}

export async function anAnswerOfAnotherReleaseIsNamed() {
  const missing = { status: 404, contentType: 'application/json', body: '{"error":{"code":"no_route","message":"there is no such path"}}' };
  const page = { status: 200, contentType: 'text/html', body: '<html>a proxy</html>' };
  for (const [fragment, path] of PAGES) {
    // The limits are left out if there are none.
    for (const answer of fragment === 'settings' ? [page] : [missing, page]) {
      const window = await open(`#/${fragment}`, { answers: { [path]: answer } });
      await window.getByRole('heading', { name: 'The server is of another release' }).waitFor();
      await window.getByText(/Both are of release .+: a proxy between them may have answered/).waitFor();
      await window.unroute(`**/${path}*`);
      await window.getByRole('button', { name: 'Reload' }).click();
      await window.getByRole('heading', { name: 'The server is of another release' }).waitFor({ state: 'detached' });
      await finish(window);
    }
  }
}
