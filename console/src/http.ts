/** Requests to the server, and whether it can be reached. */

/** An answer that is no success. `message` is a sentence for people. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The version of the entry at the server, in an answer to a condition that does not hold. */
    readonly version = '',
  ) {
    super(message);
  }
}

export function isFailure(error: unknown, status: number): error is Failure {
  return error instanceof Failure && error.status === status;
}

export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

export interface Options {
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  body?: BodyInit;
  signal?: AbortSignal;
}

const UNKNOWN_FORM = 'unknown_form';
const NO_ROUTE = 'no_route';

/** Returns whether a failure shows that the server is of another release than this page. */
export function isOfAnotherRelease(error: unknown): boolean {
  return error instanceof Failure && [UNKNOWN_FORM, NO_ROUTE].includes(error.code);
}

const TRIES_SECONDS = [1, 2, 4, 8, 15];

/** Whether the server answers. It is asked again, ever less often, until it does. */
class Connection extends EventTarget {
  lost = false;
  /** When the server answered last, in milliseconds since 1970. */
  answered = Date.now();
  /** The newest version that the server has named. */
  version = 0;
  /** When it is asked next. */
  next = 0;
  private tries = 0;
  private timer = 0;

  works(): void {
    this.answered = Date.now();
    if (this.lost) {
      this.lost = false;
      this.tries = 0;
      clearTimeout(this.timer);
      this.dispatchEvent(new Event('back'));
      this.dispatchEvent(new Event('change'));
    }
  }

  breaks(): void {
    if (!this.lost) {
      this.lost = true;
      this.retryLater();
      this.dispatchEvent(new Event('change'));
    }
  }

  private retryLater(): void {
    const seconds = TRIES_SECONDS[Math.min(this.tries++, TRIES_SECONDS.length - 1)]!;
    this.next = Date.now() + seconds * 1000;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.retry(), seconds * 1000);
  }

  async retry(): Promise<void> {
    try {
      const response = await fetch('readyz', { cache: 'no-store' });
      if (response.ok) {
        this.works();
        return;
      }
    } catch {
      // The next try is below.
    }
    this.retryLater();
    this.dispatchEvent(new Event('change'));
  }
}

export const connection = new Connection();

export function address(path: string, query: Options['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

/** Sends a request and returns the answer, whatever its status. */
export async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers = { ...options.headers };
  let body = options.body;
  if (options.json !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.json);
  }
  try {
    const response = await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      cache: 'no-store',
    });
    connection.works();
    connection.version = Number(response.headers.get('Selvedge-As-Of') ?? connection.version);
    return response;
  } catch (error) {
    if (!isAborted(error)) {
      connection.breaks();
      throw new Failure(0, 'unreachable', 'The server does not answer.');
    }
    throw error;
  }
}

/** Sends a request and returns the answer of a success. */
export async function call(method: string, path: string, options: Options = {}): Promise<Response> {
  const response = await send(method, path, options);
  if (response.ok) {
    return response;
  }
  throw await failure(response);
}

/** Returns the failure that an answer describes. */
export async function failure(response: Response): Promise<Failure> {
  let code = String(response.status);
  let message = '';
  try {
    const answer = await response.json();
    const error = answer.error ?? answer.errors?.[0] ?? {};
    code = String(error.code ?? code);
    message = String(error.message ?? '');
  } catch {
    // Not every server on the way answers JSON.
  }
  if (code === NO_ROUTE) {
    dispatchEvent(new Event('other-release'));
  }
  if (response.status === 401) {
    dispatchEvent(new Event('signed-out'));
  }
  const version = response.headers.get('Selvedge-Version') ?? '';
  return new Failure(response.status, code, sentence(message) || `The server answered ${response.status}.`, version);
}

/** Returns a text as a sentence: with a capital letter and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) {
    return '';
  }
  const start = trimmed[0]!.toUpperCase() + trimmed.slice(1);
  return /[.!?:]$/.test(start) ? start : `${start}.`;
}

export async function json<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await call(method, path, options);
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (error instanceof SyntaxError) {
      dispatchEvent(new Event('other-release'));
      throw new Failure(response.status, UNKNOWN_FORM, 'The server answered in a form that this page does not know.');
    }
    throw error;
  }
}

/** Calls a function for each line of JSON of an answer, as the lines arrive. */
export async function lines(response: Response, each: (line: any) => void): Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    const parts = (rest + (value ?? '')).split('\n');
    rest = done ? '' : parts.pop()!;
    for (const part of parts) {
      if (part.trim()) {
        each(JSON.parse(part));
      }
    }
    if (done) {
      return;
    }
  }
}
