import { html, type TemplateResult } from 'lit';
import { count, rate, span } from '../format.js';

/** How far long work is. */
export class Progress {
  done = 0;
  failed = 0;
  private readonly start = performance.now();

  constructor(readonly total: number) {}

  render(unit: string): TemplateResult {
    const millis = performance.now() - this.start;
    const perSecond = millis > 500 ? (this.done / millis) * 1000 : 0;
    const left = perSecond > 0 && this.total > this.done ? `, ${span(((this.total - this.done) / perSecond) * 1000)} left` : '';
    const share = this.total > 0 ? Math.min(100, (this.done / this.total) * 100) : 0;
    return html`<div role="status">
      <div class="meter" role="progressbar" aria-label="Progress" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.floor(share)}><div .style=${`width:${share}%`}></div></div>
      <p>${count(this.done)}${this.total ? ` of ${count(this.total)}` : ''} ${unit}${this.failed ? html`, <span class="wrong">${count(this.failed)} failed</span>` : ''} <span class="mute">${perSecond ? `${rate(perSecond)} a second${left}` : ''}</span></p>
    </div>`;
  }
}
