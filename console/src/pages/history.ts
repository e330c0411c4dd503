import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state as internal } from 'lit/decorators.js';
import { ConsoleElement, toast } from '../element.js';
import { ago, count, moment, size, visible } from '../format.js';
import { isAborted, isFailure } from '../http.js';
import { differenceView } from '../parts/difference.js';
import { QuestionDialog } from '../parts/dialog.js';
import { trouble } from '../parts/states.js';
import { changed, go, link, type Place } from '../place.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { formatted, textOf } from '../value.js';

interface End {
  since?: { version: number; at: string };
  why?: string;
  from_start?: boolean;
}

/** The versions of a key as far back as the feed keeps them. */
@customElement('page-history')
export class HistoryPage extends ConsoleElement {
  @property({ attribute: false }) place!: Place;
  @internal() private versions: server.ChangeEvent[] = [];
  @internal() private progress = 0;
  @internal() private end?: End;
  @internal() private stopped = false;
  @internal() private failure?: Error;
  @internal() private sides?: { before?: server.Entry; after?: server.Entry };
  @internal() private sidesTrouble = '';
  private request?: AbortController;
  private loadedKey = '';
  private loadedPair = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.request?.abort();
    this.loadedKey = '';
  }

  private get openKey(): string {
    return this.place.parameters['key'] ?? '';
  }

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (changes.has('place')) {
      const id = `${this.place.namespace}/${this.openKey}`;
      if (id !== this.loadedKey) {
        this.loadedKey = id;
        void this.load();
      } else {
        void this.loadSides();
      }
    }
  }

  private async load(): Promise<void> {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.versions = [];
    this.end = undefined;
    this.failure = undefined;
    this.stopped = false;
    this.progress = 0;
    const found: server.ChangeEvent[] = [];
    try {
      await server.history(this.place.namespace, this.openKey, (line) => {
        if (line.progress) {
          this.progress = line.progress.percent;
          this.versions = [...found].reverse();
        } else if (line.complete) {
          this.end = line;
        } else if (line.error) {
          throw new Error(line.error.message);
        } else {
          found.push(line);
        }
      }, request.signal);
    } catch (error) {
      if (request.signal.aborted || isAborted(error)) {
        this.stopped = request === this.request;
      } else {
        this.failure = error as Error;
      }
    }
    if (request === this.request) {
      this.versions = found.reverse();
      await this.loadSides();
    }
  }

  private get chosen(): server.ChangeEvent | undefined {
    const version = this.place.parameters['version'];
    return this.versions.find((each) => String(each.version) === version) ?? this.versions[0];
  }

  /** Requests the values of the chosen version and of the one before it. */
  private async loadSides(): Promise<void> {
    const { chosen } = this;
    if (!chosen) {
      return;
    }
    const before = this.versions[this.versions.indexOf(chosen) + 1];
    const pair = `${this.loadedKey}@${chosen.version}`;
    if (pair === this.loadedPair) {
      return;
    }
    this.loadedPair = pair;
    this.sides = undefined;
    this.sidesTrouble = '';
    const value = (event?: server.ChangeEvent): Promise<server.Entry | undefined> =>
      event?.type === 'put' ? server.readOld(this.place.namespace, this.openKey, String(event.version)) : Promise.resolve(undefined);
    try {
      const [older, newer] = await Promise.all([value(before), value(chosen)]);
      if (pair === this.loadedPair) {
        this.sides = { before: older, after: newer };
      }
    } catch (error) {
      this.sidesTrouble = (error as Error).message;
    }
  }

  /** Writes an old version again, as a new one, if the entry is still as it was shown. */
  private async restore(version: server.ChangeEvent): Promise<void> {
    const { namespace } = this.place;
    const key = this.openKey;
    const old = await server.readOld(namespace, key, String(version.version));
    if (!old) {
      toast('Not restored: the feed no longer has this version.');
      return;
    }
    const newest = this.versions[0]!;
    const expired = old.expires !== 0 && old.expires <= Date.now();
    const done = await new QuestionDialog(
      {
        heading: `Restore version ${count(version.version)}?`,
        text: html`Writes its value (${size(old.size)}) and metadata as a new version.
          ${expired ? 'Its expiry has passed, so the new version never expires.' : ''} The versions after it stay in the history.`,
        action: 'Restore',
      },
      async () => {
        const now = await server.versionOf(namespace, key);
        if (newest.type === 'put' && now !== '0' && now !== String(newest.version)) {
          throw new Error(`Not restored: version ${count(Number(now))} came first. Reload the history and look at it.`);
        }
        try {
          await server.put(namespace, key, {
            value: old.value,
            metadata: old.metadata,
            expires: expired ? 0 : old.expires,
            condition: now === '0' ? { 'If-None-Match': '*' } : { 'If-Match': `"${now}"` },
          });
        } catch (error) {
          throw isFailure(error, 412) ? new Error('Not restored: another change came first. Nothing is lost; try again.') : error;
        }
      },
    ).open();
    if (done) {
      toast(`Restored version ${count(version.version)}.`);
      go(changed({ version: undefined }), true);
      await this.load();
    }
  }

  protected override render(): TemplateResult {
    const { namespace } = this.place;
    const { chosen } = this;
    if (this.failure) {
      return trouble(this.failure, () => this.load());
    }
    const reading = !this.end && !this.stopped;
    return html`<div class="page">
      <div class="row wrap">
        <h2 class="mono clip">${visible(this.openKey)}</h2>
        <span class="grow"></span>
        ${reading
          ? html`<span class="mute" role="status">reading the feed, ${Math.floor(this.progress)} %</span><button class="button" @click=${() => this.request?.abort()}>Stop</button>`
          : html`<button class="button" @click=${this.load}>Read again</button>`}
        <a class="button" href=${link('browse', namespace, { key: this.openKey })}>Open the entry</a>
      </div>
      <div class="history">
        <section class="card" aria-label="Versions">
          <ol class="versions">
            ${this.versions.map((each) => this.version(each, each === chosen))}
          </ol>
          ${this.versions.length === 0 && !reading ? html`<p class="empty">No change of this key is known.</p>` : nothing}
          <p class="mute since">${this.since()}</p>
        </section>
        <section class="card" aria-label="Change">
          ${chosen ? this.change(chosen) : html`<p class="empty">${reading ? 'Loading' : 'Nothing to show.'}</p>`}
        </section>
      </div>
    </div>`;
  }

  private since(): string {
    if (this.stopped) {
      return 'Stopped. Older versions may exist.';
    }
    if (this.end?.from_start) {
      return 'This is everything: the feed reaches back to the first change.';
    }
    if (this.end?.since) {
      return `Known since ${moment(this.end.since.at)}, version ${count(this.end.since.version)}. Older versions are not kept: ${this.end.why ?? 'the feed is trimmed'}.`;
    }
    return '';
  }

  private version(each: server.ChangeEvent, chosen: boolean): TemplateResult {
    const words = { put: each.size === undefined ? '' : size(each.size), delete: 'deleted', clear: `cleared with ${each.prefix ? visible(each.prefix) : 'all keys'}` };
    return html`<li>
      <a href=${changed({ version: each.version })} aria-current=${chosen ? 'true' : 'false'}>
        <span class="mono">${count(each.version)}</span>
        <span class=${each.type === 'put' ? 'mute' : 'wrong'}>${words[each.type]}</span>
        <span class="mute right grow" title=${moment(each.at)}>${ago(each.at)}</span>
      </a>
    </li>`;
  }

  private change(chosen: server.ChangeEvent): TemplateResult {
    const isNewest = chosen === this.versions[0];
    return html`<header>
        <h2>Version ${count(chosen.version)}</h2>
        <span class="mute" title=${moment(chosen.at)}>${ago(chosen.at)}</span>
        <span class="grow"></span>
        ${chosen.type === 'put' && !isNewest && state.mayWrite(this.place.namespace)
          ? html`<button class="button" @click=${() => this.restore(chosen)}>Restore this version</button>`
          : nothing}
      </header>
      <div class="body stack">
        ${this.sidesTrouble ? html`<p class="note wrong" role="alert">${this.sidesTrouble}</p>` : this.sides ? this.sidesView(this.sides, chosen) : html`<p class="mute" role="status">Loading</p>`}
      </div>`;
  }

  private sidesView(sides: { before?: server.Entry; after?: server.Entry }, chosen: server.ChangeEvent): TemplateResult {
    if (chosen.type !== 'put') {
      return html`<p>The entry was ${chosen.type === 'delete' ? 'deleted' : 'cleared'}.</p>`;
    }
    const { before, after } = sides;
    if (!after) {
      return html`<p>The feed no longer has the value of this version.</p>`;
    }
    const [older, newer] = [text(before), text(after)];
    const binary = older === undefined || newer === undefined;
    return html`<p class="mute">${before ? `From version ${count(Number(before.version))} to ${count(Number(after.version))}` : 'The first version that is known'}</p>
      ${binary
        ? html`<p>The value is not text: ${before ? `${size(before.size)}, then ` : ''}${size(after.size)}.</p>`
        : differenceView(before ? formatted(older) : '', formatted(newer))}
      <dl class="parts">
        <dt>Metadata</dt><dd class="mono">${before && before.metadata !== after.metadata ? html`<del>${before.metadata || 'none'}</del> ` : nothing}${after.metadata || 'none'}</dd>
        <dt>Expires</dt><dd>${before && before.expires !== after.expires ? html`<del>${before.expires ? moment(before.expires) : 'never'}</del> ` : nothing}${after.expires ? moment(after.expires) : 'never'}</dd>
      </dl>`;
  }
}

function text(entry?: server.Entry): string | undefined {
  return entry ? textOf(entry.value, entry.complete) : '';
}
