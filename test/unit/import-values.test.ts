import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalsOf, formatMoney, plainMoney } from '../../src/shared/money.ts';
import { parseEmail, parseTelephone } from '../../src/customers/import/contact-value.ts';
import { parseDate } from '../../src/customers/import/date-value.ts';
import { type DecimalMark, decimalOf, parseMoney, tallyDecimal } from '../../src/customers/import/money-value.ts';
import { looksLikeFirm, splitName } from '../../src/customers/import/person-name.ts';
import { LANGUAGE_CODES, parseCountry, parseLanguage, parseTimeZone } from '../../src/customers/import/place-value.ts';
import { withLostZeros } from '../../src/customers/import/postal-code.ts';
import { cellText, hasHiddenCharacter, nameLine, type Parsed } from '../../src/customers/import/text-value.ts';
import { parseDealingKind, parseLegalBasis, parseStatus, parseTags } from '../../src/customers/import/word-value.ts';
import { anyText, seenText } from '../support/any-text.ts';

// Files are long and machines may be busy.
/** The value, or the short key of what is wrong. */
const said = <T>(parsed: Parsed<T>) => (parsed.ok ? parsed.value : parsed.key.replace('import.error.', ''));

describe('Characters that nobody sees', () => {
  test('go from addresses and names, wherever they stand', () => {
    expect(said(parseEmail('r2\u200B@exam\u00ADple.com\uFEFF'))).toBe('r2@example.com');
    expect(nameLine('An\u202Ena \u2066Berg\u2069')).toBe('Anna Berg');
    // These join letters of Indian and Persian names, and the parts of a picture.
    expect(nameLine('क्\u200Dष a')).toBe('क्\u200Dष a');
  });
});

describe('Zeros that a spreadsheet took off a postal code', () => {
  test.each([
    ['1067', 'DE', '01067'],
    ['150', 'NO', '0150'],
    ['10', 'NO', '0010'],
    ['100', 'FI', '00100'],
    ['10', 'IT', '00010'],
    ['2134', 'US', '02134'],
  ])('%s in %s is %s', (cell, country, postalCode) => {
    expect(withLostZeros(cell, country)).toBe(postalCode);
  });

  test.each([
    ['24103', 'DE'],
    ['106', 'DE'],
    ['0106', 'DE'],
    ['D-1067', 'DE'],
    ['', 'DE'],
    ['1010', 'AT'],
    ['1012', 'NL'],
    ['950', 'PL'],
    ['1067', ''],
    ['1067', 'constructor'],
  ])('are not made up: %s in %j stays', (cell, country) => {
    expect(withLostZeros(cell, country)).toBe(cell);
  });
});

