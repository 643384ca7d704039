import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Certificate, certificate, certificateAuthority } from '../../helpers/network/certificates.ts';
import { wantsDigest } from '../../helpers/network/proxy-rules.ts';
import { type RecordingOrigin, startRecordingOrigin } from '../../helpers/network/recording-origin.ts';
import { transportClients } from '../../helpers/network/transport-clients.ts';
import { testProxy, testTransport } from './fixture.ts';

const login = { username: 'ada', password: 'proxy pass' };

let ca: Certificate;
let secure: RecordingOrigin;
let plain: RecordingOrigin;

beforeAll(async () => {
  ca = await certificateAuthority();
  secure = await startRecordingOrigin(await certificate(ca, 'api.example', ['api.example']));
  plain = await startRecordingOrigin();
});

afterAll(() => Promise.all([secure, plain].map((origin) => origin.close())));

const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

it('keeps no process alive once its requests are done', async () => {
  const proxy = await testProxy({ rule: wantsDigest(login.username, login.password) });
  const script = `
    import { createTransport } from ${at('../../../src/node/transport/transport.ts')};
    import { transportClients } from ${at('../../helpers/network/transport-clients.ts')};
    const transport = createTransport(${JSON.stringify({ ca: ca.cert, proxy: { url: proxy.url, ...login } })});
    for (const [, wire] of transportClients) {
      const send = wire(transport);
      for (const url of ${JSON.stringify([secure.url(), plain.url()])}) console.log((await send({ url })).status);
    }
  `;
  const args = ['--input-type=module', '--no-warnings', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
  expect(stdout.trim().split('\n')).toEqual(Array(transportClients.length * 2).fill('200'));
});

it('ends every connection when it is closed, whoever uses it', async () => {
  const proxy = await testProxy({ rule: wantsDigest(login.username, login.password) });
  const transport = testTransport({ ca: ca.cert, proxy: { url: proxy.url, ...login } });
  for (const [, wire] of transportClients) {
    const send = wire(transport);
    for (const origin of [secure, plain]) expect((await send({ url: origin.url() })).status).toBe(200);
  }
  expect(proxy.open).toBeGreaterThan(2);
  await transport.close();
  await proxy.deserted();
  expect(proxy.open).toBe(0);
});
