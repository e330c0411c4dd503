import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';

/** Browsers stop at about 16 or 33 million pixels; this is well below. */
const HEIGHT_MAX = 8_000_000;

/** Rows above and below the visible ones, so that a slow scroll shows no gap. */
const SPARE = 8;

/**
 * A list of any length of which only the visible rows exist.
 *
 * A list that is higher than a browser allows is shown through a window: the space has the height that is allowed, and
 * `shift` is the difference between a place in the list and its place in the space. A small movement keeps the shift,
 * so every row can be reached; a large one, such as that of the scroll bar, sets it anew.
 *
 * @fires range with the first and the last row that is rendered, and the first that is visible
 */
@customElement('long-list')
export class LongList extends ConsoleElement {
  @property({ type: Number }) total = 0;
  @property({ type: Number }) rowHeight = 30;
  @property({ attribute: false }) item: (index: number) => TemplateResult = () => html``;

  @state() private first = 0;
  @state() private last = 0;
  @state() private shift = 0;
  private lastTop = 0;
  private observer?: ResizeObserver;

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(this, 'scroll', () => this.moved());
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  private get listHeight(): number {
    return this.total * this.rowHeight;
  }

  private get spaceHeight(): number {
    return Math.min(this.listHeight, HEIGHT_MAX);
  }

  /** Where the visible part begins in the list, in pixels. */
  private get top(): number {
    return this.scrollTop + this.shift;
  }

  /** The first row that is visible as a whole. */
  get position(): number {
    return Math.min(Math.ceil(this.top / this.rowHeight), Math.max(0, this.total - 1));
  }

  get visibleRows(): number {
    return Math.max(1, Math.floor(this.clientHeight / this.rowHeight));
  }

  private moved(): void {
    const movement = Math.abs(this.scrollTop - this.lastTop);
    if (this.listHeight > HEIGHT_MAX) {
      const end = this.spaceHeight - this.clientHeight;
      if (movement > this.clientHeight || this.scrollTop <= 0 || this.scrollTop >= end) {
        const share = Math.min(1, Math.max(0, this.scrollTop / end));
        this.shift = Math.round(share * (this.listHeight - this.spaceHeight));
      }
    }
    this.lastTop = this.scrollTop;
    this.measure();
  }

  /** Shows a row at the top, or as near as the end of the list allows. */
  showAt(index: number): void {
    if (this.isUpdatePending) {
      // The space has its height after the update; before that, a browser would not scroll so far.
      void this.updateComplete.then(() => this.showAt(index));
      return;
    }
    const end = Math.max(0, this.listHeight - this.clientHeight);
    const top = Math.min(Math.max(0, index * this.rowHeight), end);
    const share = end === 0 ? 0 : top / end;
    this.shift = Math.round(share * (this.listHeight - this.spaceHeight));
    this.lastTop = top - this.shift;
    this.scrollTop = this.lastTop;
    this.lastTop = this.scrollTop;
    this.measure();
  }

  /** Scrolls as little as needed to show a row. */
  reveal(index: number): void {
    const start = index * this.rowHeight;
    if (start < this.top) {
      this.showAt(index);
    } else if (start + this.rowHeight > this.top + this.clientHeight) {
      this.showAt(index - this.visibleRows + 1);
    }
  }

  private measure(): void {
    const first = Math.max(0, Math.floor(this.top / this.rowHeight) - SPARE);
    const last = Math.min(this.total, Math.ceil((this.top + this.clientHeight) / this.rowHeight) + SPARE);
    this.first = first;
    this.last = Math.max(first, last);
    this.dispatchEvent(new CustomEvent('range', { detail: { first: this.first, last: this.last, position: this.position } }));
  }

  protected override updated(changes: PropertyValues<this>): void {
    if (changes.has('total') || changes.has('rowHeight')) {
      if (this.listHeight <= HEIGHT_MAX) {
        this.shift = 0;
      }
      this.measure();
    }
  }

  protected override render(): TemplateResult {
    const rows: TemplateResult[] = [];
    for (let index = this.first; index < Math.min(this.last, this.total); index++) {
      rows.push(this.item(index));
    }
    const start = this.first * this.rowHeight - this.shift;
    return html`<div class="space" role="presentation" .style=${`height:${this.spaceHeight}px`}>
      <div role="presentation" .style=${`top:${start}px`}>${rows}</div>
    </div>`;
  }
}
