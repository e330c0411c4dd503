import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';
import { count } from '../format.js';
import { customElement } from 'lit/decorators.js';

/** A dialog that is opened by code and returns a result, or undefined when it is left. */
export abstract class Dialog<T> extends ConsoleElement {
  private result: T | undefined;
  protected wide = false;
  @state() protected trouble = '';
  @state() protected busy = false;

  abstract heading(): string;
  abstract body(): TemplateResult;
  abstract actions(): TemplateResult;

  /** Shows the dialog and returns its result when it is closed. */
  open(): Promise<T | undefined> {
    document.body.append(this);
    return new Promise((resolve) => {
      void this.updateComplete.then(() => {
        const dialog = this.querySelector('dialog')!;
        dialog.addEventListener('close', () => {
          this.closed();
          this.remove();
          resolve(this.result);
        });
        dialog.showModal();
      });
    });
  }

  /** Called when the dialog is closed, however that happens. */
  protected closed(): void {}

  protected close(result?: T): void {
    this.result = result;
    this.querySelector('dialog')?.close();
  }

  /** Does work and closes the dialog with its result; a failure is shown and leaves the dialog open. */
  protected async work(task: () => Promise<T>): Promise<void> {
    this.busy = true;
    this.trouble = '';
    try {
      this.close(await task());
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
    this.busy = false;
  }

  protected submit(): void {}

  protected override render(): TemplateResult {
    return html`<dialog class=${this.wide ? 'wide' : ''} aria-labelledby="dialog-heading">
      <form
        method="dialog"
        @submit=${(event: Event) => {
          event.preventDefault();
          this.submit();
        }}
      >
        <header><h2 id="dialog-heading">${this.heading()}</h2></header>
        <div class="body">
          ${this.body()}
          ${this.trouble ? html`<p class="note wrong" role="alert">${this.trouble}</p>` : nothing}
        </div>
        <footer>${this.actions()}</footer>
      </form>
    </dialog>`;
  }

  protected get cancel(): TemplateResult {
    return html`<button type="button" class="button" @click=${() => this.close()}>Cancel</button>`;
  }
}

/** Asks for a text, such as the title of a namespace. */
@customElement('text-dialog')
export class TextDialog extends Dialog<string> {
  private text = '';

  constructor(
    private readonly words: { heading: string; label: string; action: string; text?: string; hint?: string },
    private readonly task: (text: string) => Promise<unknown>,
  ) {
    super();
    this.text = words.text ?? '';
  }

  heading(): string {
    return this.words.heading;
  }

  body(): TemplateResult {
    return html`<label class="stack"
        ><span class="label">${this.words.label}</span>
        <input class="field" required autocomplete="off" .value=${this.text} @input=${(event: InputEvent) => (this.text = (event.target as HTMLInputElement).value)}
      /></label>
      ${this.words.hint ? html`<p class="mute">${this.words.hint}</p>` : nothing}`;
  }

  actions(): TemplateResult {
    return html`${this.cancel}<button class="button main" ?disabled=${this.busy}>${this.words.action}</button>`;
  }

  protected override submit(): void {
    void this.work(async () => {
      await this.task(this.text);
      return this.text;
    });
  }
}

/** Names what an act takes, and asks for the number before it begins. */
@customElement('count-dialog')
export class CountDialog extends Dialog<true> {
  @state() private typed = '';

  constructor(
    private readonly words: { heading: string; what: TemplateResult | string; action: string; number: number },
    private readonly task: () => Promise<unknown>,
  ) {
    super();
  }

  heading(): string {
    return this.words.heading;
  }

  private get confirmed(): boolean {
    return this.typed.replace(/[\s,.'’]/g, '') === String(this.words.number);
  }

  body(): TemplateResult {
    return html`<p>${this.words.what}</p>
      <label class="stack"
        ><span class="label">Type <b>${count(this.words.number)}</b> to confirm</span>
        <input class="field" inputmode="numeric" autocomplete="off" @input=${(event: InputEvent) => (this.typed = (event.target as HTMLInputElement).value)}
      /></label>`;
  }

  actions(): TemplateResult {
    return html`${this.cancel}<button class="button danger main" ?disabled=${!this.confirmed || this.busy}>${this.words.action}</button>`;
  }

  protected override submit(): void {
    if (this.confirmed) {
      void this.work(async () => {
        await this.task();
        return true as const;
      });
    }
  }
}

/** Asks a question with one answer. */
@customElement('question-dialog')
export class QuestionDialog extends Dialog<true> {
  constructor(
    private readonly words: { heading: string; text: TemplateResult | string; action: string; danger?: boolean },
    private readonly task: () => Promise<unknown> = async () => undefined,
  ) {
    super();
  }

  heading(): string {
    return this.words.heading;
  }

  body(): TemplateResult {
    return html`<div>${this.words.text}</div>`;
  }

  actions(): TemplateResult {
    return html`${this.cancel}<button class="button main ${this.words.danger ? 'danger' : ''}" ?disabled=${this.busy}>${this.words.action}</button>`;
  }

  protected override submit(): void {
    void this.work(async () => {
      await this.task();
      return true as const;
    });
  }
}
