import type { TextMasker } from './text-masker.ts';

/** Makes a web stream around a masker: text or UTF-8 in, masked text out. */
export function webStream({ push, end }: TextMasker): TransformStream<string | Uint8Array, string> {
  return new TransformStream({
    transform: (chunk, controller) => give(push(chunk), controller),
    flush: (controller) => give(end(), controller),
  });
}

function give(text: string, controller: TransformStreamDefaultController<string>): void {
  if (text !== '') controller.enqueue(text);
}
