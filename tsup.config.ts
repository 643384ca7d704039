import { defineConfig } from 'tsup';

// One entry for each subpath in package.json's exports, and its command; what they share becomes a chunk.
// tsc writes the declarations (tsconfig.build.json); dependencies and peers stay external.
export default defineConfig({
  entry: [
    'src/index.ts',
    'src/adapters/{axios,got,ky,fetch,undici}.ts',
    'src/logging/index.ts',
    'src/node/index.ts',
    'src/config/index.ts',
    'src/cli/main.ts',
  ],
  external: [/^node:/],
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: false,
  removeNodeProtocol: false,
});
