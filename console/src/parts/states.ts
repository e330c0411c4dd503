/** What a page shows while it has no data. */
import { html, type TemplateResult } from 'lit';
import { Failure, isOfAnotherRelease } from '../http.js';
import { release } from '../release.js';
import { state } from '../state.js';

export function loading(rows = 6): TemplateResult {
  const widths = [62, 48, 71, 55, 40, 66];
  return html`<div class="page" role="status" aria-label="Loading">
    ${Array.from({ length: rows }, (_, row) => html`<span class="skeleton" .style=${`width:${widths[row % widths.length]}%`}></span>`)}
  </div>`;
}

export function trouble(error: Error, retry: () => void): TemplateResult {
  if (error instanceof Failure && error.status === 403) {
    return noPermission(error.message);
  }
  if (isOfAnotherRelease(error)) {
    return html`<div class="empty" role="alert">
      <h2>The server is of another release</h2>
      <p>It lacks what this page requests, or answers in a form that this page does not know. ${releases()} Reload the page. If this remains, upgrade the server.</p>
      <div class="row"><button class="button" @click=${() => location.reload()}>Reload</button></div>
    </div>`;
  }
  const unreachable = error instanceof Failure && error.code === 'unreachable';
  return html`<div class="empty" role="alert">
    <h2>${unreachable ? 'The server does not answer' : 'This could not be loaded'}</h2>
    <p>${unreachable ? 'Nothing is lost. The console retries automatically.' : error.message}</p>
    <div class="row"><button class="button" @click=${retry}>Try again</button></div>
  </div>`;
}

function releases(): string {
  const [page, server] = [release(state.pageSoftware), release(state.session.software)];
  return page === server ? `Both are of release ${page}: a proxy between them may have answered.` : `This page is of release ${page}, the server of release ${server}.`;
}

export function noPermission(text: string): TemplateResult {
  return html`<div class="empty">
    <h2>Your token does not allow this</h2>
    <p>${text}</p>
  </div>`;
}
