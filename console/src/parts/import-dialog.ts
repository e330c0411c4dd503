import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state as internal } from 'lit/decorators.js';
import { count, plural, size } from '../format.js';
import { Failure, isAborted } from '../http.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { Dialog } from './dialog.js';
import { type Bounds, type Format, formatOf, importRows, type ImportRow } from './import-rows.js';
import { Progress } from './task.js';

const BATCH_ROWS = 5000;
const BATCH_BYTES = 8_000_000;
const EXISTS_KEYS = 1000;
const REQUESTS = 3;
const ERRORS_SHOWN = 200;
const PAINT_MILLIS = 200;

interface Trial {
  readonly right: number;
  readonly bytes: number;
  /** How many of the keys exist. */
  readonly existing: number;
}

/** Imports a file after a trial that changes nothing. */
@customElement('import-dialog')
export class ImportDialog extends Dialog<true> {
  protected override wide = true;
  @internal() private file?: File;
  @internal() private format: Format = 'ndjson';
  @internal() private existing: 'replace' | 'keep' = 'keep';
  @internal() private allOrNothing = false;
  @internal() private trial?: Trial;
  @internal() private progress?: Progress;
  @internal() private phase: 'choose' | 'try' | 'ready' | 'import' | 'done' = 'choose';
  @internal() private summary = '';
  private errors: { line: number; why: string }[] = [];
  private wrong = 0;
  private request?: AbortController;
  private painted = 0;

  constructor(private readonly namespace: string) {
    super();
  }

  heading(): string {
    return `Import into ${state.title(this.namespace)}`;
  }

  protected override closed(): void {
    this.request?.abort();
  }

  private fail(line: number, why: string): void {
    this.wrong++;
    if (this.errors.length < ERRORS_SHOWN) {
      this.errors.push({ line, why });
    }
  }

  /** Lets the browser paint now and then. */
  private async breathe(): Promise<void> {
    if (performance.now() - this.painted > PAINT_MILLIS) {
      this.requestUpdate();
      await new Promise((resolve) => setTimeout(resolve));
      this.painted = performance.now();
    }
  }

  private async bounds(): Promise<Bounds> {
    const limits = (await server.unless(server.limits(), 404, 403)) ?? [];
    const of = (name: string, otherwise: number): number => limits.find((limit) => limit.name === name)?.value ?? otherwise;
    return { keyBytes: of('key-bytes', 512), metadataBytes: of('metadata-bytes', 1024), valueBytes: of('value-bytes', 26_214_400) };
  }

  private async isEmpty(): Promise<boolean> {
    const page = await server.rows(this.namespace, '', { from: '' }, 1);
    return 'rows' in page && page.rows.length === 0;
  }

