/** Generated files are committed, and fresh: `npm run generate` would change none. */
import { describe, expect, it } from '@jest/globals';
import { GENERATED, staleFiles } from '../../scripts/generate.js';

describe('generated files', () => {
  it('are fresh', () => expect(staleFiles()).toEqual([]));

  it('say what to edit instead', () => {
    for (const { file, make } of GENERATED) expect([file, make().slice(0, 400)]).toEqual([file, expect.stringMatching(/[Gg]enerated from/)]);
  });
});
