import { html, type TemplateResult } from 'lit';
import { customElement, state as internal } from 'lit/decorators.js';
import { visible } from '../format.js';
import { go, link } from '../place.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { Dialog } from './dialog.js';

export interface Command {
  readonly text: string;
  readonly hint: string;
  readonly run: () => void;
}

const KEYS_SHOWN = 8;
const SHOWN_MAX = 60;

/** Finds pages, namespaces, actions, and keys of the namespace by their beginning. */
@customElement('command-palette')
export class Palette extends Dialog<Command> {
  @internal() private text = '';
  @internal() private chosen = 0;
  @internal() private keys: readonly Command[] = [];
  private request?: AbortController;

  /** @param commands returns what can be found now: namespaces may arrive while this is open */
  constructor(
    private readonly commands: () => readonly Command[],
    private readonly namespace: string,
  ) {
    super();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(state, 'change', () => this.requestUpdate());
  }

  heading(): string {
    return '';
  }
  body(): TemplateResult {
    return html``;
  }
  actions(): TemplateResult {
    return html``;
  }

  override async open(): Promise<Command | undefined> {
    const command = await super.open();
    command?.run();
    return command;
  }

  protected override closed(): void {
    this.request?.abort();
  }

  private get found(): readonly Command[] {
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    const commands = this.commands().filter((command) => words.every((word) => command.text.toLowerCase().includes(word)));
    return [...commands.slice(0, SHOWN_MAX), ...this.keys];
  }

  private async typed(event: InputEvent): Promise<void> {
    this.text = (event.target as HTMLInputElement).value;
    this.chosen = 0;
    this.request?.abort();
    const prefix = this.text.trim();
    if (!this.namespace || !prefix) {
      this.keys = [];
      return;
    }
    const request = new AbortController();
    this.request = request;
    try {
      const answer = await server.rows(this.namespace, prefix, { from: '' }, KEYS_SHOWN, request.signal);
      if (!request.signal.aborted && 'rows' in answer) {
        const keys = answer.rows.map((row) => ({
          text: visible(row.key),
          hint: 'key',
          run: () => go(link('browse', this.namespace, { key: row.key })),
        }));
        const all = { text: `All keys that begin with ${visible(prefix)}`, hint: 'prefix', run: () => go(link('browse', this.namespace, { prefix })) };
        this.keys = keys.length > 0 ? [...keys, all] : [];
      }
    } catch {
      // Pages and actions are found without the server.
    }
  }

  private key(event: KeyboardEvent): void {
    const { found: matches } = this;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : matches.length - 1;
      this.chosen = matches.length ? (this.chosen + step) % matches.length : 0;
      void this.updateComplete.then(() => this.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.close(matches[this.chosen]);
    }
  }

  protected override render(): TemplateResult {
    const { found: matches } = this;
    return html`<dialog class="palette" aria-label="Find" @click=${(event: Event) => event.target === event.currentTarget && this.close()}>
      <input
        role="combobox"
        aria-label="Find a key, a namespace, an action"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant=${matches.length ? `command-${this.chosen}` : ''}
        placeholder="Find a key, a namespace, an action"
        autocomplete="off"
        spellcheck="false"
        autofocus
        @input=${this.typed}
        @keydown=${this.key}
      />
      <ul id="palette-list" role="listbox" aria-label="Found">
        ${matches.map(
          (command, index) =>
            html`<li role="option" id="command-${index}" aria-selected=${index === this.chosen ? 'true' : 'false'} @click=${() => this.close(command)}>
              <span class="clip ${command.hint === 'key' ? 'mono' : ''}">${command.text}</span><span class="mute">${command.hint}</span>
            </li>`,
        )}
      </ul>
      ${matches.length ? '' : html`<p class="empty">Nothing has this name.</p>`}
    </dialog>`;
  }
}

const KEYS: readonly [string, string][] = [
  ['Ctrl K or ⌘K', 'find a key, a namespace, an action'],
  ['/', 'filter'],
  ['↑ ↓', 'next and previous key or group'],
  ['← →', 'close and open a group'],
  ['Home, End', 'first and last key'],
  ['Enter', 'open'],
  ['Space', 'select a key'],
  ['E', 'edit the value'],
  ['Ctrl S or ⌘S', 'save'],
  ['Esc', 'close'],
  ['?', 'this list'],
];

@customElement('keys-dialog')
export class KeysDialog extends Dialog<void> {
  heading(): string {
    return 'Keys';
  }
  body(): TemplateResult {
    return html`<table class="head-first"><tbody>
      ${KEYS.map(([key, meaning]) => html`<tr><td><kbd>${key}</kbd></td><td>${meaning}</td></tr>`)}
    </tbody></table>`;
  }
  actions(): TemplateResult {
    return html`<button class="button main" type="button" @click=${() => this.close()}>Close</button>`;
  }
}
