/**
 * Builds the console from src/ into a folder, by default the one that the server's jar takes it from.
 * The same sources and lock file give the same bytes on every machine.
 *
 * Usage: node build.mjs [FOLDER]
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, '../server/src/main/resources/selvedge/console'));

/** What a browser loads before it shows the first page, compressed. */
const FIRST_LOAD_BYTES_MAX = 150_000;

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { app: 'src/main.ts', style: 'src/style.css' },
  outdir: target,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

const outputs = Object.entries(metafile.outputs);
const entry = (name) => basename(outputs.find(([, output]) => output.entryPoint === `src/${name}`)[0]);
const script = entry('main.ts');
const style = entry('style.css');

const page = (await readFile(join(here, 'src/index.html'), 'utf8'))
  .replace('app.js', `console/${script}`)
  .replace('style.css', `console/${style}`)
  .replace('icon.svg', 'console/icon.svg');
await writeFile(join(target, 'index.html'), page);
await writeFile(join(target, 'icon.svg'), await readFile(join(here, 'src/icon.svg')));

/** The licences of the packages that are in the files. */
const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
);
let licences = '';
for (const name of [...packages].sort()) {
  const folder = join(here, 'node_modules', name);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  licences += `${name} ${version}\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n\n\n`;
}
await writeFile(join(target, 'licences.txt'), licences);

const first = new Set([script, style, 'index.html', 'icon.svg']);
for (const name of first) {
  const output = outputs.find(([path]) => basename(path) === name)?.[1];
  for (const { path, kind } of output?.imports ?? []) {
    if (kind === 'import-statement') {
      first.add(basename(path));
    }
  }
}
let bytes = 0;
for (const name of first) {
  bytes += gzipSync(await readFile(join(target, name))).length;
}
console.log(`first load: ${[...first].join(', ')}: ${bytes} bytes compressed`);
if (bytes > FIRST_LOAD_BYTES_MAX) {
  throw new Error(`the first load has ${bytes} bytes compressed, at most ${FIRST_LOAD_BYTES_MAX} are allowed`);
}
