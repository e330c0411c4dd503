/** Light or dark: what the system says, unless the user has chosen. */
const CHOICE = 'selvedge-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

export type Theme = 'light' | 'dark';

export function theme(): Theme {
  const chosen = localStorage.getItem(CHOICE);
  return chosen === 'light' || chosen === 'dark' ? chosen : system.matches ? 'dark' : 'light';
}

export function applyTheme(): void {
  document.documentElement.dataset['theme'] = theme();
}

export function switchTheme(): void {
  const next: Theme = theme() === 'dark' ? 'light' : 'dark';
  if (next === (system.matches ? 'dark' : 'light')) {
    localStorage.removeItem(CHOICE);
  } else {
    localStorage.setItem(CHOICE, next);
  }
  applyTheme();
}

system.addEventListener('change', applyTheme);
