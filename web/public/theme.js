// Blocks the first paint for a moment, so that the page is never drawn in the wrong theme. `state/settings.ts` keeps
// what is read here, and `app/appearance.ts` goes on from it.
(() => {
  const kept = name => {
    try {
      return JSON.parse(localStorage.getItem(`tickstock.${name}`));
    } catch {
      return null;
    }
  };
  const theme = kept('theme');
  const isLight = theme === 'light' || (theme !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches);
  const { dataset } = document.documentElement;
  dataset.theme = isLight ? 'light' : 'dark';
  dataset.palette = kept('palette') ?? 'default';
  dataset.density = kept('density') ?? 'default';
})();
