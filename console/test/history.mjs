/** The history of a key. */
import assert from 'node:assert/strict';
import { ask, finish, get, namespace, open, put } from './browser.mjs';

export async function aCancelledHistorySaysThatItIsNotWhole() {
  const id = await namespace('cancelled');
  await put(id, 'page', 'first');
  // The stream stays open, as that of a long feed does.
  const page = await open(`#/history/${id}?key=page`, { answers: { [`v1/namespaces/${id}/history/page`]: undefined } });

  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText(/^Stopped/).waitFor();
  await finish(page);
}

export async function anOlderVersionIsComparedAndRestored() {
  const id = await namespace('remembered');
  const first = await put(id, 'page', '{"title":"first"}', '?metadata=%7B%22by%22%3A%22a%22%7D');
  const second = await put(id, 'page', '{"title":"second"}');
  await ask('DELETE', `v1/namespaces/${id}/values/page`);
  const page = await open(`#/history/${id}?key=page&version=${second}`);

  const differences = page.getByRole('region', { name: 'Differences' });
  await differences.getByText('"second"').waitFor();
  assert.match(await differences.textContent(), /"first"/);
  await page.getByText('This is everything').waitFor();
  await page.getByRole('link', { name: new RegExp(`^${first} `) }).click();
  await page.getByRole('button', { name: 'Restore this version' }).click();
  await page.getByRole('button', { name: 'Restore', exact: true }).click();

  await page.getByText(/^Restored version/).waitFor();
  const { text, metadata } = await get(id, 'page');
  assert.deepEqual([text, metadata], ['{"title":"first"}', '{"by":"a"}']);
  await finish(page);
}
