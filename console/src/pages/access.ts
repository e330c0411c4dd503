import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state as internal } from 'lit/decorators.js';
import { ConsoleElement, copy, toast } from '../element.js';
import { ago, moment, plural, visible } from '../format.js';
import { isFailure } from '../http.js';
import { Dialog, QuestionDialog } from '../parts/dialog.js';
import { loading, noPermission, trouble } from '../parts/states.js';
import { changed, go, type Place } from '../place.js';
import * as server from '../server.js';
import { state } from '../state.js';

const AUDIT_SHOWN = 500;

/** Tokens, and who administered the server. */
@customElement('page-access')
export class AccessPage extends ConsoleElement {
  @property({ attribute: false }) place!: Place;
  @internal() private tokens?: server.Token[];
  @internal() private acts?: server.Act[];
  @internal() private failure?: Error;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.tokens = await server.tokens();
      this.acts = await this.newestActs();
      this.failure = undefined;
    } catch (error) {
      this.failure = error as Error;
    }
  }

  /** The server lists the oldest acts first. */
  private async newestActs(): Promise<server.Act[]> {
    let acts: server.Act[] = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: { acts: server.Act[]; next?: number } = await server.audit(after);
      acts = [...acts, ...page.acts].slice(-AUDIT_SHOWN);
      after = page.next;
    }
    return acts.reverse();
  }

  private async create(): Promise<void> {
    await new TokenDialog().open();
    await this.load();
  }

  private async revoke(token: server.Token): Promise<void> {
    const own = token.id === state.session.token?.id;
    const done = await new QuestionDialog(
      {
        heading: `Revoke the token ${token.name || token.id}?`,
        text: html`Its requests end within a second, here and at connected edges.${own ? ' This is the token of this session: you are signed out.' : ''}`,
        action: 'Revoke',
        danger: true,
      },
      () => server.revokeToken(token.id),
    ).open();
    if (done) {
      toast('Revoked.');
      await this.load();
    }
  }

  protected override render(): TemplateResult {
    if (this.failure) {
      return isFailure(this.failure, 401) || isFailure(this.failure, 403)
        ? noPermission(
            state.session.guarded
              ? 'Tokens and the audit require a token with the grant admin for all accounts.'
              : 'This server has no tokens yet. To create the first one here, open the link that selvedge console --data prints on its machine. From then on, every request requires a token.',
          )
        : trouble(this.failure, () => this.load());
    }
    if (!this.tokens) {
      return loading();
    }
    const audit = this.place.parameters['view'] === 'audit';
    return html`<div class="page">
      <div class="row">
        <div class="choice" role="group" aria-label="Part">
          <button aria-pressed=${audit ? 'false' : 'true'} @click=${() => go(changed({ view: undefined }), true)}>Tokens</button>
          <button aria-pressed=${audit ? 'true' : 'false'} @click=${() => go(changed({ view: 'audit' }), true)}>Audit</button>
        </div>
        <span class="grow"></span>
        ${audit ? nothing : html`<button class="button main" @click=${this.create}>New token</button>`}
      </div>
      ${audit ? this.auditTable(this.acts ?? []) : this.tokenTable(this.tokens)}
    </div>`;
  }

  private tokenTable(tokens: readonly server.Token[]): TemplateResult {
    return html`<section class="card scroll-x" aria-label="Tokens">
      <table class="head-first">
        <thead><tr><th scope="col">Name</th><th scope="col">May</th><th scope="col">Where</th><th scope="col">Expires</th><th scope="col">Last used here</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead>
        <tbody>
          ${tokens.map(
            (token) => html`<tr>
              <td title=${token.id}>${visible(token.name || token.id)}</td>
              <td>${token.grant}</td>
              <td class="mono">${where(token)}</td>
              <td title=${token.expires ? moment(token.expires) : ''}>${token.expires ? expiry(token.expires) : 'never'}</td>
              <td title=${token.last_used ? moment(token.last_used) : ''}>${token.last_used ? ago(token.last_used) : html`<span class="mute">not since the start</span>`}</td>
              <td class="right"><button class="button danger" aria-label="Revoke ${token.name || token.id}" @click=${() => this.revoke(token)}>Revoke</button></td>
            </tr>`,
          )}
        </tbody>
      </table>
      ${tokens.length === 0 ? html`<p class="empty">There is no token yet.</p>` : nothing}
    </section>`;
  }

  private auditTable(acts: readonly server.Act[]): TemplateResult {
    return html`<section class="card scroll-x" aria-label="Audit">
      <table class="head-first">
        <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">From</th><th scope="col">What</th><th scope="col">Which</th><th scope="col" class="right">Answer</th></tr></thead>
        <tbody>
          ${acts.map(
            (act) => html`<tr>
              <td title=${moment(act.time)}>${ago(act.time)}</td>
              <td>${visible(act.actor ?? '')}</td>
              <td class="mono">${act.address}</td>
              <td>${act.operation}</td>
              <td class="mono wide">${visible(act.target ?? '')}${act.left_out ? html` <span class="mute">and ${plural(act.left_out, 'more refused attempt')}</span>` : nothing}</td>
              <td class="right ${act.status >= 400 ? 'wrong' : ''}">${act.status >= 400 ? `${act.status} refused` : 'done'}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      ${acts.length === 0 ? html`<p class="empty">No administrative act is recorded yet.</p>` : nothing}
    </section>`;
  }
}

function where(token: server.Token): string {
  if (token.namespace) {
    return `${state.title(token.namespace)}${token.prefix ? ` ${visible(token.prefix)}*` : ''}`;
  }
  return token.account === 'all' ? 'everything' : `account ${token.account}`;
}

function expiry(time: string): string {
  const left = new Date(time).getTime() - Date.now();
  return left <= 0 ? 'expired' : `in ${Math.ceil(left / 86_400_000) > 1 ? plural(Math.ceil(left / 86_400_000), 'day') : 'a day'}`;
}

const GRANTS: readonly [string, string][] = [
  ['read', 'read: gets, lists, feeds'],
  ['write', 'write: read, and changes of keys'],
  ['admin', 'admin: write, and namespaces; for all accounts also tokens and backups'],
  ['replicate', 'replicate: for edges, everything and no changes'],
];

/** Creates a token and shows its secret once. */
@customElement('token-dialog')
class TokenDialog extends Dialog<true> {
  @internal() private secret = '';
  @internal() private grant = 'read';
  @internal() private namespace = '';

  heading(): string {
    return this.secret ? 'The new token' : 'New token';
  }

  body(): TemplateResult {
    if (this.secret) {
      return html`<p>This is shown once. Copy it now; the server keeps a digest only.</p>
        <div class="code"><pre tabindex="0" role="region" aria-label="Secret of the token">${this.secret}</pre>
          <button type="button" class="button" @click=${() => copy(this.secret, 'the token')}>Copy</button></div>`;
    }
    const narrow = this.grant === 'read' || this.grant === 'write';
    return html`<label class="stack"><span class="label">Name</span><input class="field" name="name" required autocomplete="off" /></label>
      <label class="stack"><span class="label">May</span>
        <select class="field" name="grant" @change=${(event: Event) => (this.grant = (event.target as HTMLSelectElement).value)}>
          ${GRANTS.map(([value, text]) => html`<option value=${value} ?selected=${value === this.grant}>${text}</option>`)}
        </select></label>
      ${this.grant === 'replicate'
        ? nothing
        : html`<label class="stack"><span class="label">Where</span>
            <select class="field" name="namespace" @change=${(event: Event) => (this.namespace = (event.target as HTMLSelectElement).value)}>
              <option value="">everything</option>
              ${(state.namespaces ?? []).map((each) => html`<option value=${each.id}>${each.title}</option>`)}
            </select></label>`}
      ${narrow && this.namespace
        ? html`<label class="stack"><span class="label">Only keys that begin with (may be empty)</span><input class="field mono" name="prefix" autocomplete="off" /></label>`
        : nothing}
      <label class="stack"><span class="label">Expires</span>
        <select class="field" name="expires">
          <option value="">never</option><option value="3600">in an hour</option><option value="86400">in a day</option>
          <option value="2592000" selected>in 30 days</option><option value="31536000">in a year</option>
        </select></label>`;
  }

  actions(): TemplateResult {
    return this.secret
      ? html`<button class="button main" type="button" @click=${() => this.close(true)}>Done</button>`
      : html`${this.cancel}<button class="button main" ?disabled=${this.busy}>Create</button>`;
  }

  protected override submit(): void {
    if (!this.secret) {
      void this.create();
    }
  }

  private async create(): Promise<void> {
    const form = new FormData(this.querySelector('form')!);
    const text = (name: string): string => String(form.get(name) ?? '');
    const namespace = text('namespace');
    this.busy = true;
    this.trouble = '';
    try {
      const token = await server.createToken({
        name: text('name'),
        account: namespace ? state.account : 'all',
        ...(namespace ? { namespace } : {}),
        ...(text('prefix') ? { prefix: text('prefix') } : {}),
        grant: text('grant'),
        ...(text('expires') ? { expires_seconds: Number(text('expires')) } : {}),
      });
      this.secret = token.secret;
    } catch (error) {
      this.trouble = (error as Error).message;
    }
    this.busy = false;
  }
}
