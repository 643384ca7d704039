import { ConfigurationError } from './errors.ts';

/** Names separated by dots, or a list of names where one of them holds a dot. */
export type KeyNames = string | readonly string[];

/** Reads a value out of parsed JSON. */
export type KeyPath = (value: unknown) => unknown;

const RESERVED = ['__proto__', 'constructor', 'prototype'];

/**
 * Compiles a dotted path such as `data.token` or `tokens.0.value`, or a list of names. It reads own properties only.
 *
 * @param option - The option that holds the path.
 * @throws {@link ConfigurationError} for an empty path, an empty segment, or a segment that only an attacker wants.
 */
export function keyPath(path: KeyNames, option: string): KeyPath {
  const keys = keysOf(path);
  if (keys.includes('')) {
    throw new ConfigurationError(`option '${option}' takes names separated by dots, such as 'data.token'.`, { option });
  }
  const reserved = keys.find((key) => RESERVED.includes(key));
  if (reserved !== undefined) {
    throw new ConfigurationError(`option '${option}' must not hold '${reserved}'.`, { option });
  }
  return (value) => keys.reduce(ownProperty, value);
}

/** Would {@link keyPath} take it? */
export function isKeyPath(path: string): boolean {
  return keysOf(path).every((key) => key !== '' && !RESERVED.includes(key));
}

function keysOf(path: unknown): readonly string[] {
  if (typeof path === 'string') return path.split('.');
  const isList = Array.isArray(path) && path.length > 0 && path.every((name) => typeof name === 'string');
  return isList ? (path as readonly string[]) : [''];
}

/** A property of the value's own, else `undefined`: nothing comes from a prototype. */
export function ownProperty(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
