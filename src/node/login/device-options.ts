import type { DevicePrompt } from '../../oauth/device-code.ts';
import { flag, func, type Kind, type Shape } from '../../options.ts';

/** How a person signs in on another screen (RFC 8628). */
export interface DeviceLoginOptions {
  /** Shows the code, in place of the terminal. The signal aborts when nobody has to be shown it any more. */
  readonly onCode?: (prompt: DevicePrompt & { readonly signal: AbortSignal }) => void | Promise<void>;
  /**
   * More hosts whose pages a person may be sent to. Default: those of the issuer and of its endpoints, and hosts below them.
   */
  readonly verificationHosts?: readonly string[];
  /** Use the browser of this machine where there is one, because device codes are phished. Default: `true`. */
  readonly preferBrowser?: boolean;
}

const HOSTS: Kind = {
  wanted: 'a list of host names',
  test: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
};

export const DEVICE_LOGIN: Shape<DeviceLoginOptions> = {
  onCode: func,
  verificationHosts: HOSTS,
  preferBrowser: flag,
};
