import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state as internal } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';
import { count, millis, rate, size } from '../format.js';
import { Failure, isFailure, isOfAnotherRelease } from '../http.js';
import { type Series, sparkline } from '../parts/chart.js';
import { loading, trouble } from '../parts/states.js';
import { changed, go, type Place } from '../place.js';
import * as server from '../server.js';
import { state } from '../state.js';

const POLL_MILLIS = 20_000;
const SPANS = { '1h': '1 h', '24h': '24 h', '7d': '7 d', '31d': '31 d' };
const OPERATIONS = ['read', 'write', 'delete', 'list'];
const SHARES = { p25: 'p25', p50: 'p50', p75: 'p75', p90: 'p90', p99: 'p99', p999: 'p99.9' } as const;
const SHOWN_SHARES = ['p50', 'p99', 'p999'] as const;
const STATUS_WORDS: Record<number, string> = {
  304: 'not modified',
  400: 'bad request',
  403: 'not allowed',
  404: 'no such key',
  412: 'condition not met',
  413: 'too large',
  429: 'too often',
  503: 'try later',
  507: 'disk full',
};

/** The answers by operation, by operation and status, and by place, of one span of time. */
interface Numbers {
  readonly byOperation: server.Analytics;
  readonly byStatus: server.Analytics;
  readonly byPlace: server.Analytics;
  readonly all: server.Analytics;
}

