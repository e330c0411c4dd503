import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state as internal } from 'lit/decorators.js';
import { plural, size, visible } from '../format.js';
import { isAborted } from '../http.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { textOf } from '../value.js';
import { base64 } from './base64.js';
import { Dialog } from './dialog.js';
import { groups } from './key-groups.js';
import type { FramedEntry } from './frames.js';
import type { Format } from './import-rows.js';
import { Progress } from './task.js';

const KEYS = 100;
const PART_CHARACTERS = 4_000_000;

/** Writes entries to a file that the import reads again, byte for byte. */
@customElement('export-dialog')
export class ExportDialog extends Dialog<true> {
  @internal() private format: Format = 'ndjson';
  @internal() private progress?: Progress;
  @internal() private summary = '';
  private request?: AbortController;

  constructor(
    private readonly namespace: string,
    private readonly keyPrefix: string,
    private readonly keys: readonly string[],
  ) {
    super();
  }

  heading(): string {
    if (this.keys.length > 0) {
      return `Export ${plural(this.keys.length, 'selected key')}`;
    }
    return this.keyPrefix ? `Export the keys under ${visible(this.keyPrefix)}` : `Export all keys of ${state.title(this.namespace)}`;
  }

  body(): TemplateResult {
    return html`<label class="stack"><span class="label">Format</span>
        <select class="field" ?disabled=${this.progress !== undefined} @change=${(event: Event) => (this.format = (event.target as HTMLSelectElement).value as Format)}>
          <option value="ndjson">NDJSON, a line for each entry</option>
          <option value="json">bulk JSON of wrangler</option>
          <option value="csv">CSV</option>
        </select></label>
      <p class="mute">With metadata and expiry. A value that is no text is in base64.</p>
      ${this.progress?.render('entries') ?? nothing}
      ${this.summary ? html`<p class="note" role="status">${this.summary}</p>` : nothing}`;
  }

  actions(): TemplateResult {
    if (this.summary) {
      return html`<button type="button" class="button main" @click=${() => this.close(true)}>Close</button>`;
    }
    return this.progress
      ? html`<button type="button" class="button" @click=${() => this.request?.abort()}>Stop</button>`
      : html`${this.cancel}<button class="button main">Export</button>`;
  }

  protected override closed(): void {
    this.request?.abort();
  }

  protected override submit(): void {
    if (!this.progress) {
      void this.run();
    }
  }

  private async run(): Promise<void> {
    this.request = new AbortController();
    const { signal } = this.request;
    const parts: Blob[] = [];
    let text = this.format === 'csv' ? 'key,value,base64,expiration,metadata\n' : this.format === 'json' ? '[' : '';
    let written = 0;
    const flush = (): void => {
      parts.push(new Blob([text]));
      text = '';
    };
    let stopped = '';
    try {
      const total = this.keys.length || (await this.total());
      this.progress = new Progress(total);
      for await (const keys of this.batches(signal)) {
        for (const entry of await server.entries(this.namespace, keys, 'send', signal)) {
          text += this.line(entry, written++);
          if (text.length > PART_CHARACTERS) {
            flush();
          }
        }
        this.progress.done = written;
        this.requestUpdate();
      }
    } catch (error) {
      stopped = isAborted(error) ? 'Stopped: the file has a part only. ' : `${(error as Error).message} The file has a part only. `;
    }
    text += this.format === 'json' ? '\n]\n' : '';
    flush();
    const blob = new Blob(parts);
    this.save(blob);
    this.summary = `${stopped}${plural(written, 'entry', 'entries')} in a file of ${size(blob.size)}.`;
  }

  private async total(): Promise<number> {
    const answer = await server.exactCount(this.namespace, this.keyPrefix);
    return server.isCounting(answer) ? 0 : answer.count;
  }

  /** Returns keys in groups that fit one request. */
  private async *batches(signal: AbortSignal): AsyncGenerator<string[]> {
    if (this.keys.length > 0) {
      for (let start = 0; start < this.keys.length; start += KEYS) {
        yield this.keys.slice(start, start + KEYS);
      }
      return;
    }
    for await (const rows of groups(this.namespace, this.keyPrefix, signal)) {
      yield rows.map((row) => row.key);
    }
  }

  private line(entry: FramedEntry, index: number): string {
    const text = textOf(entry.value, true);
    const value = text ?? base64(entry.value);
    const expiration = entry.expires ? Math.ceil(entry.expires / 1000) : undefined;
    if (this.format === 'csv') {
      return `${[entry.key, value, text === undefined ? 'true' : '', expiration === undefined ? '' : String(expiration), entry.metadata].map(cell).join(',')}\n`;
    }
    const whole = server.pairText({ key: entry.key, value, base64: text === undefined || undefined, expiration, metadata: entry.metadata });
    return this.format === 'json' ? `${index ? ',' : ''}\n${whole}` : `${whole}\n`;
  }

  private save(blob: Blob): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${state.title(this.namespace)}${this.keyPrefix ? `-${this.keyPrefix}` : ''}`.replace(/[^\w.-]+/g, '-') + `.${this.format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
