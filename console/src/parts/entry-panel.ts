import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state as internal } from 'lit/decorators.js';
import { ConsoleElement, copy, toast } from '../element.js';
import { count, moment, plural, size, visible } from '../format.js';
import { Failure, isFailure } from '../http.js';
import { jsonTrouble } from '../json.js';
import { changed, go, link, type Place } from '../place.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { bytesOf, formatted, hexLines, imageType, restyled, textOf, viewsOf, type View } from '../value.js';
import type { CodeEditor } from './code-editor.js';
import { mergeDrafts, type Draft, type MergedDraft } from './conflict.js';
import { QuestionDialog } from './dialog.js';
import { differenceView } from './difference.js';
import { EXPIRY_FORMS, expiryText, parseExpiry } from './expiry.js';
import { ICONS } from './icons.js';
import { placeMenu } from './menu.js';
import { readSnippets } from './snippets.js';
import { loading, trouble } from './states.js';
import './code-editor.js';

const WATCH_MILLIS = 3000;
const HEX_STEP = 4096;
const EDITED_BYTES_MAX = 5_000_000;
const NAMES: Record<View, string> = { json: 'JSON', text: 'Text', hex: 'Hex', image: 'Image' };

/** What the user changed and has not saved. It is kept while other entries are shown. */
interface Unsaved {
  base: server.Entry;
  text?: string;
  file?: Uint8Array<ArrayBuffer>;
  metadata?: string;
  expires?: string;
}

const drafts = new Map<string, Unsaved>();

addEventListener('beforeunload', (event) => {
  if (drafts.size > 0) {
    event.preventDefault();
  }
});

interface Clash {
  readonly theirs?: server.Entry;
  readonly merged?: MergedDraft;
}

/**
 * One entry: its value in the views that fit, its metadata, its expiry; or a new one. A save names the version that was
 * read, so no change of another writer is lost.
 *
 * @fires saved after a change
 * @fires remove when the user asks to delete the entry
 */
