import type { AxiosStatics } from './types.ts';

/** A copy that `require` has loaded, wherever it is installed. All of a process's `require` share one cache. */
export function requiredCopy(headersClass: unknown): AxiosStatics | undefined {
  const { createRequire } = globalThis.process?.getBuiltinModule?.('node:module') ?? {};
  // Any absolute path does. `import.meta.url` would be empty where we are bundled to CommonJS.
  const loaded = Object.entries(createRequire?.(process.execPath).cache ?? {});
  const found = loaded.find(
    ([file, module]) => file.includes('axios') && module?.exports?.AxiosHeaders === headersClass,
  );
  return found?.[1]?.exports;
}
