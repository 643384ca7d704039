/**
 * The credential fields that say how the network is reached: `proxy*`, `sslverifypeer` and `ca_path`.
 */

import { isIPv6 } from 'node:net';
import { ConfigurationError } from '../../errors.ts';
import type { CredentialFields } from '../../fields/credential-fields.ts';
import { booleanField, isSet, numberField, requiredTextField, secretField, textField } from '../../fields/read.ts';
import { bareHost } from './no-proxy.ts';
import type { ProxyOptions, TransportOptions } from './options.ts';
import { asOption, type OptionName } from './tls-material.ts';

/** The options that fields stand for. @throws ConfigurationError naming the field that is wrong. */
export function transportOptions(fields: CredentialFields): TransportOptions {
  const proxy = booleanField(fields, 'proxy') ? proxyOptions(fields) : undefined;
  const caFile = textField(fields, 'ca_path');
  return {
    ...(proxy !== undefined && { proxy }),
    ...(caFile !== '' && { caFile }),
    ...(!booleanField(fields, 'sslverifypeer') && { rejectUnauthorized: false }),
  };
}

/** Does a credential ask for another way to the network than the usual one? */
export function needsTransport(fields: CredentialFields): boolean {
  return booleanField(fields, 'proxy') || !booleanField(fields, 'sslverifypeer') || textField(fields, 'ca_path') !== '';
}

/** Errors name `ca_path` where that is what was set. */
export function fieldNames(fields: CredentialFields): OptionName {
  const hasField = isSet(fields, 'ca_path');
  return (option) =>
    option === 'caFile' && hasField ? { option: 'ca_path', shown: "field 'ca_path'" } : asOption(option);
}

/** `proxyHost` may begin with `https://`, for proxies that speak TLS. */
function proxyOptions(fields: CredentialFields): ProxyOptions {
  const host = requiredTextField(fields, 'proxyHost', "the proxy's name or IP address");
  const isUrl = /^https?:\/\/[^/@?#\\\s]+\/?$/i.test(host) && URL.canParse(host);
  if (!isUrl && !isHost(host)) {
    return refuse('proxyHost', "the proxy's name or IP address, without path; the port goes into proxyPort");
  }
  const username = textField(fields, 'proxyUser');
  const password = secretField(fields, 'proxyPasswd');
  if (username === '' && password !== undefined) return refuse('proxyUser', 'set where proxyPasswd is');
  return {
    ...(isUrl ? { url: host } : { host }),
    ...(isSet(fields, 'proxyPort') && { port: portOf(fields) }),
    ...(username !== '' && { username, ...(password !== undefined && { password }) }),
  };
}

function isHost(host: string): boolean {
  return isIPv6(bareHost(host)) || (!/[\s:/@?#\\]/.test(host) && URL.canParse(`http://${host}`));
}

function portOf(fields: CredentialFields): number {
  const port = numberField(fields, 'proxyPort');
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? port : refuse('proxyPort', 'a number from 1 to 65535');
}

function refuse(option: keyof CredentialFields, expectation: string): never {
  throw new ConfigurationError(`field '${option}' must be ${expectation}.`, { option });
}
