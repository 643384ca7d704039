/**
 * @param {unknown} actual
 * @param {unknown} expected
 */
export function equal(actual, expected) {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`got ${got}, wanted ${wanted}`);
}

/**
 * @param {boolean} holds
 * @param {string} otherwise
 */
export function isTrue(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
