/** Lines to paste, with the address of this server filled in. */
import { html, type TemplateResult } from 'lit';
import { copy } from '../element.js';
import { link } from '../place.js';
import { state } from '../state.js';

/** Returns the address of this server without a slash at the end. */
export function serverAddress(): string {
  return new URL('.', document.baseURI).href.replace(/\/$/, '');
}

/** Quotes a text for a POSIX shell. */
export function shell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function java(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const guarded = (): boolean => state.session.guarded;
const bearer = (): string => (guarded() ? ' -H "Authorization: Bearer $SELVEDGE_TOKEN"' : '');
const path = (namespace: string, key: string): string =>
  `${serverAddress()}/v1/namespaces/${namespace}/values/${encodeURIComponent(key).replaceAll("'", '%27')}`;

export interface Snippet {
  readonly name: string;
  readonly text: string;
}

const wranglerEnvironment = (): string =>
  `export CLOUDFLARE_API_BASE_URL=${serverAddress()}/client/v4
export CLOUDFLARE_API_TOKEN=${guarded() ? '$SELVEDGE_TOKEN' : 'any'} CLOUDFLARE_ACCOUNT_ID=${state.account}`;

const javaClient = (title: string, line: string): string =>
  `try (Selvedge selvedge = Selvedge.connect(URI.create("${serverAddress()}")${guarded() ? ', System.getenv("SELVEDGE_TOKEN")' : ''})) {
  selvedge.namespace(${java(title)}).${line};
}`;

/** Returns how to read a key. */
export function readSnippets(namespace: string, title: string, key: string): Snippet[] {
  return [
    { name: 'curl', text: `curl${bearer()} '${path(namespace, key)}'` },
    { name: 'wrangler', text: `npx wrangler kv key get ${shell(key)} --namespace-id ${namespace} --remote` },
    { name: 'JavaScript', text: `const value = await env.KV.get(${JSON.stringify(key)});` },
    { name: 'Java', text: javaClient(title, `getText(${java(key)}).ifPresent(System.out::println)`) },
  ];
}

/** Returns how to write the first key. */
export function writeSnippets(namespace: string, title: string): Snippet[] {
  return [
    { name: 'curl', text: `curl -X PUT${bearer()} -d hello '${path(namespace, 'greeting')}'` },
    { name: 'wrangler', text: `${wranglerEnvironment()}\nnpx wrangler kv key put greeting hello --namespace-id ${namespace} --remote` },
    { name: 'JavaScript', text: `await env.KV.put("greeting", "hello");` },
    { name: 'Java', text: javaClient(title, 'put("greeting", "hello", WriteOptions.PLAIN)') },
  ];
}

/** Returns the configurations of the clients of a namespace. */
export function connectSnippets(namespace: string, title: string): Snippet[] {
  const url = new URL(serverAddress());
  const binding = title.replace(/\W+/g, '_').toUpperCase() || 'KV';
  return [
    {
      name: 'wrangler.toml',
      text: `kv_namespaces = [{ binding = "${binding}", id = "${namespace}" }]

# For wrangler dev: npm install --save-dev @selvedge/workers
[[unsafe.bindings]]
name = "SELVEDGE"
type = "selvedge"
[unsafe.bindings.dev.plugin]
package = "@selvedge/workers/plugin"
name = "selvedge"
[unsafe.bindings.dev.options]
url = "${serverAddress()}"`,
    },
    {
      name: 'wrangler.jsonc',
      text: JSON.stringify(
        {
          kv_namespaces: [{ binding, id: namespace }],
          unsafe: {
            bindings: [
              {
                name: 'SELVEDGE',
                type: 'selvedge',
                dev: { plugin: { package: '@selvedge/workers/plugin', name: 'selvedge' }, options: { url: serverAddress() } },
              },
            ],
          },
        },
        null,
        2,
      ),
    },
    {
      name: 'cloudflare.config.ts',
      text: `import { bindings } from "@cloudflare/config/experimental-config";

export const env = { ${binding}: bindings.kv({ id: "${namespace}" }) };`,
    },
    {
      name: 'workerd (capnp)',
      text: `# Or let the command write the whole file: selvedge worker-config wrangler.toml --server ${serverAddress()}
( name = "kv-${binding}",
  external = (
    address = "${url.host}${url.port ? '' : url.protocol === 'https:' ? ':443' : ':80'}",
    ${url.protocol === 'https:' ? 'https = (options = (' : 'http = ('}injectRequestHeaders = [
      (name = "CF-KV-Namespace-Id", value = "${namespace}"),${guarded() ? '\n      (name = "Authorization", value = "Bearer TOKEN"),' : ''}
    ]${url.protocol === 'https:' ? '), tlsOptions = (trustBrowserCas = true), certificateHost = "' + url.hostname + '")' : ')'} ) ),

# In the Worker:
bindings = [ (name = "${binding}", kvNamespace = "kv-${binding}") ],`,
    },
    { name: 'wrangler', text: `${wranglerEnvironment()}\nnpx wrangler kv key list --namespace-id ${namespace} --remote` },
    { name: 'Java', text: javaClient(title, 'put("greeting", "hello", WriteOptions.PLAIN)') },
    { name: 'curl', text: `curl${bearer()} '${serverAddress()}/v1/namespaces/${namespace}/values/greeting'` },
    { name: 'A Worker on this server', text: `selvedge dev . --server ${serverAddress()}` },
  ];
}

export function code(snippet: Snippet): TemplateResult {
  return html`<section class="stack">
    <h2 class="label">${snippet.name}</h2>
    <div class="code">
      <pre tabindex="0" role="region" aria-label=${snippet.name}>${snippet.text}</pre>
      <button class="button" aria-label="Copy ${snippet.name}" @click=${() => copy(snippet.text, snippet.name)}>Copy</button>
    </div>
  </section>`;
}

/** What an empty namespace shows. */
export function firstKey(namespace: string, title: string): TemplateResult {
  if (!state.mayWrite(namespace)) {
    return html`<div class="empty">
      <h2>No key yet</h2>
      <p>Your token may read this namespace, but not write to it. A key appears here as soon as another client has put one.</p>
      <div class="row"><a class="button" href=${link('live', namespace)}>Watch live</a></div>
    </div>`;
  }
  return html`<div class="page narrow first-key">
    <div>
      <h2>No key yet</h2>
      <p class="mute">Put the first one here with “New entry”, import a file, or use a client:</p>
    </div>
    ${writeSnippets(namespace, title).map(code)}
  </div>`;
}