  private async choose(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) {
      this.file = file;
      this.format = formatOf(file.name);
      await this.try();
    }
  }

  /** Reads the whole file, checks each row, and asks which keys exist. */
  private async try(): Promise<void> {
    this.phase = 'try';
    this.errors = [];
    this.wrong = 0;
    this.trial = undefined;
    this.trouble = '';
    this.request = new AbortController();
    const { signal } = this.request;
    const progress = new Progress(0);
    this.progress = progress;
    let [right, bytes, found] = [0, 0, 0];
    const isEmpty = await this.isEmpty();
    let keys: string[] = [];
    const look = async (): Promise<void> => {
      const now = keys;
      keys = [];
      if (!isEmpty) {
        found += (await server.existing(this.namespace, now, signal)).length;
      }
    };
    try {
      for await (const row of importRows(this.file!, this.format, await this.bounds())) {
        signal.throwIfAborted();
        progress.done++;
        if (row.pair) {
          right++;
          bytes += row.bytes;
          keys.push(row.pair.key);
          if (keys.length >= EXISTS_KEYS) {
            await look();
          }
        } else {
          this.fail(row.line, row.trouble!);
        }
        await this.breathe();
      }
      await look();
      this.trial = { right, bytes, existing: found };
      this.phase = 'ready';
    } catch (error) {
      this.phase = 'choose';
      this.trouble = isAborted(error) ? '' : (error as Error).message;
    }
  }

  private async import(): Promise<void> {
    const total = this.trial!.right;
    const before = this.wrong;
    this.phase = 'import';
    this.request = new AbortController();
    const progress = new Progress(total);
    this.progress = progress;
    let skipped = 0;
    const running = new Set<Promise<void>>();
    const { signal } = this.request;
    let broken: Error | undefined;
    const start = async (batch: ImportRow[]): Promise<void> => {
      while (running.size >= REQUESTS) {
        await Promise.race(running);
      }
      if (broken) {
        throw broken;
      }
      const task: Promise<void> = this.write(batch, signal, progress)
        .then((kept) => {
          skipped += kept;
          this.requestUpdate();
        })
        .catch((error: Error) => {
          broken = error;
        })
        .finally(() => running.delete(task));
      running.add(task);
    };
    let stopped = '';
    try {
      let batch: ImportRow[] = [];
      let bytes = 0;
      for await (const row of importRows(this.file!, this.format, await this.bounds())) {
        signal.throwIfAborted();
        if (row.pair) {
          batch.push(row);
          bytes += row.bytes;
          if (batch.length >= BATCH_ROWS || bytes >= BATCH_BYTES) {
            await start(batch);
            batch = [];
            bytes = 0;
          }
        }
        await this.breathe();
      }
      if (batch.length > 0) {
        await start(batch);
      }
    } catch (error) {
      broken ??= error as Error;
    }
    await Promise.all(running);
    if (broken) {
      stopped = isAborted(broken) ? 'Stopped. ' : `${broken.message} `;
    }
    progress.failed = this.wrong - before;
    const written = progress.done - skipped - progress.failed;
    const open = total - progress.done;
    this.summary = `${stopped}Written: ${count(written)}. ${skipped ? `Kept as they were: ${count(skipped)}. ` : ''}${this.wrong ? `Wrong: ${count(this.wrong)}. ` : ''}${open > 0 ? `Not begun: ${count(open)}. ` : ''}`;
    this.phase = 'done';
  }

  /** Writes a batch and returns how many rows were left out because their keys exist. */
  private async write(batch: ImportRow[], signal: AbortSignal, progress: Progress): Promise<number> {
    let rows = batch;
    if (this.existing === 'keep' && this.trial!.existing > 0) {
      const existing = new Set<string>();
      for (let start = 0; start < batch.length; start += EXISTS_KEYS) {
        const keys = batch.slice(start, start + EXISTS_KEYS).map((row) => row.pair!.key);
        (await server.existing(this.namespace, keys, signal)).forEach((key) => existing.add(key));
      }
      rows = batch.filter((row) => !existing.has(row.pair!.key));
    }
    await this.put(rows, signal);
    progress.done += batch.length;
    return batch.length - rows.length;
  }

  /** A batch is refused as a whole, so halves of it are tried until the wrong rows are alone. */
  private async put(rows: ImportRow[], signal: AbortSignal): Promise<void> {
    if (rows.length === 0) {
      return;
    }
    try {
      await server.bulkPut(state.account, this.namespace, rows.map((row) => row.pair!), signal);
    } catch (error) {
      if (!(error instanceof Failure) || (error.status !== 400 && error.status !== 413)) {
        throw error;
      }
      if (rows.length === 1) {
        this.fail(rows[0]!.line, error.message);
        return;
      }
      const half = rows.length >> 1;
      await this.put(rows.slice(0, half), signal);
      await this.put(rows.slice(half), signal);
    }
  }

  body(): TemplateResult {
    const busy = this.phase === 'try' || this.phase === 'import';
    return html`<div class="row wrap">
        <label class="button ${this.file ? '' : 'main'}">${this.file ? 'Another file' : 'Choose a file'}<input class="unseen" type="file" name="file" ?disabled=${busy} @change=${this.choose} /></label>
        ${this.file ? html`<span class="grow clip">${this.file.name} · ${size(this.file.size)}</span>` : html`<span class="mute">NDJSON, CSV, or the bulk JSON of wrangler</span>`}
        ${this.file
          ? html`<select aria-label="Format" ?disabled=${busy} @change=${(event: Event) => {
              this.format = (event.target as HTMLSelectElement).value as Format;
              void this.try();
            }}>
              ${(['ndjson', 'csv', 'json'] as const).map((each) => html`<option value=${each} ?selected=${each === this.format}>${{ ndjson: 'NDJSON', csv: 'CSV', json: 'bulk JSON' }[each]}</option>`)}
            </select>`
          : nothing}
      </div>
      ${this.file ? nothing : html`<pre class="note">{"key":"user:1","value":"hello","metadata":{"plan":"pro"},"expiration":1798761600}</pre>`}
      ${this.phase === 'try' ? html`${this.progress!.render('rows read')}` : nothing}
      ${this.trial ? this.trialView(this.trial) : nothing}
      ${this.phase === 'import' ? this.progress!.render('rows') : nothing}
      ${this.summary ? html`<p class="note" role="status">${this.summary}</p>` : nothing}
      ${this.wrong > 0 ? this.errorList() : nothing}`;
  }

  private trialView(trial: Trial): TemplateResult {
    return html`<p role="status">${plural(trial.right, 'row')} can be imported (${size(trial.bytes)}), <span class=${this.wrong ? 'wrong' : ''}>${count(this.wrong)} cannot</span>.
        ${plural(trial.existing, 'key exists', 'keys exist')} already. Nothing is written yet.</p>
      ${this.phase === 'ready'
        ? html`<div class="row wrap">
            <label class="row"><span class="mute">Keys that exist</span>
              <select @change=${(event: Event) => (this.existing = (event.target as HTMLSelectElement).value as 'keep')}>
                <option value="keep" ?selected=${this.existing === 'keep'}>stay as they are</option>
                <option value="replace" ?selected=${this.existing === 'replace'}>are replaced</option>
              </select></label>
            <label class="row"><input type="checkbox" .checked=${this.allOrNothing} @change=${(event: Event) => (this.allOrNothing = (event.target as HTMLInputElement).checked)} /> Import nothing if a row is wrong</label>
          </div>`
        : nothing}`;
  }

  private errorList(): TemplateResult {
    return html`<section class="errors" tabindex="0" role="region" aria-label="Wrong rows">
      <table class="head-first"><thead><tr><th scope="col" class="right">Line</th><th scope="col">Why</th></tr></thead>
        <tbody>${this.errors.map((each) => html`<tr><td class="right mono">${count(each.line)}</td><td class="wide">${each.why}</td></tr>`)}</tbody></table>
      ${this.wrong > this.errors.length ? html`<p class="mute">and ${count(this.wrong - this.errors.length)} more</p>` : nothing}
    </section>`;
  }

  actions(): TemplateResult {
    switch (this.phase) {
      case 'try':
      case 'import':
        return html`<button type="button" class="button" @click=${() => this.request?.abort()}>Stop</button>`;
      case 'done':
        return html`<button type="button" class="button main" @click=${() => this.close(true)}>Close</button>`;
      case 'ready': {
        const refused = this.trial!.right === 0 || (this.allOrNothing && this.wrong > 0);
        return html`${this.cancel}<button class="button main" ?disabled=${refused}>Import ${plural(this.trial!.right, 'row')}</button>`;
      }
      case 'choose':
        return this.cancel;
    }
  }

  protected override submit(): void {
    if (this.phase === 'ready' && !(this.allOrNothing && this.wrong > 0)) {
      void this.import();
    }
  }
}