describe('Money', () => {
  const euros = (cell: string | number, decimal: DecimalMark | null = ',') =>
    said(parseMoney(cell, { currency: 'EUR', decimal }));

  test.each<[string, number]>([
    ['310,00 €', 31000],
    ['1.480,00 €', 148000],
    ['1.480', 148000],
    ['1 480,5', 148050],
    ['1 234 567,89', 123456789],
    ['EUR 12', 1200],
    ['12 Euro', 1200],
    ['250,-', 25000],
    ['€ 250,--', 25000],
    ['-12,50', -1250],
    ['−12,50', -1250],
    ['12,50-', -1250],
    ['(12,50)', -1250],
    ['+3', 300],
    [',5', 50],
    ['12,5000', 1250],
    ['0,00', 0],
    ['-0', 0],
    ['2.345.678', 234567800],
  ])('%s with a decimal comma', (text, minor) => {
    expect(euros(text)).toBe(minor);
  });

  test.each<[string, string]>([
    ['1,120.00 kr', 'notInCurrencySwapped'],
    ['12,00 kr', 'notInCurrency'],
    ['12 CHF', 'notInCurrency'],
    ['₿ 3', 'notInCurrency'],
    ['12.50', 'pointCommaSwapped'],
    ['1,234,567', 'pointCommaSwapped'],
    ['12,345.00', 'pointCommaSwapped'],
    ['1.23.456', 'notAnAmount'],
    ['1.2345,00', 'notAnAmount'],
    ['12 34', 'notAnAmount'],
    ['ungefähr 12', 'notAnAmount'],
    ['12 pieces', 'notAnAmount'],
    ['1e5', 'notAnAmount'],
    ['€', 'notAnAmount'],
    ['--5', 'notAnAmount'],
    ['(-5)', 'notAnAmount'],
    ['=1+1', 'notAnAmount'],
    ['12,345678', 'tooFine'],
    ['999999999999', 'amountTooLarge'],
  ])('%s is refused', (text, key) => {
    expect(euros(text)).toBe(key);
  });

  test('what may be thousands or decimals waits for the rest of the file', () => {
    expect(euros('1.234', null)).toBe('ambiguousAmount');
    expect(euros('1.234', ',')).toBe(123400);
    expect(euros('1,234', '.')).toBe(123400);
    expect(euros('73.9', null)).toBe(7390);
    expect(euros('1234.567', null)).toBe('tooFine');
    expect(parseMoney('1.234', { currency: 'EUR', decimal: null })).toMatchObject({
      values: { thousands: '1234', decimals: '1,234' },
    });
  });

  test('empty is not zero', () => {
    expect(euros('  ')).toBeUndefined();
  });

  test('numbers of Excel are rounded as it shows them', () => {
    expect(euros(0.1 + 0.2)).toBe(30);
    expect(euros(1.005)).toBe(101);
    expect(euros(-1.005)).toBe(-101);
    expect(euros(1e-9)).toBe(0);
    expect(euros(1e20)).toBe('amountTooLarge');
    expect(said(parseMoney(1480, { currency: 'JPY', decimal: null }))).toBe(1480);
  });

  test('signs that several currencies share fit each of them', () => {
    for (const currency of ['NOK', 'SEK', 'DKK']) {
      expect(said(parseMoney('kr 1 200,50', { currency, decimal: ',' }))).toBe(120050);
    }
    expect(said(parseMoney('$5', { currency: 'GBP', decimal: null }))).toBe('notInCurrency');
  });

  test('the file’s decimal mark is what most of its plain cells use', () => {
    const markOf = (...cells: (string | number)[]) => {
      const tally = { ',': 0, '.': 0 };
      cells.forEach((cell) => tallyDecimal(tally, cell));
      return decimalOf(tally);
    };
    expect(markOf('1.234', '12', '310,00 €')).toBe(',');
    expect(markOf('1,234.50', '1.480,00', '73.9')).toBe('.');
    expect(markOf('1.234', '2.000', '5', 7.5, 'text')).toBeNull();
    expect(markOf('1,5', '1.5')).toBeNull();
  });

  test('what we write comes back, plainly and in each language', () => {
    const amount = fc.integer({ min: -9_999_999_999, max: 9_999_999_999 });
    fc.assert(
      fc.property(amount, fc.constantFrom('EUR', 'NOK', 'GBP', 'JPY', 'CHF'), (minor, currency) => {
        const plain = plainMoney(minor, currency);
        expect(said(parseMoney(plain, { currency, decimal: '.' }))).toBe(minor);
        for (const [language, decimal] of [
          ['en', '.'],
          ['de', ','],
          ['nb', ','],
        ] as const) {
          expect(said(parseMoney(formatMoney(minor, currency, language), { currency, decimal }))).toBe(minor);
        }
      }),
    );
  });

  test('a number of Excel and its text are the same amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (minor) => {
        const plain = plainMoney(minor, 'EUR');
        expect(euros(Number(plain), '.')).toBe(minor);
        expect(decimalsOf('EUR')).toBe(2);
      }),
    );
  });
});

