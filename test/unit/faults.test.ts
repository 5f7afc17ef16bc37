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

test('a field that stands in a table is known by its own name', () => {
  const fields = ['mon', 'tue'].map((day) => `<input type="time" id="${day}" value="&gt;" aria-label="${day}, until">`);
  const html = nameFaults(page(fault('mon', 'Zu früh'), fault('tue', 'Zu früh')) + fields.join(''));
  expect(html).toContain(fault('mon', 'mon, until: Zu früh'));
  expect(html).toContain(fault('tue', 'tue, until: Zu früh'));
});

test.each([
  ['words said once', page(fault('name', 'Bitte ausfüllen'), fault('email', 'Das ist keine Adresse'))],
  ['fields without a label', page(fault('a', 'Bitte ausfüllen'), fault('b', 'Bitte ausfüllen'))],
  ['a page without a fault', '<label for="name">Name</label>'],
])('%s stay as they are', (_, html) => {
  expect(nameFaults(html)).toBe(html);
});
