/** Profiles: credential fields from files and the environment. */

export type { Config, ConfigDescription } from './config.ts';
export type { FileState } from './files.ts';
export type { LayerKind } from './layer.ts';
export { type LoadConfigOptions, loadConfig } from './load.ts';
export type { FieldState } from './shown.ts';
