import { existsSync } from 'node:fs';
import { ConfigurationError } from '../../errors.ts';
import type { KnownValue, KnownValueOptions } from './known-value.ts';

const SECRET_NAME =
  /(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|SECRET_?KEY|ACCESS_?KEY|(?:ENCRYPTION|SIGNING|MASTER)_KEY|CREDENTIALS?|_PAT)$/i;
const PLAIN_WORD =
  /^(?:true|false|none|null|undefined|enabled?|disabled?|required|optional|always|never|auto|default)$/i;
/** Shorter values stand in ordinary text. */
const SHORTEST = 6;

/** The values of the environment whose names end like a secret's. */
export function* environmentValues({ env = true }: KnownValueOptions): Generator<KnownValue> {
  if (!env) return;
  for (const [name, value = ''] of Object.entries(process.env)) {
    if (SECRET_NAME.test(name) && isSecretValue(value.trim())) yield { name, value };
  }
}

/** The variables that the command line names, whatever they hold. */
export function* namedValues({ variables = [] }: KnownValueOptions): Generator<KnownValue> {
  for (const name of variables) {
    const value = process.env[name];
    if (!value) throw new ConfigurationError(`the environment variable ${name} is not set.`);
    yield { name, value };
  }
}

function isSecretValue(value: string): boolean {
  return value.length >= SHORTEST && !PLAIN_WORD.test(value) && !isPath(value);
}

/** Secrets may begin with a slash, too: base64 does. */
function isPath(value: string): boolean {
  return /^(?:~|\.{1,2}|[a-z]:)?[\\/]/i.test(value) && (value.startsWith('~') || existsSync(value));
}
