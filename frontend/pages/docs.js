// The reference of the API, from this server's own document. Nothing is asked of other servers.
const dark = matchMedia('(prefers-color-scheme: dark)')
const dress = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dress()
dark.addEventListener('change', dress)

const reference = SwaggerUIBundle({
  dom_id: '#reference',
  url: '/api/openapi.yaml',
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 2,
  displayRequestDuration: true,
  syntaxHighlight: { activated: false },
  persistAuthorization: false,
  validatorUrl: null,
  withCredentials: false,
  // Whoever signs in on this page is signed in for the rest of it.
  responseInterceptor(response) {
    if (response.ok && /\/auth\/(sign-in|sign-up|refresh)$/.test(response.url) && response.obj?.accessToken) {
      reference.preauthorizeApiKey('bearer', response.obj.accessToken)
    }
    return response
  },
})
