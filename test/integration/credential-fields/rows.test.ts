import { describe, expect, it } from 'vitest';
import { credentialSchema } from '../../../src/fields/credential-schema.ts';
import { common } from './common.ts';
import { keys } from './keys.ts';
import { logins } from './logins.ts';
import { network } from './network.ts';
import { oauth2 } from './oauth2.ts';
import { type Rows, startStage } from './stage.ts';

const parts: readonly Rows[] = [common, network, keys, logins, oauth2];
const rows = parts.flatMap((part) => Object.entries(part));

it('every one of the 41 fields has a row, and only one', () => {
  expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(credentialSchema).sort());
  expect(rows).toHaveLength(41);
});

describe.each(rows)('field %s', (_name, behaviours) => {
  it.each(Object.entries(behaviours))('%s', async (_does, run) => {
    await using stage = await startStage();
    await run(stage);
  });
});
