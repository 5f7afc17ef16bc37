/* From three quarters of what fits, says how much is left. Without it, whoever writes too much is told after sending. */
for (const field of document.querySelectorAll('textarea[data-limit]')) {
  const limit = Number(field.dataset.limit);
  const note = document.createElement('p');
  note.className = 'small soft';
  note.setAttribute('role', 'status');
  field.after(note);
  const segmenter = new Intl.Segmenter(document.documentElement.lang, { granularity: 'grapheme' });
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const count = () => {
    // Cheap first: no text has more graphemes than code units.
    const length = field.value.length < limit * 0.75 ? 0 : [...segmenter.segment(field.value.trim())].length;
    note.textContent =
      length < limit * 0.75 ? '' : field.dataset.left.replace('{count}', numbers.format(limit - length));
  };
  field.addEventListener('input', count);
  count();
}
