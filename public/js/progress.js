/*
 * Renews in place what goes on changing, and all of the page once more or less stands on it. Without it the page reloads
 * itself, or has a link for that.
 */
const PLACES = '#progress, [data-live]';
const EVERY_MS = document.getElementById('progress') ? 1000 : 3000;

const placesIn = (page) => [...page.querySelectorAll(PLACES)];
const headingOf = (page) => page.querySelector('h1')?.textContent;
/** What somebody is about to press must not change under their finger. */
const isUsed = (place) => place.matches(':focus-within') || place.querySelector('a:hover, button:hover') !== null;

function replace(place, next) {
  if (place.innerHTML === next.innerHTML || isUsed(place)) return;
  place.replaceChildren(...next.childNodes);
}

/** Whoever works by keyboard stays at the same thing, or goes on at the heading where that is gone. */
function replaceAll(fresh) {
  const main = document.querySelector('main');
  const at = main.contains(document.activeElement) ? document.activeElement.outerHTML : null;
  main.replaceChildren(...fresh.querySelector('main').childNodes);
  if (at === null) return;
  const same = [...main.querySelectorAll('a, button')].find((each) => each.outerHTML === at);
  const heading = main.querySelector('h1');
  if (!same) heading.tabIndex = -1;
  (same ?? heading).focus({ preventScroll: Boolean(same) });
}

async function renew() {
  try {
    const response = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const [places, next] = [placesIn(document), placesIn(fresh)];
    if (!response.ok || headingOf(fresh) !== headingOf(document)) return location.reload();
    if (next.length === places.length) places.forEach((place, i) => replace(place, next[i]));
    else replaceAll(fresh);
  } catch {
    // The server may be starting again.
  }
  if (placesIn(document).length > 0) again();
}

/** Nobody sees what a page in the background shows. */
const again = () => setTimeout(document.hidden ? again : renew, EVERY_MS);

if (placesIn(document).length > 0) again();
