// The plugin for miniflare, and therefore for wrangler dev, getPlatformProxy() and vitest. It gives Workers KV namespaces
// of a Selvedge server, and a service binding to that server.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const NAME = "selvedge";
const DEFAULT_URL = "http://127.0.0.1:5820";
const BOUND = Symbol.for("selvedge.boundNames");

export const plugins = {
  [NAME]: { options: undefined, getBindings, getNodeBindings, getServices },
};

function getBindings(options) {
  const bound = boundNames(miniflare());
  blocks(options).forEach(({ namespaces }) => Object.keys(namespaces).forEach((name) => bound.add(name)));
  return blocks(options).flatMap(({ binding, namespaces, server }) => [
    { name: binding, service: { name: serverService(server) } },
    ...Object.entries(namespaces).map(([name, namespace]) => (
      { name, kvNamespace: { name: namespaceService(server, namespace) } })),
  ]);
}

function getServices({ options }) {
  return blocks(options).flatMap(({ namespaces, server }) => [
    service(serverService(server), server, {}),
    ...Object.values(namespaces).map((namespace) => (
      service(namespaceService(server, namespace), server, { "CF-KV-Namespace-Id": namespace }))),
  ]);
}

function getNodeBindings(options) {
  const { ProxyNodeBinding } = miniflare();
  const names = getBindings(options).map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, new ProxyNodeBinding()]));
}

// Returns what to bind, one element for each unsafe block that names this plugin. Miniflare 4 passes only these blocks.
// Miniflare 5 passes the whole Worker; its ordinary namespaces are then bound too.
function blocks(options) {
  if (Array.isArray(options)) {
    return options.map(({ name, options }) => block(name, options, {}));
  }
  const env = options?.config?.env ?? {};
  const ordinary = Object.fromEntries(Object.entries(env)
    .filter(([, binding]) => binding.type === "kv" && !binding.remote && !binding.dev?.remote)
    .map(([name, binding]) => [name, binding.previewId ?? binding.preview_id ?? binding.id ?? name]));
  return Object.entries(env)
    .filter(([, binding]) => binding.dev?.plugin?.name === NAME)
    .map(([name, binding]) => block(name, binding.dev.options, ordinary));
}

function block(binding, options = {}, ordinary) {
  const unknown = Object.keys(options).filter((name) => !["url", "token", "ca", "namespaces"].includes(name));
  if (unknown.length > 0) {
    throw new TypeError(`${NAME}: unknown options ${unknown.join(", ")}; allowed are url, token, ca and namespaces`);
  }
  const namespaces = { ...ordinary, ...options.namespaces };
  for (const [name, namespace] of Object.entries(namespaces)) {
    if (typeof namespace !== "string" || namespace === "") {
      throw new TypeError(`${NAME}: namespaces.${name} must be the id or the title of a namespace, got ${JSON.stringify(namespace)}`);
    }
  }
  const url = options.url ?? process.env.SELVEDGE_URL ?? DEFAULT_URL;
  const token = options.token ?? process.env.SELVEDGE_TOKEN ?? "";
  const authorities = certificates(options.ca ?? process.env.SELVEDGE_CA ?? "");
  return { binding, namespaces, server: { url: parse(url), token, authorities } };
}

// Returns the certificates of a PEM file as a list, which is the form that workerd requires.
function certificates(file) {
  if (file === "") {
    return [];
  }
  const found = readFileSync(file, "latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (found === null) {
    throw new TypeError(`${NAME}: ca must be a PEM file with certificates, and ${file} has none`);
  }
  return found;
}

function parse(url) {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!["http:", "https:"].includes(parsed?.protocol) || parsed.pathname !== "/") {
    throw new TypeError(`${NAME}: url must be the address of a server, such as ${DEFAULT_URL}, got ${JSON.stringify(url)}`);
  }
  return parsed;
}

const serverService = ({ url }) => `${NAME}:${url.host}`;
const namespaceService = (server, namespace) => `${serverService(server)}:${namespace}`;

function service(name, { url, token, authorities }, headers) {
  const all = token === "" ? headers : { ...headers, Authorization: `Bearer ${token}` };
  const http = { injectRequestHeaders: Object.entries(all).map(([header, value]) => ({ name: header, value })) };
  const secure = url.protocol === "https:";
  const address = `${url.hostname}:${url.port === "" ? (secure ? 443 : 80) : url.port}`;
  const tlsOptions = authorities.length === 0 ? { trustBrowserCas: true } : { trustedCertificates: authorities };
  return {
    name,
    external: secure
      ? { address, https: { options: http, tlsOptions, certificateHost: url.hostname } }
      : { address, http },
  };
}

// Returns the names of the namespaces that copies of this plugin have bound for any Worker. miniflare.getKVNamespace()
// reads only miniflare's own KV, and would return an empty local namespace for them. It is therefore replaced by a function
// that takes them from getBindings(), which has the bindings of all plugins.
function boundNames({ Miniflare }) {
  const prototype = Miniflare.prototype;
  if (prototype[BOUND] === undefined) {
    const { getKVNamespace } = prototype;
    prototype[BOUND] = new Set();
    prototype.getKVNamespace = async function (name, workerName) {
      const bound = prototype[BOUND].has(name) ? (await this.getBindings(workerName))[name] : undefined;
      return bound ?? await getKVNamespace.call(this, name, workerName);
    };
  }
  return prototype[BOUND];
}

// Miniflare recognises a binding to proxy by its own class ProxyNodeBinding, and each copy of miniflare has its own. This
// function finds the copy that loaded this plugin among the loaded modules.
function miniflare() {
  const loaded = Object.values(createRequire(import.meta.url).cache)
    .map((module) => module?.exports)
    .find((exports) => typeof exports?.ProxyNodeBinding === "function" && typeof exports.Miniflare === "function");
  if (loaded === undefined) {
    throw new Error(`${NAME}: this version of miniflare has no ProxyNodeBinding; supported are miniflare 4 and 5`);
  }
  return loaded;
}
