import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state as internal } from 'lit/decorators.js';
import { ConsoleElement } from './element.js';
import { ago, count, plural } from './format.js';
import { connection } from './http.js';
import { ICONS, MARK } from './parts/icons.js';
import { newNamespace } from './parts/new-namespace.js';
import { KeysDialog, type Command, Palette } from './parts/palette.js';
import { trouble, loading } from './parts/states.js';
import { go, here, link, takeCode, type Place } from './place.js';
import { release } from './release.js';
import * as server from './server.js';
import { state } from './state.js';
import { switchTheme, theme } from './theme.js';
import './pages/sign-in.js';
import './pages/overview.js';
import './pages/browse.js';
import './pages/live.js';
import './pages/history.js';
import './pages/analytics.js';
import './pages/access.js';
import './pages/connect.js';
import './pages/settings.js';

interface PageEntry {
  readonly name: string;
  readonly title: string;
  readonly icon: TemplateResult;
}

const PAGES: readonly PageEntry[] = [
  { name: 'overview', title: 'Overview', icon: ICONS.overview },
  { name: 'live', title: 'Live', icon: ICONS.live },
  { name: 'analytics', title: 'Analytics', icon: ICONS.analytics },
  { name: 'access', title: 'Access', icon: ICONS.access },
  { name: 'connect', title: 'Connect', icon: ICONS.connect },
  { name: 'settings', title: 'Settings', icon: ICONS.settings },
];

const REFRESH_MILLIS = 3000;
const TOAST_MILLIS = 4000;

