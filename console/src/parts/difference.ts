import { html, type TemplateResult } from 'lit';
import { difference, type Step } from '../lines.js';
import { plural, visible } from '../format.js';

/** Equal lines around a change that are shown. */
const CONTEXT = 3;
const MARKS: Record<Step['kind'], string> = { same: ' ', gone: '−', add: '+' };
const WORDS: Record<Step['kind'], string> = { same: '', gone: 'removed: ', add: 'added: ' };

/** Shows the differences of two texts; long equal parts are folded. */
export function differenceView(from: string, to: string): TemplateResult {
  const steps = difference(from.split('\n'), to.split('\n'));
  const near = new Set<number>();
  steps.forEach((step, index) => {
    if (step.kind !== 'same') {
      for (let each = index - CONTEXT; each <= index + CONTEXT; each++) {
        near.add(each);
      }
    }
  });
  if (near.size === 0) {
    return html`<p class="mute">Both are equal.</p>`;
  }
  const rows: TemplateResult[] = [];
  let folded = 0;
  steps.forEach((step, index) => {
    if (!near.has(index)) {
      folded++;
      return;
    }
    if (folded > 0) {
      rows.push(html`<div class="mute">… ${plural(folded, 'equal line')}</div>`);
      folded = 0;
    }
    rows.push(html`<div class=${step.kind}><span aria-hidden="true">${MARKS[step.kind]} </span><span class="unseen">${WORDS[step.kind]}</span>${visible(step.text)}</div>`);
  });
  if (folded > 0) {
    rows.push(html`<div class="mute">… ${plural(folded, 'equal line')}</div>`);
  }
  return html`<div class="diff" tabindex="0" role="region" aria-label="Differences">${rows}</div>`;
}
