import { toast } from '../element.js';
import { go, link } from '../place.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { TextDialog } from './dialog.js';

/** Asks for a title, creates the namespace and opens it. */
export async function newNamespace(): Promise<void> {
  let id = '';
  const title = await new TextDialog(
    { heading: 'New namespace', label: 'Title', action: 'Create', hint: 'Any text, such as sessions. It can be changed later.' },
    async (text) => {
      id = (await server.createNamespace(state.account, text)).id;
    },
  ).open();
  if (title) {
    await state.refresh();
    toast(`Created ${title}.`);
    go(link('browse', id));
  }
}