/** The frame around every page: navigation, top bar, notices, palette and keys. */
@customElement('selvedge-console')
export class SelvedgeConsole extends ConsoleElement {
  @internal() private place: Place = here();
  @internal() private message = '';
  private messageTimer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(window, 'hashchange', () => this.arrived());
    this.listen(window, 'keydown', (event) => this.key(event));
    this.listen(window, 'toast', (event) => this.show(event.detail));
    this.listen(state, 'change', () => this.requestUpdate());
    this.listen(connection, 'change', () => this.requestUpdate());
    this.every(REFRESH_MILLIS, () => state.refresh());
    setInterval(() => connection.lost && this.requestUpdate(), 1000);
    void this.start();
  }

  private async start(): Promise<void> {
    const code = takeCode();
    if (!code) {
      await state.start();
      return;
    }
    await state.startWith(code);
    if (state.linkTrouble && !state.mustSignIn) {
      this.show(state.linkTrouble);
    }
  }

  private arrived(): void {
    if (here().parameters.code) {
      void this.start();
    }
    const before = this.place;
    this.place = here();
    if (before.page !== this.place.page || before.namespace !== this.place.namespace) {
      this.querySelector('main')?.focus({ preventScroll: true });
    }
  }

  private show(message: string): void {
    this.message = message;
    clearTimeout(this.messageTimer);
    this.messageTimer = window.setTimeout(() => (this.message = ''), TOAST_MILLIS);
  }

  private key(event: KeyboardEvent): void {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.openPalette();
      return;
    }
    const target = event.composedPath()[0] as HTMLElement;
    const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName ?? '');
    if (typing || event.metaKey || event.ctrlKey || event.altKey || document.querySelector('dialog[open]')) {
      return;
    }
    if (event.key === '?') {
      void new KeysDialog().open();
    } else if (event.key === '/') {
      const filter = this.querySelector<HTMLInputElement>('main [data-filter]');
      if (filter) {
        event.preventDefault();
        filter.focus();
        filter.select();
      }
    }
  }

  private openPalette(): void {
    if (!document.querySelector('dialog[open]') && !state.mustSignIn) {
      void new Palette(() => this.commands(), this.place.namespace).open();
    }
  }

  private commands(): Command[] {
    const { namespace } = this.place;
    const commands: Command[] = PAGES.map((page) => ({ text: page.title, hint: 'page', run: () => go(link(page.name)) }));
    for (const each of state.namespaces ?? []) {
      commands.push({ text: each.title, hint: 'namespace', run: () => go(link('browse', each.id)) });
    }
    if (namespace) {
      const title = state.title(namespace);
      if (state.mayWrite(namespace)) {
        commands.push(
          { text: `New entry in ${title}`, hint: 'action', run: () => go(link('browse', namespace, { new: 1 })) },
          { text: `Import into ${title}`, hint: 'action', run: () => go(link('browse', namespace, { import: 1 })) },
        );
      }
      commands.push(
        { text: `Watch ${title} live`, hint: 'action', run: () => go(link('live', namespace)) },
        { text: `Connect to ${title}`, hint: 'action', run: () => go(link('connect', namespace)) },
      );
    }
    if (state.mayAdminister) {
      commands.push({ text: 'New namespace', hint: 'action', run: () => void newNamespace() });
    }
    commands.push(
      { text: theme() === 'dark' ? 'Light theme' : 'Dark theme', hint: 'action', run: () => this.switchTheme() },
      { text: 'Show all keys of the keyboard', hint: '?', run: () => void new KeysDialog().open() },
    );
    if (state.session.signed_in) {
      commands.push({ text: 'Sign out', hint: 'action', run: () => void this.signOut() });
    }
    return commands;
  }

  private switchTheme(): void {
    switchTheme();
    this.requestUpdate();
  }

  private async signOut(): Promise<void> {
    await server.signOut();
    state.ended();
  }

  protected override render(): TemplateResult {
    if (state.mustSignIn) {
      return html`<div class="thread"></div><sign-in-page></sign-in-page>`;
    }
    document.title = `${this.heading()} · Selvedge`;
    return html`<div class="thread"></div>
      ${this.side()} ${this.top()}
      <div class="notices" role="status">${this.notices()}</div>
      <main id="main" tabindex="-1" class=${connection.lost ? 'stale' : ''}>${this.page()}</main>
      <nav class="bottom" aria-label="Pages">
        ${[PAGES[0]!, { name: 'browse', title: 'Browse', icon: ICONS.browse }, ...PAGES.slice(1, 4)].map((page) =>
          this.pageLink(page, page.name === 'browse' ? this.firstNamespace() : link(page.name)),
        )}
      </nav>
      ${this.message ? html`<div class="toast" role="status">${this.message}</div>` : nothing}`;
  }

  private firstNamespace(): string {
    return link('browse', this.place.namespace || state.namespaces?.[0]?.id || '');
  }

  private heading(): string {
    const page = PAGES.find((each) => each.name === this.place.page);
    return page ? page.title : this.place.namespace ? state.title(this.place.namespace) : 'Namespaces';
  }

  private pageLink(page: PageEntry, target: string): TemplateResult {
    return html`<a href=${target} aria-current=${this.place.page === page.name ? 'page' : 'false'}>${page.icon}<span>${page.title}</span></a>`;
  }

  private side(): TemplateResult {
    return html`<aside class="side" aria-label="Navigation">
      <a class="brand" href=${link('overview')}>${MARK} Selvedge</a>
      <nav aria-label="Pages">${PAGES.map((page) => this.pageLink(page, link(page.name)))}</nav>
      <h2 id="namespaces-heading">Namespaces</h2>
      <nav class="namespaces" aria-labelledby="namespaces-heading">
        ${state.namespaces
          ? state.namespaces.map((each) => this.namespaceLink(each))
          : [70, 110, 84].map((width) => html`<a aria-hidden="true"><span class="skeleton" .style=${`width:${width}px`}></span></a>`)}
        ${state.mayAdminister ? html`<button class="link new" @click=${newNamespace}>+ New namespace</button>` : nothing}
      </nav>
      <footer>
        <span class="grow clip" title=${state.session.cluster ? `Cluster ${state.session.cluster}` : ''}>${this.who()}</span>
        <button class="button icon plain" aria-label=${theme() === 'dark' ? 'Light theme' : 'Dark theme'} title=${theme() === 'dark' ? 'Light theme' : 'Dark theme'} @click=${this.switchTheme}>
          ${theme() === 'dark' ? ICONS.light : ICONS.dark}
        </button>
        ${state.session.signed_in ? html`<button class="link" @click=${this.signOut}>Sign out</button>` : html`<span>${state.session.software ? release(state.session.software) : ''}</span>`}
      </footer>
    </aside>`;
  }

  private namespaceLink(each: server.NamespaceInfo): TemplateResult {
    const chosen = this.place.namespace === each.id && ['browse', 'history'].includes(this.place.page);
    return html`<a href=${link('browse', each.id)} aria-current=${chosen ? 'page' : 'false'} title=${each.title}>
      <span class="clip">${each.title}</span>
      <span class="count">${each.keys !== undefined ? count(each.keys) : each.counting !== undefined ? `${Math.floor(each.counting)} %` : ''}</span>
    </a>`;
  }

  private who(): string {
    const { session } = state;
    const place = session.location || 'local';
    if (!session.guarded) {
      return `${place} · open`;
    }
    return `${place} · ${session.token?.name || session.token?.grant || 'operator'}`;
  }

  private top(): TemplateResult {
    const inNamespace = ['browse', 'history'].includes(this.place.page);
    const title = this.place.namespace ? state.title(this.place.namespace) : '';
    return html`<header class="top">
      <h1 class="clip">
        ${inNamespace ? html`<span>Namespaces /</span> ${title}` : this.heading()}
      </h1>
      ${this.pill()}
      <button class="find" @click=${this.openPalette} aria-keyshortcuts="Control+K Meta+K">
        ${ICONS.find}<span>Find a key, a namespace, an action</span><kbd aria-hidden="true">${/Mac|iP/.test(navigator.platform) ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
    </header>`;
  }

  private pill(): TemplateResult {
    if (connection.lost) {
      return html`<span class="pill wrong">No answer · ${ago(connection.answered)}</span>`;
    }
    if (!state.ready) {
      return html`<span class="pill">Connecting</span>`;
    }
    const words = ['Serving', state.session.role ?? '', state.version ? `v ${count(state.version)}` : ''].filter(Boolean);
    return html`<span class="pill well">${words.join(' · ')}</span>`;
  }

  private notices(): TemplateResult | typeof nothing {
    if (!connection.lost) {
      return state.replaced
        ? html`<div>
            <span>${this.replacement()} Save your edits, then reload.</span>
            <button class="link" @click=${() => location.reload()}>Reload</button>
          </div>`
        : nothing;
    }
    const seconds = Math.max(0, Math.ceil((connection.next - Date.now()) / 1000));
    return html`<div>
      <span>The server does not answer since ${ago(connection.answered)}. What you see is from then. Next try in ${plural(seconds, 'second')}.</span>
      <button class="link" @click=${() => connection.retry()}>Try now</button>
    </div>`;
  }

  private replacement(): string {
    const [before, now] = [release(state.pageSoftware), release(state.session.software)];
    return before === now ? 'The server has another build of this page.' : `The server now runs release ${now}, and this page is of release ${before}.`;
  }

  private page(): TemplateResult {
    if (state.failure && !state.namespaces) {
      return html`<div>${trouble(state.failure, () => state.start())}</div>`;
    }
    if (!state.ready || !state.account) {
      return html`<div>${loading()}</div>`;
    }
    const { page, namespace } = this.place;
    switch (page) {
      case 'browse':
        return namespace
          ? html`<page-browse .place=${this.place}></page-browse>`
          : html`<div class="empty"><h2>No namespace yet</h2><p>A namespace is a named set of keys.</p>
              ${state.mayAdminister ? html`<div class="row"><button class="button main" @click=${newNamespace}>New namespace</button></div>` : nothing}</div>`;
      case 'live':
        return html`<page-live .place=${this.place}></page-live>`;
      case 'history':
        return html`<page-history .place=${this.place}></page-history>`;
      case 'analytics':
        return html`<page-analytics .place=${this.place}></page-analytics>`;
      case 'access':
        return html`<page-access .place=${this.place}></page-access>`;
      case 'connect':
        return html`<page-connect .place=${this.place}></page-connect>`;
      case 'settings':
        return html`<page-settings .place=${this.place}></page-settings>`;
      case 'overview':
        return html`<page-overview></page-overview>`;
      default:
        return html`<div class="empty"><h2>There is no such page</h2><p>The address names the page “${page}”.</p>
          <div class="row"><a class="button" href=${link('overview')}>Overview</a></div></div>`;
    }
  }
}
