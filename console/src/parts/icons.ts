import { svg, type SVGTemplateResult, html, type TemplateResult } from 'lit';

const icon = (paths: SVGTemplateResult): TemplateResult =>
  html`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

export const ICONS = {
  overview: icon(svg`<rect x="2.5" y="2.5" width="4.2" height="4.2" rx=".6"/><rect x="9.3" y="2.5" width="4.2" height="4.2" rx=".6"/><rect x="2.5" y="9.3" width="4.2" height="4.2" rx=".6"/><rect x="9.3" y="9.3" width="4.2" height="4.2" rx=".6"/>`),
  live: icon(svg`<path d="M1.5 8.5h2.7L6.4 3l3 10 2-4.500h3.100"/>`),
  analytics: icon(svg`<path d="M2 13.500h12M4 13.500V8.500M8 13.500v-10M12 13.500v-7"/>`),
  access: icon(svg`<rect x="3.300" y="7" width="9.400" height="6.700" rx="1.200"/><path d="M5.500 7V4.800a2.500 2.500 0 0 1 5 0V7"/>`),
  connect: icon(svg`<path d="M4.700 4.500 1.500 8l3.200 3.500M11.300 4.500 14.500 8l-3.200 3.500M9.200 3 6.800 13"/>`),
  settings: icon(svg`<path d="M1.500 5h7M12.500 5h2M1.500 11h2M7.500 11h7"/><circle cx="10.500" cy="5" r="1.700"/><circle cx="5.500" cy="11" r="1.700"/>`),
  browse: icon(svg`<path d="M2 3.500h12M2 8h12M2 12.500h8"/>`),
  find: icon(svg`<circle cx="7" cy="7" r="4"/><path d="m10 10 3.500 3.500"/>`),
  arrow: html`<svg class="arrow" width="14" height="8" viewBox="0 0 14 8" fill="currentColor" aria-hidden="true"><path d="M4.500 1.200 9 4 4.500 6.800z"/></svg>`,
  close: icon(svg`<path d="m4 4 8 8M12 4l-8 8"/>`),
  more: icon(svg`<path d="M3.500 8h.01M8 8h.01M12.500 8h.01" stroke-width="2"/>`),
  light: icon(svg`<circle cx="8" cy="8" r="3"/><path d="M8 1.500v1.200M8 13.300v1.200M1.500 8h1.200M13.300 8h1.200M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9"/>`),
  dark: icon(svg`<path d="M13.500 9.700A6 6 0 0 1 6.300 2.500a6 6 0 1 0 7.200 7.200Z"/>`),
  pause: html`<svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true"><path d="M1 0h3v10H1zM6 0h3v10H6z"/></svg>`,
  play: html`<svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true"><path d="M1.500 0 9.500 5l-8 5z"/></svg>`,
};

export const MARK = html`<svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true"><rect x="1" y="1.500" width="8.500" height="13" fill="var(--indigo)"/><path d="M9.500 1.500H15v13H9.500z" fill="var(--grey-ground)"/><path d="M12.200 1.500v2.300M12.200 5.100v2.300M12.200 8.700V11M12.200 12.300v2.200" stroke="var(--thread)" stroke-width="1.300"/></svg>`;
