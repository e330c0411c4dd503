/** Whether the server still has the page that this one was loaded from. */
import { call } from './http.js';

const SCRIPT = document.querySelector<HTMLScriptElement>('script[type=module]')?.src.split('/').pop() ?? '';

/** Returns whether a reload would give another page, as after an upgrade of the server. */
export async function isReplaced(): Promise<boolean> {
  const response = await call('GET', './', { headers: { Accept: 'text/html' } });
  return !(await response.text()).includes(SCRIPT);
}

/** Returns a release as people write it. */
export function release(software: string | undefined): string {
  return software?.replace('-SNAPSHOT', '') || 'unknown';
}
