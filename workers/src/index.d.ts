/** A KV namespace of a Worker, as far as it is used here. */
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
  /** Without `expiresIn` (in seconds) the entry stays, whatever was said before. */
  put(key: string, value: string, options?: { expiresIn?: number }): Promise<void>;
  delete(key: string): Promise<void>;
  /** The names in byte order, at most `limit` of them, which is 1000 unless told. */
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
  /** To be given back as `ifVersion` or `atLeast`. */
  version: number;
  /** For how many milliseconds the answer may have been out of date; 0 at the origin. */
  age: number;
}

export interface GetOptions {
  /** Waits until the answer knows of this version. */
  atLeast?: number;
  /** In milliseconds. */
  maxAge?: number;
}

export interface PutOptions {
  /** In seconds, from 1, with a fraction if need be. */
  ttl?: number;
  metadata?: unknown;
  /** Only if the entry in place has this version. */
  ifVersion?: number;
  /** Only if there is no entry. */
  ifAbsent?: boolean;
}

export interface WatchedChange {
  version: number;
  type: "put" | "delete" | "clear";
  key?: string;
  /** Of a clear. */
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
  watch(options?: { prefix?: string; after?: number }): AsyncGenerator<WatchedChange>;
}

/** What Workers KV lacks, over a service binding to the server. */
export declare function selvedge(binding: Fetcher, options: { namespace: string }): SelvedgeNamespace;

/** An answer that is neither success nor a missing key. */
export declare class SelvedgeError extends Error {
  readonly status: number;
  readonly code: string;
}

/** The entry in place is not the one that the change was meant for. */
export declare class ConflictError extends SelvedgeError {
  /** Of the entry in place; 0 if there is none. */
  readonly version: number;
}
