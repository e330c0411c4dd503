/** The values under `dev.options` of the `unsafe` block that names the plugin. */
export interface PluginOptions {
  /** Address of the server; default: the environment variable `SELVEDGE_URL`, otherwise `http://127.0.0.1:5820`. */
  url?: string;
  /** Token for a guarded server; default: the environment variable `SELVEDGE_TOKEN`. */
  token?: string;
  /** PEM file with the authorities to trust; default: the environment variable `SELVEDGE_CA`. */
  ca?: string;
  /** Ids or titles of namespaces by binding, in addition to `kv_namespaces`, which newer versions of wrangler pass to plugins. */
  namespaces?: Record<string, string>;
}

/** Read by miniflare, which finds the plugin by its name. */
export declare const plugins: { selvedge: object };
