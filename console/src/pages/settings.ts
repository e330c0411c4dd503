import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state as internal } from 'lit/decorators.js';
import { ConsoleElement, toast } from '../element.js';
import { count, moment, size, span } from '../format.js';
import { loading, noPermission, trouble } from '../parts/states.js';
import type { Place } from '../place.js';
import * as server from '../server.js';
import { state } from '../state.js';

/** Limits, quotas, staleness, and what this server is. */
@customElement('page-settings')
export class SettingsPage extends ConsoleElement {
  @property({ attribute: false }) place!: Place;
  @internal() private limits?: server.LimitInfo[];
  @internal() private usage?: server.Quota[];
  @internal() private status?: server.Status;
  @internal() private staleness = new Map<string, server.Staleness>();
  @internal() private failure?: Error;
  @internal() private loaded = false;
  @internal() private filter = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.limits = await server.unless(server.limits(), 403, 404);
      this.usage = (await server.unless(server.usage(), 403, 404))?.quotas;
      this.status = await server.unless(server.status(), 403);
      for (const each of state.namespaces ?? []) {
        const value = await server.unless(server.staleness(each.id), 403, 404);
        if (value) {
          this.staleness = new Map(this.staleness).set(each.id, value);
        }
      }
      this.failure = undefined;
    } catch (error) {
      this.failure = error as Error;
    }
    this.loaded = true;
  }

  private async setStaleness(namespace: string, value: server.Staleness): Promise<void> {
    try {
      await server.setStaleness(namespace, value);
      this.staleness = new Map(this.staleness).set(namespace, value);
      toast('Saved.');
    } catch (error) {
      toast(`Not saved: ${(error as Error).message}`);
      this.requestUpdate();
    }
  }

  protected override render(): TemplateResult {
    if (this.failure) {
      return trouble(this.failure, () => this.load());
    }
    if (!this.loaded) {
      return loading();
    }
    if (!this.limits && !this.usage && !this.status && this.staleness.size === 0) {
      return noPermission('Settings require a token that may read the account.');
    }
    return html`<div class="page">
      ${this.status ? this.serverCard(this.status) : nothing}
      ${this.usage?.length ? this.quotas(this.usage) : nothing}
      ${this.staleness.size > 0 ? this.bounds() : nothing}
      ${this.limits ? this.limitTable(this.limits) : nothing}
    </div>`;
  }

  private serverCard(status: server.Status): TemplateResult {
    const facts: [string, string][] = [
      ['Location', status.location],
      ['Role', status.role],
      ['Cluster', status.cluster],
      ['Version', count(status.version)],
      ['Software', state.session.software ?? 'unknown'],
      ['Clock', moment(status.at)],
    ];
    return html`<section class="card" aria-labelledby="server-heading">
      <header><h2 id="server-heading">This server</h2></header>
      <div class="body"><dl class="facts">${facts.map(([name, value]) => html`<div><dt class="label">${name}</dt><dd class="mono">${value}</dd></div>`)}</dl></div>
    </section>`;
  }

  private quotas(quotas: readonly server.Quota[]): TemplateResult {
    return html`<section class="card scroll-x" aria-labelledby="quotas-heading">
      <header><h2 id="quotas-heading">Quotas</h2><span class="mute">of the account, today</span></header>
      <table>
        <thead><tr><th scope="col">Quota</th><th scope="col" class="right">Used</th><th scope="col" class="right">Limit</th><th scope="col" class="right">Left</th><th scope="col"></th></tr></thead>
        <tbody>${quotas.map((quota) => {
          const share = quota.limit ? Math.min(100, (quota.used / quota.limit) * 100) : 0;
          return html`<tr>
            <td>${quota.quota}</td><td class="right">${count(quota.used)}</td>
            <td class="right">${quota.limit === null || quota.limit === undefined ? 'none' : count(quota.limit)}</td>
            <td class="right">${quota.left === null || quota.left === undefined ? '–' : count(quota.left)}</td>
            <td><div class="meter ${share > 95 ? 'wrong' : share > 80 ? 'soon' : ''}"><div .style=${`width:${share}%`}></div></div></td>
          </tr>`;
        })}</tbody>
      </table>
    </section>`;
  }

  private bounds(): TemplateResult {
    return html`<section class="card scroll-x" aria-labelledby="bounds-heading">
      <header><h2 id="bounds-heading">Staleness</h2><span class="mute">how old an answer of an edge may be, and what the edge does past that</span></header>
      <table>
        <thead><tr><th scope="col">Namespace</th><th scope="col">Bound, seconds</th><th scope="col">Past the bound</th></tr></thead>
        <tbody>${[...this.staleness].map(
          ([namespace, value]) => html`<tr>
            <td>${state.title(namespace)}</td>
            <td><input class="field short" type="number" min="1" step="1" aria-label="Bound of ${state.title(namespace)} in seconds" ?disabled=${!state.mayAdminister} .value=${String(value.bound / 1000)}
              @change=${(event: Event) => this.setStaleness(namespace, { ...value, bound: Number((event.target as HTMLInputElement).value) * 1000 })} /></td>
            <td><select aria-label="What ${state.title(namespace)} does past the bound" ?disabled=${!state.mayAdminister}
              @change=${(event: Event) => this.setStaleness(namespace, { ...value, past: (event.target as HTMLSelectElement).value })}>
              <option value="serve" ?selected=${value.past === 'serve'}>answer, and count it</option>
              <option value="refuse" ?selected=${value.past === 'refuse'}>refuse with 503</option>
            </select></td>
          </tr>`,
        )}</tbody>
      </table>
    </section>`;
  }

  private limitTable(limits: readonly server.LimitInfo[]): TemplateResult {
    const shown = limits.filter((limit) => `${limit.name} ${limit.meaning}`.toLowerCase().includes(this.filter.toLowerCase()));
    return html`<section class="card scroll-x" aria-labelledby="limits-heading">
      <header class="row"><h2 id="limits-heading">Limits</h2><span class="mute grow">set with --limit NAME=VALUE at the start, or with selvedge config set while the server runs</span>
        <input class="field filter" data-filter type="search" placeholder="Filter" aria-label="Filter limits" @input=${(event: InputEvent) => (this.filter = (event.target as HTMLInputElement).value)} /></header>
      <table>
        <thead><tr><th scope="col">Limit</th><th scope="col" class="right">Value</th><th scope="col" class="right optional">Bounds</th><th scope="col" class="optional">Meaning</th></tr></thead>
        <tbody>${shown.map(
          (limit) => html`<tr>
            <td class="mono">${limit.name}</td>
            <td class="right" title=${limit.value === null ? '' : `${count(limit.value)} ${limit.unit}`}>${amount(limit.value, limit.unit)}</td>
            <td class="right mute optional">${amount(limit.least, limit.unit)} to ${limit.most === null ? 'any' : amount(limit.most, limit.unit)}</td>
            <td class="wide mute optional">${limit.meaning}</td>
          </tr>`,
        )}</tbody>
      </table>
    </section>`;
  }
}

function amount(value: number | null, unit: string): string {
  if (value === null) {
    return 'none';
  }
  if (unit === 'bytes') {
    return size(value);
  }
  if (unit === 'seconds') {
    return span(value * 1000);
  }
  return unit === 'milliseconds' || unit === 'millis' ? `${count(value)} ms` : count(value);
}
