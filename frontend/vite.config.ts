import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  build: {
    assetsInlineLimit: 0,
    manifest: true, // for budget.mjs
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        // What every view needs comes as two files: the libraries, which stay in the browser's cache while the app
        // changes, and what the page itself imports. Its entry stays by itself, where Vite looks for it.
        codeSplitting: {
          groups: [
            {
              name: 'base',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|i18next|react-i18next|openapi-fetch|uuid|idb|use-sync-external-store)\//,
              priority: 2,
            },
            { name: 'app', test: /^(?!.*(index\.html|main\.tsx)$)/, tags: ['$initial'], priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/readyz': 'http://127.0.0.1:8080' } },
  test: { include: ['src/**/*.test.ts'] },
})
