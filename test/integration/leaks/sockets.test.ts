import { get, type IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import axios from 'axios';
import { expect, it } from 'vitest';
import { axiosAuth } from '../../../src/adapters/axios.ts';
import { AuthApiKey } from '../../../src/authenticators/api-key.ts';
import { findMarks } from '../../helpers/leaks-forms.ts';
import { markedSecret } from '../../helpers/leaks-mark.ts';
import { redirect } from '../../helpers/protected-api.ts';
import { theStage } from './stage.ts';

const stage = theStage();

/** Asks without any authentication, through the agent that all clients of the process share. */
async function answerOf(url: string): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => get(url, resolve).on('error', reject));
  answer.resume();
  return answer;
}

it.each([
  ['an answer', '/500'],
  ['a refusal', '/401'],
  ['a redirect', '/moved'],
])('a socket that axios has used shows nothing of it after %s', async (_name, path) => {
  stage.api.on('/moved', redirect(307, `${stage.api.origin.replace('127.0.0.1', 'localhost')}/500`));
  const client = axios.create({ validateStatus: () => true });
  const auth = new AuthApiKey({ header: 'x-api-key', key: markedSecret('header'), origins: '*' });
  client.interceptors.request.use(axiosAuth(auth));
  const reply = await client.get(stage.api.url(path));

  const answer = await answerOf(stage.api.url('/500'));
  const notes = Object.getOwnPropertySymbols(answer.socket).map((name) => name.description);
  expect(reply.status).toBeGreaterThan(400);
  expect(notes, 'the socket is the one that axios used').toContain('axios.http.currentReq');
  expect(findMarks(inspect(answer, { depth: 10 }))).toEqual([]);
});
