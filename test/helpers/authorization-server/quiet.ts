/**
 * oidc-provider, without the notices that it prints on import and on construction: they are about production.
 */

const { warn, info } = console;

function mute(): void {
  console.warn = () => {};
  console.info = () => {};
}

function unmute(): void {
  console.warn = warn;
  console.info = info;
}

/** Runs something synchronous without notices on the console. */
export function quietly<T>(run: () => T): T {
  mute();
  try {
    return run();
  } finally {
    unmute();
  }
}

mute();
export const { default: Provider, errors } = await import('oidc-provider').finally(unmute);
