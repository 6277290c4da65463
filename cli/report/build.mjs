// SPDX-License-Identifier: Apache-2.0
/*
Makes dist/report.js, the one script of the audit's page, and dist/THIRD-PARTY.txt, whose work is in it. Vega-Lite is
needed here alone: its specifications are compiled to Vega's, and only Vega's runtime goes into the script, without the
transforms that no plot uses.
*/
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { compile } from 'vega-lite';
import { specs } from './specs.mjs';

const plain = (object) => JSON.parse(JSON.stringify(object));

/** A warning of Vega-Lite is a mistake in a specification. */
const strict = { level: () => strict, warn: fail, error: fail, info: () => strict, debug: () => strict };

function fail(...words) {
  throw new Error(words.join(' '));
}

function compiled() {
  const found = {};
  for (const [kind, spec] of Object.entries(specs)) {
    const { $schema, ...vega } = plain(compile(spec, { logger: strict }).spec);
    found[kind] = vega;
  }
  return found;
}

/** `import … from 'compiled-specs'` gives what Vega-Lite made of specs.mjs. */
const compiledSpecs = {
  name: 'compiled-specs',
  setup(all) {
    all.onResolve({ filter: /^compiled-specs$/ }, () => ({ path: 'specs', namespace: 'compiled' }));
    all.onLoad({ filter: /.*/, namespace: 'compiled' }, () => ({ contents: JSON.stringify(compiled()), loader: 'json' }));
  },
};

/** Names of the packages whose files are in the bundle. */
function packagesIn(metafile) {
  const names = new Set();
  for (const [file, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0].inputs)) {
    const found = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
    if (found && bytesInOutput > 0) names.add(found[1]);
  }
  return [...names].sort();
}

/** Each licence once, under the packages that have it in these words and the copyright lines these begin with. */
function notices(packages) {
  const texts = new Map();
  for (const name of packages) {
    const folder = path.join('node_modules', name);
    const { version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = fs.readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    if (!license || !file) fail(`${name} does not say under which licence it is`);
    if (!/^(BSD-3-Clause|BSD-2-Clause|ISC|MIT)$/.test(license)) fail(`${name} is under ${license}`);
    const whole = fs.readFileSync(path.join(folder, file), 'utf8').replaceAll('\r', '').trim();
    const holder = /^(Copyright .*\n(All rights reserved\.\n)?)?/.exec(whole)[0];
    const text = whole.slice(holder.length).trim();
    const words = text.replaceAll(/\s+/g, ' ');
    if (!texts.has(words)) texts.set(words, { text, packages: [] });
    texts.get(words).packages.push(`${name} ${version} (${license}): ${holder.trim().replaceAll('\n', ' ')}`);
  }
  return [...texts.values()].map(({ text, packages }) => `${packages.join('\n')}\n\n${text}\n`).join('\n');
}

/** A script that ended before its time, or that a page could not hold as it is, would be a hole in every page. */
function requireHarmless(script) {
  for (const hole of [/<\/script/i, /<script/i, /<!--/, /[^\t\n\x20-\x7e]/]) {
    const found = hole.exec(script);
    if (found) fail(`the script holds ${hole}: ${JSON.stringify(script.slice(Math.max(0, found.index - 60), found.index + 20))}`);
  }
}

const options = {
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  charset: 'ascii',
  legalComments: 'none',
  plugins: [compiledSpecs],
  entryPoints: ['page.mjs'],
  outfile: 'dist/report.js',
  metafile: true,
  write: false,
  logLevel: 'warning',
};
const result = await build(options);
const third = notices(packagesIn(result.metafile));
const words = `The plots of this page are drawn by the following software.\n\n${third}`;
const script = `/*!\n${words.replaceAll('*/', '* /')}*/\n${result.outputFiles[0].text}`;
requireHarmless(script);
fs.mkdirSync('dist', { recursive: true });
fs.writeFileSync('dist/THIRD-PARTY.txt', words);
fs.writeFileSync('dist/report.js', script);
