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
 * The types that a catalogue may list a service under, the best first. An alias finds the official type too, but no other
 * alias: `volumev2` and `volumev3` are two versions.
 */
export function serviceTypes(wanted: string): readonly string[] {
  if (Object.hasOwn(ALIASES, wanted)) return [wanted, ...(ALIASES[wanted] ?? [])];
  const official = Object.keys(ALIASES).find((type) => ALIASES[type]?.includes(wanted));
  return official === undefined ? [wanted] : [wanted, official];
}
