/* The keyboard of the coding desk. Without it the page works by Tab, Space and Enter. */
(() => {
  const STORED = 'comeback.desk.keys';
  const form = document.querySelector('form[data-desk]');
  if (!form) return undoByKey();
  const keys = document.querySelector('[data-keys]');
  const isOn = document.querySelector('[data-keys-on]');
  const about = document.querySelector('section[data-about]');
  const another = form.elements.namedItem('another');
  let main = false;
  let typedIsMain = false;
  /* The row that is ticked for no other reason than that it is the main one. */
  let lent = null;

  /* With nothing left to code, the last coding can still be taken back. */
  function undoByKey() {
    const undo = document.querySelector('form[data-undo]');
    const button = undo?.querySelector('button');
    if (!button || !areKeysOn()) return;
    document.addEventListener('keydown', ({ target, key, ctrlKey, metaKey, altKey, isComposing }) => {
      if (ctrlKey || metaKey || altKey || isComposing || target.closest('input, select, textarea')) return;
      if (key.toLowerCase() === 'u') undo.requestSubmit(button);
    });
  }

  function areKeysOn() {
    try {
      return localStorage.getItem(STORED) !== 'off';
    } catch {
      // A browser that keeps nothing: the keys are on.
      return true;
    }
  }

  const rowOf = (element) => element.closest('tr[data-name]');
  const rowFor = (key) => form.querySelector(`tr[data-key="${key}"]`);
  const box = (row) => row.querySelector('input[type=checkbox]');
  const radio = (row) => row.querySelector('input[type=radio]');
  const press = (what) => form.requestSubmit(form.querySelector(`button[value="${what}"]`));

  function show(row) {
    if (!about || !row) return;
    about.querySelector('h2').textContent = row.dataset.name;
    about.querySelector('p').textContent = row.dataset.about;
  }

  function toggle(row) {
    lent = null;
    box(row).checked = !box(row).checked;
    if (!box(row).checked) radio(row).checked = false;
    box(row).focus();
    show(row);
  }

  /* Arrow keys choose every row that they pass: those must not stay ticked. */
  function lend(row) {
    const wasTicked = box(row).checked;
    if (lent) box(lent).checked = false;
    lent = wasTicked ? null : row;
    box(row).checked = true;
  }

  function makeMain(row) {
    lent = null;
    box(row).checked = true;
    radio(row).checked = true;
    radio(row).focus();
    show(row);
  }

  /* What is typed in full or so far that it is only one, or chosen from the list, is ticked in the table of all reasons at once. */
  function tickTyped() {
    const wanted = another.value.trim().toLowerCase();
    const labels = (row) => {
      const name = row.dataset.name.toLowerCase();
      const note = row.querySelector('th span')?.textContent.toLowerCase();
      return [name, `${name} (${note})`];
    };
    const rows = [...form.querySelectorAll('tr[data-name]')];
    const named = rows.filter((row) => labels(row).includes(wanted));
    const found = named.length > 0 ? named : rows.filter((row) => labels(row)[0].startsWith(wanted));
    if (wanted === '' || found.length !== 1) return false;
    box(found[0]).checked = true;
    if (typedIsMain) radio(found[0]).checked = true;
    typedIsMain = false;
    const more = found[0].closest('details');
    if (more) more.open = true;
    another.value = '';
    show(found[0]);
    return true;
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!isOn.checked) return;
    const { target, key } = event;
    if (target === another) {
      // The key that leads here may be pressed once more for the next reason.
      if (key === '/' && another.value === '') event.preventDefault();
      if (key === 'Enter' && tickTyped()) event.preventDefault();
      if (key === 'Escape') another.blur();
      return;
    }
    if (target.closest('input:not([type=checkbox], [type=radio]), select, textarea')) return;
    const act = actionFor(key, target);
    if (!act) return;
    event.preventDefault();
    act();
  }

  function actionFor(key, target) {
    const row = /^[1-9]$/.test(key) ? rowFor(key) : null;
    const wasMain = main;
    main = false;
    if (row) return () => (wasMain ? makeMain(row) : toggle(row));
    switch (key.toLowerCase()) {
      case 'm':
        return () => (main = true);
      case '/':
        return () => {
          typedIsMain = wasMain;
          another.focus();
        };
      case 'enter':
        return target.closest('a, button, summary') ? null : () => press('save');
      case 's':
        return () => press('skip');
      case 'u':
        return () => press('undo');
      default:
        return null;
    }
  }

  keys.hidden = false;
  isOn.checked = areKeysOn();
  isOn.addEventListener('change', () => {
    try {
      localStorage.setItem(STORED, isOn.checked ? 'on' : 'off');
    } catch {
      // They stay as chosen on this page.
    }
  });
  document.addEventListener('keydown', onKey);
  another.addEventListener('change', tickTyped);
  form.addEventListener('focusin', (event) => show(rowOf(event.target)));
  form.addEventListener('change', (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    show(row);
    if (event.target === radio(row)) lend(row);
    else {
      if (lent === row) lent = null;
      if (!box(row).checked) radio(row).checked = false;
    }
  });
})();
