import { BlockList, isIP, isIPv6 } from 'node:net';
import { ConfigurationError } from '../../errors.ts';

/** Where a connection goes. */
export interface HostAndPort {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `host:port`, with brackets where the host has colons. */
export function authority({ host, port }: HostAndPort): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Without the brackets that URLs put around IPv6 addresses. */
export function bareHost(host: string): string {
  return host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host;
}

/** Tells whom to reach without the proxy. @throws ConfigurationError for an entry that can match nothing. */
export function bypass(entries: readonly string[] = []): (target: HostAndPort) => boolean {
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry !== 'string')) return refuse();
  const rules = entries.map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '');
  const matchers = rules.map(matcher);
  return ({ host, port }) => matchers.some((matches) => matches({ host: host.toLowerCase(), port }));
}

type Matcher = (target: HostAndPort) => boolean;

function matcher(rule: string): Matcher {
  if (rule === '*') return () => true;
  if (rule.includes('/')) return subnet(rule);
  const [, name, port] = /^(\[[\da-f:.]+\]|[^:]+|[\da-f:.]{2,})(?::(\d+))?$/.exec(rule) ?? refuse();
  const wanted = bareHost(name as string).replace(/^\*?\./, '');
  const matchesHost = isIP(wanted) === 0 ? named(wanted) : exactly(wanted);
  return (target) => (port === undefined || Number(port) === target.port) && matchesHost(target);
}

function named(name: string): Matcher {
  return ({ host }) => host === name || host.endsWith(`.${name}`);
}

/** One address may be written in several ways. */
function exactly(address: string): Matcher {
  const list = new BlockList();
  list.addAddress(address, family(address));
  return inList(list);
}

function subnet(rule: string): Matcher {
  const [address = '', prefix] = rule.split('/');
  const list = new BlockList();
  try {
    list.addSubnet(bareHost(address), Number(prefix), family(bareHost(address)));
  } catch {
    refuse();
  }
  return inList(list);
}

function inList(list: BlockList): Matcher {
  return ({ host }) => isIP(host) !== 0 && list.check(host, family(host));
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

function refuse(): never {
  throw new ConfigurationError(
    "option 'noProxy' takes names of hosts, host:port, IP addresses, subnets such as 10.0.0.0/8, and '*'.",
    { option: 'noProxy' },
  );
}
