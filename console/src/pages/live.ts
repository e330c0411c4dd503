import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state as internal } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';
import { clockMillis, count, moment, rate, size, visible } from '../format.js';
import { address, connection } from '../http.js';
import { ICONS } from '../parts/icons.js';
import { changed, go, link, type Place } from '../place.js';
import type { ChangeEvent } from '../server.js';
import { state } from '../state.js';

const KEPT = 500;
const SENT_A_SECOND = 50;
const FILTER_MILLIS = 250;
const TYPES = ['put', 'delete', 'clear'] as const;
const COLOURS = { put: 'well', delete: 'wrong', clear: 'soon' };

/** The changes as they happen. */
@customElement('page-live')
export class LivePage extends ConsoleElement {
  @property({ attribute: false }) place!: Place;
  @internal() private events: ChangeEvent[] = [];
  @internal() private paused = false;
  @internal() private trouble = '';
  @internal() private rate?: { changes: number; shown: number; version: number };
  private source?: EventSource;
  private waiting: ChangeEvent[] = [];
  private missed = 0;
  private filterTimer = 0;
  private frame = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(connection, 'back', () => this.open());
    this.listen(state, 'change', () => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.source?.close();
    cancelAnimationFrame(this.frame);
  }

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (changes.has('place')) {
      this.events = [];
      this.open();
    }
  }

  private get type(): string {
    return this.place.parameters['type'] ?? '';
  }

  private open(): void {
    this.source?.close();
    this.trouble = '';
    this.rate = undefined;
    const source = new EventSource(
      address('v1/feed', {
        namespace: this.place.namespace || undefined,
        prefix: this.place.parameters['prefix'],
        type: this.type || undefined,
        most: SENT_A_SECOND,
      }),
    );
    this.source = source;
    source.addEventListener('message', (event) => this.take(JSON.parse(event.data)));
    source.addEventListener('rate', (event) => (this.rate = JSON.parse(event.data)));
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) {
        void this.explain();
      } else {
        connection.breaks();
      }
    });
    source.addEventListener('open', () => (this.trouble = ''));
  }

  /** An event source does not say why it was refused, so the same request is sent once more. */
  private async explain(): Promise<void> {
    const response = await fetch(this.source!.url, { headers: { Accept: 'text/event-stream' } }).catch(() => undefined);
    if (response?.ok) {
      await response.body?.cancel();
    } else if (response) {
      const answer = await response.json().catch(() => undefined);
      this.trouble = answer?.error?.message ?? `The server answered ${response.status}.`;
    }
  }

  private take(event: ChangeEvent & { error?: { message: string } }): void {
    if (event.error) {
      this.trouble = event.error.message;
      return;
    }
    if (this.paused) {
      this.missed++;
      return;
    }
    this.waiting.push(event);
    if (this.waiting.length === 1) {
      this.frame = requestAnimationFrame(() => {
        this.events = [...this.waiting.reverse(), ...this.events].slice(0, KEPT);
        this.waiting = [];
      });
    }
  }

  private pause(): void {
    this.paused = !this.paused;
    this.missed = 0;
  }

  private filter(event: InputEvent): void {
    const prefix = (event.target as HTMLInputElement).value;
    clearTimeout(this.filterTimer);
    this.filterTimer = window.setTimeout(() => go(changed({ prefix }), true), FILTER_MILLIS);
  }

  private summary(): string {
    if (!this.rate) {
      return '';
    }
    const { changes, shown, version } = this.rate;
    const share = changes > shown && shown > 0 ? ` · showing one in ${count(Math.round(changes / shown))}` : '';
    return `${rate(changes)} a second${share} · v ${count(version)}`;
  }

  protected override render(): TemplateResult {
    const { namespace } = this.place;
    return html`<div class="bar live-bar">
        <button class="button" aria-pressed=${this.paused ? 'true' : 'false'} @click=${this.pause}>${this.paused ? html`${ICONS.play} Go on` : html`${ICONS.pause} Pause`}</button>
        <div class="choice" role="group" aria-label="Type of change">
          ${['', ...TYPES].map((type) => html`<button aria-pressed=${type === this.type ? 'true' : 'false'} @click=${() => go(changed({ type }), true)}>${type || 'All'}</button>`)}
        </div>
        <select aria-label="Namespace" @change=${(event: Event) => go(link('live', (event.target as HTMLSelectElement).value, this.place.parameters), true)}>
          <option value="" ?selected=${!namespace}>All namespaces</option>
          ${(state.namespaces ?? []).map((each) => html`<option value=${each.id} ?selected=${each.id === namespace}>${each.title}</option>`)}
        </select>
        <input class="field mono live-filter" data-filter type="search" spellcheck="false" autocomplete="off" placeholder="Filter by prefix" aria-label="Filter by prefix" .value=${this.place.parameters['prefix'] ?? ''} @input=${this.filter} />
        <span class="grow right mute optional">${this.paused ? `paused, ${count(this.missed)} passed` : this.summary()}</span>
      </div>
      <div class="events" role="log" aria-live="off" aria-label="Changes" tabindex="0">
        ${this.trouble ? html`<p class="empty" role="alert">${this.trouble}</p>` : nothing}
        ${this.events.length === 0 && !this.trouble ? html`<div class="empty"><h2>Waiting for changes</h2><p>A put, a delete or a clear appears here as it happens. An expiry is no change.</p></div>` : nothing}
        ${this.events.map((event) => this.line(event))}
      </div>`;
  }

  private line(event: ChangeEvent): TemplateResult {
    return html`<div class="event">
      <span>${count(event.version)}</span>
      <span title=${moment(event.at)}>${clockMillis(event.at)}</span>
      <span class=${COLOURS[event.type]}>${event.type}</span>
      ${event.type === 'clear'
        ? html`<a class="clip" href=${link('browse', event.namespace, { prefix: event.prefix })}>${event.prefix ? visible(event.prefix) : 'all keys'}</a>`
        : html`<a class="clip" href=${link('browse', event.namespace, { key: event.key })}>${visible(event.key ?? '')}</a>`}
      <span class="clip">${state.title(event.namespace)}</span>
      <span class="right">${event.size === undefined ? '' : size(event.size)}</span>
    </div>`;
  }
}
