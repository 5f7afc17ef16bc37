/* Keeps what is typed during a call. Without it, the button "Save" does. */
(() => {
  const form = document.querySelector('form[data-notes]');
  const note = document.querySelector('[data-kept]');
  if (!form || !note) return;
  const PAUSE = 1500;
  let timer;
  let typed = false;

  async function keep({ keepalive = false } = {}) {
    typed = false;
    const body = new URLSearchParams(new FormData(form));
    const headers = { 'x-requested-with': 'fetch' };
    try {
      const { status } = await fetch(form.dataset.notes, { method: 'POST', body, headers, keepalive });
      if (status === 204) note.textContent = form.dataset.said;
      else if (status === 409) note.textContent = form.dataset.lost;
      else typed = true;
    } catch {
      typed = true;
    }
    if (!typed) return;
    note.textContent = form.dataset.unsaid;
    timer = setTimeout(keep, PAUSE * 4);
  }

  /** What may be offered hangs on the reason that they gave. */
  async function renewOffers() {
    const here = document.querySelector('[data-by-reason]');
    if (!here || typed) return;
    const html = await (await fetch(location.href)).text();
    const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-by-reason]');
    if (fresh) here.replaceChildren(...fresh.childNodes);
  }

  form.addEventListener('input', () => {
    typed = true;
    note.textContent = '';
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  // Whoever follows a link in the middle of a sentence finds it again.
  addEventListener('pagehide', () => typed && keep({ keepalive: true }));
  form.addEventListener('submit', (event) => {
    clearTimeout(timer);
    typed = false;
    // Whoever only saves stays at their place in the conversation.
    if (!event.submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    keep().then(renewOffers);
  });
  form.querySelector('[name=reason]')?.addEventListener('change', () => {
    clearTimeout(timer);
    keep().then(renewOffers);
  });
})();
