// The plugin for miniflare, and so for wrangler dev, getPlatformProxy() and vitest: it gives Workers real KV namespaces
// that a Selvedge server answers, and a service binding to that server.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const NAME = "selvedge";
const DEFAULT_URL = "http://127.0.0.1:5820";
const BOUND = Symbol.for("selvedge.boundNames");

export const plugins = {
  [NAME]: { options: undefined, getBindings, getNodeBindings, getServices },
};

function getBindings(given) {
  const bound = boundNames(miniflare());
  wishes(given).forEach(({ namespaces }) => Object.keys(namespaces).forEach((name) => bound.add(name)));
  return wishes(given).flatMap(({ binding, namespaces, server }) => [
    { name: binding, service: { name: serverService(server) } },
    ...Object.entries(namespaces).map(([name, namespace]) => (
      { name, kvNamespace: { name: namespaceService(server, namespace) } })),
  ]);
}

function getServices({ options }) {
  return wishes(options).flatMap(({ namespaces, server }) => [
    service(serverService(server), server, {}),
    ...Object.values(namespaces).map((namespace) => (
      service(namespaceService(server, namespace), server, { "CF-KV-Namespace-Id": namespace }))),
  ]);
}

function getNodeBindings(given) {
  const { ProxyNodeBinding } = miniflare();
  const names = getBindings(given).map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, new ProxyNodeBinding()]));
}

// What the configuration asks for, one for each unsafe block that names this plugin. Miniflare 4 hands over its own
// blocks and nothing else; miniflare 5 hands over the whole Worker, whose ordinary namespaces are taken along.
function wishes(given) {
  if (Array.isArray(given)) {
    return given.map(({ name, options }) => wish(name, options, {}));
  }
  const env = given?.config?.env ?? {};
  const ordinary = Object.fromEntries(Object.entries(env)
    .filter(([, binding]) => binding.type === "kv" && !binding.remote && !binding.dev?.remote)
    .map(([name, binding]) => [name, binding.previewId ?? binding.preview_id ?? binding.id ?? name]));
  return Object.entries(env)
    .filter(([, binding]) => binding.dev?.plugin?.name === NAME)
    .map(([name, binding]) => wish(name, binding.dev.options, ordinary));
}

function wish(binding, options = {}, ordinary) {
  const unknown = Object.keys(options).filter((name) => !["url", "token", "ca", "namespaces"].includes(name));
  if (unknown.length > 0) {
    throw new TypeError(`${NAME}: unknown options ${unknown.join(", ")}; there are url, token, ca and namespaces`);
  }
  const namespaces = { ...ordinary, ...options.namespaces };
  for (const [name, namespace] of Object.entries(namespaces)) {
    if (typeof namespace !== "string" || namespace === "") {
      throw new TypeError(`${NAME}: namespaces.${name} is the id or the title of a namespace, not ${JSON.stringify(namespace)}`);
    }
  }
  const url = options.url ?? process.env.SELVEDGE_URL ?? DEFAULT_URL;
  const token = options.token ?? process.env.SELVEDGE_TOKEN ?? "";
  const authorities = certificates(options.ca ?? process.env.SELVEDGE_CA ?? "");
  return { binding, namespaces, server: { url: parse(url), token, authorities } };
}

// The certificates of a PEM file one by one, as workerd takes them.
function certificates(file) {
  if (file === "") {
    return [];
  }
  const found = readFileSync(file, "latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (found === null) {
    throw new TypeError(`${NAME}: ca is a PEM file with certificates, and ${file} has none`);
  }
  return found;
}

function parse(url) {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!["http:", "https:"].includes(parsed?.protocol) || parsed.pathname !== "/") {
    throw new TypeError(`${NAME}: url is the address of a server, such as ${DEFAULT_URL}, not ${JSON.stringify(url)}`);
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
// asks miniflare's own KV only, and would answer for them from an empty namespace on this machine, so it is replaced by
// one that takes them from getBindings(), which has the bindings of all plugins.
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

// Miniflare knows what it has to proxy by its own class, of which each copy of miniflare has one. The copy that
// loaded this plugin is among the modules that are loaded.
function miniflare() {
  const loaded = Object.values(createRequire(import.meta.url).cache)
    .map((module) => module?.exports)
    .find((exports) => typeof exports?.ProxyNodeBinding === "function" && typeof exports.Miniflare === "function");
  if (loaded === undefined) {
    throw new Error(`${NAME}: this miniflare has no ProxyNodeBinding; tried with miniflare 4 and 5`);
  }
  return loaded;
}
