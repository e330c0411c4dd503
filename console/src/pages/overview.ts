import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, state as internal } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';
import { count, millis, rate, size, span } from '../format.js';
import { isFailure } from '../http.js';
import { sparkline } from '../parts/chart.js';
import { newNamespace } from '../parts/new-namespace.js';
import { serverAddress } from '../parts/snippets.js';
import { loading } from '../parts/states.js';
import { link } from '../place.js';
import * as server from '../server.js';
import { state } from '../state.js';

const POLL_MILLIS = 2000;
/** An edge that sent no report for longer is shown as wrong. */
const SILENT_MILLIS = 15_000;
const POINTS = 90;
/** The operations by namespace are by minute. */
const NUMBERS_MILLIS = 20_000;
const BOX = { width: 132, height: 46, row: 66 };
/** The width of the map, as long as its columns fit. */
const MAP = { width: 680, column: 190 };
/** On a phone, each server is a row, indented by its hops. */
const NARROW = { indent: 22, row: 58, width: 310 };
const narrow = matchMedia('(max-width: 720px)');

/** A server of the map. */
interface Place {
  readonly status: server.Status;
  readonly silent: number;
  readonly behind: number;
  readonly x: number;
  y: number;
  readonly from?: Place;
}

/** All namespaces, all servers, and what needs attention. */
@customElement('page-overview')
export class OverviewPage extends ConsoleElement {
  @internal() private status?: server.Status;
  @internal() private forbidden = false;
  private readonly reads: number[] = [];
  private readonly others: number[] = [];
  /** The operations of the last hour by namespace; undefined while they cannot be had. */
  private numbers?: server.Analytics;
  private numbersAt = 0;
  private earlier?: { reads: number; others: number; at: number };

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(state, 'change', () => this.requestUpdate());
    this.every(POLL_MILLIS, () => this.poll());
    void this.poll();
  }

  private async poll(): Promise<void> {
    await state.refresh();
    const requests = state.overview?.requests;
    if (requests) {
      const now = { ...requests, at: performance.now() };
      const { earlier: before } = this;
      const seconds = before ? (now.at - before.at) / 1000 : 0;
      if (before && seconds >= 1) {
        add(this.reads, Math.max(0, now.reads - before.reads) / seconds);
        add(this.others, Math.max(0, now.others - before.others) / seconds);
      }
      if (!before || seconds >= 1) {
        this.earlier = now;
      }
    }
    if (performance.now() - this.numbersAt > NUMBERS_MILLIS || !this.numbersAt) {
      this.numbersAt = performance.now();
      this.numbers = await server.analytics({ since: '1h', by: 'namespace' }).catch(() => undefined);
    }
    try {
      this.status = await server.status();
    } catch (error) {
      this.forbidden = isFailure(error, 403);
    }
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { namespaces, overview } = state;
    if (!namespaces) {
      return loading();
    }
    return html`<div class="page">
      ${this.figures(overview)}
      <div class="two">
        <section class="card" aria-labelledby="map-heading">
          <header><h2 id="map-heading">Where the data is</h2><span class="mute">${this.mapWords()}</span></header>
          <div class="body">${this.status ? html`${map(places(this.status))}${this.status.edges?.length ? nothing : edgeHint()}` : html`<p class="mute">${this.forbidden ? 'The map requires a token that may read everything.' : 'Loading'}</p>`}</div>
        </section>
        <section class="card" aria-labelledby="attention-heading">
          <header><h2 id="attention-heading">Needs attention</h2></header>
          <div class="body">${this.attention(overview)}</div>
        </section>
      </div>
      ${this.table(namespaces)}
    </div>`;
  }

  private figures(overview?: server.Overview): TemplateResult | typeof nothing {
    if (!overview) {
      return nothing;
    }
    const edges = this.status ? places(this.status).slice(1) : [];
    const slowest = Math.max(...edges.map((place) => place.status.propagation?.p99_millis ?? 0), 0);
    const keys = overview.namespaces.reduce((sum, each) => sum + (each.keys ?? 0), 0);
    const bytes = overview.namespaces.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
    const counting = overview.namespaces.some((each) => each.keys === undefined);
    return html`<div class="figures">
      ${figure('Reads a second', this.reads.length ? rate(this.reads.at(-1)!) : '–', sparkline(this.reads, 0))}
      ${figure('Other requests a second', this.others.length ? rate(this.others.at(-1)!) : '–', sparkline(this.others, 1))}
      ${figure('Keys', counting ? `${count(keys)} so far` : count(keys), html`<span class="mute">${counting ? 'counting' : 'exact'} · ${size(bytes)} stored</span>`)}
      ${edges.length > 0
        ? figure('Visible everywhere, p99', millis(slowest), html`<span class="mute">over ${edges.length} ${edges.length === 1 ? 'edge' : 'edges'}, last 5 min</span>`)
        : overview.disk
          ? figure('Free on disk', size(overview.disk.free_bytes), html`<span class="mute">of ${size(overview.disk.total_bytes)}${overview.disk.stored_bytes ? ` · ${size(overview.disk.stored_bytes)} stored here` : ''}</span>`)
          : figure('Edges', '0', html`<span class="mute">none follows this server</span>`)}
    </div>`;
  }

  private mapWords(): string {
    if (!this.status) {
      return '';
    }
    const edges = places(this.status).length - 1;
    return `live · ${edges === 0 ? 'no edge follows' : `${edges} ${edges === 1 ? 'edge' : 'edges'}`}${encryptionWords(this.status)}`;
  }

  private attention(overview?: server.Overview): TemplateResult {
    const all = [...(overview?.attention ?? [])];
    for (const damage of this.status?.damage ?? []) {
      all.push({ level: 'wrong', subject: 'damage', text: damage });
    }
    if (this.status?.clock_doubt) {
      all.push({ level: 'soon', subject: 'clock', text: this.status.clock_doubt });
    }
    if (all.length === 0) {
      return html`<p class="mute">${overview || this.status ? 'Nothing. All is well.' : 'This requires a token that may read everything.'}</p>`;
    }
    return html`<ul class="attention">
      ${all.map((each) => html`<li><span class="pill ${each.level === 'wrong' ? 'wrong' : each.level === 'soon' ? 'soon' : ''}">${each.subject}</span>
        <div>${each.text}${each.detail ? html`<p>${each.detail}</p>` : nothing}</div></li>`)}
    </ul>`;
  }

  private table(namespaces: readonly server.NamespaceInfo[]): TemplateResult {
    if (namespaces.length === 0) {
      return html`<section class="card empty"><h2>No namespace yet</h2><p>A namespace is a named set of keys.</p>
        ${state.mayAdminister ? html`<div class="row"><button class="button main" @click=${newNamespace}>New namespace</button></div>` : nothing}</section>`;
    }
    const { numbers } = this;
    return html`<section class="card scroll-x" aria-label="Namespaces">
      <table class="head-first">
        <thead><tr><th scope="col">Namespace</th><th scope="col" class="right">Keys</th><th scope="col" class="right">Stored</th>${numbers ? html`<th scope="col" colspan="2" class="optional">Operations a second, last hour</th><th scope="col" colspan="2" class="optional">Time to answer, p99</th>` : nothing}<th scope="col" class="right optional">Id</th></tr></thead>
        <tbody>
          ${namespaces.map(
            (each) => html`<tr>
              <td><a href=${link('browse', each.id)}>${each.title}</a></td>
              <td class="right">${each.keys !== undefined ? count(each.keys) : each.counting !== undefined ? html`<span class="mute">counting, ${Math.floor(each.counting)} %</span>` : '–'}</td>
              <td class="right">${each.bytes === undefined ? '–' : size(each.bytes)}</td>
              ${numbers ? lastHour(numbers, each.id) : nothing}
              <td class="right mute mono optional">${each.id}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }
}

