// Runs before the first paint, so that a chosen theme does not flash the system's. The key is Mantine's.
{
  const chosen = localStorage.getItem('mantine-color-scheme-value')
  const systemIsLight = matchMedia('(prefers-color-scheme: light)').matches
  const scheme = chosen === 'dark' || chosen === 'light' ? chosen : systemIsLight ? 'light' : 'dark'
  document.documentElement.dataset.mantineColorScheme = scheme
}
