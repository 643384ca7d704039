/**
 * Is this host on the inside of some network, as far as its name says? Names that only resolve to such an address cannot
 * be told without asking the network, and a browser would not tell even then.
 *
 * @param hostname - As the URL parser writes it: numbers of four parts, IPv6 in brackets.
 */
export function isPrivateHost(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  if (name.startsWith('[')) return isPrivateV6(name.slice(1, -1));
  return /^[\d.]+$/.test(name) ? isPrivateV4(name) : isLocalName(name);
}

/** RFC 6761, RFC 6762, RFC 8375, `.internal`; and names without a dot, which are completed by the search list. */
function isLocalName(name: string): boolean {
  return !name.includes('.') || /\.(?:localhost|local|internal|home\.arpa)$/.test(name);
}

/** RFC 6890: this host, private, shared, loopback and link-local addresses. */
function isPrivateV4(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  if (a === 0 || a === 10 || a === 127) return true;
  if (a === 100) return b >= 64 && b <= 127;
  if (a === 172) return b >= 16 && b <= 31;
  return (a === 192 && b === 168) || (a === 169 && b === 254);
}

/** RFC 6890: unspecified, loopback, unique local and link-local addresses, and IPv4 in the disguise of IPv6. */
function isPrivateV6(address: string): boolean {
  const embedded = /^(?:::ffff:|64:ff9b::)([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address);
  if (embedded !== null) return isPrivateV4(dotted(embedded[1], embedded[2]));
  return address === '::' || address === '::1' || /^f(?:[cd][\da-f]|e[89ab])[\da-f]:/.test(address);
}

function dotted(high = '0', low = '0'): string {
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}
