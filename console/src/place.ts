/**
 * The place that the console shows: a page, a namespace and parameters, all in the fragment of the address. A browser
 * sends no fragment to a server, so names of keys reach no log.
 *
 * `#/browse/0123…?prefix=user%3A&key=user%3A1`
 */
export interface Place {
  readonly page: string;
  /** The id of a namespace, or an empty text. */
  readonly namespace: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export type Parameters = Record<string, string | number | undefined>;

const START = 'overview';

export function parse(fragment: string): Place {
  const [path = '', query = ''] = split(fragment.replace(/^#?\/?/, ''));
  const [page, namespace] = path.split('/');
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = value;
  }
  return { page: page || START, namespace: decode(namespace ?? ''), parameters };
}

function split(text: string): [string, string] {
  const mark = text.indexOf('?');
  return mark < 0 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns the link to a page. Parameters that are empty or undefined are left out. */
export function link(page: string, namespace = '', parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') {
      query.set(name, String(value));
    }
  }
  const path = namespace ? `${page}/${encodeURIComponent(namespace)}` : page;
  const text = query.toString();
  return `#/${path}${text ? `?${text}` : ''}`;
}

export function here(): Place {
  return parse(location.hash);
}

/** Returns the one-time code of a link to the console and removes it from the address; empty if there is none. */
export function takeCode(): string {
  const { code = '' } = here().parameters;
  if (code) {
    history.replaceState(null, '', changed({ code: undefined }));
  }
  return code;
}

/** Returns a link to this place with other parameters; undefined removes one. */
export function changed(parameters: Parameters): string {
  const place = here();
  return link(place.page, place.namespace, { ...place.parameters, ...parameters });
}

/**
 * Goes to a link.
 *
 * @param replace whether to replace the current step of the history, so that Back skips it
 */
export function go(target: string, replace = false): void {
  if (target === location.hash) {
    return;
  }
  if (replace) {
    history.replaceState(null, '', target);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = target;
  }
}
