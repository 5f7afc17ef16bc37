import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Loaded by Node itself, as the product is: its packages, and large ones of the tests. */
const native = [...Object.keys(dependencies), 'ajv', 'fast-check', 'mailauth', 'smtp-server', 'supertest'];

const transform = {
  '/(src|node_modules)/.*\\.[cm]?[jt]s$': '<rootDir>/test/support/native/transform.js',
  '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }],
};
const shared = {
  testEnvironment: '<rootDir>/test/support/native/environment.js',
  transform,
  transformIgnorePatterns: [`/node_modules/(?!(${native.join('|')})/)`],
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/data/var/'],
  setupFiles: process.env.CI ? ['<rootDir>/test/support/property-seed.ts'] : [],
};

export default {
  // A worker comes to hold a gigabyte, and PostgreSQL a connection for each thing that it does at once.
  maxWorkers: Math.min(Math.max(availableParallelism(), 2), 6),
  // For all projects: one within a project is not heard. For every test: only what hangs comes near it on a busy machine.
  testTimeout: 300_000,
  // A test that fails before it closes what it opened must not keep the run from ending.
  forceExit: true,
  testSequencer: '<rootDir>/test/support/longest-first.js',
  projects: [
    {
      ...shared,
      displayName: 'main',
      testMatch: ['<rootDir>/test/{unit,store,http,mail,faults}/**/*.test.ts', '<rootDir>/test/*.test.ts'],
      globalSetup: '<rootDir>/test/support/native/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/native/global-teardown.mjs',
    },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
  ],
};