/** The numbers of the past: operations, times, statuses, places and what is stored. */
@customElement('page-analytics')
export class AnalyticsPage extends ConsoleElement {
  @property({ attribute: false }) place!: Place;
  @internal() private numbers?: Numbers;
  @internal() private failure?: Error;
  /** The places that were seen without a filter, for the choice. */
  private places: string[] = [];
  private wanted = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(state, 'change', () => this.requestUpdate());
    this.every(POLL_MILLIS, () => this.load());
  }

  protected override willUpdate(properties: PropertyValues): void {
    if (properties.has('place')) {
      void this.load();
    }
  }

  private get query(): server.AnalyticsQuery {
    const { span, from, to, at, of } = this.place.parameters;
    const when = from && to ? { from, to } : { since: span && span in SPANS ? span : '24h' };
    return { ...when, place: at, namespace: of };
  }

  private async load(): Promise<void> {
    const { query } = this;
    const wanted = JSON.stringify(query);
    this.wanted = wanted;
    try {
      const [all, byOperation, byStatus, byPlace] = await Promise.all([
        server.analytics({ ...query, by: '' }),
        server.analytics({ ...query, by: 'operation' }),
        server.analytics({ ...query, by: 'operation,status' }),
        server.analytics({ ...query, by: 'place', place: undefined }),
      ]);
      if (this.wanted === wanted) {
        this.numbers = { all, byOperation, byStatus, byPlace };
        this.places = byPlace.totals.map((each) => each.place ?? '');
        this.failure = undefined;
      }
    } catch (error) {
      this.failure = error as Error;
    }
  }

  protected override render(): TemplateResult {
    if (isFailure(this.failure, 404) && !isOfAnotherRelease(this.failure)) {
      return html`<div class="empty"><h2>There are no numbers</h2><p>${this.failure?.message}</p></div>`;
    }
    const away = this.failure instanceof Failure && this.failure.code === 'unreachable';
    if (this.failure && !(this.numbers && away)) {
      return trouble(this.failure, () => this.load());
    }
    return html`<div class="page">
      ${this.choices()}
      ${this.numbers ? this.content(this.numbers) : loading()}
    </div>`;
  }

  private choices(): TemplateResult {
    const { span = '24h', from, at = '', of = '' } = this.place.parameters;
    return html`<div class="row wrap">
      <div class="choice" role="group" aria-label="Span of time">
        ${Object.entries(SPANS).map(
          ([name, words]) => html`<button aria-pressed=${String(!from && span === name)}
            @click=${() => go(changed({ span: name, from: undefined, to: undefined }))}>${words}</button>`,
        )}
      </div>
      <select aria-label="Namespace" @change=${(event: Event) => go(changed({ of: (event.target as HTMLSelectElement).value }))}>
        <option value="" ?selected=${of === ''}>All namespaces</option>
        ${(state.namespaces ?? []).map((each) => html`<option value=${each.id} ?selected=${of === each.id}>${each.title}</option>`)}
      </select>
      <select aria-label="Place" @change=${(event: Event) => go(changed({ at: (event.target as HTMLSelectElement).value }))}>
        <option value="" ?selected=${at === ''}>All places</option>
        ${this.places.map((each) => html`<option value=${each} ?selected=${at === each}>${each}</option>`)}
      </select>
      <span class="grow"></span>
      <button class="button" ?disabled=${!this.numbers} @click=${this.download}>Download CSV</button>
    </div>`;
  }

  private content(numbers: Numbers): TemplateResult {
    const total = numbers.all.totals[0];
    if (!total && numbers.all.stored.every((each) => each.keys === 0)) {
      return html`<div class="empty"><h2>No operation in this time</h2>
        <p>Each read, write, delete and list of a key appears here within a second.</p></div>`;
    }
    return html`${this.figures(numbers)}
      <div class="halves">
        ${this.chart('Operations a second', operations(numbers.byOperation), numbers.all, rate)}
        ${this.chart('Time to answer', times(numbers.all), numbers.all, millis)}
        ${this.chart('Bytes a second', bytes(numbers.all), numbers.all, (value) => size(Math.round(value)))}
        ${this.chart('Stored', stored(numbers.all), numbers.all, (value) => size(Math.round(value)))}
      </div>
      ${this.timesTable(numbers)}
      <div class="halves">${this.placesTable(numbers.byPlace)}${this.statuses(numbers.byStatus)}</div>`;
  }

  private figures({ all, byStatus }: Numbers): TemplateResult {
    const found = reads(byStatus, (status) => status < 400);
    const missing = reads(byStatus, (status) => status === 404);
    const total = all.totals[0];
    const last = all.stored.at(-1);
    return html`<div class="figures">
      ${figure('Operations', count(total?.requests ?? 0), `${size(total?.bytes_in ?? 0)} in, ${size(total?.bytes_out ?? 0)} out`)}
      ${figure('Time to answer, p99', total ? millis(total.millis.p99) : '–', total ? `median ${millis(total.millis.p50)}` : '')}
      ${figure('Reads that found a key', found + missing > 0 ? `${((100 * found) / (found + missing)).toFixed(1)} %` : '–', `${count(missing)} found none`)}
      ${figure('Keys stored', last ? count(last.keys) : '–', last ? size(last.bytes) : 'counted once an hour')}
    </div>`;
  }

  private chart(title: string, series: readonly Series[], all: server.Analytics, format: (value: number) => string): TemplateResult {
    const shown = series.filter((each) => each.values.some((value) => value !== null));
    return html`<section class="card" aria-label=${title}>
      <header><h2>${title}</h2><p class="legend">${shown.map((each, index) => html`<span class="series-${index}">${each.name}</span>`)}</p></header>
      <div class="body">${shown.length === 0
        ? html`<p class="mute">Nothing in this time.</p>`
        : html`<line-chart .times=${moments(all)} .series=${shown} .format=${format} label=${title} @zoom=${this.zoom}></line-chart>`}</div>
    </section>`;
  }

  private zoom(event: CustomEvent<{ from: number; to: number }>): void {
    const iso = (time: number): string => new Date(time).toISOString();
    go(changed({ from: iso(event.detail.from), to: iso(event.detail.to) }));
  }

  private timesTable({ byOperation }: Numbers): TemplateResult {
    return html`<section class="card scroll-x" aria-labelledby="times-heading">
      <header><h2 id="times-heading">Time to answer by operation</h2></header>
      <table class="head-first">
        <thead><tr><th scope="col">Operation</th><th scope="col" class="right">Requests</th>
          ${Object.values(SHARES).map((name) => html`<th scope="col" class="right">${name}</th>`)}</tr></thead>
        <tbody>${byOperation.totals.map(
          (each) => html`<tr><td>${each.operation}</td><td class="right">${count(each.requests)}</td>
            ${Object.keys(SHARES).map((name) => html`<td class="right">${millis(each.millis[name as keyof typeof SHARES])}</td>`)}</tr>`,
        )}</tbody>
      </table>
    </section>`;
  }

  private placesTable(byPlace: server.Analytics): TemplateResult {
    return html`<section class="card scroll-x" aria-labelledby="places-heading">
      <header><h2 id="places-heading">Places</h2></header>
      <table class="head-first">
        <thead><tr><th scope="col">Place</th><th scope="col">Operations</th><th scope="col" class="right">Requests</th><th scope="col" class="right">p50</th><th scope="col" class="right">p99</th></tr></thead>
        <tbody>${byPlace.totals.map(
          (each) => html`<tr><td><a href=${changed({ at: each.place })}>${each.place}</a></td>
            <td>${sparkline(line(byPlace, (point) => point.place === each.place, (point) => point.requests).map((value) => value ?? 0), 1)}</td>
            <td class="right">${count(each.requests)}</td><td class="right">${millis(each.millis.p50)}</td><td class="right">${millis(each.millis.p99)}</td></tr>`,
        )}</tbody>
      </table>
    </section>`;
  }

  private statuses(byStatus: server.Analytics): TemplateResult {
    const sums = new Map<number, number>();
    for (const each of byStatus.totals) {
      sums.set(each.status ?? 0, (sums.get(each.status ?? 0) ?? 0) + each.requests);
    }
    const all = [...sums.values()].reduce((sum, each) => sum + each, 0);
    const rows = [...sums].sort((one, other) => one[0] - other[0]);
    return html`<section class="card scroll-x" aria-labelledby="statuses-heading">
      <header><h2 id="statuses-heading">Statuses</h2></header>
      <table class="head-first">
        <thead><tr><th scope="col">Answer</th><th scope="col" class="right">Requests</th><th scope="col" class="right">Share</th></tr></thead>
        <tbody>${rows.map(
          ([status, requests]) => html`<tr><td>${status} ${STATUS_WORDS[status] ?? nothing}</td>
            <td class="right">${count(requests)}</td><td class="right">${((100 * requests) / all).toFixed(1)} %</td></tr>`,
        )}</tbody>
      </table>
    </section>`;
  }

  private readonly download = async (): Promise<void> => {
    const { points } = await server.analytics({ ...this.query, by: 'namespace,place,operation,status' });
    const columns = ['at', 'namespace', 'place', 'operation', 'status', 'requests', 'bytes_in', 'bytes_out'] as const;
    const head = [...columns, ...Object.keys(SHARES).map((name) => `${name}_millis`)].join(',');
    const rows = points.map((each) => [...columns.map((name) => each[name]), ...Object.values(each.millis)].join(','));
    const anchor = document.createElement('a');
    anchor.href = URL.createObjectURL(new Blob([`${[head, ...rows].join('\n')}\n`], { type: 'text/csv' }));
    anchor.download = 'analytics.csv';
    anchor.click();
    URL.revokeObjectURL(anchor.href);
  };
}

