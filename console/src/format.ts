/** Numbers, sizes and times for people. */

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const RATE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

export function count(value: number): string {
  return WHOLE.format(value);
}

export function rate(value: number): string {
  if (value > 0 && value < 0.05) {
    return '< 0.1';
  }
  return value < 10 ? RATE.format(value) : WHOLE.format(value);
}

export function size(bytes: number): string {
  if (bytes < 1000) {
    return `${bytes} B`;
  }
  let value = bytes;
  for (const unit of ['kB', 'MB', 'GB', 'TB']) {
    value /= 1000;
    if (value < 999.5 || unit === 'TB') {
      return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
    }
  }
  return '';
}

export function millis(value: number): string {
  if (value < 10) {
    return `${Number(value.toFixed(1))} ms`;
  }
  return value < 1000 ? `${Math.round(value)} ms` : span(value);
}

/** Returns a span of milliseconds in its largest unit. */
export function span(value: number): string {
  const seconds = Math.abs(value) / 1000;
  if (seconds < 10 && seconds % 1 >= 0.05) {
    return `${seconds.toFixed(1)} s`;
  }
  if (seconds < 60) {
    return `${Math.round(seconds)} s`;
  }
  if (seconds < 3600) {
    return `${Math.round(seconds / 60)} min`;
  }
  if (seconds < 48 * 3600) {
    return `${Math.round(seconds / 3600)} h`;
  }
  return `${count(Math.round(seconds / 86400))} days`;
}

export function ago(moment: number | string): string {
  const past = Date.now() - new Date(moment).getTime();
  return past < 1500 ? 'now' : `${span(Math.round(past / 1000) * 1000)} ago`;
}

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Returns a moment in full, for tooltips. */
export function moment(value: number | string): string {
  return MOMENT.format(new Date(value));
}

export function clock(value: number | string): string {
  const time = new Date(value);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

export function clockMillis(value: number | string): string {
  return `${clock(value)}.${String(new Date(value).getMilliseconds()).padStart(3, '0')}`;
}

/** Makes visible what a terminal or a page would hide: control characters and marks of direction. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

export function jsonText(value: unknown): string {
  return value === undefined ? '' : visible(JSON.stringify(value));
}

export function plural(number: number, one: string, more = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : more}`;
}