/** Says what is encrypted at the server that answers. A server that is no voter has no log of a quorum. */
function encryptionWords({ encryption, quorum }: server.Status): string {
  const store = encryption ? ' · store encrypted' : '';
  return quorum ? `${store || ' · store not encrypted'}, log ${quorum.log_encrypted ? 'encrypted' : 'not encrypted'}` : store;
}

/** Returns cells with the operations of a namespace, and with the time that 99 of 100 did not exceed. */
function lastHour(numbers: server.Analytics, id: string): TemplateResult {
  const points = steps(numbers, (point) => point.namespace === id);
  const total = numbers.totals.find((each) => each.namespace === id);
  const seconds = (Date.parse(numbers.to) - Date.parse(numbers.from)) / 1000;
  return html`<td class="right optional">${total ? rate(total.requests / seconds) : '–'}</td>
    <td class="optional">${total ? sparkline(points.map((point) => point?.requests ?? 0), 0) : nothing}</td>
    <td class="right optional">${total ? millis(total.millis.p99) : '–'}</td>
    <td class="optional">${total ? sparkline(points.map((point) => point?.millis.p99 ?? 0), 1) : nothing}</td>`;
}

/** Returns the point of each step; undefined where there is none. */
function steps(numbers: server.Analytics, select: (point: server.AnalyticsPoint) => boolean): (server.AnalyticsPoint | undefined)[] {
  const found = new Map(numbers.points.filter(select).map((point) => [Date.parse(point.at!), point]));
  const all: (server.AnalyticsPoint | undefined)[] = [];
  for (let time = Date.parse(numbers.from); time < Date.parse(numbers.to); time += numbers.step_seconds * 1000) {
    all.push(found.get(time));
  }
  return all;
}

function add(points: number[], value: number): void {
  points.push(value);
  if (points.length > POINTS) {
    points.shift();
  }
}

