import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';
import { code, connectSnippets, serverAddress } from '../parts/snippets.js';
import { go, link, type Place } from '../place.js';
import { state } from '../state.js';

/** Lines to paste for each client of a namespace. */
@customElement('page-connect')
export class ConnectPage extends ConsoleElement {
  @property({ attribute: false }) place!: Place;

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(state, 'change', () => this.requestUpdate());
  }

  protected override render(): TemplateResult {
    const namespaces = state.namespaces ?? [];
    const namespace = this.place.namespace || namespaces[0]?.id;
    if (!namespace) {
      return html`<div class="empty"><h2>No namespace yet</h2><p>Create one first; then this page has the lines for each client.</p></div>`;
    }
    return html`<div class="page narrow">
      <div class="row wrap">
        <label class="row"><span class="mute">Namespace</span>
          <select @change=${(event: Event) => go(link('connect', (event.target as HTMLSelectElement).value))}>
            ${namespaces.map((each) => html`<option value=${each.id} ?selected=${each.id === namespace}>${each.title}</option>`)}
          </select></label>
        <span class="mute">at <code>${serverAddress()}</code>${state.session.guarded ? html`, with your token in <code>SELVEDGE_TOKEN</code>` : ''}</span>
      </div>
      ${connectSnippets(namespace, state.title(namespace)).map(code)}
    </div>`;
  }
}
