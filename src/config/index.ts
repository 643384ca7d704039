/**
 * Profiles, and configurations that other tools have: credential fields and options from files and the environment.
 */

import { hintAt } from '../fields/nearest.ts';
import { spelling } from '../options.ts';

// package.json lists this file under `sideEffects`.
spelling.hint = hintAt;

export type { SignInFields } from '../fields/sign-in-fields.ts';
export type { Config } from './config.ts';
export type { ConfigDescription } from './description.ts';
export type { FileState } from './files.ts';
export type { LayerKind } from './layer.ts';
export { type LoadConfigOptions, loadConfig } from './load.ts';
export {
  type OpenStackCloudRequest,
  type OpenStackOptionsRequest,
  openStackOptions,
  openStackTransportOptions,
} from './openstack/options.ts';
export type { Environment } from './places.ts';
export type { FieldState } from './shown.ts';
