/**
 * authwire's configurations: files and environments that other tools have, as options of authenticators.
 */

export type { Environment } from './openstack/files.ts';
export { type OpenStackOptionsRequest, openStackOptions } from './openstack/options.ts';
