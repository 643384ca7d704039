/**
 * A mark on the fields of a profile that comes from files of the user or the system, from the environment or from the program:
 * such a profile may run a command. Copies of the fields don't have it, because whatever was added may come from anywhere.
 */

const brand: unique symbol = Symbol.for('authwire.ownProfile.v1');

export function brandOwnProfile(fields: object): void {
  Object.defineProperty(fields, brand, { value: true });
}

/** Do these fields come from a profile that no project's file has defined? */
export function isOwnProfile(fields: object): boolean {
  return typeof fields === 'object' && fields !== null && Object.hasOwn(fields, brand);
}
