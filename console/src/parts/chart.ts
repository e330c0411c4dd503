import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state as internal } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';

const SPARK = { width: 148, height: 24 };

/** A line without axes. */
export function sparkline(points: readonly number[], series: number): TemplateResult {
  const most = Math.max(...points, 1);
  const step = SPARK.width / Math.max(1, points.length - 1);
  const path = points.map((value, index) => `${index ? 'L' : 'M'}${(index * step).toFixed(1)} ${(SPARK.height - 1 - (value / most) * (SPARK.height - 2)).toFixed(1)}`).join('');
  return html`<svg class="spark" viewBox="0 0 ${SPARK.width} ${SPARK.height}" preserveAspectRatio="none" aria-hidden="true"><path class="series-${series}" d=${path || 'M0 0'}></path></svg>`;
}

export interface Series {
  readonly name: string;
  /** One value for each moment; null where nothing is known. */
  readonly values: readonly (number | null)[];
}

const PLOT = { width: 600, height: 190, left: 40, right: 8, top: 10, bottom: 22 };
const LINES = 4;

/**
 * Lines over time. Zero is at the bottom, an empty time is a gap. The pointer reads all lines at one moment; a drag
 * zooms.
 *
 * @fires zoom with the first and the last moment of a drag
 */
@customElement('line-chart')
export class LineChart extends ConsoleElement {
  @property({ attribute: false }) times: readonly number[] = [];
  @property({ attribute: false }) series: readonly Series[] = [];
  @property({ attribute: false }) format: (value: number) => string = String;
  @property() label = '';
  @internal() private at: number | undefined;
  @internal() private from: number | undefined;

  private x(index: number): number {
    return PLOT.left + (index / Math.max(1, this.times.length - 1)) * (PLOT.width - PLOT.left - PLOT.right);
  }

  private get most(): number {
    const most = Math.max(...this.series.flatMap((each) => each.values.map((value) => value ?? 0)), 0);
    return most === 0 ? 1 : most * 1.08;
  }

  private y(value: number, most: number): number {
    return PLOT.height - PLOT.bottom - (value / most) * (PLOT.height - PLOT.bottom - PLOT.top);
  }

  private indexAt(event: PointerEvent): number {
    const place = this.querySelector('svg')!.getBoundingClientRect();
    const x = ((event.clientX - place.left) / place.width) * PLOT.width;
    const share = (x - PLOT.left) / (PLOT.width - PLOT.left - PLOT.right);
    return Math.max(0, Math.min(this.times.length - 1, Math.round(share * (this.times.length - 1))));
  }

  private release(): void {
    if (this.from !== undefined && this.at !== undefined && Math.abs(this.at - this.from) > 1) {
      const [first, last] = [Math.min(this.from, this.at), Math.max(this.from, this.at)];
      this.dispatchEvent(new CustomEvent('zoom', { detail: { from: this.times[first], to: this.times[last] } }));
    }
    this.from = undefined;
  }

  private path(values: readonly (number | null)[], most: number): string {
    let path = '';
    let pen = false;
    values.forEach((value, index) => {
      if (value === null) {
        pen = false;
      } else {
        path += `${pen ? 'L' : 'M'}${this.x(index).toFixed(1)} ${this.y(value, most).toFixed(1)}`;
        pen = true;
      }
    });
    return path || 'M0 0';
  }

  private hours(index: number): string {
    const time = new Date(this.times[index]!);
    const long = this.times.at(-1)! - this.times[0]! > 48 * 3600_000;
    return long
      ? time.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
      : time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
  }

  protected override render(): TemplateResult {
    const { most } = this;
    const ticks = [0.05, 0.23, 0.41, 0.59, 0.77, 0.95].map((share) => Math.round(share * (this.times.length - 1)));
    const grid: SVGTemplateResult[] = [];
    for (let line = 0; line <= LINES; line++) {
      const value = (most / LINES) * line;
      grid.push(svg`<line class="grid" x1=${PLOT.left} x2=${PLOT.width - PLOT.right} y1=${this.y(value, most)} y2=${this.y(value, most)}></line>
        <text x=${PLOT.left - 6} y=${this.y(value, most) + 3} text-anchor="end">${this.format(value)}</text>`);
    }
    return html`<div class="chart">
      <svg viewBox="0 0 ${PLOT.width} ${PLOT.height}" role="img" aria-label=${this.label}
        @pointermove=${(event: PointerEvent) => (this.at = this.indexAt(event))}
        @pointerdown=${(event: PointerEvent) => (this.from = this.indexAt(event))}
        @pointerup=${this.release}
        @pointerleave=${() => { this.at = undefined; this.from = undefined; }}>
        ${grid}
        ${this.times.length ? ticks.map((index) => svg`<text x=${this.x(index)} y=${PLOT.height - 6} text-anchor="middle">${this.hours(index)}</text>`) : ''}
        ${this.series.map((each, index) => svg`<path class="series-${index}" d=${this.path(each.values, most)}></path>`)}
        ${this.at === undefined ? '' : svg`<line class="grid" x1=${this.x(this.at)} x2=${this.x(this.at)} y1=${PLOT.top} y2=${PLOT.height - PLOT.bottom}></line>`}
      </svg>
      <p class="mute reading">${this.at === undefined ? '\u00a0' : `${this.hours(this.at)}: ${this.series.map((each) => `${each.name} ${each.values[this.at!] == null ? 'none' : this.format(each.values[this.at!]!)}`).join(' · ')}`}</p>
    </div>`;
  }
}
