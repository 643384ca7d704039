import { defineConfig } from 'vitest/config';

/** Tests against servers that Debian packages; `npm run test:integration` installs them. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    name: 'extended',
    setupFiles: ['./test/helpers/at-a-desk.ts'],
    include: ['test/extended/**/*.test.ts'],
    globalSetup: ['test/extended/servers.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
