import { maskWords } from '../../secrets/fall-back.ts';
import { isSubstantial } from './bases.ts';

/** Members of JSON credentials that are the same for everybody: masking them would shred every line. */
const PUBLIC_MEMBER = /^type$|(?:^|_)(?:domain|ur[il])$/i;

/** A document with more leaves is no credential any more. */
const MOST_LEAVES = 500;

/**
 * What is secret by itself in a JSON document that a program has named as a secret, such as the private key in a service
 * account's file. Only what looks random, so that a password that happens to be JSON takes no words out of the logs.
 */
export function jsonLeaves(document: string): string[] {
  const text = document.trim();
  if (!/^[{[].*[}\]]$/s.test(text)) return [];
  const leaves: string[] = [];
  try {
    JSON.parse(text, (key, value: unknown) => {
      if (typeof value === 'string' && !isPublic(key, value) && looksRandom(value)) leaves.push(value.trim());
      return value;
    });
  } catch {
    return [];
  }
  return leaves.slice(0, MOST_LEAVES);
}

function looksRandom(value: string): boolean {
  return isSubstantial(value.trim()) && (value.trim().includes('\n') || maskWords(value) !== value);
}

/** An endpoint without credentials in it, or a member that names a kind. */
function isPublic(key: string, value: string): boolean {
  return PUBLIC_MEMBER.test(key) && /^(?:https?:\/\/[^@?]*|[\w.-]*)$/.test(value);
}
