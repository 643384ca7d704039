import type { ShowDevicePrompt } from '../../oauth/grants/device-authorization.ts';
import { flag, func, type Kind, type Shape } from '../../options.ts';

/** How a person is shown a code for another screen (RFC 8628). */
export interface CodeLoginOptions {
  /**
   * Shows the code instead of the terminal. The signal aborts when the code is no longer needed. Default: the terminal
   * shows it.
   */
  readonly onCode?: ShowDevicePrompt;
  /**
   * Further hosts whose pages a person may be sent to. Default: the hosts of the issuer and its endpoints, and their
   * subdomains.
   */
  readonly verificationHosts?: readonly string[];
}

/** How a person signs in on another screen (RFC 8628). */
export interface DeviceLoginOptions extends CodeLoginOptions {
  /** Signs in with this machine's browser where there is one, because device codes can be phished. Default: `true`. */
  readonly preferBrowser?: boolean;
}

const HOSTS: Kind = {
  wanted: 'a list of host names',
  test: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
};

export const CODE_LOGIN: Shape<CodeLoginOptions> = { onCode: func, verificationHosts: HOSTS };
export const DEVICE_LOGIN: Shape<DeviceLoginOptions> = { ...CODE_LOGIN, preferBrowser: flag };
