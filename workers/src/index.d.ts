/** The methods of a Worker's KV namespace that openWorkers() uses. */
export interface Kv {
  get(key: string, type: "text"): Promise<string | null>;
  put(key: string, value: string, options?: { expirationTtl?: number }): Promise<void>;
  delete(key: string): Promise<void>;
  list(options?: { prefix?: string; cursor?: string; limit?: number }): Promise<{
    keys: { name: string }[];
    list_complete: boolean;
    cursor?: string;
  }>;
}

/** The interface of OpenWorkers' KV. */
export interface OpenWorkersKv {
  get(key: string): Promise<string | null>;
  /** Stores an entry. `expiresIn` is in seconds; without it the entry does not expire, even if it expired before. */
  put(key: string, value: string, options?: { expiresIn?: number }): Promise<void>;
  delete(key: string): Promise<void>;
  /** Returns the names in byte order, at most `limit` of them (default 1000). */
  list(options?: { prefix?: string; limit?: number }): Promise<string[]>;
}

export declare function openWorkers(kv: Kv): OpenWorkersKv;

/** A service binding. */
export interface Fetcher {
  fetch(input: string, init?: object): Promise<Response>;
}

export interface Found<T> {
  value: T;
  metadata: unknown;
  /** Version of the entry, for `ifVersion` and `atLeast`. */
  version: number;
  /** Maximum age of the answer in milliseconds; 0 at the origin. */
  age: number;
}

export interface GetOptions {
  /** The answer must include this version. */
  atLeast?: number;
  /** Maximum age of the answer in milliseconds. */
  maxAge?: number;
}

export interface PutOptions {
  /** Time to live in seconds, at least 1; fractions are allowed. */
  ttl?: number;
  metadata?: unknown;
  /** Store only if the current entry has this version. */
  ifVersion?: number;
  /** Store only if there is no entry. */
  ifAbsent?: boolean;
}

export interface WatchedChange {
  version: number;
  type: "put" | "delete" | "clear";
  key?: string;
  /** Prefix of a clear. */
  prefix?: string;
}

export interface SelvedgeNamespace {
  get(key: string, options?: GetOptions & { type?: "text" }): Promise<Found<string> | null>;
  get<T>(key: string, options: GetOptions & { type: "json" }): Promise<Found<T> | null>;
  get(key: string, options: GetOptions & { type: "arrayBuffer" }): Promise<Found<ArrayBuffer> | null>;
  get(key: string, options: GetOptions & { type: "stream" }): Promise<Found<ReadableStream> | null>;
  put(key: string, value: string | ArrayBuffer | ArrayBufferView | ReadableStream, options?: PutOptions): Promise<number>;
  delete(key: string, options?: { ifVersion?: number }): Promise<number>;
  increment(key: string, by?: number, options?: { ttl?: number }): Promise<{ value: number; version: number }>;
  deletePrefix(prefix: string): Promise<number>;
  count(prefix?: string): Promise<number>;
  /**
   * Yields each change after the version, as it happens. Connects again without a gap. Throws a SelvedgeError with
   * status 410 if the server does not keep the changes that follow any more, or if a promotion or a restore has lost some
   * that the watch has passed. The end of the loop closes the connection.
   */
  watch(options?: { prefix?: string; after?: number }): AsyncGenerator<WatchedChange>;
}

/** Returns the operations that Workers KV does not have, over a service binding to the server. */
export declare function selvedge(binding: Fetcher, options: { namespace: string }): SelvedgeNamespace;

/**
 * The server answered with an error other than a missing key. The code `lineage-changed` means that a promotion or a
 * restore has lost the version that was given, or changes that a watch has passed.
 */
export declare class SelvedgeError extends Error {
  readonly status: number;
  readonly code: string;
}

/** The condition of a change does not hold: the current entry has another version. */
export declare class ConflictError extends SelvedgeError {
  /** Version of the current entry; 0 if there is none. */
  readonly version: number;
}
