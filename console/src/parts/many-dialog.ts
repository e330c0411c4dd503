import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state as internal } from 'lit/decorators.js';
import { count, plural, visible } from '../format.js';
import { isAborted } from '../http.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { Dialog } from './dialog.js';
import { EXPIRY_FORMS, parseExpiry } from './expiry.js';
import { base64 } from './base64.js';
import { groups, split } from './key-groups.js';
import { Progress } from './task.js';

/** Requests at a time. */
const REQUESTS = 6;

/** Copies selected keys, or those below a prefix, to another namespace, or changes their expiry. */
@customElement('many-dialog')
export class ManyDialog extends Dialog<true> {
  @internal() private progress?: Progress;
  @internal() private finished = '';
  private request?: AbortController;

  constructor(
    private readonly namespace: string,
    private readonly keyPrefix: string,
    private readonly operation: 'copy' | 'expire',
    private readonly number: number,
    /** The selected keys; empty for all below the prefix. */
    private readonly selected: readonly server.Row[] = [],
  ) {
    super();
  }

  heading(): string {
    const where = this.keyPrefix ? ` under ${visible(this.keyPrefix)}` : '';
    const what = this.selected.length > 0 ? plural(this.number, 'selected key') : `${plural(this.number, 'key')}${where}`;
    return this.operation === 'copy' ? `Copy ${what}` : `Change the expiry of ${what}`;
  }

  body(): TemplateResult {
    if (this.progress) {
      return html`${this.progress.render('keys')} ${this.finished ? html`<p class="note">${this.finished}</p>` : nothing}`;
    }
    return this.operation === 'copy'
      ? html`<label class="stack"><span class="label">To the namespace</span>
            <select class="field" name="to">${(state.namespaces ?? []).filter((each) => each.id !== this.namespace).map((each) => html`<option value=${each.id}>${each.title}</option>`)}</select></label>
          <label class="stack"><span class="label">Keys that exist there</span>
            <select class="field" name="existing"><option value="keep">stay as they are</option><option value="replace">are replaced</option></select></label>
          <p class="mute">Metadata and expiry are copied too.</p>`
      : html`<label class="stack"><span class="label">New expiry: ${EXPIRY_FORMS}</span><input class="field" name="expires" required autocomplete="off" /></label>
          <p class="mute">Values and metadata stay as they are.</p>`;
  }

  actions(): TemplateResult {
    if (this.finished) {
      return html`<button class="button main" type="button" @click=${() => this.close(true)}>Close</button>`;
    }
    if (this.progress) {
      return html`<button class="button" type="button" @click=${() => this.request?.abort()}>Stop</button>`;
    }
    return html`${this.cancel}<button class="button main">${this.operation === 'copy' ? 'Copy' : 'Change'}</button>`;
  }

  protected override closed(): void {
    this.request?.abort();
  }

  protected override submit(): void {
    const form = new FormData(this.querySelector('form')!);
    if (this.operation === 'copy') {
      const to = String(form.get('to'));
      const keep = form.get('existing') === 'keep';
      void this.run((rows, signal) => this.copy(rows, to, keep, signal));
      return;
    }
    const expires = parseExpiry(String(form.get('expires')), Date.now());
    if (expires === undefined) {
      this.trouble = `This is no expiry. Write ${EXPIRY_FORMS}.`;
    } else {
      void this.run((rows, signal) => this.expire(rows, expires, signal));
    }
  }

  /** Does work on one group of keys after another, in their order. */
  private async run(work: (rows: readonly server.Row[], signal: AbortSignal) => Promise<void>): Promise<void> {
    const progress = new Progress(this.number);
    this.progress = progress;
    this.request = new AbortController();
    const { signal } = this.request;
    this.trouble = '';
    let stopped = '';
    try {
      for await (const rows of this.selected.length > 0 ? split(this.selected) : groups(this.namespace, this.keyPrefix, signal)) {
        await work(rows, signal);
        progress.done += rows.length;
        this.requestUpdate();
      }
    } catch (error) {
      stopped = isAborted(error) ? 'Stopped. ' : `${(error as Error).message} `;
    }
    this.finished = `${stopped}${plural(progress.done - progress.failed, 'key')} done${progress.failed ? `, ${count(progress.failed)} left as they were` : ''}.${stopped ? ' What is done stays done; the rest is unchanged.' : ''}`;
  }

  private async copy(rows: readonly server.Row[], to: string, keep: boolean, signal: AbortSignal): Promise<void> {
    const keys = rows.map((row) => row.key);
    const there = new Set(keep ? await server.existing(to, keys, signal) : []);
    const entries = await server.entries(this.namespace, keys.filter((key) => !there.has(key)), 'send', signal);
    this.progress!.failed += there.size;
    const pairs = entries.map((entry) => ({
      key: entry.key,
      value: base64(entry.value),
      base64: true,
      ...(entry.expires ? { expiration: Math.ceil(entry.expires / 1000) } : {}),
      metadata: entry.metadata,
    }));
    if (pairs.length > 0) {
      await server.bulkPut(state.account, to, pairs, signal);
    }
  }

  /** Changes the expiry of each entry that is still as it was listed; its value and metadata stay. */
  private async expire(rows: readonly server.Row[], expires: number, signal: AbortSignal): Promise<void> {
    const waiting = [...rows];
    const next = async (): Promise<void> => {
      for (let row = waiting.shift(); row; row = waiting.shift()) {
        signal.throwIfAborted();
        const done = await server.unless(server.setExpiry(this.namespace, row.key, expires, String(row.version)), 404, 412);
        this.progress!.failed += done === undefined ? 1 : 0;
      }
    };
    await Promise.all(Array.from({ length: REQUESTS }, next));
  }
}
