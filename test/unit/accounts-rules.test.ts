import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createAttempts } from '../../src/accounts/attempts.ts';
import { countries, currencies, isCountry, timeZones } from '../../src/accounts/choices.ts';
import { localPath } from '../../src/accounts/local-path.ts';
import { createSealer } from '../../src/accounts/sealing.ts';
import { mailForm, placeForm } from '../../src/accounts/settings-forms.ts';
import { paragraphsOf } from '../../src/accounts/views.ts';
import { readForm } from '../../src/web/index.ts';
import { testClock } from '../support/clock.ts';
import { seenText } from '../support/any-text.ts';

describe('where signing in leads', () => {
  test.each(['/', '/customers', '/customers?status=left&cursor=x', '/waves/0198-x#part'])('stays: %s', (path) => {
    expect(localPath(path)).toBe(path.split('#')[0]);
  });

  test.each([
    '//example.com',
    '/\\example.com',
    '\\\\example.com',
    'https://example.com',
    'javascript:alert(1)',
    '/\texample.com',
    '/a\r\nLocation: x',
    '/sign-out',
    '/sign-in?next=/x',
    '',
    undefined,
    ['/a'],
  ])('goes to the start page instead: %p', (path) => {
    expect(localPath(path)).toBe('/');
  });

  test('never leaves this site, whatever is asked for', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'/\\.:@?#%&=aA0 \t\n\u0000é'), maxLength: 20 });
    fc.assert(
      fc.property(odd, (wanted) => {
        const to = new URL(localPath(wanted), 'https://own.example.com');
        expect(to.origin).toBe('https://own.example.com');
      }),
    );
  });
});

describe('a sealed secret', () => {
  const secret = new Uint8Array(32).fill(1);
  const sealer = createSealer(secret, 'mail password');

  test('opens again, and looks different each time', () => {
    fc.assert(
      fc.property(seenText(), (text) => {
        const sealed = sealer.seal(text);
        expect(sealer.open(sealed)).toBe(text);
        expect(sealer.seal(text)).not.toBe(sealed);
      }),
      { numRuns: 30 },
    );
  });

  test('opens neither with another secret, nor for another purpose, nor when somebody has changed it', () => {
    const sealed = sealer.seal('Kaffee-Kanne');
    expect(sealed).not.toContain('Kaffee');
    expect(createSealer(new Uint8Array(32).fill(2), 'mail password').open(sealed)).toBeUndefined();
    expect(createSealer(secret, 'something else').open(sealed)).toBeUndefined();
    const parts = sealed.split('.');
    const changed = [...parts.slice(0, 3), Buffer.from('other').toString('base64url')].join('.');
    expect(sealer.open(changed)).toBeUndefined();
    expect(sealer.open('nonsense')).toBeUndefined();
  });
});

describe('tries at one account', () => {
  test('end after the most, begin anew after the time, and are wiped by a success', () => {
    const clock = testClock();
    const attempts = createAttempts(clock, 3, 15);
    expect([1, 2, 3, 4].map(() => attempts.take('a'))).toEqual([true, true, true, false]);
    expect(attempts.take('b')).toBe(true);
    clock.advance({ minutes: 16 });
    expect(attempts.take('a')).toBe(true);
    attempts.take('a');
    attempts.forget('a');
    expect([1, 2, 3, 4].map(() => attempts.take('a'))).toEqual([true, true, true, false]);
  });
});

describe('settings as they are typed', () => {
  const place = {
    timeZone: 'Europe/Oslo',
    currency: 'NOK',
    country: 'NO',
    defaultLanguage: 'nb',
    ...Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].flatMap((day) => [
        [`${day}_from`, ''],
        [`${day}_to`, ''],
      ]),
    ),
    mon_from: '08:00',
    mon_to: '16:00',
  };

  test('become a place with its hours', () => {
    const read = readForm(placeForm, place);
    expect(read.ok && read.value).toEqual({
      timeZone: 'Europe/Oslo',
      currency: 'NOK',
      country: 'NO',
      defaultLanguage: 'nb',
      workingHours: {
        mon: { from: '08:00', to: '16:00' },
        tue: null,
        wed: null,
        thu: null,
        fri: null,
        sat: null,
        sun: null,
      },
    });
  });

  test.each([
    ['tue_to', { tue_from: '09:00' }],
    ['tue_to', { tue_to: '09:00' }],
    ['mon_to', { mon_to: '07:00' }],
    ['mon_from', { mon_from: '25:00' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['currency', { currency: 'XYZ' }],
    ['country', { country: 'ZZ' }],
    ['defaultLanguage', { defaultLanguage: 'tlh' }],
  ])('say what is wrong at %s', (field, change) => {
    const read = readForm(placeForm, { ...place, ...change });
    expect(read.ok ? [] : Object.keys(read.errors)).toContain(field);
  });

  const mail = {
    host: 'mail.example.com',
    port: '587',
    security: 'auto',
    user: '',
    password: '',
    from: 'a@example.com',
  };

  test.each([
    ['host', { host: 'mail example' }],
    ['port', { port: '0' }],
    ['port', { port: 'smtp' }],
    ['security', { security: 'some' }],
    ['from', { from: 'a, b@example.com' }],
    ['from', { from: '' }],
  ])('a mail server says what is wrong at %s', (field, change) => {
    const read = readForm(mailForm, { ...mail, ...change });
    expect(read.ok ? [] : Object.keys(read.errors)).toEqual([field]);
  });

  test('no mail server needs no sender', () => {
    expect(readForm(mailForm, { ...mail, host: '', from: '' }).ok).toBe(true);
  });
});

test('countries, currencies and time zones are offered in the words of the reader', () => {
  expect(countries('de')).toContainEqual({ value: 'NO', text: 'Norwegen' });
  expect(countries('nb')).toContainEqual({ value: 'DE', text: 'Tyskland' });
  expect(countries('en').length).toBeGreaterThan(240);
  expect(['EU', 'ZZ', 'SU', 'DD'].some(isCountry)).toBe(false);
  expect(currencies('nl')[0]).toEqual({ value: 'EUR', text: 'EUR – Euro' });
  expect(timeZones()).toContainEqual({ value: 'Europe/Berlin', text: 'Europe/Berlin' });
});

test('notices keep their paragraphs and lines', () => {
  expect(paragraphsOf('One\nTwo\n\n \nThree\n')).toEqual([['One', 'Two'], ['Three']]);
});
