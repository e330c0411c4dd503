import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';
import type { Editor } from './codemirror.js';

/**
 * An editor of text. Until its code has arrived, or if it cannot be loaded, it is a plain text area.
 *
 * @fires edit when the user changes the text
 */
@customElement('code-editor')
export class CodeEditor extends ConsoleElement {
  @property() text = '';
  @property() language: 'json' | 'text' = 'text';
  @property() label = 'Value';
  @property({ type: Boolean }) readOnly = false;
  @state() private editor?: Editor;

  override connectedCallback(): void {
    super.connectedCallback();
    void import('./codemirror.js').then(({ createEditor }) => {
      if (this.isConnected && !this.editor) {
        const plain = this.querySelector('textarea');
        const focused = this.contains(document.activeElement);
        const host = document.createElement('div');
        const root = host.attachShadow({ mode: 'open' });
        this.editor = createEditor(root, {
          text: this.text,
          language: this.language,
          label: this.label,
          readOnly: this.readOnly,
          edited: (text) => this.edited(text),
        });
        this.replaceChildren();
        this.append(host);
        if (focused) {
          this.editor.select(plain?.selectionStart ?? 0, plain?.selectionEnd ?? 0);
          this.editor.focus();
        }
      }
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.editor?.destroy();
    this.editor = undefined;
  }

  private edited(text: string): void {
    this.text = text;
    this.dispatchEvent(new CustomEvent('edit', { detail: text, bubbles: true }));
  }

  override focus(): void {
    if (this.editor) {
      this.editor.focus();
    } else {
      this.querySelector('textarea')?.focus();
    }
  }

  protected override shouldUpdate(changes: PropertyValues<this>): boolean {
    if (this.editor) {
      if (changes.has('text')) {
        this.editor.setText(this.text);
      }
      if (changes.has('language') || changes.has('readOnly')) {
        this.editor.configure(this.language, this.readOnly);
      }
      return false;
    }
    return true;
  }

  protected override render(): TemplateResult {
    return html`<textarea
      class="plain-editor mono"
      spellcheck="false"
      aria-label=${this.label}
      rows="12"
      ?readonly=${this.readOnly}
      .value=${this.text}
      @input=${(event: InputEvent) => this.edited((event.target as HTMLTextAreaElement).value)}
    ></textarea>`;
  }
}
