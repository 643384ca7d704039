import { defineConfig } from 'vitest/config';

/** Long enough for a loaded machine: a test that asserts a time says so itself. */
const patience = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    setupFiles: ['./test/helpers/at-a-desk.ts'],
    // Most tests wait for servers and processes; one worker, the default on two cores, leaves both cores idle.
    maxWorkers: '100%',
    coverage: { include: ['src/**/*.ts'] },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...patience } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          ...patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'leaks without the engine',
          include: ['test/integration/leaks/**/*.test.ts'],
          env: { LEAKS_ENGINE: 'none' },
          ...patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: { enabled: true, only: true, checker: 'tsc', include: ['test/types/**/*.test-d.ts'] },
        },
      },
    ],
  },
});