describe('Dates', () => {
  const day = (cell: string | number, monthFirst = false, latest?: string) =>
    said(parseDate(cell, { monthFirst, latest }));

  test.each([
    '2019-04-02',
    '2019-4-2',
    '2019/04/02',
    '02.04.2019',
    '2.4.2019',
    '2. 4. 2019',
    '02/04/2019',
    '02-04-2019',
    '20190402',
    '2019-04-02T00:00:00.000Z',
    '2019-04-02 13:45',
    '02.04.2019 13:45:10',
    ' 2019-04-02 ',
  ])('%s is the second of April', (text) => {
    expect(day(text)).toBe('2019-04-02');
  });

  test('the month comes first in the United States alone', () => {
    expect(day('04/25/2022', true)).toBe('2022-04-25');
    expect(day('04/25/2022 1:30 PM', true)).toBe('2022-04-25');
    expect(day('04/25/2022')).toBe('dayMonthSwapped');
    expect(day('25.04.2022', true)).toBe('2022-04-25');
  });

  test.each([
    ['31.02.2022', 'noSuchDay'],
    ['2023-02-29', 'noSuchDay'],
    ['00.01.2022', 'noSuchDay'],
    ['40/40/2022', 'noSuchDay'],
    ['01.02.19', 'yearWithFourDigits'],
    ['1899-12-31', 'before1900'],
    ['May 2022', 'notADate'],
    ['2022', 'notADate'],
    ['44197', 'notADate'],
    ['01.02/2019', 'notADate'],
  ])('%s is refused', (text, key) => {
    expect(day(text)).toBe(key);
  });

  test('what lies ahead is refused where it may not', () => {
    expect(day('2031-01-05', false, '2026-11-21')).toBe('inFuture');
    expect(day('2026-11-21', false, '2026-11-21')).toBe('2026-11-21');
    expect(day('2031-01-05')).toBe('2031-01-05');
  });

  test.each(['', '0000-00-00', '00.00.0000', '9999-12-31', '31.12.9999', '-'])('%j says never', (text) => {
    expect(day(text, false, '2026-11-21')).toBeUndefined();
  });

  test('a serial number of Excel is its day', () => {
    expect(day(44197)).toBe('2021-01-01');
    expect(day(44197.75)).toBe('2021-01-01');
    expect(day(20190402)).toBe('2019-04-02');
    expect(day(7)).toBe('notADate');
  });

  test('every day comes back from every way of writing it', () => {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, dayOfMonth] = iso.split('-') as [string, string, string];
        expect(day(iso)).toBe(iso);
        expect(day(`${dayOfMonth}.${month}.${year}`)).toBe(iso);
        expect(day(`${Number(dayOfMonth)}/${Number(month)}/${year}`)).toBe(iso);
        expect(day(`${month}/${dayOfMonth}/${year}`, true)).toBe(iso);
        expect(day(`${year}${month}${dayOfMonth}`)).toBe(iso);
      }),
    );
  });
});

describe('E-mail addresses', () => {
  test.each([
    ['Anna.Berg@Example.COM', 'Anna.Berg@example.com'],
    [' \u200Fanna@example.com\u00A0', 'anna@example.com'],
    ['mailto:anna@example.com', 'anna@example.com'],
    ['anna@Bücher.example', 'anna@xn--bcher-kva.example'],
    ["o'neil+tag@sub.example.com", "o'neil+tag@sub.example.com"],
    ['', ''],
  ])('%j', (text, address) => {
    expect(said(parseEmail(text))).toBe(address);
  });

  test.each([
    ['familie.yildiz@example,com', 'commaInAddress'],
    ['a@example.com; b@example.com', 'severalAddresses'],
    ['a@example.com,b@example.com', 'severalAddresses'],
    ['a@example.com\r\nBcc: b', 'hiddenCharacter'],
    ['a\0@example.com', 'hiddenCharacter'],
    ['märta@example.com', 'lettersBeforeAt'],
    ['anna', 'notAnEmail'],
    ['@example.com', 'notAnEmail'],
    ['anna@', 'notAnEmail'],
    ['anna@localhost', 'notAnEmail'],
    ['anna@1.2.3.4', 'notAnEmail'],
    ['a..b@example.com', 'notAnEmail'],
    ['.a@example.com', 'notAnEmail'],
    ['a b@example.com', 'notAnEmail'],
    ['a@exa mple.com', 'notAnEmail'],
    ['a@-example.com', 'notAnEmail'],
    ['Anna <anna@example.com>', 'notAnEmail'],
    [`${'a'.repeat(65)}@example.com`, 'tooLong'],
    [`a@${'b.'.repeat(130)}com`, 'tooLong'],
  ])('%j is refused', (text, key) => {
    expect(said(parseEmail(text))).toBe(key);
  });

  test('what is taken is one bare address, and is taken as it is again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string(), seenText()), (text) => {
        const parsed = parseEmail(text);
        if (!parsed.ok || parsed.value === '') return;
        expect(parsed.value).toMatch(/^[!-+\--~]+@[a-z0-9.-]+$/);
        expect(said(parseEmail(parsed.value))).toBe(parsed.value);
      }),
    );
  });
});

