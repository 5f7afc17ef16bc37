/* From three quarters of what fits, says how much is left. Without it, whoever writes too much is told after sending. */
for (const field of document.querySelectorAll('textarea[data-limit]')) {
  const limit = Number(field.dataset.limit);
  // What the server counted is true until something is typed.
  const over = field.nextElementSibling?.matches('[data-over]') ? field.nextElementSibling : null;
  const note = document.createElement('p');
  note.className = 'small soft';
  note.setAttribute('role', 'status');
  field.after(note);
  const segmenter = new Intl.Segmenter(document.documentElement.lang, { granularity: 'grapheme' });
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const count = () => {
    // Cheap first: no text has more graphemes than code units.
    const length = field.value.length < limit * 0.75 ? 0 : [...segmenter.segment(field.value.trim())].length;
    const { left, excess } = field.dataset;
    const words = length > limit ? excess : left;
    note.textContent = length < limit * 0.75 ? '' : words.replace('{count}', numbers.format(Math.abs(limit - length)));
  };
  field.addEventListener('input', () => {
    over?.remove();
    count();
  });
  if (!over) count();
}
