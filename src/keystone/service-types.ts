/**
 * The names under which catalogues have listed a service: the official type first, then its historical aliases, the best
 * one first (OpenStack's service types authority).
 */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'admin-logic': ['registration'],
  alarm: ['alarming'],
  'application-container': ['container'],
  'application-deployment': ['application_deployment'],
  baremetal: ['bare-metal'],
  'block-storage': ['volumev3', 'volumev2', 'volume', 'block-store'],
  clustering: ['resource-cluster', 'cluster'],
  'container-infrastructure-management': ['container-infrastructure', 'container-infra'],
  event: ['events'],
  'instance-ha': ['ha'],
  message: ['messaging'],
  meter: ['metering', 'telemetry'],
  'monitoring-logging': ['monitoring-log-api'],
  'multi-region-network-automation': ['tricircle'],
  'operator-policy': ['policy'],
  'resource-optimization': ['infra-optim'],
  'root-cause-analysis': ['rca'],
  'shared-file-system': ['sharev2', 'share'],
  workflow: ['workflowv2'],
};

/**
 * The types that a catalogue may list a service under, the best first. An alias that names a version, such as `volumev2`,
 * finds the official type too, but no other version; one that names none, such as `volume`, finds every name.
 */
export function serviceTypes(wanted: string): readonly string[] {
  const official = Object.keys(ALIASES).find((type) => type === wanted || ALIASES[type]?.includes(wanted));
  if (official === undefined) return [wanted];
  const aliases = /v\d$/.test(wanted) ? [] : (ALIASES[official] ?? []);
  return [...new Set([wanted, official, ...aliases])];
}
