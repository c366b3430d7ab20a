/**
 * Jest over the TypeScript sources as ES modules, stripped of their types by swc. Sources import each other by the `.js`
 * names that they have after the build, so those are mapped back. Start it through `npm test`, which builds first and
 * gives Node the flag that ES modules need; a test that runs long in plain Node is a script beside the tests.
 */
export default {
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  testTimeout: 60_000,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' }],
  },
};