function figure(name: string, number: string, words: string): TemplateResult {
  return html`<section class="card figure"><h2 class="mute">${name}</h2><p class="number">${number}</p><p class="mute">${words}</p></section>`;
}

/** Returns the beginnings of all steps of an answer. */
function moments(answer: server.Analytics): number[] {
  const step = answer.step_seconds * 1000;
  const all: number[] = [];
  for (let time = Date.parse(answer.from); time < Date.parse(answer.to); time += step) {
    all.push(time);
  }
  return all;
}

/** Returns one value for each step; null where there are no numbers. */
function line(
  answer: server.Analytics,
  select: (point: server.AnalyticsPoint) => boolean,
  value: (point: server.AnalyticsPoint) => number,
): (number | null)[] {
  const values = new Map<number, number>();
  for (const point of answer.points) {
    if (select(point)) {
      values.set(Date.parse(point.at!), value(point));
    }
  }
  return moments(answer).map((time) => values.get(time) ?? null);
}

function operations(byOperation: server.Analytics): Series[] {
  return OPERATIONS.map((name) => ({
    name,
    values: line(byOperation, (point) => point.operation === name, (point) => point.requests / byOperation.step_seconds),
  }));
}

function times(all: server.Analytics): Series[] {
  return SHOWN_SHARES.map((name) => ({ name: SHARES[name], values: line(all, () => true, (point) => point.millis[name]) }));
}

function bytes(all: server.Analytics): Series[] {
  return [
    { name: 'out', values: line(all, () => true, (point) => point.bytes_out / all.step_seconds) },
    { name: 'in', values: line(all, () => true, (point) => point.bytes_in / all.step_seconds) },
  ];
}

function stored(all: server.Analytics): Series[] {
  const values = new Map(all.stored.map((each) => [Date.parse(each.at), each.bytes]));
  let last: number | null = null;
  return [{ name: 'bytes', values: moments(all).map((time) => (last = values.get(time) ?? last)) }];
}

function reads(byStatus: server.Analytics, select: (status: number) => boolean): number {
  return byStatus.totals
    .filter((each) => each.operation === 'read' && select(each.status ?? 0))
    .reduce((sum, each) => sum + each.requests, 0);
}
