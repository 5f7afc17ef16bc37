/* Makes a picture smaller before it is sent: the questions should open quickly on any telephone. Without it, the
   picture is sent as it is, and the page says what follows from that. */
const field = document.querySelector('input[type=file][data-bytes]');

/** From as fine as a fine screen shows it down to its own pixels, until it is light. */
async function lighter(file, { width, height, bytes }) {
  const bitmap = await createImageBitmap(file);
  for (const share of [1, 0.75, 0.5]) {
    const scale = Math.min(1, (width * share) / bitmap.width, (height * share) / bitmap.height);
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    // Many mail programs do not show anything newer.
    const smaller = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    if (smaller && smaller.size <= bytes) return smaller;
  }
  return null;
}

field?.addEventListener('change', async () => {
  const [file] = field.files;
  const fits = Object.fromEntries(Object.entries(field.dataset).map(([name, value]) => [name, Number(value)]));
  if (!file || file.size <= fits.bytes) return;
  // What is no picture is sent as it is, and refused in words.
  const smaller = await lighter(file, fits).catch(() => null);
  if (!smaller || field.files[0] !== file) return;
  const files = new DataTransfer();
  files.items.add(new File([smaller], 'logo.png', { type: 'image/png' }));
  field.files = files.files;
});