describe('Telephone numbers', () => {
  test.each(['+49 (0)30 / 1234-56', '0049 30 123', '22 33 44 55', '030 123 Durchwahl 4', '112'])('%s', (text) => {
    expect(said(parseTelephone(text))).toBe(text);
  });
  test.each(['ask Anna', '12', '+49 30 12 or 13', '1'.repeat(21)])('%s is refused', (text) => {
    expect(said(parseTelephone(text))).toBe('notATelephone');
  });
  test('a number of Excel is one too', () => {
    expect(said(parseTelephone(493012345678))).toBe('493012345678');
  });
});

describe('Words in four languages', () => {
  test.each([
    ['German', 'de'],
    ['Deutsch', 'de'],
    ['Duits', 'de'],
    ['tysk', 'de'],
    ['DE-AT', 'de'],
    ['no', 'nb'],
    ['Norwegisch', 'nb'],
    ['norsk bokmål', 'nb'],
    ['Nederlands', 'nl'],
    ['Flämisch', 'nl'],
    ['日本語', 'ja'],
    ['pt-br', 'pt-BR'],
    ['zh_TW', 'zh-Hant'],
    ['', ''],
    ['Klingon', 'notALanguage'],
  ])('language %j', (text, code) => {
    expect(said(parseLanguage(text))).toBe(code);
  });

  test.each([
    ['de', 'DE'],
    ['Deutschland', 'DE'],
    ['Duitsland', 'DE'],
    ['Tyskland', 'DE'],
    ['Österreich', 'AT'],
    ['Oesterreich', 'AT'],
    ['A', 'AT'],
    ['AE', 'AE'],
    ['DEU', 'DE'],
    ['U.K.', 'GB'],
    ['England', 'GB'],
    ['Holland', 'NL'],
    ['Norge', 'NO'],
    ['Noorwegen', 'NO'],
    ['Schweiz', 'CH'],
    ['Ivory Coast', 'notACountry'],
    ['Côte d’Ivoire', 'CI'],
    ['XX', 'notACountry'],
    ['EU', 'notACountry'],
    ['Atlantis', 'notACountry'],
  ])('country %j', (text, code) => {
    expect(said(parseCountry(text))).toBe(code);
  });

  test('every code that we give out is known again', () => {
    for (const code of LANGUAGE_CODES) expect(said(parseLanguage(code))).toBe(code);
    const regions = new Intl.DisplayNames(['en'], { type: 'region' });
    for (const code of ['DE', 'NL', 'NO', 'GB', 'US', 'KR', 'CZ', 'TR', 'CI', 'HK']) {
      expect(said(parseCountry(regions.of(code) ?? ''))).toBe(code);
    }
  });

  test.each([
    ['europe/oslo', 'Europe/Oslo'],
    ['America/New York', 'America/New_York'],
    ['UTC', 'UTC'],
    ['+01:00', 'notATimeZone'],
    ['Europe/Atlantis', 'notATimeZone'],
    ['Oslo', 'notATimeZone'],
  ])('time zone %j', (text, zone) => {
    expect(said(parseTimeZone(text))).toBe(zone);
  });

  test('status, legal basis, kind of dealing', () => {
    for (const word of ['active', 'Aktiv', 'actief', 'Bestandskunde']) expect(said(parseStatus(word))).toBe('active');
    for (const word of ['left', 'gekündigt', 'vertrokken', 'sluttet']) expect(said(parseStatus(word))).toBe('left');
    expect(said(parseStatus('perhaps'))).toBe('notAStatus');
    expect(said(parseLegalBasis('Einwilligung'))).toBe('consent');
    expect(said(parseLegalBasis('Art. 6 (1) f'))).toBe('legitimate_interest');
    expect(said(parseLegalBasis('bestaande klant'))).toBe('existing_customer');
    expect(said(parseLegalBasis('why not'))).toBe('notABasis');
    for (const word of ['complaint', 'Reklamation', 'klacht', 'klage']) {
      expect(said(parseDealingKind(word))).toBe('complaint');
    }
  });

  test('tags are split, tidied and told apart without case', () => {
    expect(said(parseTags(' VIP, café ;vip|\nneu,, '))).toEqual(['VIP', 'café', 'neu']);
    expect(said(parseTags('x'.repeat(41)))).toBe('tooLong');
    expect(said(parseTags(Array.from({ length: 21 }, (_, at) => `t${at}`).join()))).toBe('tooManyTags');
  });
});

