/**
 * From the settings of a cloud, under the names that openstacksdk gives them, to the options of AuthOpenStack.
 */

import { ConfigurationError } from '../../errors.ts';
import { type Secret, secret } from '../../secret.ts';
import type { Cloud } from './choose-cloud.ts';
import type { Setting } from './settings.ts';

/** Options by name, and where each came from. */
export interface FoundOptions {
  readonly options: Readonly<Record<string, string | boolean | Secret>>;
  readonly places: ReadonlyMap<string, string>;
}

/** Each way to log in: the secrets it needs, and whether it needs a user. */
const METHODS = {
  password: { secret: ['password', 'password'], user: true },
  totp: { secret: ['passcode', 'passcode'], user: true },
  token: { secret: ['token', 'token'], user: false },
  applicationcredential: { secret: ['applicationCredentialSecret', 'application_credential_secret'], user: false },
} as const;
type Method = keyof typeof METHODS;

/** @throws {@link ConfigurationError} naming the key or variable that is missing or cannot be honoured. */
export function loginOptions(cloud: Cloud): FoundOptions {
  const found = new Finder(cloud);
  refuseVersionTwo(found);
  found.take('authUrl', found.need('auth_url'));
  for (const method of methodsOf(found)) takeMethod(found, method);
  takeScope(found);
  found.take('region', found.get('region_name'));
  const face = found.get('interface', 'endpoint_type');
  found.take('interface', face && { ...face, value: face.value.replace(/URL$/, '') });
  return found;
}

/** Reads settings under their former names too, and remembers where what it takes came from. */
class Finder implements FoundOptions {
  readonly #cloud: Cloud;
  readonly options: Record<string, string | boolean | Secret> = {};
  readonly places = new Map<string, string>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  get(...keys: readonly string[]): Setting | undefined {
    return keys.map((key) => this.#cloud.settings.get(key)).find((setting) => setting !== undefined);
  }

  list(key: string): readonly Setting[] {
    return this.#cloud.lists.get(key) ?? [];
  }

  need(key: string, ...others: readonly string[]): Setting {
    const found = this.get(key, ...others);
    if (found !== undefined) return found;
    const name = this.#cloud.name === 'the environment' ? `OS_${key.toUpperCase()}` : key;
    throw new ConfigurationError(`${this.#cloud.name} lacks '${name}'.`, { option: name });
  }

  take(
    option: string,
    setting: Setting | undefined,
    wrap: (value: string) => string | boolean | Secret = String,
  ): void {
    if (setting === undefined) return;
    this.options[option] = wrap(setting.value);
    this.places.set(option, setting.where);
  }
}

function refuseVersionTwo(found: Finder): void {
  const version = found.get('identity_api_version');
  if (version === undefined || version.value.startsWith('3')) return;
  refuse(version, 'must be 3: other versions of the Identity API are not supported');
}

function methodsOf(found: Finder): readonly Method[] {
  const type = found.get('auth_type', 'auth_plugin');
  if (type === undefined) return [impliedMethod(found)];
  if (type.value !== 'v3multifactor') return [methodOf(type)];
  const methods = found.list('auth_methods').map(methodOf);
  return methods.length > 0 ? methods : refuse(type, "needs a list 'auth_methods', such as [v3password, v3totp]");
}

function impliedMethod(found: Finder): Method {
  if (found.get('application_credential_secret') !== undefined) return 'applicationcredential';
  return found.get('token', 'auth_token') !== undefined && found.get('password') === undefined ? 'token' : 'password';
}

function methodOf(type: Setting): Method {
  const name = type.value.replace(/^v3/, '').replaceAll('_', '');
  if (Object.hasOwn(METHODS, name)) return name as Method;
  const known = [...Object.keys(METHODS), 'multifactor'].map((one) => `v3${one}`).join(', ');
  return refuse(type, `names a way to log in that is not known here (known are ${known})`);
}

function takeMethod(found: Finder, method: Method): void {
  const { secret: names, user } = METHODS[method];
  const [option, key] = names;
  found.take(option, method === 'token' ? found.need(key, 'auth_token') : found.need(key), secret);
  const id = found.get('application_credential_id');
  if (method === 'applicationcredential') {
    if (id !== undefined) found.take('applicationCredentialId', id);
    else
      found.take('applicationCredentialName', found.need('application_credential_name', 'application_credential_id'));
  }
  if (user || (method === 'applicationcredential' && id === undefined)) takeUser(found);
}

/** An id says it all; with both, the id wins, as Keystone's own clients have it. */
function takeUser(found: Finder): void {
  const id = found.get('user_id');
  found.take('userId', id);
  if (id !== undefined) return;
  found.take('username', found.need('username', 'user_name'));
  takeDomain(found, 'user');
}

function takeDomain(found: Finder, of: 'user' | 'project'): void {
  const keys = [`${of}_domain`, ...(isProjectScoped(found) ? ['domain'] : []), 'default_domain'];
  const key = keys.find((one) => found.get(`${one}_id`, `${one}_name`) !== undefined);
  const id = key === undefined ? found.get('default_domain') : found.get(`${key}_id`);
  if (id !== undefined) found.take(`${of}DomainId`, id);
  else found.take(`${of}DomainName`, key === undefined ? found.need(`${of}_domain_name`) : found.get(`${key}_name`));
}

function isProjectScoped(found: Finder): boolean {
  return found.get('project_id', 'tenant_id', 'project_name', 'tenant_name') !== undefined;
}

function takeScope(found: Finder): void {
  if (found.options.applicationCredentialSecret !== undefined) return;
  found.take('systemScope', found.get('system_scope'));
  found.take('trustId', found.get('trust_id'));
  found.take('unscoped', found.get('unscoped'), (value) => value.toLowerCase() === 'true');
  const [id, name] = [found.get('project_id', 'tenant_id'), found.get('project_name', 'tenant_name')];
  if (id !== undefined) found.take('projectId', id);
  else if (name !== undefined) takeProjectName(found, name);
  else takeDomainScope(found);
}

function takeProjectName(found: Finder, name: Setting): void {
  found.take('projectName', name);
  takeDomain(found, 'project');
}

function takeDomainScope(found: Finder): void {
  const id = found.get('domain_id');
  if (id !== undefined) found.take('domainId', id);
  else found.take('domainName', found.get('domain_name'));
}

function refuse({ where }: Setting, problem: string): never {
  throw new ConfigurationError(`${where} ${problem}.`, { option: where });
}
