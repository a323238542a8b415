import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { themeVariables } from './vite/theme-variables.ts'

export default defineConfig({
  plugins: [react(), themeVariables()],
  // Nothing inlined: the page's content security policy loads fonts and pictures from its own server only.
  build: { assetsInlineLimit: 0, target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 700 },
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
})
