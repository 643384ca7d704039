/**
 * The badges of the README: pictures of our own, so that the page asks no other host. Their figures are measured, and
 * `test/unit/badges.test.ts` compares them with their sources.
 */
import { compilers, nodes } from '../test/matrix/versions.mjs';

/** Where they are, from the root. */
export const BADGES = 'docs/badges';

/**
 * File names and contents.
 *
 * @param {{ size: string, tests: number }} measured - kB of the smallest program, and how many tests pass at least.
 * @returns {Readonly<Record<string, string>>}
 */
export function badgesOf({ size, tests }) {
  return {
    'size.svg': badge('size', `from ${size} kB gzipped`),
    'types.svg': badge('types', `included, TypeScript ${range(compilers)}`),
    'tests.svg': badge('tests', `over ${tests.toLocaleString('en')}, on real servers`),
    'runtimes.svg': badge('runs on', `Node ${range(nodes)}, Deno, Bun, Workers, browsers`),
  };
}

/** @param {object} versions - By number. */
function range(versions) {
  const numbers = Object.keys(versions).map(Number);
  return `${Math.min(...numbers)} to ${Math.max(...numbers)}`;
}

/**
 * @param {string} label
 * @param {string} message
 */
function badge(label, message) {
  // Verdana's average width at 11 pixels; `textLength` makes other fonts as wide.
  const left = Math.round(label.length * 6.3);
  const right = Math.round(message.length * 6.3);
  const split = left + 12;
  const width = split + right + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${label}: ${message}">
  <title>${label}: ${message}</title>
  <clipPath id="round"><rect width="${width}" height="20" rx="3"/></clipPath>
  <g clip-path="url(#round)"><rect width="${split}" height="20" fill="#555"/><rect x="${split}" width="${right + 12}" height="20" fill="#1f6f9f"/></g>
  <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
    <text x="6" y="14" textLength="${left}">${label}</text>
    <text x="${split + 6}" y="14" textLength="${right}">${message}</text>
  </g>
</svg>
`;
}
