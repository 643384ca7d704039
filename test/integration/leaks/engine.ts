/**
 * The leak suites run twice, as two projects of vitest: with `authwire/logging`, and without it, where the core masks by
 * itself.
 */
export const hasEngine = process.env.LEAKS_ENGINE !== 'none';
