/** The API of the server as functions: `/v1` and REST, as docs/reference/http.md describes them. */
import { type FramedEntry, framedEntries } from './parts/frames.js';
import { call, failure, isFailure, json, lines, send } from './http.js';

export interface Token {
  id: string;
  name: string;
  account: string;
  namespace?: string;
  prefix?: string;
  grant: string;
  expires?: string;
  created?: string;
  last_used?: string;
}

export interface Session {
  guarded: boolean;
  signed_in: boolean;
  operator?: boolean;
  token?: Token;
  cluster?: string;
  location?: string;
  role?: string;
  software?: string;
  account?: string;
}

export interface NamespaceInfo {
  id: string;
  title: string;
  keys?: number;
  bytes?: number;
  /** How much is counted, in percent, while the keys are counted. */
  counting?: number;
}

export interface Status {
  location: string;
  role: string;
  cluster: string;
  version: number;
  at: string;
  damage?: string[];
  clock_doubt?: string;
  age_millis: number | null;
  connected?: boolean;
  trouble?: string;
  propagation?: { count: number; p50_millis: number; p99_millis: number };
  encryption?: { master_key: string; complete: boolean };
  quorum?: { log_encrypted: boolean };
  edges?: { told_millis_ago: number; status: Status }[];
}

export interface Overview {
  version: number;
  at: string;
  namespaces: NamespaceInfo[];
  /** Since the start of the server. */
  requests?: { reads: number; others: number };
  disk?: { free_bytes: number; total_bytes: number; stored_bytes: number };
  attention?: { level: string; subject: string; text: string; detail?: string }[];
}

export interface Counting {
  counting: { percent: number };
}

export interface Group {
  prefix: string;
  count: number;
  bytes: number;
}

export interface Tree extends Group {
  version: number;
  at: string;
  children: Group[];
  keys: number;
  next?: string;
}

export interface Row {
  key: string;
  bytes: number;
  version: number;
  /** In milliseconds since 1970. */
  expires?: number;
  metadata?: unknown;
}

export interface Rows {
  version: number;
  at: string;
  total?: number;
  position?: number;
  rows: Row[];
  complete: boolean;
  counting?: { percent: number };
}

export interface Entry {
  version: string;
  size: number;
  /** The first bytes, or all. */
  value: Uint8Array<ArrayBuffer>;
  complete: boolean;
  /** JSON, or an empty text. */
  metadata: string;
  /** In milliseconds since 1970; 0 for never. */
  expires: number;
  asOf: string;
  age: string;
}

export interface ChangeEvent {
  version: number;
  at: string;
  namespace: string;
  type: 'put' | 'delete' | 'clear';
  key?: string;
  prefix?: string;
  size?: number;
  expiration?: number;
  metadata?: unknown;
}

export function isCounting<T extends object>(answer: T | Counting): answer is Counting {
  return 'counting' in answer && !('rows' in answer);
}

export const session = (): Promise<Session> => json('GET', 'v1/session');
export const signIn = (token: string): Promise<Session> => json('POST', 'v1/session', { json: { token } });
/** Exchanges the one-time code of a link that `selvedge console` printed. */
export const signInByCode = (code: string): Promise<Session> => json('POST', 'v1/session', { json: { code } });
export const signOut = (): Promise<unknown> => call('DELETE', 'v1/session');

/** Returns the account whose namespaces are shown. */
export async function account(): Promise<string> {
  const answer = await json<{ result: { id: string }[] }>('GET', 'client/v4/accounts');
  return answer.result[0]?.id ?? '';
}

const kv = (accountId: string): string => `client/v4/accounts/${accountId}/storage/kv/namespaces`;
const v1 = (namespace: string): string => `v1/namespaces/${encodeURIComponent(namespace)}`;

export async function namespaces(accountId: string): Promise<NamespaceInfo[]> {
  const all: NamespaceInfo[] = [];
  for (let page = 1; ; page++) {
    const answer = await json<{ result: NamespaceInfo[]; result_info: { total_count: number } }>('GET', kv(accountId), {
      query: { page, per_page: 100, order: 'title', direction: 'asc' },
    });
    all.push(...answer.result);
    if (answer.result.length === 0 || all.length >= answer.result_info.total_count) {
      return all;
    }
  }
}

export async function createNamespace(accountId: string, title: string): Promise<NamespaceInfo> {
  return (await json<{ result: NamespaceInfo }>('POST', kv(accountId), { json: { title } })).result;
}

export const renameNamespace = (accountId: string, id: string, title: string): Promise<unknown> =>
  call('PUT', `${kv(accountId)}/${id}`, { json: { title } });

export const deleteNamespace = (accountId: string, id: string): Promise<unknown> =>
  call('DELETE', `${kv(accountId)}/${id}`);

export const overview = (count: boolean): Promise<Overview> => json('GET', 'v1/overview', { query: { count } });
/** The operations of a group. */
export interface AnalyticsPoint {
  /** The beginning of the step; undefined in the sums of the whole span. */
  at?: string;
  namespace?: string;
  place?: string;
  operation?: string;
  status?: number;
  requests: number;
  bytes_in: number;
  bytes_out: number;
  millis: { p25: number; p50: number; p75: number; p90: number; p99: number; p999: number };
}

