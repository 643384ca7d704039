import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt, exportPKCS8, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { textFilter } from '../../../src/logging/text-filter.ts';
import { serviceAccount } from '../../../src/node/service-account.ts';
import { jwtBearer } from '../../../src/oauth/grants/jwt-bearer.ts';
import { testFolder } from '../../helpers/commands.ts';
import { leaks } from '../../helpers/leaks.ts';
import { MARK, markedSecret } from '../../helpers/leaks-mark.ts';

async function keyFile(content: unknown): Promise<string> {
  const path = join(await testFolder(), 'key.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

async function account() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    type: 'service_account',
    project_id: 'project',
    private_key_id: 'key-1',
    private_key: await exportPKCS8(privateKey),
    client_email: 'robot@project.example',
    token_uri: 'https://as.example/token',
  };
}

describe('a service account', () => {
  it('signs for the grant that it is given to', async () => {
    const path = await keyFile(await account());
    const sent: URLSearchParams[] = [];
    const send: typeof fetch = async (_url, init) => {
      sent.push(new URLSearchParams(String(init?.body)));
      return Response.json({ access_token: 'token-1', token_type: 'Bearer' });
    };

    const source = jwtBearer({ serviceAccount: await serviceAccount(path), scope: 'read', fetch: send });
    const token = await source.requestToken({ signal: new AbortController().signal });

    expect(token.accessToken).toBe('token-1');
    const claims = decodeJwt(sent[0]?.get('assertion') ?? '');
    expect(claims).toMatchObject({ iss: 'robot@project.example', aud: 'https://as.example/token', scope: 'read' });
  });

  it('hides its key where it is printed, and from logs', async () => {
    const key = markedSecret('token');
    const known = await serviceAccount(await keyFile({ ...(await account()), private_key: key }));

    expect(known.private_key).toBe(key);
    expect(leaks(known, MARK)).toEqual([]);
    expect(textFilter.mask(`the key is ${key}`)).toBe('the key is *****');
  });

  it.each<[string, unknown, RegExp]>([
    ['broken JSON', `{"private_key": "${MARK}`, /is not a JSON object/],
    ['null', null, /is not a JSON object/],
    ['a file without a key', { client_email: 'robot', note: MARK }, /has no 'private_key'/],
    ['a file without a name', { private_key: MARK }, /has no 'client_email'/],
    ['the login of a user', { type: 'authorized_user', refresh_token: MARK }, /Its type is authorized_user/],
  ])('is refused as %s, with the path and nothing else of it', async (_name, content, says) => {
    const path = await keyFile(content);

    const failed = serviceAccount(path);
    await expect(failed).rejects.toEqual(
      expect.objectContaining({ name: 'CredentialError', message: expect.stringMatching(says) }),
    );
    await expect(failed).rejects.toThrow(path);
    expect(leaks(await failed.catch((error: unknown) => error), MARK)).toEqual([]);
  });

  it('needs an absolute path, or the directory in which it begins', async () => {
    const path = await keyFile(await account());

    await expect(serviceAccount('key.json')).rejects.toMatchObject({ option: 'directory' });
    expect((await serviceAccount('key.json', { directory: join(path, '..') })).client_email).toBe(
      'robot@project.example',
    );
  });
});