function figure(title: string, number: string, below: TemplateResult): TemplateResult {
  return html`<section class="card figure"><h2 class="mute">${title}</h2><p class="number">${number}</p>${below}</section>`;
}

/** Lays the servers out: each hop is a column, each leaf a row. */
export function places(root: server.Status): Place[] {
  const all: Place[] = [];
  let row = 0;
  const column = Math.max(MAP.column, (MAP.width - BOX.width) / Math.max(1, hopsOf(root)));
  const add = (status: server.Status, silent: number, hop: number, from?: Place): number => {
    const index = all.length;
    all.push(undefined as unknown as Place);
    const place = { status, silent, behind: Math.max(0, root.version - status.version), x: hop * column, y: 0, from };
    all[index] = place;
    if (narrow.matches) {
      Object.assign(place, { x: hop * NARROW.indent, y: index * NARROW.row });
    }
    const rows = (status.edges ?? []).map((edge) => add(edge.status, edge.told_millis_ago, hop + 1, place));
    if (!narrow.matches) {
      place.y = rows.length > 0 ? (rows[0]! + rows.at(-1)!) / 2 : row++ * BOX.row;
    }
    return place.y;
  };
  add(root, 0, 0);
  return all;
}

function hopsOf(status: server.Status): number {
  return Math.max(0, ...(status.edges ?? []).map((edge) => 1 + hopsOf(edge.status)));
}

function level({ status, silent }: Place): string {
  if (silent > SILENT_MILLIS || status.connected === false) {
    return 'wrong';
  }
  return status.age_millis === null || status.age_millis > 5000 ? 'soon' : '';
}

function map(all: readonly Place[]): TemplateResult {
  const width = Math.max(...all.map((place) => place.x)) + BOX.width;
  const height = Math.max(...all.map((place) => place.y)) + BOX.height;
  const total = narrow.matches ? Math.max(width, NARROW.width) : Math.max(width, MAP.width);
  return html`<svg class="map" width=${total + 4} viewBox="-2 -12 ${total + 4} ${height + 24}" role="img" aria-label=${all.map(words).join('. ')}>
    ${all.map((place) => (place.from ? wire(place.from, place) : nothing))} ${all.map(box)}
  </svg>`;
}

function words({ status, behind, silent }: Place): string {
  const age = status.age_millis === null ? 'age unknown' : `age ${span(status.age_millis)}`;
  return `${status.location}: ${status.role}, ${status.role === 'origin' ? `version ${count(status.version)}` : `${count(behind)} behind, ${silent > SILENT_MILLIS ? `silent for ${span(silent)}` : age}`}`;
}

function box(place: Place): SVGTemplateResult {
  const { status, x, y, behind, silent } = place;
  const isRoot = !place.from;
  const small = isRoot
    ? `${status.role} · v ${count(status.version)}`
    : silent > SILENT_MILLIS
      ? `silent for ${span(silent)}`
      : `${count(behind)} behind · ${status.age_millis === null ? 'age unknown' : span(status.age_millis)}`;
  return svg`<g class=${level(place)} transform="translate(${x} ${y})">
    <title>${words(place)}${status.trouble ? `. ${status.trouble}` : ''}</title>
    <rect width=${BOX.width} height=${BOX.height} rx="7"></rect>
    <circle cx="15" cy="17" r="4"></circle>
    <text x="25" y="21">${clip(status.location)}</text>
    <text x="15" y="37" class="small">${small}</text>
  </g>`;
}

function edgeHint(): TemplateResult {
  return html`<p class="mute">An edge answers reads close to its users. Add one on another machine: <code class="wrap">selvedge serve --origin ${serverAddress()} --location fra</code></p>`;
}

function clip(text: string): string {
  return text.length > 14 ? `${text.slice(0, 13)}…` : text;
}

function wire(from: Place, to: Place): SVGTemplateResult {
  const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [x2, y2] = [to.x, to.y + BOX.height / 2];
  const half = (x2 - x1) / 2;
  const line = narrow.matches ? `M${from.x + NARROW.indent / 2} ${from.y + BOX.height} V${y2} H${x2}` : `M${x1} ${y1} C${x1 + half} ${y1} ${x2 - half} ${y2} ${x2} ${y2}`;
  const [x, y] = narrow.matches ? [x2 + BOX.width + 30, y2 + 4] : [(x1 + x2) / 2, (y1 + y2) / 2 + 4];
  const delay = to.status.propagation && to.status.propagation.count > 0 ? millis(to.status.propagation.p50_millis) : '';
  return svg`<path class="wire ${level(to)}" d=${line}></path>
    <text class="small on-wire" text-anchor="middle" x=${x} y=${y}>${delay}<title>${delay ? `half of the changes are visible at ${to.status.location} within this time` : ''}</title></text>`;
}

