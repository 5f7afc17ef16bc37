/* Renews the progress in place, and the page when the work is over. Without it the page reloads itself. */
const EVERY_MS = 1000;

async function renew() {
  const place = document.getElementById('progress');
  try {
    const response = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const heading = fresh.querySelector('h1')?.textContent;
    const next = fresh.getElementById('progress');
    if (!response.ok || !next || heading !== document.querySelector('h1')?.textContent) return location.reload();
    place.replaceChildren(...next.childNodes);
  } catch {
    // The server may be starting again.
  }
  setTimeout(renew, EVERY_MS);
}

if (document.getElementById('progress')) setTimeout(renew, EVERY_MS);
