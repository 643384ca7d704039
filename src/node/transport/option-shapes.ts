/**
 * The kinds of a transport's options. What else is wrong with them, such as a file that cannot be read, their readers say.
 */

import {
  anything,
  either,
  flag,
  object,
  oneOf,
  positiveMilliseconds,
  type Shape,
  secretOption,
  text,
  texts,
  urlLike,
} from '../../options.ts';
import { isSecret } from '../../secret.ts';
import type { ProxyOptions, TlsOptions, TransportOptions } from './options.ts';

const secretText = {
  wanted: 'text or a Secret',
  test: (value: unknown) => typeof value === 'string' || isSecret(value),
  defined: true,
};

export const tlsShape: Shape<TlsOptions> = {
  ca: texts,
  caFile: urlLike,
  cert: text,
  certFile: urlLike,
  key: secretText,
  keyFile: urlLike,
  pfx: { wanted: 'bytes', test: (value) => value instanceof Uint8Array },
  pfxFile: urlLike,
  passphrase: secretText,
  rejectUnauthorized: flag,
};

export const proxyShape: Shape<ProxyOptions> = {
  url: anything,
  host: anything,
  port: anything,
  username: secretOption,
  password: secretOption,
  scheme: oneOf('basic', 'digest'),
  token: { ...anything, defined: true },
  format: text,
  noProxy: anything,
  tls: object,
};

export const transportShape: Shape<TransportOptions> = {
  ...tlsShape,
  proxy: either(urlLike, object),
  connectTimeoutMs: positiveMilliseconds,
  undici: anything,
};
