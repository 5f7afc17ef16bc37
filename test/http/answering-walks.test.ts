import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AnswerValue } from '../../src/questionnaires/index.ts';
import { cleanText } from '../../src/questionnaires/verbatim.ts';
import { invite, startAsking, type Asking } from '../support/asked.ts';
import { onBothEngines } from '../support/engines.ts';
import { respondent } from '../support/respondent.ts';
import { seenText } from '../support/any-text.ts';

const KEYS = ['happened', 'happened.probe', 'reasons', 'reasons.most', 'now', 'keep'];
const LANGUAGES = ['en', 'de', 'nl', 'nb'];

type Step =
  | { kind: 'answer'; key: string; words: string; was: boolean }
  | { kind: 'tick'; reasons: string[] }
  | { kind: 'most'; reason: string }
  | { kind: 'skip'; key: string }
  | { kind: 'look'; path: string }
  | { kind: 'language'; language: string }
  | { kind: 'send' };

const words = seenText({ minLength: 1, maxLength: 90 }).filter((each) => /\p{L}/u.test(each));
const reasons = fc.subarray(['price', 'quality', 'promises', 'complaints'], { minLength: 1 });
const openKey = fc.constantFrom('happened', 'happened.probe', 'now', 'keep');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('answer' as const), key: openKey, words, was: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tick' as const), reasons }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('most' as const), reason: fc.constantFrom('price', 'quality') }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('skip' as const), key: fc.constantFrom(...KEYS) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('look' as const),
      path: fc.constantFrom('', '/check-answers', '/thank-you', ...KEYS.map((key) => `/${key}`)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('language' as const), language: fc.constantFrom(...LANGUAGES) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('send' as const) }) },
);

/** Everything that was acknowledged, as text: what stands, and what it replaced. */
async function everSaid(asking: Asking, id: string): Promise<Map<string, string[]>> {
  const { answers, revisions } = await asking.responses.get(id);
  const said = new Map<string, string[]>();
  const add = (key: string, value: AnswerValue) => said.set(key, [...(said.get(key) ?? []), JSON.stringify(value)]);
  for (const { key, value } of revisions) add(key, value);
  for (const [key, { value }] of answers) add(key, value);
  return said;
}

onBothEngines((on) => {
  let asking: Asking;
  beforeAll(async () => {
    asking = await startAsking(on.storage());
  });
  afterAll(() => asking.close());

  /** One device, or two that take turns. */
  async function walk(steps: Step[], devices: number): Promise<void> {
    const invitationId = await invite(on.storage(), asking.clock, asking.ground, { language: 'de' });
    const people = Array.from({ length: devices }, () => respondent(asking, invitationId));
    const languages = people.map(() => '');
    const acknowledged: [string, AnswerValue][] = [];
    let sent = false;
    for (const [i, each] of steps.entries()) {
      const device = i % devices;
      const person = people[device] as (typeof people)[number];
      const query = languages[device] ?? '';
      asking.clock.advance({ seconds: 1 });
      const seen = await (async () => {
        switch (each.kind) {
          case 'answer':
            return await person.answer(each.key, { answer: each.words, ...(each.was ? { was: '1' } : {}) }, query);
          case 'tick':
            return await person.answer('reasons', { reason: each.reasons }, query);
          case 'most':
            return await person.answer('reasons.most', { most: each.reason }, query);
          case 'skip':
            return await person.skip(each.key);
          case 'look':
            return await person.get(each.path + query);
          case 'language':
            languages[device] = `?lang=${each.language}`;
            return await person.get(`?lang=${each.language}`);
          case 'send':
            return await person.send();
        }
      })();
      expect([200, 422]).toContain(seen.status);
      if (seen.status === 200 && each.kind === 'answer')
        acknowledged.push([each.key, { kind: 'open', text: cleanText(each.words) }]);
      if (seen.status === 200 && each.kind === 'most')
        acknowledged.push(['reasons.most', { kind: 'most', code: each.reason }]);
      if (each.kind === 'send' && seen.path.endsWith('/thank-you')) sent = true;
    }
    const found = await asking.responses.find(on.storage().read, invitationId);
    expect(found?.response.state === 'complete').toBe(sent);
    if (!found) return expect(acknowledged).toEqual([]);
    const said = await everSaid(asking, found.response.id);
    for (const [key, value] of acknowledged) expect(said.get(key) ?? []).toContain(JSON.stringify(value));
    const last = new Map(acknowledged);
    for (const [key, value] of last) {
      const stands = found.answers.get(key)?.value;
      expect(stands?.kind === 'skipped' || JSON.stringify(stands) === JSON.stringify(value)).toBe(true);
    }
  }

  describe('whatever somebody does', () => {
    const runs = { numRuns: on.engine === 'sqlite' ? 25 : 10 };

    test('on one device, an answer that was acknowledged is never lost', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), (steps) => walk(steps, 1)),
        runs,
      );
    });

    test('on two devices that take turns, neither', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), (steps) => walk(steps, 2)),
        runs,
      );
    });

    test('all at once, there is one response and every answer is in it or among its revisions', async () => {
      const invitationId = await invite(on.storage(), asking.clock, asking.ground);
      const people = Array.from({ length: 8 }, () => respondent(asking, invitationId));
      const said = (i: number) => `Satz ${i}, lang genug, dass niemand noch einmal nachfragen muss, was passiert ist.`;
      await Promise.all(
        people.flatMap((person, i) => [
          person.answer('happened', { answer: said(i) }),
          person.answer('now', { answer: said(i) }),
        ]),
      );
      await Promise.all(people.map((person) => person.send()));
      const found = await asking.responses.find(on.storage().read, invitationId);
      const ever = await everSaid(asking, found?.response.id ?? '');
      for (const key of ['happened', 'now']) {
        expect([...(ever.get(key) ?? [])].sort()).toEqual(
          people.map((_, i) => JSON.stringify({ kind: 'open', text: said(i) })),
        );
      }
    });
  });
});
