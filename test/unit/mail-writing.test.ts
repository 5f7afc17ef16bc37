import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTransport, type Transporter } from 'nodemailer';
import { mailOptions } from '../../src/mailer/transport.ts';
import { writingStep } from '../../src/mailer/writing.ts';
import { seenText } from '../support/any-text.ts';

const SAME = { date: new Date('2026-11-20T08:00:00.000Z'), baseBoundary: 'between' };
const [theirs, ours] = [0, 1].map(() => createTransport({ streamTransport: true, buffer: true } as never));
ours?.use('stream', writingStep(undefined) as never);

async function writtenBy(mailer: Transporter | undefined, options: object): Promise<string> {
  const { message } = (await mailer?.sendMail({ ...options, ...SAME })) as { message: Buffer };
  return message.toString('utf8');
}

/** Where the library breaks the last line hangs on how the text comes in: a space at its end comes behind the rest. */
const unbroken = (message: string) => message.replaceAll('=\r\n', '');

const words = fc.oneof(
  seenText({ maxLength: 300 }),
  fc
    .array(fc.constantFrom('a long word ', 'ß', '数', '😀', ' ', '\t', '=', '.', '\r\n', '\n', '\r', '-- ', '\u00a0'), {
      maxLength: 200,
    })
    .map((parts) => parts.join('')),
);

const files = fc.array(
  fc.record({
    name: fc.constantFrom('plan.png', 'Größe ☕.pdf', 'a b.txt'),
    type: fc.constantFrom('image/png', 'application/pdf', 'text/plain'),
    bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 3 },
);

test('a message in one piece is what the library writes, with one kind of line end', async () => {
  const letters = fc.record({ name: words, subject: words, text: words, html: words, reply: fc.boolean(), files });
  await fc.assert(
    fc.asyncProperty(letters, async ({ name, subject, text, html, reply, files }) => {
      const message = {
        from: { name },
        to: { name, address: 'kim@example.com' },
        ...(reply ? { replyTo: 'miriam@example.com' } : {}),
        subject,
        text,
        html,
        files,
        language: 'de',
        headers: { 'List-Unsubscribe': '<https://comeback.example.com/u/token>' },
      };
      const outgoing = { message, recipient: 'kim@example.com', messageId: 'one@example.com' };
      const options = mailOptions(outgoing, 'house@example.com');
      const expected = (await writtenBy(theirs as never, options)).replace(/\r\n|\r|\n/g, '\r\n');
      const written = await writtenBy(ours as never, options);
      expect(unbroken(written)).toBe(unbroken(expected));
      // RFC 2045, 6.7.
      expect(written.split('\r\n').filter((line) => line.endsWith('=') && line.length > 76)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
