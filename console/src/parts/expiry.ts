/** Times of expiry as people write them. */
import { clock, span } from '../format.js';

const UNITS: Record<string, number> = { s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60, h: 3600, hour: 3600, d: 86400, day: 86400, w: 604800, week: 604800 };
const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)/g;

/** What a field accepts, for messages. */
export const EXPIRY_FORMS = 'never, a span such as 30 min or 2 h, or a time such as 2027-01-31 15:04';

/** Returns the moment in milliseconds since 1970, 0 for never, or undefined if the text is no expiry. */
export function parseExpiry(text: string, now: number): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '' || trimmed === 'never') {
    return 0;
  }
  const spans = trimmed.replace(/^in\s+/, '').replace(/\s*·.*$/, '');
  const parts = [...spans.matchAll(PART)];
  if (parts.length > 0 && spans.replace(PART, '').trim() === '') {
    const seconds = parts.map(([, number, unit]) => Number(number) * (UNITS[unit!] ?? UNITS[unit!.replace(/s$/, '')] ?? NaN));
    const total = seconds.reduce((sum, each) => sum + each, 0);
    return total > 0 ? Math.round(now + total * 1000) : undefined;
  }
  if (/^\d{4}-\d\d-\d\d/.test(trimmed)) {
    const moment = new Date(text.trim().replace(/^(\S{10})\s+/, '$1T')).getTime();
    return Number.isNaN(moment) ? undefined : moment;
  }
  return undefined;
}

/** Returns an expiry for a field, such as `in 22 min · 15:04:10`. */
export function expiryText(expires: number, now: number): string {
  if (expires === 0) {
    return 'never';
  }
  if (expires <= now) {
    return `expired at ${clock(expires)}`;
  }
  const date = new Date(expires);
  const sameDay = date.toDateString() === new Date(now).toDateString();
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = sameDay ? '' : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} `;
  return `in ${span(expires - now)} · ${day}${clock(expires)}`;
}