describe('Names', () => {
  test('lose invisible marks and emoji at their ends, and keep what is inside', () => {
    expect(nameLine('\u200F \u202Bאנה\u200E')).toBe('אנה');
    expect(nameLine('🌸 Anna  Berg 👍🏽')).toBe('Anna Berg');
    expect(nameLine('Rock 🎸 Roll')).toBe('Rock 🎸 Roll');
    expect(nameLine('🎸')).toBe('🎸');
    expect(nameLine('Ame\u0301lie')).toBe('Amélie');
    expect(nameLine('=Anna')).toBe('=Anna');
    expect(nameLine('3M')).toBe('3M');
    expect(hasHiddenCharacter('Anna\0')).toBe(true);
  });

  test.each([
    'Grundstücksverwaltungsgesellschaft Nordufer mbH & Co. KG',
    'Ristorante Da Lucia',
    'Hotel Seeblick',
    'Nordlys AS',
    'Bakkerij Jansen B.V.',
    'Smith & Sons',
    'Acme Ltd.',
  ])('%s is a firm', (name) => {
    expect(splitName(name)).toMatchObject({ organisation: name, familyName: '' });
  });

  test.each([
    ['Anna Berg', 'Anna', 'Berg'],
    ['Jan van der Berg', 'Jan', 'van der Berg'],
    ['Maria da Silva', 'Maria', 'da Silva'],
    ['Berg, Anna Sofie', 'Anna Sofie', 'Berg'],
    ['J. Kowalczyk', 'J.', 'Kowalczyk'],
    ['van Gogh', '', 'van Gogh'],
    ['Madonna', '', 'Madonna'],
    ['Familie Yıldız-Bergmann', '', 'Familie Yıldız-Bergmann'],
  ])('%s', (name, givenName, familyName) => {
    expect(splitName(name)).toEqual({ title: '', organisation: '', givenName, familyName });
  });

  test('titles in front are no given names', () => {
    expect(splitName('Frau Dr. Anna Berg')).toEqual({
      title: 'Frau Dr.',
      givenName: 'Anna',
      familyName: 'Berg',
      organisation: '',
    });
  });

  test('no word of a person’s name is lost or added', () => {
    const word = fc.constantFrom('Anna', 'Berg', 'van', 'der', 'Dr.', 'Frau', 'Østby', 'Li');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const { title, givenName, familyName } = splitName(words.join(' '));
        expect([title, givenName, familyName].filter(Boolean).join(' ')).toBe(words.join(' '));
        expect(familyName).not.toBe('');
      }),
    );
    expect(looksLikeFirm('Anna Berg')).toBe(false);
  });
});

test('no cell makes any of them fail', () => {
  const cell = fc.oneof(seenText(), anyText(), fc.double(), fc.stringMatching(/^[\d.,' €kr()-]*$/));
  const mark = fc.constantFrom(',' as const, '.' as const, null);
  fc.assert(
    fc.property(cell, mark, fc.boolean(), (value, decimal, monthFirst) => {
      const all: Parsed<unknown>[] = [
        parseMoney(value, { currency: 'EUR', decimal }),
        parseDate(value, { monthFirst, latest: '2026-01-01' }),
        ...[parseEmail, parseTelephone, parseLanguage, parseCountry, parseTimeZone].map((parse) => parse(value)),
        ...[parseStatus, parseLegalBasis, parseDealingKind, parseTags].map((parse) => parse(value)),
      ];
      for (const parsed of all) if (!parsed.ok) expect(parsed.key).toMatch(/^import\.error\./);
      expect(typeof cellText(value)).toBe('string');
      expect(splitName(nameLine(cellText(value)))).toBeDefined();
    }),
    { numRuns: 500 },
  );
});
