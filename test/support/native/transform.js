// The product and its packages run outside jest's sandbox: loaded by Node itself once a worker, as in production, instead
// of once a test file. What a test file sees of such a module hands on the exports of the real one.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

const handOn = (name, i) => `const _${i} = real[${JSON.stringify(name)}];\nexport { _${i} as ${name} };`;

/** What is loaded before any test file (jest's global set-up) is in no sandbox. */
const inSandbox = () => process.env.JEST_WORKER_ID !== undefined;

function codeFor(text, path, { supportsStaticESM }) {
  if (!inSandbox()) return text;
  const real = `nativeRequire(${JSON.stringify(path)})`;
  if (!supportsStaticESM) return `module.exports = ${real};`;
  return [`const real = ${real};`, ...Object.keys(load(path)).map(handOn)].join('\n');
}

export default {
  /** The code itself: a module that hands on all of another has other exports when that one changes. */
  getCacheKey: (...given) =>
    createHash('sha256')
      .update(codeFor(...given))
      .digest('hex'),
  process: (...given) => ({ code: codeFor(...given) }),
};
