// Builds the single-page app against this repository, as an app builds its own against the package.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/app/',
  resolve: {
    alias: {
      'express-mfa/client': here('../../src/client/index.ts'),
      'express-mfa/react': here('../../src/react/index.ts'),
    },
  },
  build: { outDir: here('../../output/spa'), emptyOutDir: true, modulePreload: false, assetsInlineLimit: 0 },
  logLevel: 'warn',
});
