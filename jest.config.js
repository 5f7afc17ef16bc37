const transform = { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }] };
const shared = {
  testEnvironment: 'node',
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/data/var/'],
  setupFiles: process.env.CI ? ['<rootDir>/test/support/property-seed.ts'] : [],
};

export default {
  maxWorkers: 2,
  // For all projects: one within a project is not heard.
  testTimeout: 30_000,
  // A test that fails before it closes what it opened must not keep the run from ending.
  forceExit: true,
  testSequencer: '<rootDir>/test/support/longest-first.js',
  projects: [
    {
      ...shared,
      displayName: 'main',
      testMatch: ['<rootDir>/test/{unit,store,http,mail,faults}/**/*.test.ts', '<rootDir>/test/*.test.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
  ],
};
