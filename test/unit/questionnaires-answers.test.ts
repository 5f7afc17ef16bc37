import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  answersPage,
  answerValueSchema,
  mostChoices,
  parseAnswer,
  statedReasons,
} from '../../src/questionnaires/answers.ts';
import type { AnswerValue } from '../../src/questionnaires/answers.ts';
import type { PageRef, ReasonsQuestion } from '../../src/questionnaires/definition.ts';
import { graphemes, cleanText, lengthOf } from '../../src/questionnaires/verbatim.ts';
import { everything, given, page, questionOf } from './questionnaires-support.ts';
import { anyText } from '../support/any-text.ts';

const ticked = (...reasons: string[]): AnswerValue => ({ kind: 'reasons', ticked: reasons });
const parse = (at: PageRef, body: Record<string, unknown> | undefined, answers = given({})) =>
  parseAnswer(at, body, answers);
const ok = (value: AnswerValue) => ({ ok: true, value });
const text = (words: string) => ok({ kind: 'open', text: words });

describe('an open answer', () => {
  test.each([
    ['line ends', 'a\r\nb\rc\n\td', 'a\nb\nc\n\td'],
    ['NUL and control characters', 'a\u0000b\u0007c\u009fd\u007f', 'abcd'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['halves that a NUL keeps apart', '\ud83d\u0000\ude00', '\ufffd\ufffd'],
    ['white space around it', '  \n Why not? \n', 'Why not?'],
    ['right-to-left text with its marks', 'المنتج \u200fسيئ\u200f جدا', 'المنتج \u200fسيئ\u200f جدا'],
    ['markup', '<b>"&', '<b>"&'],
  ])('with %s', (_, typed, stored) => {
    expect(parse(page('happened'), { answer: typed })).toEqual(text(stored));
  });

  test.each([['', ' \n\t ', '\u200b\u2060\ufeff', '\u0000', undefined, null, {}, []]])(
    'of nothing is skipped',
    (answer) => {
      expect(parse(page('happened'), { answer })).toEqual(ok({ kind: 'skipped' }));
    },
  );

  test('of 5,000 family emoji is kept whole', () => {
    const answer = '👨‍👩‍👧‍👦'.repeat(5000);
    expect(parse(page('happened'), { answer })).toEqual(text(answer));
  });

  test('of 5,212 characters is explained, and nothing is lost', () => {
    const answer = 'é😀'.repeat(2606);
    expect(parse(page('happened', 'probe'), { answer })).toEqual({
      ok: false,
      errors: { answer: { key: 'answer.tooLong', values: { limit: 5000, length: 5212, over: 212 } } },
      kept: { answer },
    });
  });

  test('of one letter under a heap of marks does not pass for one character', () => {
    expect(parse(page('happened'), { answer: `a${'\u0301'.repeat(200_000)}` }).ok).toBe(false);
  });

  test('passed over by the button is skipped, unless it has to be answered', () => {
    const required: PageRef = { question: { ...questionOf(everything, 'happened'), required: true }, part: 'main' };
    expect(parse(page('happened'), { answer: 'half a', skip: '1' })).toEqual(ok({ kind: 'skipped' }));
    expect(parse(required, { answer: 'a', skip: '1' })).toEqual(text('a'));
    expect(parse(required, { skip: '1' })).toEqual({
      ok: false,
      errors: { answer: { key: 'answer.required.open' } },
      kept: {},
    });
  });

  test('is skipped when there is no body at all', () => {
    expect(parse(page('happened'), undefined)).toEqual(ok({ kind: 'skipped' }));
  });
});

describe('reasons', () => {
  test.each<[string, Record<string, unknown>, AnswerValue]>([
    ['one', { reason: 'price' }, ticked('price')],
    ['several, in the order of the questionnaire', { reason: ['moved', 'price', 'moved'] }, ticked('price', 'moved')],
    ['"other" without words', { reason: 'other' }, ticked('other')],
    [
      '"other" with words',
      { reason: 'other', other: ' New\nowner ' },
      { kind: 'reasons', ticked: ['other'], other: 'New owner' },
    ],
    [
      'words alone: they mean "other"',
      { other: 'New owner' },
      { kind: 'reasons', ticked: ['other'], other: 'New owner' },
    ],
    [
      '"prefer not to say" beside others: it stands alone',
      { reason: ['price', 'prefer_not_to_say'], other: 'x' },
      ticked('prefer_not_to_say'),
    ],
    ['none', { other: '  ' }, { kind: 'skipped' }],
  ])('%s', (_, body, value) => {
    expect(parse(page('reasons'), body)).toEqual(ok(value));
  });

  test('that are not on the list are refused; what was ticked and typed stays', () => {
    expect(parse(page('reasons'), { reason: ['price', 'constructor'], other: 'New owner' })).toEqual({
      ok: false,
      errors: { reason: { key: 'answer.unknownOption' } },
      kept: { reason: ['price'], other: 'New owner' },
    });
  });

  test('in too many words are explained', () => {
    const parsed = parse(page('reasons'), { reason: ['price', 'other'], other: 'x'.repeat(501) });
    expect(parsed).toMatchObject({ ok: false, errors: { other: { key: 'answer.tooLong', values: { over: 1 } } } });
    expect(parsed).toMatchObject({ kept: { reason: ['price', 'other'] } });
  });

  test('of which one mattered most: one that was ticked, or "can’t say"', () => {
    const answers = given({ reasons: ticked('price', 'moved') });
    const at = page('reasons', 'most');
    expect(parse(at, { most: 'moved' }, answers)).toEqual(ok({ kind: 'most', code: 'moved' }));
    expect(parse(at, { most: 'cant_say' }, answers)).toEqual(ok({ kind: 'most', code: 'cant_say' }));
    expect(parse(at, {}, answers)).toEqual(ok({ kind: 'skipped' }));
    expect(parse(at, { most: 'quality' }, answers)).toMatchObject({
      ok: false,
      errors: { most: { key: 'answer.unknownOption' } },
    });
  });

  const stated = (answers: Record<string, AnswerValue>) =>
    statedReasons(questionOf(everything, 'reasons') as ReasonsQuestion, given(answers));

  test('a single one is the main one; of several the one named; else none', () => {
    expect(stated({ reasons: ticked('price') })).toEqual({
      ticked: ['price'],
      main: 'price',
      other: null,
      declined: false,
    });
    expect(stated({ reasons: ticked('price', 'moved'), 'reasons.most': { kind: 'most', code: 'moved' } })?.main).toBe(
      'moved',
    );
    expect(
      stated({ reasons: ticked('price', 'moved'), 'reasons.most': { kind: 'most', code: 'cant_say' } })?.main,
    ).toBeNull();
    expect(
      stated({ reasons: ticked('price', 'moved'), 'reasons.most': { kind: 'most', code: 'quality' } })?.main,
    ).toBeNull();
    expect(stated({ reasons: ticked('prefer_not_to_say') })).toEqual({
      ticked: [],
      main: null,
      other: null,
      declined: true,
    });
    expect(stated({ reasons: { kind: 'skipped' } })).toBeNull();
  });
});

describe('a number, yes or no', () => {
  test.each([
    ['0', 0],
    ['10', 10],
    ['07', 7],
    [3, 3],
  ])('%j counts', (answer, value) => {
    expect(parse(page('recommend'), { answer })).toEqual(ok({ kind: 'scale', value }));
  });

  test.each(['11', '-1', '5.5', '1e1', 'five', '٣'])('%s does not', (answer) => {
    expect(parse(page('recommend'), { answer })).toMatchObject({
      ok: false,
      errors: { answer: { key: 'answer.unknownOption' } },
    });
  });

  test('yes, no, nothing, and neither', () => {
    expect(parse(page('again'), { answer: 'yes' })).toEqual(ok({ kind: 'yesno', value: 'yes' }));
    expect(parse(page('again'), {})).toEqual(ok({ kind: 'skipped' }));
    expect(parse(page('again'), { answer: 'maybe' }).ok).toBe(false);
  });
});

const pages = everything.questions.flatMap((question): PageRef[] => [
  { question, part: 'main' },
  { question, part: 'probe' },
  { question, part: 'most' },
]);
const nasty = fc.oneof(
  anyText(),
  fc
    .array(
      fc.constantFrom(
        '\u0000',
        '\r',
        '\n',
        '\ud83d',
        '\ude00',
        '\u0301',
        '👨‍👩‍👧‍👦',
        '가',
        'ะ',
        '\u200b',
        'a',
        'x'.repeat(4990),
        'é'.repeat(2500),
      ),
    )
    .map((all) => all.join('')),
  fc.constantFrom('price', 'other', 'prefer_not_to_say', 'cant_say', 'yes', '5', '__proto__'),
);
const field = fc.oneof(nasty, fc.array(nasty, { maxLength: 4 }), fc.anything());
const body = fc.record(
  { answer: field, reason: field, other: field, most: field, skip: fc.option(field, { nil: undefined }) },
  { requiredKeys: [] },
);

describe('whatever is posted', () => {
  test('parsing never throws, and what it lets through is sound and answers the page', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pages), fc.option(body, { nil: undefined }), (at, posted) => {
        const answers = given({ reasons: ticked('price', 'moved') });
        const parsed = parseAnswer(at, posted, answers);
        if (!parsed.ok) return expect(Object.keys(parsed.errors).length).toBe(1);
        const value = answerValueSchema.parse(JSON.parse(JSON.stringify(parsed.value)));
        expect(value).toEqual(parsed.value);
        expect(answersPage(at, value, answers)).toBe(true);
        const words = value.kind === 'open' ? value.text : value.kind === 'reasons' ? (value.other ?? '') : '';
        expect(words.includes('\u0000') || !words.isWellFormed() || words.includes('\r')).toBe(false);
        expect(lengthOf(words)).toBeLessThanOrEqual(value.kind === 'open' ? 5000 : 500);
      }),
      { numRuns: 500 },
    );
  });

  test('cleaning twice is cleaning once, and loses no letter', () => {
    fc.assert(fc.property(nasty, (raw) => expect(cleanText(cleanText(raw))).toBe(cleanText(raw))));
    fc.assert(fc.property(fc.string({ minLength: 1 }), (raw) => expect(cleanText(raw)).toBe(raw.trim())));
  });

  test('the fast count of characters is the count of Unicode’s rules', () => {
    const letters = fc.constantFrom(
      'a',
      'é',
      '\u0301',
      '\u200d',
      '©',
      '\ufe0f',
      '가',
      '\u11a8',
      'が',
      '\u3099',
      '漢',
      'Ж',
      '\u0483',
      'ß',
      '–',
      '€',
      '\u20e3',
      '😀',
      '\n',
      '\u00ad',
      'א',
    );
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(
        fc.array(letters).map((all) => all.join('')),
        (sample) => {
          expect(graphemes(sample)).toBe([...segmenter.segment(sample)].length);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('the choices of "which mattered most" are those ticked', () => {
    expect(mostChoices(questionOf(everything, 'reasons'), given({ reasons: ticked('price', 'other') }))).toEqual([
      'price',
      'other',
      'cant_say',
    ]);
  });
});
