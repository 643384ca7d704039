import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    setupFiles: ['./test/helpers/at-a-desk.ts'],
    coverage: { include: ['src/**/*.ts'] },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'leaks without the engine',
          include: ['test/integration/leaks/**/*.test.ts'],
          env: { LEAKS_ENGINE: 'none' },
          testTimeout: 30_000,
          hookTimeout: 30_000,
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
