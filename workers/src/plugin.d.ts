/** What stands under `dev.options` of the `unsafe` block that names the plugin. */
export interface PluginOptions {
  /** The server; default `SELVEDGE_URL` of the environment, else `http://127.0.0.1:5820`. */
  url?: string;
  /** For a guarded server; default `SELVEDGE_TOKEN` of the environment. */
  token?: string;
  /** Ids or titles of namespaces by binding, beside the ordinary `kv_namespaces`, which newer versions of wrangler pass on. */
  namespaces?: Record<string, string>;
}

/** For miniflare, which looks for the plugin by its name. */
export declare const plugins: { selvedge: object };
