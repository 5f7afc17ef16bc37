import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lighten } from '../../src/mailer/letters/large-parts.ts';
import { readLetter } from '../../src/mailer/letters/letter.ts';
import { splitQuoted } from '../../src/mailer/index.ts';
import { letterOf } from '../support/letters-in.ts';

test.each([
  ['Thanks!\n\nOn Sat, 21 Nov 2026 at 09:00, Ingrid <a@example.com> wrote:\n> one\n> two', 'Thanks!'],
  ['Thanks!\n\nOn Sat, 21 Nov 2026 at 09:00, Ingrid Solheim\n<a@example.com> wrote:\n\n> one', 'Thanks!'],
  ['Danke.\n\nAm 21.11.2026 um 09:00 schrieb Ingrid:\n> eins', 'Danke.'],
  ['Danke.\n\n-----Ursprüngliche Nachricht-----\nVon: Ingrid\nGesendet: heute\n\neins', 'Danke.'],
  ['Danke.\n\nVon: Ingrid <a@example.com>\nGesendet: Samstag\nAn: Anna\nBetreff: Ihre Maschine\n\neins', 'Danke.'],
  ['Dank u.\n\nOp za 21 nov 2026 om 09:00 schreef Ingrid <a@example.com>:\n> een', 'Dank u.'],
  ['Takk.\n\nlør. 21. nov. 2026 kl. 09:00 skrev Ingrid <a@example.com>:\n> en', 'Takk.'],
  ['Takk.\n\nFra: Ingrid\nSendt: lørdag\nTil: Anna\nEmne: Maskinen\n\nen', 'Takk.'],
  ['Yes.\n> one\n> two', 'Yes.'],
])('what is quoted below is told from what is new: %j', (whole, words) => {
  const split = splitQuoted(whole);
  expect(split.words.trim()).toBe(words);
  expect(split.words + split.quoted).toBe(whole);
});

test.each([
  'On Sat, 21 Nov 2026, Ingrid wrote:\n> Is it mended?\nYes.\n> And the cups?\nNo.',
  '> Is it mended?\n\nYes.',
  'Am Montag war alles gut.\nAm Dienstag nicht.',
  'From: me\nI have nothing more to say.',
  '',
])('answers between the lines, and letters without quotes, stay whole: %j', (whole) => {
  expect(splitQuoted(whole)).toEqual({ words: whole, quoted: '' });
});

test('whatever a letter is, both parts are the whole, and it takes no time', () => {
  const line = fc.constantFrom(
    '> a',
    'On ',
    'am x schrieb y:',
    '-----Original Message-----',
    'From: a',
    'Sent: b',
    'To: c',
    '',
    'words',
    ' '.repeat(400),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const whole = lines.join('\n');
      const { words, quoted } = splitQuoted(whole);
      expect(words + quoted).toBe(whole);
      if (whole.trim() !== '') expect(words.trim()).not.toBe('');
    }),
  );
});

test('large files are taken out and put back to the byte, in any lines and between any others', async () => {
  const file = fc.record({ size: fc.integer({ min: 0, max: 200_000 }), fill: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(file, { maxLength: 4 }), async (files) => {
      const contents = files.map(({ size, fill }) => Buffer.alloc(size, Buffer.from([fill, 7, size % 256])));
      const given = contents.map((content, i) => ({ name: `${i}.pdf`, type: 'application/pdf', content }));
      const letter = await readLetter(letterOf({ to: 'a@example.com', text: 'Words', files: given }));
      expect(letter.words).toBe('Words');
      expect(letter.missing).toEqual([]);
      expect(letter.files.map(({ bytes }) => bytes.equals(contents.shift() ?? Buffer.alloc(0)))).toEqual(
        files.map(() => true),
      );
    }),
    { numRuns: 30 },
  );
});

test('a message of nothing but lines is read no further than a person would', () => {
  const { bytes, cut } = lighten(Buffer.from('x\r\n'.repeat(200_000)));
  expect(cut).toBe(true);
  expect(bytes.length).toBeLessThan(100_000);
});

test('any bytes are a letter', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
      const letter = await readLetter(Buffer.from(bytes));
      expect((letter.words + letter.subject + letter.from.name).includes('\0')).toBe(false);
    }),
  );
});
