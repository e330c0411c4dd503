import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state as internal } from 'lit/decorators.js';
import { ConsoleElement, toast } from '../element.js';
import { ago, clock, count, jsonText, moment, plural, size, span, visible } from '../format.js';
import { ICONS } from '../parts/icons.js';
import { CountDialog, QuestionDialog, TextDialog } from '../parts/dialog.js';
import type { KeyTree } from '../parts/key-tree.js';
import type { LongList } from '../parts/long-list.js';
import { placeMenu } from '../parts/menu.js';
import { RowSource } from '../parts/row-source.js';
import { firstKey } from '../parts/snippets.js';
import { loading, trouble } from '../parts/states.js';
import { changed, go, link, type Place } from '../place.js';
import * as server from '../server.js';
import { state } from '../state.js';
import '../parts/key-tree.js';
import '../parts/long-list.js';
import '../parts/entry-panel.js';

const DELIMITERS = [':', '/'];
const FILTER_MILLIS = 200;
const REFRESH_MILLIS = 3000;
const SEEK_MILLIS = 300;
const SOON_MILLIS = 60_000;
const BULK_KEYS = 10_000;

/** A namespace: the tree of its prefixes, the list of its keys, and the entry that is open. */
@customElement('page-browse')
export class BrowsePage extends ConsoleElement {
  @property({ attribute: false }) place!: Place;
  @internal() private source?: RowSource;
  @internal() private active = 0;
  @internal() private position = 0;
  @internal() private picked: ReadonlyMap<string, server.Row> = new Map();
  @internal() private treeState = { text: '', title: '' };
  @internal() private treeOnPhone = false;
  private filterTimer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(REFRESH_MILLIS, () => this.refreshIfChanged());
    this.every(10_000, () => this.requestUpdate());
    this.listen(window, 'keydown', (event) => this.pageKey(event));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.source?.end();
    this.source = undefined;
  }

  private get keyPrefix(): string {
    return this.place.parameters['prefix'] ?? '';
  }

  private get openKey(): string | undefined {
    return this.place.parameters['key'];
  }

  private get delimiter(): string {
    return this.place.parameters['split'] ?? ':';
  }

  protected override willUpdate(changes: PropertyValues<this>): void {
    const before = changes.has('place') ? (changes.get('place') as Place | undefined) : this.place;
    if (before?.namespace !== this.place.namespace || before.parameters['prefix'] !== this.place.parameters['prefix'] || !this.source) {
      this.source?.end();
      const source = new RowSource(this.place.namespace, this.keyPrefix);
      source.addEventListener('change', () => {
        this.requestUpdate();
        this.querySelector<LongList>('.list long-list')?.requestUpdate();
      });
      this.source = source;
      this.active = 0;
      this.picked = new Map();
      if (this.openKey) {
        void this.revealKey(this.openKey);
      }
    } else if (this.openKey && before.parameters['key'] !== this.openKey) {
      void this.revealKey(this.openKey);
    }
    this.classList.toggle('with-entry', this.openKey !== undefined || this.place.parameters['new'] !== undefined);
    this.classList.toggle('show-tree', this.treeOnPhone);
    if (this.place.parameters['import']) {
      void this.import();
    }
  }

  /** Scrolls to a key that is not visible, such as that of a link, as soon as the server knows its position. */
  private async revealKey(key: string): Promise<void> {
    const { source } = this;
    if (!source || source.row(this.active)?.key === key || !key.startsWith(this.keyPrefix)) {
      return;
    }
    try {
      const position = await source.positionOf(key);
      if (source !== this.source || key !== this.openKey) {
        return;
      }
      if (position === undefined || !this.list || this.list.total <= position) {
        setTimeout(() => this.isConnected && this.revealKey(key), SEEK_MILLIS);
      } else {
        this.active = position;
        this.list.reveal(position);
      }
    } catch {
      // The entry is shown all the same.
    }
  }

  private get list(): LongList | null {
    return this.querySelector<LongList>('.list long-list');
  }

  private refreshIfChanged(): void {
    if (this.source && (this.source.version < state.version || this.source.failure)) {
      this.refresh();
    }
  }

  private refresh(): void {
    this.source?.refresh();
    void this.querySelector<KeyTree>('key-tree')?.refresh();
  }

  private filter(event: InputEvent): void {
    const prefix = (event.target as HTMLInputElement).value;
    clearTimeout(this.filterTimer);
    this.filterTimer = window.setTimeout(() => go(changed({ prefix, key: undefined }), true), FILTER_MILLIS);
  }

  private openRow(index: number): void {
    const row = this.source?.row(index);
    this.active = index;
    if (row) {
      go(changed({ key: row.key, new: undefined, view: undefined }));
    }
  }

  private pageKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.openKey !== undefined && !document.querySelector('dialog[open]')) {
      const target = event.composedPath()[0] as HTMLElement;
      if (!target.closest?.('.cm-panel')) {
        this.querySelector<HTMLElement>('[role=grid]')?.focus();
        this.querySelector('entry-panel')?.dispatchEvent(new Event('leave'));
      }
    }
  }

  private gridKey(event: KeyboardEvent): void {
    const total = this.source?.total ?? 0;
    const page = this.list?.visibleRows ?? 10;
    const moves: Record<string, number> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: total - 1,
    };
    const row = this.source?.row(this.active);
    if (event.key in moves) {
      this.active = Math.max(0, Math.min(total - 1, moves[event.key]!));
      this.list?.reveal(this.active);
    } else if (event.key === 'Enter') {
      this.openRow(this.active);
    } else if (event.key === ' ' && row) {
      this.pick(row);
    } else if (event.key === 'e' && row) {
      this.openRow(this.active);
      void this.updateComplete.then(() => this.querySelector<HTMLElement>('entry-panel')?.dispatchEvent(new Event('edit-value')));
    } else if (event.key === 'Delete' && row && this.mayWrite) {
      void this.deleteKeys([row.key]);
    } else {
      return;
    }
    event.preventDefault();
  }

  private pick(row: server.Row): void {
    const picked = new Map(this.picked);
    if (!picked.delete(row.key)) {
      picked.set(row.key, row);
    }
    this.picked = picked;
  }

  private get mayWrite(): boolean {
    return state.mayWrite(this.place.namespace);
  }

  /** Deletes selected keys, after the number was confirmed if there are several. */
  private async deleteKeys(keys: readonly string[]): Promise<void> {
    const { namespace } = this.place;
    const task = async (): Promise<void> => {
      for (let start = 0; start < keys.length; start += BULK_KEYS) {
        await server.bulkDelete(state.account, namespace, keys.slice(start, start + BULK_KEYS));
      }
    };
    const done =
      keys.length === 1
        ? await new QuestionDialog(
            { heading: 'Delete this key?', text: html`<code>${visible(keys[0]!)}</code> with its value and metadata.`, action: 'Delete', danger: true },
            task,
          ).open()
        : await new CountDialog(
            {
              heading: `Delete ${count(keys.length)} selected keys`,
              what: `From ${state.title(namespace)}, with their values and metadata.`,
              action: `Delete ${plural(keys.length, 'key')}`,
              number: keys.length,
            },
            task,
          ).open();
    if (done) {
      toast(`Deleted ${plural(keys.length, 'key')}.`);
      this.picked = new Map();
      if (this.openKey !== undefined && keys.includes(this.openKey)) {
        go(changed({ key: undefined }), true);
      }
      this.refresh();
      void state.refresh();
    }
  }

  /** Deletes everything below the prefix as one change. */
  private async deletePrefix(): Promise<void> {
    const { namespace } = this.place;
    const number = await this.exactCount();
    if (number === undefined) {
      return;
    }
    const where = this.keyPrefix ? html`under <code>${visible(this.keyPrefix)}</code>` : html`of <b>${state.title(namespace)}</b>`;
    const done = await new CountDialog(
      {
        heading: this.keyPrefix ? `Delete ${plural(number, 'key')} under ${visible(this.keyPrefix)}` : `Delete all ${plural(number, 'key')}`,
        what: html`All keys ${where}, in one step: either all are deleted or none. The history keeps their values as long as the feed does.`,
        action: `Delete ${plural(number, 'key')}`,
        number,
      },
      () => server.clear(namespace, this.keyPrefix),
    ).open();
    if (done) {
      toast(`Deleted ${plural(number, 'key')}.`);
      go(changed({ key: undefined, prefix: undefined }));
      this.refresh();
      void state.refresh();
    }
  }

  private async exactCount(): Promise<number | undefined> {
    try {
      const answer = await server.exactCount(this.place.namespace, this.keyPrefix);
      if (!server.isCounting(answer)) {
        return answer.count;
      }
      toast(`Counting, ${Math.floor(answer.counting.percent)} %. Try again when the count is exact.`);
    } catch (error) {
      toast((error as Error).message);
    }
    return undefined;
  }

  private async import(): Promise<void> {
    go(changed({ import: undefined }), true);
    const { ImportDialog } = await import('../parts/import-dialog.js');
    await new ImportDialog(this.place.namespace).open();
    this.refresh();
    void state.refresh();
  }

  private async export(): Promise<void> {
    const { ExportDialog } = await import('../parts/export-dialog.js');
    await new ExportDialog(this.place.namespace, this.keyPrefix, [...this.picked.keys()]).open();
  }

  private async many(operation: 'copy' | 'expire'): Promise<void> {
    const selected = [...this.picked.values()];
    const number = selected.length || (await this.exactCount());
    if (number !== undefined) {
      const { ManyDialog } = await import('../parts/many-dialog.js');
      await new ManyDialog(this.place.namespace, this.keyPrefix, operation, number, selected).open();
      this.picked = new Map();
      this.refresh();
      void state.refresh();
    }
  }

  private async rename(): Promise<void> {
    const { namespace } = this.place;
    await new TextDialog({ heading: 'Rename the namespace', label: 'Title', action: 'Rename', text: state.title(namespace), hint: 'Clients that use the id notice nothing.' }, (text) =>
      server.renameNamespace(state.account, namespace, text),
    ).open();
    await state.refresh();
  }

  private async deleteNamespace(): Promise<void> {
    const { namespace } = this.place;
    const answer = await server.exactCount(namespace, '').catch(() => undefined);
    if (!answer || server.isCounting(answer)) {
      toast('The keys are still being counted. Try again when the count is exact.');
      return;
    }
    const done = await new CountDialog(
      {
        heading: `Delete the namespace ${state.title(namespace)}`,
        what: `With ${plural(answer.count, 'key')}. This cannot be undone.`,
        action: 'Delete the namespace',
        number: answer.count,
      },
      () => server.deleteNamespace(state.account, namespace),
    ).open();
    if (done) {
      await state.refresh();
      go(link('overview'));
    }
  }

  protected override render(): TemplateResult {
    const { namespace } = this.place;
    return html`<section class="tree" aria-label="Prefixes">
        <div class="bar">
          <span class="mute" id="split-at">Split at</span>
          <div class="choice" role="group" aria-labelledby="split-at">
            ${DELIMITERS.map((each) => html`<button class="mono" aria-pressed=${each === this.delimiter ? 'true' : 'false'} @click=${() => go(changed({ split: each === ':' ? undefined : each }), true)}>${each}</button>`)}
            <button aria-label="Another text" title="Another text" aria-pressed=${DELIMITERS.includes(this.delimiter) ? 'false' : 'true'} @click=${this.otherDelimiter}>
              ${DELIMITERS.includes(this.delimiter) ? '…' : html`<span class="mono">${visible(this.delimiter)}</span>`}
            </button>
          </div>
          <span class="exact mute" title=${this.treeState.title}>${this.treeState.text}</span>
          <button class="button phone-only" @click=${() => this.showTree(false)}>Keys</button>
        </div>
        <key-tree
          .namespace=${namespace}
          .delimiter=${this.delimiter}
          .chosen=${this.keyPrefix}
          @choose=${(event: CustomEvent<string>) => {
            this.showTree(false);
            go(changed({ prefix: event.detail === this.keyPrefix ? undefined : event.detail, key: undefined }));
          }}
          @state=${(event: CustomEvent) => {
            if (event.detail.text !== this.treeState.text) {
              this.treeState = event.detail;
            }
          }}
        ></key-tree>
      </section>
      ${this.keys()}
      ${this.openKey !== undefined || this.place.parameters['new'] !== undefined
        ? html`<entry-panel .place=${this.place} @saved=${() => this.refresh()} @remove=${() => this.deleteKeys([this.openKey!])}></entry-panel>`
        : nothing}`;
  }

  private showTree(shown: boolean): void {
    this.treeOnPhone = shown;
  }

  private async otherDelimiter(): Promise<void> {
    const text = await new TextDialog({ heading: 'Split keys at', label: 'Text, such as - or ::', action: 'Split', text: this.delimiter }, async () => undefined).open();
    if (text) {
      go(changed({ split: text }), true);
    }
  }

  private keys(): TemplateResult {
    const source = this.source!;
    const picking = this.picked.size > 0;
    const stored = state.info(this.place.namespace);
    const isEmpty = source.loaded && source.total === 0 && !this.keyPrefix && source.counting === undefined && !stored?.keys;
    return html`<section class="list ${picking ? 'picking' : ''}" aria-label="Keys">
      <div class="bar">
        <button class="button icon phone-only" aria-label="Prefixes" @click=${() => this.showTree(true)}>${ICONS.browse}</button>
        <input class="field mono grow" data-filter type="search" spellcheck="false" autocomplete="off" placeholder="Filter by prefix" aria-label="Filter by prefix" aria-keyshortcuts="/" .value=${this.keyPrefix} @input=${this.filter} />
        ${picking ? this.pickedActions() : this.actions()}
      </div>
      ${isEmpty
        ? firstKey(this.place.namespace, state.title(this.place.namespace))
        : html`<div class="grid-host" role="grid" aria-label="Keys" aria-rowcount=${source.total + 1} aria-multiselectable="true" tabindex="0" aria-activedescendant=${source.loaded && source.total > 0 ? `row-${this.active}` : nothing} @keydown=${this.gridKey}>
              <div class="heads" role="row" aria-rowindex="1">
                <span role="columnheader"><span class="unseen">Selected</span></span>
                <span role="columnheader">Key</span>
                <span role="columnheader">Metadata</span>
                <span role="columnheader" class="right">Size</span>
                <span role="columnheader" class="right">Expires</span>
              </div>
              ${this.rows(source)}
            </div>
            ${this.foot(source)}`}
    </section>`;
  }

  private rows(source: RowSource): TemplateResult {
    if (source.failure && !source.loaded) {
      return inRow(trouble(source.failure, () => source.refresh()));
    }
    if (!source.loaded) {
      return inRow(loading());
    }
    if (source.total === 0) {
      return inRow(html`<div class="empty"><h2>No key begins with ${visible(this.keyPrefix)}</h2>
        <p>The store was searched completely.</p></div>`);
    }
    return html`<long-list
      role="rowgroup"
      .total=${source.total}
      .rowHeight=${matchMedia('(max-width: 720px)').matches ? 44 : 30}
      .item=${(index: number) => this.line(source, index)}
      @range=${(event: CustomEvent) => {
        this.position = event.detail.position;
        source.want(event.detail.first, event.detail.last);
      }}
    ></long-list>`;
  }

  private line(source: RowSource, index: number): TemplateResult {
    const row = source.row(index);
    if (!row) {
      return html`<div class="line" role="row" aria-rowindex=${index + 2} id="row-${index}" aria-busy="true">
        <span role="gridcell"></span><span role="gridcell"><span class="skeleton" .style=${`width:${90 + ((index * 37) % 60)}px`}></span></span>
        <span role="gridcell"></span><span role="gridcell"></span><span role="gridcell"></span>
      </div>`;
    }
    const left = row.expires === undefined ? undefined : row.expires - Date.now();
    return html`<div class="line ${index === this.active ? 'active' : ''}" role="row" id="row-${index}" aria-rowindex=${index + 2} aria-selected=${row.key === this.openKey ? 'true' : 'false'} @click=${() => this.openRow(index)}>
      <span role="gridcell" class="tick" @click=${(event: Event) => event.stopPropagation()}>
        <input type="checkbox" tabindex="-1" aria-label="Select ${visible(row.key)}" .checked=${this.picked.has(row.key)} @change=${() => this.pick(row)} />
      </span>
      <span role="gridcell" class="clip" title=${visible(row.key)}>${visible(row.key)}</span>
      <span role="gridcell" class="clip" title=${jsonText(row.metadata)}>${jsonText(row.metadata)}</span>
      <span role="gridcell" class="right" title=${plural(row.bytes, 'byte')}>${size(row.bytes)}</span>
      ${left === undefined
        ? html`<span role="gridcell" class="right"></span>`
        : html`<span role="gridcell" class="right ${left < SOON_MILLIS ? 'soon' : ''}" title=${moment(row.expires!)}>${left <= 0 ? 'expired' : span(left)}</span>`}
    </div>`;
  }

  private actions(): TemplateResult {
    return html`${this.mayWrite
        ? html`<a class="button optional" href=${changed({ import: 1 })}>Import</a>
            <a class="button main" href=${changed({ new: 1, key: undefined })}><span class="optional">New entry</span><span class="phone-only">New</span></a>`
        : nothing}
      <button class="button icon" popovertarget="list-menu" aria-label="More actions" aria-haspopup="true">${ICONS.more}</button>
      <div id="list-menu" popover @toggle=${placeMenu} @click=${(event: Event) => (event.currentTarget as HTMLElement).hidePopover()}>
        <button @click=${this.export}>Export ${this.keyPrefix ? 'this prefix' : 'all keys'}…</button>
        ${this.mayWrite
          ? html`<button @click=${() => this.import()}>Import…</button>
              <button @click=${() => this.many('copy')}>Copy to another namespace…</button>
              <button @click=${() => this.many('expire')}>Change expiry…</button>
              <button class="wrong" @click=${this.deletePrefix}>Delete ${this.keyPrefix ? 'this prefix' : 'all keys'}…</button>`
          : nothing}
        ${state.mayAdminister
          ? html`<button @click=${this.rename}>Rename the namespace…</button>
              <button class="wrong" @click=${this.deleteNamespace}>Delete the namespace…</button>`
          : nothing}
        <button @click=${() => go(link('live', this.place.namespace, { prefix: this.keyPrefix }))}>Watch live</button>
        <button @click=${() => go(link('connect', this.place.namespace))}>Connect</button>
      </div>`;
  }

  private pickedActions(): TemplateResult {
    return html`<span class="mute" role="status">${count(this.picked.size)} selected</span>
      <button class="button" @click=${this.export}>Export</button>
      ${this.mayWrite
        ? html`<button class="button" @click=${() => this.many('copy')}>Copy…</button>
            <button class="button" @click=${() => this.many('expire')}>Expiry…</button>
            <button class="button danger" @click=${() => this.deleteKeys([...this.picked.keys()])}>Delete</button>`
        : nothing}
      <button class="button icon" aria-label="Select none" @click=${() => (this.picked = new Map())}>${ICONS.close}</button>`;
  }

  private foot(source: RowSource): TemplateResult {
    const exact = source.counting === undefined;
    return html`<footer>
      <span>${exact ? plural(source.total, 'key') : `counting, ${Math.floor(source.counting!)} %`} · at ${count(Math.min(this.position + 1, source.total))}</span>
      <input type="range" min="0" max=${Math.max(0, source.total - 1)} .value=${String(this.position)} ?disabled=${!exact}
        aria-label="Jump to a position" aria-valuetext=${`key ${count(this.position + 1)} of ${count(source.total)}`}
        @input=${(event: InputEvent) => this.list?.showAt(Number((event.target as HTMLInputElement).value))} />
      <span title=${source.at ? clock(source.at) : ''}>${source.failure ? html`<span class="soon">${source.failure.message}</span>` : source.version >= state.version ? 'up to date' : source.at ? `as of ${ago(source.at)}` : ''}</span>
    </footer>`;
  }
}

/** A grid has only rows, so what it shows in place of its rows is one. */
function inRow(content: TemplateResult): TemplateResult {
  return html`<div role="row"><div role="gridcell">${content}</div></div>`;
}
