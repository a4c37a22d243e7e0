// Builds the dashboard into dist: hashed files, scripts and styles of its own only, nothing inline.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:3000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Data addresses would need an exception in the content security policy.
    assetsInlineLimit: 0,
    // The pages of signed links load nothing of the dashboard.
    rolldownOptions: {
      input: {
        index: `${import.meta.dirname}/index.html`,
        pay: `${import.meta.dirname}/pay.html`,
      },
    },
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': gateway, '/demo': gateway },
  },
})
