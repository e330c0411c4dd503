/** Shows a menu below its button, inside the window. */
export function placeMenu(event: Event): void {
  const menu = event.target as HTMLElement;
  const button = document.querySelector(`[popovertarget="${menu.id}"]`);
  if ((event as ToggleEvent).newState === 'open' && button) {
    const place = button.getBoundingClientRect();
    menu.style.top = `${Math.min(place.bottom + 4, innerHeight - menu.offsetHeight - 8)}px`;
    menu.style.left = `${Math.max(8, Math.min(place.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`;
  }
}
