import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';
import type { Place } from '../place.js';

/** The numbers of the past. */
@customElement('page-analytics')
export class AnalyticsPage extends ConsoleElement {
  @property({ attribute: false }) place!: Place;

  protected override render(): TemplateResult {
    return html`<div class="empty">
      <h2>This server keeps no numbers of the past</h2>
      <p>The overview shows what happens now, and <code>/metrics</code> has counters and times for Prometheus.</p>
    </div>`;
  }
}
