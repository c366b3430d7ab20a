/** A few seconds of the campaign of malformed sources, in plain Node; what it looks for stands at its top. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

it('malformed sources end in diagnostics or in good programs', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['tests/campaigns/run.mjs', 'malformed-sources', '--seed', '20261124', '--seconds', '3']);
  expect(stdout).toMatch(/cases, 0 failures/);
});
