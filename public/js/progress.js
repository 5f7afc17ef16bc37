/*
 * Renews in place what goes on changing, and the page when the work is over. Without it the page reloads itself, or has
 * a link for that.
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

async function renew() {
  try {
    const response = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const [places, next] = [placesIn(document), placesIn(fresh)];
    const same = next.length === places.length && headingOf(fresh) === headingOf(document);
    if (!response.ok || !same) return location.reload();
    places.forEach((place, i) => replace(place, next[i]));
  } catch {
    // The server may be starting again.
  }
  again();
}

/** Nobody sees what a page in the background shows. */
const again = () => setTimeout(document.hidden ? again : renew, EVERY_MS);

if (placesIn(document).length > 0) again();
