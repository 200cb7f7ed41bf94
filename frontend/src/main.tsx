import './styles/controls.css'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/source-serif-4/wght.css'
import './styles/app.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { begin } from './i18n'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root')
await begin()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

// The page works without its worker too; a browser may have it switched off, or the address may not allow it.
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/sw.js', { updateViaCache: 'none' }).catch(() => undefined)
