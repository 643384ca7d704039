import type { ShowDevicePrompt } from '../../oauth/grants/device-authorization.ts';
import { flag, func, type Kind, type Shape } from '../../options.ts';

/** How a person signs in on another screen (RFC 8628). */
export interface DeviceLoginOptions {
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
  /** Signs in with this machine's browser where there is one, because device codes can be phished. Default: `true`. */
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