export interface Analytics {
  from: string;
  to: string;
  step_seconds: number;
  totals: AnalyticsPoint[];
  points: AnalyticsPoint[];
  stored: { at: string; keys: number; bytes: number }[];
}

export interface AnalyticsQuery {
  since?: string;
  from?: string;
  to?: string;
  by?: string;
  namespace?: string;
  place?: string;
}

export const analytics = (query: AnalyticsQuery): Promise<Analytics> => json('GET', 'v1/analytics', { query: { ...query } });

export const status = (): Promise<Status> => json('GET', 'v1/status');

export const tree = (
  namespace: string,
  prefix: string,
  group: { delimiter?: string; characters?: number },
  from?: string,
): Promise<Tree | Counting> =>
  json('GET', `${v1(namespace)}/tree`, {
    query: { prefix, delimiter: group.delimiter, characters: group.characters, from, limit: 200 },
  });

export const rows = (
  namespace: string,
  prefix: string,
  where: { position: number } | { from: string },
  limit: number,
  signal?: AbortSignal,
): Promise<Rows | Counting> => json('GET', `${v1(namespace)}/rows`, { query: { prefix, ...where, limit }, signal });

export const exactCount = (namespace: string, prefix: string): Promise<Group | Counting> =>
  json('GET', `${v1(namespace)}/tree`, { query: { prefix, limit: 1 } });

/** How much of a large value is read before the reader requests the rest. */
export const HEAD_BYTES = 256 * 1024;

const valuePath = (namespace: string, key: string): string => `${v1(namespace)}/values/${encodeURIComponent(key)}`;

/** Returns an entry with the head of its value, or undefined if there is none. */
export async function read(namespace: string, key: string, whole = false): Promise<Entry | undefined> {
  return readFrom(valuePath(namespace, key), whole);
}

/** Returns the version of an entry, 0 if there is none. */
export async function versionOf(namespace: string, key: string): Promise<string> {
  const response = await send('HEAD', valuePath(namespace, key));
  return response.status === 404 ? '0' : (response.headers.get('Selvedge-Version') ?? '');
}

/** Returns an entry as it was at a version, or undefined if the feed no longer has it. */
export async function readOld(namespace: string, key: string, version: string): Promise<Entry | undefined> {
  return readFrom(`${v1(namespace)}/history/${encodeURIComponent(key)}?version=${version}`, true);
}

async function readFrom(path: string, whole: boolean): Promise<Entry | undefined> {
  const response = await send('GET', path, whole ? {} : { headers: { Range: `bytes=0-${HEAD_BYTES - 1}` } });
  if (response.status === 416) {
    return readFrom(path, true);
  }
  if (!response.ok) {
    const failed = await failure(response);
    if (/^(key|version)_not_found$/.test(failed.code)) {
      return undefined;
    }
    throw failed;
  }
  const value = new Uint8Array(await response.arrayBuffer());
  const range = /\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '');
  const size = range ? Number(range[1]) : value.length;
  return {
    version: response.headers.get('Selvedge-Version') ?? '',
    size,
    value,
    complete: size === value.length,
    metadata: utf8(response.headers.get('CF-KV-Metadata') ?? ''),
    expires: Number(response.headers.get('Selvedge-Expires') ?? 0),
    asOf: response.headers.get('Selvedge-As-Of') ?? '',
    age: response.headers.get('Selvedge-Age') ?? '',
  };
}

