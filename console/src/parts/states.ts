/** What a page shows while it has no data. */
import { html, type TemplateResult } from 'lit';
import { Failure } from '../http.js';

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
  if (error instanceof Failure && error.code === 'no_route') {
    return html`<div class="empty">
      <h2>This server is older than the console</h2>
      <p>It cannot answer this. Upgrade the server, or reload the page to get its own console.</p>
    </div>`;
  }
  const unreachable = error instanceof Failure && error.code === 'unreachable';
  return html`<div class="empty" role="alert">
    <h2>${unreachable ? 'The server does not answer' : 'This could not be loaded'}</h2>
    <p>${unreachable ? 'Nothing is lost. The console retries automatically.' : error.message}</p>
    <div class="row"><button class="button" @click=${retry}>Try again</button></div>
  </div>`;
}

export function noPermission(text: string): TemplateResult {
  return html`<div class="empty">
    <h2>Your token does not allow this</h2>
    <p>${text}</p>
  </div>`;
}
