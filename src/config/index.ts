/** Profiles: credential fields from files and the environment, and what other tools have there. */

export type { Config, ConfigDescription } from './config.ts';
export type { FileState } from './files.ts';
export type { LayerKind } from './layer.ts';
export { type LoadConfigOptions, loadConfig } from './load.ts';
export { type OpenStackOptionsRequest, openStackOptions } from './openstack/options.ts';
export type { Environment } from './places.ts';
export type { FieldState } from './shown.ts';
