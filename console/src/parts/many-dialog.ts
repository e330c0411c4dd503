import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state as internal } from 'lit/decorators.js';
import { count, plural, visible } from '../format.js';
import { isAborted } from '../http.js';
import * as server from '../server.js';
import { state } from '../state.js';
import { Dialog } from './dialog.js';
import { EXPIRY_FORMS, parseExpiry } from './expiry.js';
import { Progress } from './task.js';

/** Copies the keys below a prefix to another namespace, or changes their expiry. */
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
  ) {
    super();
  }

  heading(): string {
    const what = `${plural(this.number, 'key')}${this.keyPrefix ? ` under ${visible(this.keyPrefix)}` : ''}`;
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
      void this.run({ operation: 'copy', prefix: this.keyPrefix, to: form.get('to'), existing: form.get('existing') });
      return;
    }
    const expires = parseExpiry(String(form.get('expires')), Date.now());
    if (expires === undefined) {
      this.trouble = `This is no expiry. Write ${EXPIRY_FORMS}.`;
    } else {
      void this.run({ operation: 'expire', prefix: this.keyPrefix, expires: expires || 'never' });
    }
  }

  private async run(work: Record<string, unknown>): Promise<void> {
    const progress = new Progress(this.number);
    this.progress = progress;
    this.request = new AbortController();
    this.trouble = '';
    try {
      await server.many(this.namespace, work, (line) => {
        progress.done = line.done ?? progress.done;
        progress.failed = line.failed ?? progress.failed;
        if (line.error) {
          this.trouble = line.error.message;
        }
        if (line.complete) {
          this.finished = `Done: ${plural(progress.done, 'key')}${progress.failed ? `, ${count(progress.failed)} failed` : ''}.`;
        }
        this.requestUpdate();
      }, this.request.signal);
    } catch (error) {
      if (!isAborted(error)) {
        this.trouble = (error as Error).message;
      }
    }
    this.finished ||= `Stopped. ${plural(progress.done, 'key')} of ${count(this.number)} are done and stay so; the rest is unchanged.`;
  }
}
