import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type KeystoneValues, scenarios } from '../../helpers/keystone-scenarios.ts';
import { type RecordedExchange, replayer } from '../../helpers/recorded-exchanges.ts';

// Recorded from Keystone 22 by test/extended/keystone/record.ts. What we send must stay what it has understood.
const file = new URL('../../fixtures/keystone/exchanges.json', import.meta.url);
const { values, records } = JSON.parse(await readFile(file, 'utf8')) as {
  readonly values: Omit<KeystoneValues, 'passcode'>;
  readonly records: readonly {
    readonly name: string;
    readonly now: number;
    readonly passcode: string;
    readonly exchanges: readonly RecordedExchange[];
    readonly result: unknown;
  }[];
};

describe('a recorded Keystone', () => {
  it('has met every scenario', () => {
    expect(records.map(({ name }) => name)).toEqual(Object.keys(scenarios));
  });

  it.each(records)('$name', async ({ name, now, passcode, exchanges, result }) => {
    const asked: RecordedExchange['request'][] = [];
    const fetch = replayer(exchanges, asked);

    const replayed = await scenarios[name]?.({ values: { ...values, passcode }, fetch, now: () => now });

    expect(asked).toEqual(exchanges.map(({ request }) => request));
    expect(replayed).toEqual(result);
  });
});
