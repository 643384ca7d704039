import { func, milliseconds, readOptions, type Shape, text as textKind } from '../options.ts';
import type { Secret } from '../secret.ts';
import { replaceInJson } from './json-text.ts';
import { maskValue } from './objects/mask-object.ts';
import { nodeStream } from './streams/node-stream.ts';
import { textMasker } from './streams/text-masker.ts';
import { webStream } from './streams/web-stream.ts';
import { type CredentialFilterOptions, createTextFilter, type TextFilter, textFilter } from './text-filter.ts';

/** Knows secrets by key, and takes them out of text, objects and streams. */
export interface CredentialFilter {
  /** Masks `value` from now on. The same key replaces; an empty value only removes. */
  updateSecret(key: string, value: string | Secret): void;
  /** Forgets the key's secret once the grace period is over. */
  removeSecret(key: string): void;
  /** The text with every known secret masked, however it is encoded. Never throws; masking twice changes nothing. */
  mask(text: string): string;
  /**
   * A copy of the value with every text in it masked: errors with their causes, maps, bytes, headers, URLs, requests.
   * The value itself is left alone. Never throws; follows cycles; at most 16 levels and 50,000 entries.
   */
  maskObject(value: unknown): unknown;
  /**
   * A stream of Node that masks text or UTF-8. Whole lines go out at once; of what has no line end, a tail of a few
   * kilobytes is kept until more comes or the stream ends.
   *
   * @throws {@link ConfigurationError} where there is no `node:stream`.
   */
  createStream(): import('node:stream').Transform;
  /** The same as a web stream, which gives text. */
  transformStream(): TransformStream<string | Uint8Array, string>;
}

/**
 * Makes a filter that masks the secrets it is told, in every encoding that they commonly turn up in.
 *
 * @example
 * const filter = createCredentialFilter();
 * filter.updateSecret('password', 'open sesame');
 * filter.mask('GET /?p=open%20sesame'); // 'GET /?p=*****'
 * @throws {@link ConfigurationError} naming the option that is unknown or of the wrong kind.
 */
export function createCredentialFilter(options?: CredentialFilterOptions): CredentialFilter {
  return filterOf(createTextFilter(readOptions('createCredentialFilter', options, SHAPE)));
}

const SHAPE: Shape<CredentialFilterOptions> = { mask: textKind, graceMs: milliseconds, onWeakSecret: func, now: func };

/** What logs programs need, on top of a filter of text; authenticators get by without, and stay small. */
function filterOf(text: TextFilter): CredentialFilter {
  const { updateSecret, removeSecret } = text;
  const mask = (line: string) => text.maskBy(line, replaceInJson);
  return Object.freeze<CredentialFilter>({
    updateSecret,
    removeSecret,
    mask,
    maskObject: (value) => maskValue(value, mask),
    createStream: () => nodeStream(textMasker({ ...text, mask })),
    transformStream: () => webStream(textMasker({ ...text, mask })),
  });
}

/**
 * The filter of this process. Every authenticator registers its secrets here the moment it learns them. It is shared
 * by all copies of authwire that are installed; the keys are each copy's own.
 */
export const credentialFilter: CredentialFilter = filterOf(textFilter);
