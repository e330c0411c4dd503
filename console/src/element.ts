import { LitElement } from 'lit';
import { connection } from './http.js';

/**
 * An element of the console. It renders into the page itself, so that one style sheet serves all and a label may name
 * an input of another element.
 */
export abstract class ConsoleElement extends LitElement {
  private readonly endings: (() => void)[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  /** Listens until the element leaves the page. */
  protected listen(target: EventTarget, type: string, listener: (event: any) => void): void {
    target.addEventListener(type, listener);
    this.endings.push(() => target.removeEventListener(type, listener));
  }

  /** Calls a function again and again while the element and the page are shown. */
  protected every(milliseconds: number, work: () => unknown): void {
    const timer = setInterval(() => {
      if (!document.hidden && !connection.lost) {
        work();
      }
    }, milliseconds);
    this.endings.push(() => clearInterval(timer));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.endings.splice(0).forEach((end) => end());
  }
}

/** Shows a short message at the bottom for some seconds. */
export function toast(message: string): void {
  dispatchEvent(new CustomEvent('toast', { detail: message }));
}

/** Copies a text. A page that came over plain HTTP from another machine may not use the clipboard of the system. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  toast(`Copied ${what}.`);
}
