import { distance } from 'fastest-levenshtein';

/** Longer than any name; keeps the comparison cheap whatever the input is. */
const MAX_LENGTH = 60;

/** The end of a sentence about an unknown name: what it was probably meant to be. */
export function suggestion(name: string, known: readonly string[]): string {
  const [nearest, steps] = nearestOf(name, known);
  if (nearest === undefined) return '';
  return isNear(name, steps) ? ` Did you mean '${nearest}'?` : ` The nearest known name is '${nearest}'.`;
}

/** What a misspelt option was meant to be, else all that there are. */
export function hintAt(name: string, known: readonly string[]): string {
  const [nearest, steps] = nearestOf(name, known);
  return nearest !== undefined && isNear(name, steps) ? `Did you mean '${nearest}'?` : `It takes: ${known.join(', ')}.`;
}

function isNear(name: string, steps: number): boolean {
  return steps <= Math.max(2, Math.floor(name.length / 3));
}

/** A typing error is worth being repeated. What looks like no name may be a secret that went into the wrong place. */
export function looksLikeName(name: string): boolean {
  return name.length <= MAX_LENGTH && /^[A-Za-z_-]+\d?[A-Za-z_-]*\d?$/.test(name);
}

function nearestOf(name: string, known: readonly string[]): [nearest: string | undefined, steps: number] {
  const wanted = plain(name.slice(0, MAX_LENGTH));
  let [nearest, steps]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const candidate of known) {
    const distant = stepsBetween(wanted, plain(candidate));
    if (distant < steps) [nearest, steps] = [candidate, distant];
  }
  return [nearest, steps];
}

/** A name that is part of another one (`client_id` of `oauth2ClientId`) is nearer to it than its letters say. */
function stepsBetween(wanted: string, candidate: string): number {
  const isPart = wanted.length > 3 && candidate.includes(wanted);
  return isPart ? 1 + candidate.length / 100 : distance(wanted, candidate);
}

/** Case, underscores and hyphens are how the same name is written elsewhere. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}