@customElement('entry-panel')
export class EntryPanel extends ConsoleElement {
  @property({ attribute: false }) place!: Place;
  @internal() private entry?: server.Entry | 'missing';
  @internal() private failure?: Error;
  @internal() private trouble = '';
  @internal() private busy = false;
  @internal() private clash?: Clash;
  @internal() private hexShown = HEX_STEP;
  @internal() private newKey = '';
  @internal() private comparing = false;
  private unsaved?: Unsaved;
  private imageAddress = '';
  private imageOf?: Uint8Array;
  /** The version of the server at which the entry was looked at last. */
  private watchedAt = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(WATCH_MILLIS, () => this.watch());
    this.listen(window, 'keydown', (event: KeyboardEvent) => this.key(event));
    this.listen(this, 'leave', () => this.leave());
    this.listen(this, 'edit-value', () => this.edit());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    URL.revokeObjectURL(this.imageAddress);
  }

  private get isNew(): boolean {
    return this.place.parameters['new'] !== undefined;
  }

  private get openKey(): string {
    return this.isNew ? this.newKey : (this.place.parameters['key'] ?? '');
  }

  private get draftId(): string {
    return `${this.place.namespace}/${this.isNew ? '' : this.openKey}`;
  }

  protected override willUpdate(changes: PropertyValues<this>): void {
    const before = changes.get('place') as Place | undefined;
    if (!changes.has('place')) {
      return;
    }
    const same =
      before &&
      before.namespace === this.place.namespace &&
      before.parameters['key'] === this.place.parameters['key'] &&
      before.parameters['new'] === this.place.parameters['new'];
    if (!same) {
      this.entry = undefined;
      this.failure = undefined;
      this.clash = undefined;
      this.trouble = '';
      this.hexShown = HEX_STEP;
      this.unsaved = drafts.get(this.draftId);
      if (this.isNew) {
        this.newKey = this.place.parameters['prefix'] ?? '';
        this.entry = EMPTY;
        void this.updateComplete.then(() => this.querySelector<HTMLInputElement>('[name=key]')?.focus());
      } else {
        void this.load();
      }
    }
  }

  private async load(whole = false): Promise<void> {
    const { draftId: id } = this;
    try {
      const entry = await server.read(this.place.namespace, this.openKey, whole);
      if (id !== this.draftId) {
        return;
      }
      this.entry = entry ?? 'missing';
      this.failure = undefined;
      if (this.unsaved && entry && entry.version !== this.unsaved.base.version) {
        await this.compare(entry);
      }
    } catch (error) {
      if (id === this.draftId) {
        this.failure = error as Error;
      }
    }
  }

  /** Notices a change of another writer. */
  private async watch(): Promise<void> {
    const { entry, draftId: id } = this;
    if (this.isNew || this.busy || this.clash || !entry || String(state.version) === '0') {
      return;
    }
    const version = entry === 'missing' ? '0' : entry.version;
    if (state.version <= this.watchedAt) {
      return;
    }
    this.watchedAt = state.version;
    const now = await server.versionOf(this.place.namespace, this.openKey).catch(() => undefined);
    if (now === undefined || id !== this.draftId || this.busy || now === version) {
      return;
    }
    await this.load(entry !== 'missing' && entry.complete && entry.size > server.HEAD_BYTES);
  }

  private get text(): string | undefined {
    const { entry } = this;
    return entry && entry !== 'missing' ? textOf(entry.value, entry.complete) : undefined;
  }

  private get views(): View[] {
    const { entry, unsaved } = this;
    if (!entry || entry === 'missing') {
      return [];
    }
    if (unsaved?.file) {
      return ['hex'];
    }
    return this.isNew ? ['text', 'json'] : viewsOf(entry.value, entry.complete);
  }

  private get view(): View {
    const { views } = this;
    const wanted = this.place.parameters['view'] as View | undefined;
    return wanted && views.includes(wanted) ? wanted : (views[0] ?? 'text');
  }

  private get mayWrite(): boolean {
    return state.mayWrite(this.place.namespace);
  }

  private get dirty(): boolean {
    const { unsaved } = this;
    return unsaved !== undefined;
  }

  private change(part: Partial<Unsaved>): void {
    const { entry } = this;
    if (!entry || entry === 'missing') {
      return;
    }
    this.unsaved = { ...(this.unsaved ?? { base: entry }), ...part };
    drafts.set(this.draftId, this.unsaved);
    this.trouble = '';
    this.requestUpdate();
  }

  private forget(): void {
    drafts.delete(this.draftId);
    this.unsaved = undefined;
    this.clash = undefined;
    this.trouble = '';
    this.requestUpdate();
  }

  private key(event: KeyboardEvent): void {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      void this.save();
      return;
    }
    const target = event.composedPath()[0] as HTMLElement;
    if (event.key === 'e' && !event.metaKey && !event.ctrlKey && !target.isContentEditable && !/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !document.querySelector('dialog[open]')) {
      event.preventDefault();
      this.edit();
    }
  }

  private edit(): void {
    this.querySelector<CodeEditor>('code-editor')?.focus();
  }

  private leave(): void {
    go(changed({ key: undefined, new: undefined, view: undefined }));
  }

  /** Returns the stored text that the draft began with. */
  private baseText(base: server.Entry): string {
    return textOf(base.value, base.complete) ?? '';
  }

  /** Returns what is in the editor, in the style of the stored text. */
  private draftOf(unsaved: Unsaved): Draft | string {
    const { base } = unsaved;
    const stored = this.baseText(base);
    const text = unsaved.text === undefined ? stored : restyled(unsaved.text, stored);
    if (unsaved.text !== undefined && this.view === 'json' && unsaved.text.trim() !== '') {
      const why = jsonTrouble(unsaved.text);
      if (why) {
        return `Not saved: the value is not JSON. ${why}. Your text is kept; the view “Text” saves it as it is.`;
      }
    }
    const metadata = unsaved.metadata ?? base.metadata;
    if (unsaved.metadata && jsonTrouble(unsaved.metadata)) {
      return `Not saved: the metadata is not JSON. ${jsonTrouble(unsaved.metadata)}.`;
    }
    const expires = unsaved.expires === undefined ? base.expires : parseExpiry(unsaved.expires, Date.now());
    if (expires === undefined) {
      return `Not saved: “${unsaved.expires}” is no expiry. Write ${EXPIRY_FORMS}.`;
    }
    return { text, metadata, expires };
  }

  private async save(): Promise<void> {
    const { unsaved } = this;
    if (this.busy || !this.mayWrite || (!unsaved && !this.isNew)) {
      return;
    }
    const draft = this.draftOf(unsaved ?? { base: EMPTY });
    if (typeof draft === 'string') {
      this.trouble = draft;
      return;
    }
    this.busy = true;
    this.trouble = '';
    try {
      if (this.isNew) {
        await this.create(draft, unsaved?.file);
      } else {
        await this.saveOver(unsaved!, draft);
      }
    } catch (error) {
      if (isFailure(error, 412) && !this.isNew) {
        await this.compare(await server.read(this.place.namespace, this.openKey, true));
      } else {
        this.trouble = this.why(error as Error);
      }
    }
    this.busy = false;
  }

  private why(error: Error): string {
    if (isFailure(error, 412)) {
      return 'Not saved: there is an entry with this key already. Your text is kept.';
    }
    if (error instanceof Failure && error.code === 'unreachable') {
      return 'Not saved yet: the server does not answer. Your text is kept; save again when the server is back.';
    }
    return `Not saved: ${error.message} Your text is kept.`;
  }

  private async create(draft: Draft, file?: Uint8Array<ArrayBuffer>): Promise<void> {
    const key = this.newKey;
    await server.put(this.place.namespace, key, {
      value: file ?? bytesOf(draft.text),
      metadata: draft.metadata,
      expires: draft.expires,
      condition: { 'If-None-Match': '*' },
    });
    this.forget();
    toast('Created.');
    this.dispatchEvent(new CustomEvent('saved'));
    go(changed({ new: undefined, key }));
  }

  private async saveOver(unsaved: Unsaved, draft: Draft): Promise<void> {
    const { base } = unsaved;
    const edit: server.Edit = {};
    if (unsaved.file) {
      edit.value = unsaved.file;
    } else if (unsaved.text !== undefined && draft.text !== this.baseText(base)) {
      edit.value = bytesOf(draft.text);
    }
    if (draft.metadata !== base.metadata) {
      edit.metadata = draft.metadata;
    }
    if (draft.expires !== base.expires) {
      edit.expires = draft.expires;
    }
    if (Object.keys(edit).length === 0) {
      this.forget();
      toast('Nothing was changed.');
      return;
    }
    const version = await server.edit(this.place.namespace, this.openKey, edit, base);
    this.forget();
    toast(`Saved as version ${count(Number(version))}.`);
    await this.load(base.complete && base.size > server.HEAD_BYTES);
    this.dispatchEvent(new CustomEvent('saved'));
  }

  /** Works out what to do with a change of another writer. */
  private async compare(theirs: server.Entry | undefined): Promise<void> {
    const { unsaved } = this;
    if (!unsaved) {
      return;
    }
    const now = theirs && !theirs.complete && unsaved.base.complete ? await server.read(this.place.namespace, this.openKey, true) : theirs;
    const mine = this.draftOf(unsaved);
    const theirText = now && textOf(now.value, now.complete);
    if (!now || typeof mine === 'string' || unsaved.file || theirText === undefined) {
      this.clash = { theirs: now };
      return;
    }
    const base: Draft = { text: this.baseText(unsaved.base), metadata: unsaved.base.metadata, expires: unsaved.base.expires };
    const merged = mergeDrafts(base, mine, { text: theirText, metadata: now.metadata, expires: now.expires });
    this.clash = { theirs: now, merged };
  }

  /** Continues from the other writer's entry with a draft, and saves it. */
  private async saveMerged(draft: Draft): Promise<void> {
    const theirs = this.clash!.theirs!;
    this.entry = theirs;
    this.unsaved = {
      base: theirs,
      text: this.view === 'json' ? formatted(draft.text) : draft.text,
      metadata: draft.metadata,
      expires: draft.expires === theirs.expires ? undefined : draft.expires === 0 ? 'never' : new Date(draft.expires).toISOString(),
    };
    drafts.set(this.draftId, this.unsaved);
    this.clash = undefined;
    this.comparing = false;
    await this.save();
  }

  private takeTheirs(): void {
    const theirs = this.clash?.theirs;
    this.forget();
    this.comparing = false;
    this.entry = theirs ?? 'missing';
  }

  /** Keeps the draft, whatever the other writer did. */
  private async saveMine(): Promise<void> {
    const { clash, unsaved } = this;
    if (clash?.theirs && unsaved) {
      this.unsaved = { ...unsaved, base: { ...unsaved.base, version: clash.theirs.version } };
      // Parts that were not touched stay as the other writer left them, because an edit sends changed parts alone.
      drafts.set(this.draftId, this.unsaved);
    }
    this.clash = undefined;
    this.comparing = false;
    await this.save();
  }

  private async recreate(): Promise<void> {
    const draft = this.unsaved && this.draftOf(this.unsaved);
    if (draft && typeof draft !== 'string') {
      this.busy = true;
      try {
        await server.put(this.place.namespace, this.openKey, {
          value: this.unsaved!.file ?? bytesOf(draft.text),
          metadata: draft.metadata,
          expires: draft.expires,
          condition: { 'If-None-Match': '*' },
        });
        this.forget();
        await this.load();
        this.dispatchEvent(new CustomEvent('saved'));
      } catch (error) {
        this.trouble = this.why(error as Error);
      }
      this.busy = false;
    }
  }

  private async chooseFile(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) {
      this.change({ file: new Uint8Array(await file.arrayBuffer()), text: undefined });
    }
    input.value = '';
  }

  protected override render(): TemplateResult {
    const { entry } = this;
    return html`<div class="bar">
        ${this.isNew
          ? html`<h2 class="grow">New entry</h2>`
          : html`<h2 class="grow clip mono" title=${visible(this.openKey)}>${visible(this.openKey)}</h2>`}
        ${this.views.length > 1
          ? html`<div class="choice" role="group" aria-label="View">
              ${this.views.map((each) => html`<button aria-pressed=${each === this.view ? 'true' : 'false'} @click=${() => this.show(each)}>${NAMES[each]}</button>`)}
            </div>`
          : nothing}
        <button class="button icon plain" aria-label="Close the entry" title="Close (Esc)" @click=${this.leave}>${ICONS.close}</button>
      </div>
      ${this.failure ? trouble(this.failure, () => this.load()) : !entry ? loading(4) : entry === 'missing' ? this.missing() : this.content(entry)}`;
  }

  private show(view: View): void {
    const { unsaved } = this;
    if (unsaved?.text !== undefined) {
      this.unsaved = { ...unsaved, text: view === 'json' ? formatted(unsaved.text) : restyled(unsaved.text, this.baseText(unsaved.base)) };
      drafts.set(this.draftId, this.unsaved);
    }
    go(changed({ view }), true);
  }

  private missing(): TemplateResult {
    return html`<div class="empty">
      <h2>There is no entry with this key</h2>
      <p>It was deleted, has expired, or never existed.</p>
      <div class="row">
        <a class="button" href=${link('history', this.place.namespace, { key: this.openKey })}>History</a>
        ${this.dirty && this.mayWrite ? html`<button class="button main" @click=${this.recreate}>Write my edit as a new entry</button>` : nothing}
      </div>
      ${this.trouble ? html`<p class="note wrong" role="alert">${this.trouble}</p>` : nothing}
    </div>`;
  }

  private content(entry: server.Entry): TemplateResult {
    const { unsaved } = this;
    const now = Date.now();
    const canEdit = this.mayWrite && entry.complete;
    return html`<div class="content">
      ${this.isNew
        ? html`<label class="stack"><span class="label">Key</span>
            <input class="field mono" name="key" spellcheck="false" autocomplete="off" .value=${this.newKey} @input=${(event: InputEvent) => (this.newKey = (event.target as HTMLInputElement).value)} /></label>`
        : nothing}
      <div class="value">${this.valueView(entry, canEdit)}</div>
      ${entry.complete || this.isNew ? nothing : this.large(entry)}
      <label class="stack"><span class="label">Metadata</span>
        <input class="field mono" name="metadata" spellcheck="false" autocomplete="off" placeholder="none" ?readonly=${!this.mayWrite}
          .value=${unsaved?.metadata ?? entry.metadata}
          @input=${(event: InputEvent) => this.change({ metadata: (event.target as HTMLInputElement).value })} />
      </label>
      <div class=${this.isNew ? '' : 'pair'}>
        <label class="stack"><span class="label">Expires</span>
          <input class="field mono" name="expires" spellcheck="false" autocomplete="off" ?readonly=${!this.mayWrite}
            title=${entry.expires ? moment(entry.expires) : EXPIRY_FORMS}
            .value=${unsaved?.expires ?? expiryText(entry.expires, now)}
            @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
            @input=${(event: InputEvent) => this.change({ expires: (event.target as HTMLInputElement).value })} />
        </label>
        ${this.isNew
          ? nothing
          : html`<label class="stack"><span class="label">Version</span>
              <input class="field mono" readonly .value=${`${count(Number(entry.version))} · ${size(entry.size)}`} title=${`${plural(entry.size, 'byte')}, read as of version ${count(Number(entry.asOf))}`} />
            </label>`}
      </div>
      ${this.buttons(entry)} ${this.clash ? this.clashNote(this.clash) : nothing}
      ${this.trouble ? html`<p class="note wrong" role="alert">${this.trouble}</p>` : nothing}
      ${unsaved?.file ? html`<p class="note">The value will be replaced by a file of ${size(unsaved.file.length)}.</p>` : nothing}
      ${this.comparing && this.clash?.theirs ? this.comparison(this.clash) : nothing}
    </div>`;
  }

  private valueView(entry: server.Entry, canEdit: boolean): TemplateResult {
    const { unsaved, view } = this;
    if (view === 'image') {
      return html`<img alt="The value, as an image of ${size(entry.size)}" src=${this.imageSource(entry)} />`;
    }
    if (view === 'hex') {
      return this.hex(unsaved?.file ?? entry.value);
    }
    const text = this.text ?? '';
    const shown = unsaved?.text ?? (view === 'json' ? formatted(text) : text);
    return html`<code-editor
      label=${`Value of ${visible(this.openKey) || 'the new entry'}`}
      .text=${shown}
      .language=${view === 'json' ? 'json' : 'text'}
      .readOnly=${!canEdit}
      @edit=${(event: CustomEvent<string>) => this.change({ text: event.detail })}
    ></code-editor>`;
  }

  private hex(bytes: Uint8Array): TemplateResult {
    return html`<div class="hex mono" tabindex="0" role="region" aria-label="Bytes of the value">
        ${hexLines(bytes, this.hexShown).map((line) => html`<span>${line.offset}</span><span>${line.bytes}</span><span>${line.text}</span>`)}
      </div>
      ${bytes.length > this.hexShown ? html`<p class="empty"><button class="button" @click=${() => (this.hexShown += HEX_STEP * 4)}>Show more</button></p>` : nothing}`;
  }

  private imageSource(entry: server.Entry): string {
    if (this.imageOf !== entry.value) {
      URL.revokeObjectURL(this.imageAddress);
      this.imageAddress = URL.createObjectURL(new Blob([entry.value], { type: imageType(entry.value) }));
      this.imageOf = entry.value;
    }
    return this.imageAddress;
  }

  private large(entry: server.Entry): TemplateResult {
    return html`<div class="note">
      These are the first ${size(entry.value.length)} of ${size(entry.size)}.
      <div class="row">
        ${entry.size <= EDITED_BYTES_MAX || imageType(entry.value) ? html`<button class="button" @click=${() => this.load(true)}>Load everything</button>` : nothing}
        <a class="button" href=${server.valueAddress(this.place.namespace, this.openKey)} download=${this.fileName}>Download</a>
      </div>
    </div>`;
  }

  private get fileName(): string {
    return this.openKey.split(/[/:]/).pop() || 'value';
  }

  private buttons(entry: server.Entry): TemplateResult {
    const { namespace } = this.place;
    const snippets = readSnippets(namespace, state.title(namespace), this.openKey);
    if (this.isNew) {
      return html`<div class="row">
        <button class="button main" ?disabled=${this.busy || this.newKey === ''} @click=${this.save}>Create</button>
        <button class="button" @click=${() => this.querySelector<HTMLElement>('[data-file]')?.click()}>Value from a file…</button>
        <input hidden data-file type="file" @change=${this.chooseFile} />
      </div>`;
    }
    return html`<div class="row wrap">
      ${this.mayWrite ? html`<button class="button main" ?disabled=${this.busy || !this.dirty} aria-keyshortcuts="Control+S Meta+S" @click=${this.save}>Save</button>` : nothing}
      ${this.dirty && !this.clash ? html`<button class="button" @click=${this.discard}>Discard</button>` : nothing}
      <a class="button" href=${link('history', namespace, { key: this.openKey })}>History</a>
      <button class="button" popovertarget="entry-menu" aria-haspopup="true">Copy as…</button>
      <div id="entry-menu" popover @toggle=${placeMenu} @click=${(event: Event) => (event.currentTarget as HTMLElement).hidePopover()}>
        ${snippets.map((each) => html`<button @click=${() => copy(each.text, `the line for ${each.name}`)}>${each.name}</button>`)}
        <button @click=${() => copy(this.openKey, 'the key')}>Key</button>
        ${this.text !== undefined && entry.complete ? html`<button @click=${() => copy(this.text!, 'the value')}>Value</button>` : nothing}
        <button @click=${() => copy(location.href, 'the link')}>Link to this entry</button>
      </div>
      <button class="button icon" popovertarget="value-menu" aria-label="More for this value" aria-haspopup="true">${ICONS.more}</button>
      <div id="value-menu" popover @toggle=${placeMenu} @click=${(event: Event) => (event.currentTarget as HTMLElement).hidePopover()}>
        <button @click=${() => this.querySelector<HTMLElement>('[data-download]')?.click()}>Download the value</button>
        ${this.mayWrite ? html`<button @click=${() => this.querySelector<HTMLElement>('[data-file]')?.click()}>Replace it by a file…</button>` : nothing}
      </div>
      <a hidden data-download href=${server.valueAddress(namespace, this.openKey)} download=${this.fileName}></a>
      <input hidden data-file type="file" @change=${this.chooseFile} />
      <span class="grow"></span>
      ${this.mayWrite ? html`<button class="button danger" @click=${() => this.dispatchEvent(new CustomEvent('remove'))}>Delete</button>` : nothing}
    </div>`;
  }

  private async discard(): Promise<void> {
    const done = await new QuestionDialog({ heading: 'Discard your changes?', text: 'The entry stays as it is stored.', action: 'Discard', danger: true }).open();
    if (done) {
      this.forget();
      await this.load();
    }
  }

  private clashNote({ theirs, merged }: Clash): TemplateResult {
    if (!theirs) {
      return html`<div class="note soon" role="alert"><strong>Deleted elsewhere while you edited.</strong> Your text is kept.
        <div class="row">
          <button class="button" @click=${this.recreate}>Write my edit as a new entry</button>
          <button class="button" @click=${this.takeTheirs}>Discard my edit</button>
        </div></div>`;
    }
    const version = count(Number(theirs.version));
    if (!merged) {
      return html`<div class="note soon" role="alert"><strong>Changed elsewhere while you edited.</strong> Version ${version} came first. Nothing is saved; your edit is kept.
        <div class="row">
          <button class="button" @click=${this.saveMine}>Save mine over it</button>
          <button class="button" @click=${this.takeTheirs}>Take theirs</button>
        </div></div>`;
    }
    const clashes = merged.clashes.length > 0;
    return html`<div class="note soon" role="alert">
      <strong>Changed elsewhere while you edited.</strong>
      Version ${version} ${merged.theirs.join(', ') || 'wrote the same'}.
      ${clashes ? html`You both changed ${merged.clashes.join(', ')}.` : html`Your change (${merged.mine.join(', ')}) does not touch it.`}
      <div class="row wrap">
        ${clashes
          ? html`<button class="button" @click=${() => this.saveMerged(merged.draft)}>Merge, mine for ${merged.clashes.join(', ')}</button>
              <button class="button" @click=${() => this.saveMerged(merged.withTheirs)}>Merge, theirs for ${merged.clashes.join(', ')}</button>`
          : html`<button class="button" @click=${() => this.saveMerged(merged.draft)}>Merge both</button>`}
        <button class="button" aria-expanded=${this.comparing ? 'true' : 'false'} @click=${() => (this.comparing = !this.comparing)}>Compare</button>
        <button class="button" @click=${this.takeTheirs}>Take theirs</button>
      </div>
    </div>`;
  }

  private comparison({ theirs, merged }: Clash): TemplateResult {
    const mine = this.unsaved?.text ?? '';
    const other = textOf(theirs!.value, theirs!.complete) ?? '';
    return html`<section class="stack" aria-label="Comparison">
      <p class="mute">From theirs to yours${merged ? html`, before merging` : ''}:</p>
      ${differenceView(formatted(other), formatted(mine || this.baseText(this.unsaved!.base)))}
    </section>`;
  }
}

const EMPTY: server.Entry = { version: '0', size: 0, value: new Uint8Array(0), complete: true, metadata: '', expires: 0, asOf: '0', age: '0' };