/** A browser decodes a header as Latin-1, but metadata is UTF-8. */
function utf8(header: string): string {
  const bytes = Uint8Array.from(header, (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** What an edit changes. What is undefined stays as it is. */
export interface Edit {
  value?: Uint8Array<ArrayBuffer>;
  /** JSON; an empty text removes the metadata. */
  metadata?: string;
  /** In milliseconds since 1970; 0 for never. */
  expires?: number;
}

/**
 * Changes an entry if it still is as it was read. The condition makes a put of everything that was read the same as a
 * change of parts; only a value that was not read as a whole needs a PATCH, which keeps it.
 */
export async function edit(namespace: string, key: string, change: Edit, base: Entry): Promise<string> {
  const condition = { 'If-Match': `"${base.version}"` };
  const value = change.value ?? (base.complete ? base.value : undefined);
  if (value) {
    const metadata = change.metadata ?? base.metadata;
    return put(namespace, key, { value, metadata, expires: change.expires ?? base.expires, condition });
  }
  const expires = change.expires === 0 ? 'never' : change.expires;
  const query = { metadata: change.metadata, expires };
  const answer = await json<{ version: number }>('PATCH', valuePath(namespace, key), { query, headers: condition });
  return String(answer.version);
}

export interface Put {
  value: Uint8Array<ArrayBuffer>;
  metadata: string;
  expires: number;
  condition: Record<string, string>;
}

/** Writes an entry with everything that it has. */
export async function put(namespace: string, key: string, entry: Put): Promise<string> {
  const answer = await json<{ version: number }>('PUT', valuePath(namespace, key), {
    query: { metadata: entry.metadata || undefined, expires: entry.expires || undefined },
    headers: entry.condition,
    body: entry.value,
  });
  return String(answer.version);
}

export const remove = (namespace: string, key: string, version?: string): Promise<unknown> =>
  call('DELETE', valuePath(namespace, key), { headers: version ? { 'If-Match': `"${version}"` } : {} });

export const valueAddress = valuePath;

export const clear = (namespace: string, prefix: string): Promise<unknown> =>
  call('DELETE', `${v1(namespace)}/keys`, { query: prefix ? { prefix } : { all: true } });

export const bulkDelete = (accountId: string, namespace: string, keys: string[]): Promise<unknown> =>
  call('POST', `${kv(accountId)}/${namespace}/bulk/delete`, { json: keys });

export interface Pair {
  key: string;
  value: string;
  base64?: boolean;
  expiration?: number;
  expiration_ttl?: number;
  /** JSON; an empty text for none. */
  metadata?: string;
}

/** Returns a pair as JSON. Its metadata is spliced in as it is written, so that numbers keep their digits. */
export function pairText({ metadata, ...pair }: Pair): string {
  const text = JSON.stringify(pair);
  return metadata ? `${text.slice(0, -1)},"metadata":${metadata}}` : text;
}

export const bulkPut = (accountId: string, namespace: string, pairs: Pair[], signal?: AbortSignal): Promise<unknown> =>
  call('PUT', `${kv(accountId)}/${namespace}/bulk`, {
    body: `[${pairs.map(pairText).join(',')}]`,
    headers: { 'Content-Type': 'application/json' },
    signal,
  });

/** Returns the entries of at most 100 keys; large values are left out. */
export async function entries(namespace: string, keys: string[], large: 'send' | 'omit', signal?: AbortSignal): Promise<FramedEntry[]> {
  const response = await call('POST', `${v1(namespace)}/bulk/get`, { query: { large }, json: { keys }, signal });
  return framedEntries(await response.arrayBuffer());
}

const KEYS = 100;

/** Returns which of the keys exist. */
export async function existing(namespace: string, keys: string[], signal?: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  for (let start = 0; start < keys.length; start += KEYS) {
    const part = await entries(namespace, keys.slice(start, start + KEYS), 'omit', signal);
    found.push(...part.map((entry) => entry.key));
  }
  return found;
}

/** Changes the expiry alone; 0 for never. */
export const setExpiry = (namespace: string, key: string, expires: number, version: string): Promise<unknown> =>
  call('PATCH', valuePath(namespace, key), {
    query: { expires: expires || 'never' },
    headers: { 'If-Match': `"${version}"` },
  });

export type HistoryLine =
  | { progress: { percent: number; changes: number } }
  | (ChangeEvent & { progress?: undefined })
  | { complete: true; since?: { version: number; at: string }; why?: string; from_start?: boolean };

export async function history(
  namespace: string,
  key: string,
  each: (line: any) => void,
  signal: AbortSignal,
): Promise<void> {
  await lines(await call('GET', `${v1(namespace)}/history/${encodeURIComponent(key)}`, { signal }), each);
}

export const tokens = async (): Promise<Token[]> => (await json<{ tokens: Token[] }>('GET', 'v1/tokens')).tokens;
export const createToken = (definition: object): Promise<Token & { secret: string }> =>
  json('POST', 'v1/tokens', { json: definition });
export const revokeToken = (id: string): Promise<unknown> => call('DELETE', `v1/tokens/${encodeURIComponent(id)}`);

export interface Act {
  number: number;
  time: string;
  actor: string;
  address: string;
  operation: string;
  target: string;
  status: number;
  result?: unknown;
  left_out?: number;
}

export const audit = (after: number): Promise<{ acts: Act[]; next?: number }> =>
  json('GET', 'v1/audit', { query: { after, limit: 1000 } });

export interface LimitInfo {
  name: string;
  value: number | null;
  unit: string;
  least: number;
  most: number | null;
  meaning: string;
}

export const limits = async (): Promise<LimitInfo[]> => (await json<{ limits: LimitInfo[] }>('GET', 'v1/limits')).limits;

export interface Quota {
  quota: string;
  used: number;
  limit: number | null;
  left: number | null;
  resets?: string;
}

export const usage = (): Promise<{ account: string; quotas: Quota[] }> => json('GET', 'v1/usage');

export interface Staleness {
  bound: number;
  past: string;
}

export const staleness = (namespace: string): Promise<Staleness> => json('GET', `${v1(namespace)}/staleness`);
export const setStaleness = (namespace: string, value: Staleness): Promise<unknown> =>
  call('PUT', `${v1(namespace)}/staleness`, { query: { bound: value.bound, past: value.past } });

/** Returns undefined in place of a failure with one of these states. */
export async function unless<T>(promise: Promise<T>, ...states: number[]): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (states.some((state) => isFailure(error, state))) {
      return undefined;
    }
    throw error;
  }
}
