import { deflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanName } from '../../src/recovery/attachments/names.ts';
import { createAttachments } from '../../src/recovery/attachments/index.ts';
import { typeOf } from '../../src/recovery/attachments/types.ts';
import { storedZip } from '../../src/shared/zip.ts';
import { png } from '../support/pictures.ts';
import { anyText } from '../support/any-text.ts';

const attachments = createAttachments({ storage: undefined as never, clock: undefined as never });
const whyOf = (name: string, bytes: Buffer) => {
  const checked = attachments.check({ name, bytes });
  return checked.ok ? checked.file.type : checked.why;
};
/** As much of one as says how large it is. */
const JPEG = Buffer.from('ffd8ffc0001108001e0028030122000211010311 01ffd9'.replace(' ', ''), 'hex');
const HUGE = png(4, 3);
HUGE.writeUInt32BE(40_000, 16);
const text = (words: string) => Buffer.from(words);
const office = (...more: [string, Buffer][]) =>
  storedZip(
    new Map([['[Content_Types].xml', text('<Types/>')], ['word/document.xml', text('<w:document/>')], ...more]),
  );

/** A directory that claims little and unpacks to much. */
function bomb(claimed: number, real: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(real));
  const plain = office(['word/media/a.xml', packed]);
  const at = plain.lastIndexOf('word/media/a.xml') - 46;
  const local = plain.indexOf('word/media/a.xml') - 30;
  plain.writeUInt16LE(8, local + 8);
  plain.writeUInt16LE(8, at + 10);
  plain.writeUInt32LE(claimed, at + 24);
  return plain;
}

test.each([
  ['photo.jpg', JPEG, 'image/jpeg'],
  ['photo.png', png(40, 30), 'image/png'],
  ['invoice.pdf', text('%PDF-1.7\n1 0 obj\n'), 'application/pdf'],
  ['notes.txt', text('Seit drei Wochen tropft die Maschine. ☕️'), 'text/plain'],
  ['alt.txt', Buffer.from('Gr\u00fc\u00dfe', 'latin1'), 'text/plain'],
  ['letter.docx', office(), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['picture.heic', Buffer.concat([Buffer.from([0, 0, 0, 24]), text('ftypheic0000mif1heic')]), 'image/heic'],
])('%s is taken for what it is', (name, bytes, type) => {
  expect(whyOf(name, bytes)).toBe(type);
});

test.each([
  ['drawing.svg', text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
  ['drawing.txt', text('\ufeff  \n<?xml version="1.0"?><svg onload="alert(1)"/>')],
  ['half.txt', text('Hello\n<svg onload="alert(1)">')],
  ['page.txt', text('Hello\n<SCRIPT src=//x>')],
  ['page.jpg', text('<!doctype html><body onload=alert(1)>')],
  ['run.txt', text('#!/bin/sh\nrm -rf /')],
  ['program.pdf', Buffer.concat([text('MZ'), Buffer.alloc(200)])],
  ['elf', Buffer.concat([Buffer.from([0x7f]), text('ELF'), Buffer.alloc(50)])],
  ['many.zip', storedZip(new Map([['a.txt', text('a')]]))],
  ['both.pdf', Buffer.concat([text('%PDF-1.4\n'), storedZip(new Map([['a.txt', text('a')]]))])],
  ['macro.docx', office(['word/vbaProject.bin', text('x')])],
  ['nested.docx', office(['word/embeddings/a.zip', text('x')])],
  ['outside.docx', office(['../../etc/passwd', text('x')])],
  ['bomb.docx', bomb(100, 20 * 1024 * 1024)],
  ['honest-bomb.docx', bomb(0x7fffffff, 1000)],
  ['nul.txt', text('a\0b')],
  ['huge.png', HUGE],
  ['rich.rtf', text('{\\rtf1 hello}')],
])('%s is refused', (name, bytes) => {
  expect(whyOf(name, bytes)).toBe('type');
});

test('sizes and numbers have limits, and each refusal says why', () => {
  expect(whyOf('empty.txt', Buffer.alloc(0))).toBe('empty');
  expect(whyOf('large.txt', Buffer.alloc(10 * 1024 * 1024 + 1, 'a'))).toBe('tooLarge');
  const many = attachments.checkAll(Array.from({ length: 12 }, (_, i) => ({ name: `${i}.txt`, bytes: text('a') })));
  expect(many.files).toHaveLength(10);
  expect(many.refused.map(({ why }) => why)).toEqual(['tooMany', 'tooMany']);
  const large = Array.from({ length: 3 }, () => ({ name: 'a.txt', bytes: Buffer.alloc(6 * 1024 * 1024, 'a') }));
  expect(attachments.checkAll(large).refused).toEqual([{ name: 'a.txt', why: 'tooLarge' }]);
  expect(attachments.problem([{ name: 'a.svg', why: 'type' }])).toMatchObject({ key: 'casemail.file.type' });
});

test('names lose what would deceive, and end as their content does', () => {
  expect(cleanName('C:\\fotos\\tasse.JPG', 'image/jpeg', 'file')).toBe('tasse.jpg');
  expect(cleanName('../../etc/passwd', 'text/plain', 'file')).toBe('passwd.txt');
  expect(cleanName('invoice\u202egnp.exe', 'application/pdf', 'file')).toBe('invoicegnp.exe.pdf');
  expect(cleanName('run.bat', 'text/plain', 'file')).toBe('run.bat.txt');
  expect(cleanName('a"\r\nX: y', 'image/png', 'file')).toBe('a_X_ y.png');
  expect(cleanName('...', 'image/png', 'file')).toBe('file.png');
});

test('whatever a name is, what is left is short, plain, and has the right ending', () => {
  fc.assert(
    fc.property(anyText({ maxLength: 300 }), (name) => {
      const clean = cleanName(name, 'application/pdf', 'file');
      expect(clean).toMatch(/^[^\p{Cc}\p{Cf}/\\<>:"|?*]+\.pdf$/u);
      expect(clean.length).toBeLessThan(220);
      expect(cleanName(clean, 'application/pdf', 'file')).toBe(clean);
    }),
  );
});

test('any bytes are judged without an error', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom('', 'PK\u0003\u0004', 'GIF89a', '%PDF-', '\xff\xd8\xff'),
      (bytes, head) => {
        const typed = typeOf(Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
        if (typed?.type === 'text/plain') expect(typed.bytes.includes(0)).toBe(false);
      },
    ),
  );
});
