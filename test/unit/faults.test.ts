import { expect, test } from '@jest/globals';
import { nameFaults } from '../../src/web/faults.ts';

const fault = (field: string, words: string) => `<li><a href="#${field}">${words}</a></li>`;
const page = (...faults: string[]) =>
  `<div class="summary"><ul>${faults.join('')}</ul></div><label for="name">Name</label> <label for="email">E-Mail</label>`;

test('the same words twice are said with the label of their field', () => {
  const html = nameFaults(page(fault('name', 'Bitte ausfüllen'), fault('email', 'Bitte ausfüllen')));
  expect(html).toContain(fault('name', 'Name: Bitte ausfüllen'));
  expect(html).toContain(fault('email', 'E-Mail: Bitte ausfüllen'));
});

test.each([
  ['words said once', page(fault('name', 'Bitte ausfüllen'), fault('email', 'Das ist keine Adresse'))],
  ['fields without a label', page(fault('a', 'Bitte ausfüllen'), fault('b', 'Bitte ausfüllen'))],
  ['a page without a fault', '<label for="name">Name</label>'],
])('%s stay as they are', (_, html) => {
  expect(nameFaults(html)).toBe(html);
});
