import { describe, expect, test } from '@jest/globals';
import { planAnswers } from '../../src/demo/answers.ts';
import { DEMO_LANGUAGES, REASONS, SATISFACTION_QUESTIONS, THEMES, loadDemoContent } from '../../src/demo/content.ts';
import { generateCompany } from '../../src/demo/generate.ts';
import { addMonths } from '../../src/shared/dates.ts';

const content = loadDemoContent();
const company = generateCompany({ today: '2026-11-22' }, content);
const plan = planAnswers(company, content);
const customers = new Map(company.customers.map((one) => [one.reference, one]));
const answered = plan.leaving.people.flatMap(({ answer, ...entry }) =>
  entry.outcome === 'answered' && answer ? [{ ...entry, answer }] : [],
);
const satisfied = plan.satisfaction.people.flatMap(({ answer, ...entry }) => (answer ? [{ ...entry, answer }] : []));

describe('what was written for the company', () => {
  test('is several hundred different answers in four languages', () => {
    expect(content.leaving.length).toBeGreaterThanOrEqual(320);
    expect(content.satisfaction.length).toBeGreaterThanOrEqual(160);
    const texts = content.leaving.map(({ text }) => text.toLowerCase());
    expect(new Set(texts).size).toBe(texts.length);
    for (const lang of DEMO_LANGUAGES) {
      expect(content.leaving.filter((one) => one.lang === lang).length).toBeGreaterThanOrEqual(70);
      for (const question of SATISFACTION_QUESTIONS) {
        const there = content.satisfaction.filter((one) => one.lang === lang && one.question === question);
        expect(there.length).toBeGreaterThanOrEqual(8);
      }
    }
  });

  test('gives every reason as the main one in every language, and labels no reason twice', () => {
    for (const lang of DEMO_LANGUAGES) {
      const mains = new Set(content.leaving.filter((one) => one.lang === lang).map(({ codes }) => codes[0]));
      expect([...mains].sort()).toEqual([...REASONS].sort());
    }
    for (const { codes } of content.leaving) expect(new Set(codes).size).toBe(codes.length);
  });

  test('is about what no reason covers now and then, in every language, and nothing else is said there', () => {
    for (const theme of THEMES) {
      const about = content.leaving.filter((one) => one.theme === theme);
      expect(new Set(about.map(({ lang }) => lang)).size).toBe(DEMO_LANGUAGES.length);
      for (const { codes } of about) expect(codes).toEqual(['other']);
    }
  });

  test('names no address outside example.com', () => {
    const everything = JSON.stringify([content, company, plan]);
    for (const [found] of everything.matchAll(/[\w.+-]+@[\w.-]+\w/g)) expect(found).toMatch(/@example\.com$/);
    for (const [found] of everything.matchAll(/https?:\/\/[^\s"/]+/g)) expect(found).toMatch(/\.example\.com$/);
  });

  test('explains a step of the scale wherever it is about needs', () => {
    for (const { question, score } of content.satisfaction) expect(score !== undefined).toBe(question === 'needs');
  });
});

describe('the leaving questionnaire', () => {
  test('accounts for each of the 140, once', () => {
    const outcomes = Map.groupBy(plan.leaving.people, ({ outcome }) => outcome);
    const count = (outcome: 'answered' | 'not_asked' | 'no_answer' | 'started' | 'opted_out') =>
      outcomes.get(outcome)?.length;
    expect(new Set(plan.leaving.people.map(({ customer }) => customer)).size).toBe(140);
    expect([count('answered'), count('started'), count('opted_out')]).toEqual([90, 4, 3]);
    // Some were called instead of asked; enough stay silent to tell of it.
    const called = plan.leaving.people.filter(({ not_asked }) => not_asked === 'called').length;
    expect([count('no_answer'), count('not_asked')]).toEqual([35 - called, 8 + called]);
    expect([called >= 15, 35 - called >= 8]).toEqual([true, true]);
  });

  test('was never sent to those without address or basis', () => {
    for (const { customer, wave, not_asked } of plan.leaving.people) {
      const who = customers.get(customer);
      const expected = who?.email === '' ? 'no_address' : who?.legal_basis === '' ? 'no_basis' : '';
      expect(not_asked === 'called' ? '' : not_asked).toBe(expected);
      expect(wave === null).toBe(not_asked !== '');
    }
  });

  test('was sent once to each of the others, after they left', () => {
    const asked = plan.leaving.waves.flatMap(({ customers: list }) => list);
    const called = plan.leaving.people.filter(({ not_asked }) => not_asked === 'called').length;
    expect(new Set(asked).size).toBe(132 - called);
    expect(asked).toHaveLength(132 - called);
    for (const { sent_at, customers: list } of plan.leaving.waves) {
      expect(list.length).toBeGreaterThan(0);
      for (const reference of list) expect((customers.get(reference)?.left_on ?? '~') < sent_at).toBe(true);
    }
  });

  test('was answered after it was sent and before today, in the customer’s language, with words of their own', () => {
    const sent = new Map(plan.leaving.waves.map(({ key, sent_at }) => [key, sent_at]));
    for (const { customer, wave, answer } of answered) {
      expect(answer.answered_at > (sent.get(wave ?? '') ?? '~')).toBe(true);
      expect(answer.answered_at < company.today).toBe(true);
      expect(answer.language).toBe(customers.get(customer)?.language);
      expect(answer.entered_by === null).toBe(answer.mode === 'email');
    }
    expect(new Set(answered.map(({ answer }) => answer.text)).size).toBe(90);
    const byMail = answered.filter(({ answer }) => answer.mode === 'email');
    expect(byMail.length).toBeGreaterThan(65);
    expect(byMail.length).toBeLessThan(90);
  });

  test('fits the customer: no restaurant speaks of its living room', () => {
    for (const { customer, answer } of answered) {
      const text = content.leaving.find((one) => one.text === answer.text);
      const who = customers.get(customer);
      expect([undefined, who?.segment]).toContain(text?.segment);
      expect([undefined, who?.gender]).toContain(text?.spoken_by);
    }
  });

  test('holds themes that no reason covers, mostly in the last months, in every language', () => {
    const themeOf = new Map(content.leaving.map(({ text, theme }) => [text, theme]));
    const themed = answered.flatMap(({ answer }) => {
      const theme = themeOf.get(answer.text);
      return theme ? [{ ...answer, theme }] : [];
    });
    const counts = Map.groupBy(themed, ({ theme }) => theme);
    expect(THEMES.map((theme) => counts.get(theme)?.length)).toEqual([12, 7]);
    expect(new Set(themed.map(({ language }) => language)).size).toBe(DEMO_LANGUAGES.length);
    const before = plan.before.leaving.people.filter(({ answer }) => themeOf.get(answer?.text ?? ''));
    expect(before.length).toBeLessThan(themed.length / 3);
  });

  test('names as the main reason ticked only one that was ticked', () => {
    for (const { answer } of answered) {
      if (answer.ticked_main !== null) expect(answer.ticked).toContain(answer.ticked_main);
      if (answer.ticked.includes('withheld')) expect(answer.ticked).toEqual(['withheld']);
      expect(answer.ticked).not.toContain('unknown');
    }
  });

  test('is coded for 70 of 90 by colleagues who code, after the answer and before today', () => {
    const coders = new Set(company.profile.staff.filter(({ codes }) => codes).map(({ key }) => key));
    const coded = answered.filter(({ coding }) => coding !== null);
    expect(coded).toHaveLength(70);
    for (const { coding, answer } of coded) {
      expect(coders.has(coding?.by ?? '')).toBe(true);
      expect((coding?.at ?? '') > answer.answered_at && (coding?.at ?? '~') < company.today).toBe(true);
      expect([coding?.main, ...(coding?.contributing ?? [])]).toEqual(answer.codes);
    }
    const unknown = coded.filter(({ coding }) => coding?.main === 'unknown').length;
    expect(unknown).toBeGreaterThan(0);
    expect(unknown).toBeLessThan(12);
  });

  test.each([
    ['2024-02-29', 2],
    ['2025-03-02', 3],
    ['2026-01-01', 4],
    ['2027-07-05', 5],
  ])('has its 90 answers and 70 codings on %s too', (today, seed) => {
    const other = generateCompany({ today, seed }, content);
    const { people } = planAnswers(other, content).leaving;
    expect(people.filter(({ outcome }) => outcome === 'answered')).toHaveLength(90);
    expect(people.filter(({ coding }) => coding !== null)).toHaveLength(70);
    for (const { answer } of people) if (answer) expect(answer.answered_at < today).toBe(true);
  });
});

describe('the year before', () => {
  test.each([
    ['2024-02-29', 2],
    ['2027-05-17', 5],
  ])('has enough answers to compare with on %s: every third says that nobody answered', (today, seed) => {
    const other = generateCompany({ today, seed }, content);
    const { leaving, before } = planAnswers(other, content);
    const then = before.leaving.people.flatMap(({ coding }) => (coding ? [coding.main] : []));
    const known = then.filter((main) => main !== 'unknown');
    const now = leaving.people.flatMap(({ coding }) => (coding && coding.main !== 'unknown' ? [coding.main] : []));
    const share = (mains: string[]) => mains.filter((main) => main === 'responsiveness').length / mains.length;
    expect(known.length).toBeGreaterThanOrEqual(50);
    expect([share(known) > 0.28, share(now) < 0.2]).toEqual([true, true]);
  });

  test('ended before the last one began, with words of its own', () => {
    const yearAgo = addMonths(company.today, -12);
    const { people } = plan.before.leaving;
    expect(company.former.customers.every(({ left_on }) => (left_on ?? '~') < yearAgo)).toBe(true);
    expect(people.map(({ customer }) => customer)).toEqual(company.former.customers.map(({ reference }) => reference));
    const texts = [...people, ...answered].flatMap(({ answer }) => (answer ? [answer.text] : []));
    expect(new Set(texts).size).toBe(texts.length);
    for (const { answer, coding } of people) {
      expect(coding === null).toBe(answer === null);
      if (answer && coding) expect([answer.answered_at < coding.at, coding.at < company.today]).toEqual([true, true]);
    }
    const references = [...company.customers, ...company.former.customers].map(({ reference }) => reference);
    expect(new Set(references).size).toBe(references.length);
  });
});

describe('the satisfaction questionnaire', () => {
  test('came back from about 130 current customers who may be asked', () => {
    expect(satisfied.length).toBeGreaterThanOrEqual(120);
    expect(satisfied.length).toBeLessThanOrEqual(135);
    for (const { customer } of plan.satisfaction.people) {
      const who = customers.get(customer);
      expect(who?.status === 'active' && who.email !== '' && who.legal_basis !== '').toBe(true);
    }
    const asked = plan.satisfaction.waves.flatMap(({ customers: list }) => list);
    expect(new Set(asked).size).toBe(plan.satisfaction.people.length);
  });

  test('is answered on the whole scale, mostly well, with words that fit the step', () => {
    const scores = Map.groupBy(satisfied, ({ answer }) => answer.needs_score);
    expect([...scores.keys()].sort()).toEqual([1, 2, 3, 4, 5]);
    const well = (scores.get(4)?.length ?? 0) + (scores.get(5)?.length ?? 0);
    expect(well / satisfied.length).toBeGreaterThan(0.6);
    for (const { answer } of satisfied) {
      const text = content.satisfaction.find((one) => one.question === 'needs' && one.text === answer.texts.needs);
      if (text) expect(text.score).toBe(answer.needs_score);
    }
  });

  test('holds at least 300 open answers, none given twice, in the customer’s language', () => {
    const given = satisfied.flatMap(({ answer }) =>
      Object.entries(answer.texts).map(([question, text]) => ({ question, text, language: answer.language })),
    );
    expect(given.length).toBeGreaterThanOrEqual(300);
    expect(new Set(given.map(({ question, text }) => `${question} ${text}`)).size).toBe(given.length);
    for (const { question, text, language } of given) {
      const written = content.satisfaction.find((one) => one.question === question && one.text === text);
      expect(written?.lang).toBe(language);
    }
  });
});

test('the same company answers the same', () => {
  expect(planAnswers(company, content)).toEqual(plan);
});

test('a larger company repeats words rather than failing', () => {
  const options = { today: '2026-11-22', customers: 900, lost: 800, lostYearlyMinor: 24_000_000 };
  const { people } = planAnswers(generateCompany(options, content), content).leaving;
  expect(people).toHaveLength(800);
  for (const { outcome, answer } of people) if (outcome === 'answered') expect(answer?.text).toBeTruthy();
});
