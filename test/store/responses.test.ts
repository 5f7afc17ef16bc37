import { beforeAll, describe, expect, test } from '@jest/globals';
import { markCompleted, markStarted } from '../../src/invitations/store.ts';
import { createResponses, type Asked, type Responses, type Submitted } from '../../src/responses/index.ts';
import type { Tx } from '../../src/storage/index.ts';
import { invite, layGround, starter, type Ground } from '../support/asked.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';

const WORDS = {
  kind: 'open',
  text: 'Der Preis ist zu oft gestiegen, und niemand hat es vorher gesagt, nicht ein Wort.',
} as const;

onBothEngines((on) => {
  const clock = testClock();
  let ground: Ground;
  let responses: Responses;
  let told: Submitted[] = [];
  let references: string[] = [];

  beforeAll(async () => {
    ground = await layGround(on.storage(), clock, starter('leaving'));
    responses = createResponses({
      storage: on.storage(),
      clock,
      invitations: {
        markStarted: (tx: Tx, id: string) => markStarted(tx, { id }),
        markCompleted: (tx: Tx, id: string) => markCompleted(tx, { id }),
      },
      companyName: async () => 'Hollerbach Kaffee',
      audit: async () => {},
      referenceFor: () => references.shift() ?? `HK-${Math.random()}`,
      recordEvents: async () => {},
    });
    responses.onSubmitted(async (_tx, submitted) => void told.push(submitted));
  });

  async function asked(): Promise<Asked> {
    const id = await invite(on.storage(), clock, ground);
    const { customer_id: customerId } = await on
      .storage()
      .read.selectFrom('invitation')
      .select('customer_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const { programmeId, versionId, waveId, definition } = ground;
    return {
      invitation: { id, customerId, waveId, programmeId, versionId },
      definition,
      mode: 'email',
      language: 'de',
    };
  }
  const progressOf = async ({ invitation }: Asked) =>
    (
      await on
        .storage()
        .read.selectFrom('invitation')
        .select('progress')
        .where('id', '=', invitation.id)
        .executeTakeFirst()
    )?.progress;

  describe('an answer', () => {
    test('begins the response and marks the invitation as started', async () => {
      const who = await asked();
      expect(await progressOf(who)).toBe('none');
      await responses.saveAnswer(who, { key: 'happened', value: WORDS });
      expect(await progressOf(who)).toBe('started');
      const found = await responses.find(on.storage().read, who.invitation.id);
      expect(found?.response).toMatchObject({ state: 'partial', mode: 'email', language: 'de', submittedAt: null });
      expect(found?.answers.get('happened')).toMatchObject({
        value: WORDS,
        versionId: ground.versionId,
        language: 'de',
      });
    });

    test('finds another reference where one is taken', async () => {
      references = ['HK-333-333', 'HK-333-333', 'HK-333-333', 'HK-444-444'];
      const [first, second] = [await asked(), await asked()];
      expect((await responses.saveAnswer(first, { key: 'now', value: WORDS })).reference).toBe('HK-333-333');
      expect((await responses.saveAnswer(second, { key: 'now', value: WORDS })).reference).toBe('HK-444-444');
    });

    test('saved again as it stands changes nothing but the time of the response', async () => {
      const who = await asked();
      await responses.saveAnswer(who, { key: 'now', value: WORDS });
      const before = (await responses.find(on.storage().read, who.invitation.id))?.answers.get('now');
      clock.advance({ minutes: 1 });
      await responses.saveAnswer(who, { key: 'now', value: WORDS }, true);
      expect((await responses.find(on.storage().read, who.invitation.id))?.answers.get('now')).toEqual(before);
    });

    test('counts as begun also where somebody only believed that it was', async () => {
      const who = await asked();
      await responses.saveAnswer(who, { key: 'now', value: WORDS }, true);
      expect((await responses.find(on.storage().read, who.invitation.id))?.answers.size).toBe(1);
    });
  });

  describe('sending', () => {
    test('completes once, however often it is asked, and tells the hooks the answers that stand', async () => {
      const who = await asked();
      await responses.saveAnswer(who, { key: 'happened', value: { kind: 'open', text: 'Kurz.' } });
      await responses.saveAnswer(who, { key: 'happened.probe', value: { kind: 'open', text: 'Mehr.' } });
      await responses.saveAnswer(who, { key: 'happened', value: WORDS });
      told = [];
      const first = await responses.submit(who);
      clock.advance({ hours: 2 });
      const second = await responses.submit(who);
      expect(second.submittedAt).toBe(first.submittedAt);
      expect(told).toHaveLength(1);
      expect([...(told[0]?.answers.entries() ?? [])]).toEqual([['happened', WORDS]]);
      expect(await progressOf(who)).toBe('completed');
    });

    test('needs something to send', async () => {
      await expect(responses.submit(await asked())).rejects.toMatchObject({ key: 'answering.nothingToSend' });
    });

    test('is undone as a whole where a hook fails', async () => {
      const who = await asked();
      await responses.saveAnswer(who, { key: 'now', value: WORDS });
      const failing = createResponses({
        storage: on.storage(),
        clock,
        invitations: { markStarted: async () => {}, markCompleted: async () => {} },
        companyName: async () => '',
        audit: async () => {},
        recordEvents: async () => {},
      });
      failing.onSubmitted(async () => {
        throw new Error('no coding today');
      });
      await expect(failing.submit(who)).rejects.toThrow('no coding today');
      expect((await responses.find(on.storage().read, who.invitation.id))?.response.state).toBe('partial');
    });
  });

  describe('a whole response', () => {
    const whole = (submittedAt: string | null) => ({
      answers: [{ key: 'happened', value: WORDS, answeredAt: '2026-09-01T10:00:00.000Z' }],
      startedAt: '2026-09-01T10:00:00.000Z',
      submittedAt,
      contactWish: 'phone' as const,
      company: 'Hollerbach Kaffee',
    });

    test('is written with its own times', async () => {
      const who = await asked();
      await on.storage().transaction((tx) => responses.record(tx, who, whole('2026-09-01T10:05:00.000Z')));
      const found = await responses.find(on.storage().read, who.invitation.id);
      expect(found?.response).toMatchObject({
        startedAt: '2026-09-01T10:00:00.000Z',
        submittedAt: '2026-09-01T10:05:00.000Z',
        contactWish: 'phone',
      });
    });

    test('does not take the place of one that is there', async () => {
      const who = await asked();
      await responses.saveAnswer(who, { key: 'now', value: WORDS });
      const again = on.storage().transaction((tx) => responses.record(tx, who, whole(null)));
      await expect(again).rejects.toMatchObject({ key: 'answering.answeredAlready' });
      expect([...((await responses.find(on.storage().read, who.invitation.id))?.answers.keys() ?? [])]).toEqual([
        'now',
      ]);
    });
  });

  describe('lists', () => {
    const days = ['2026-10-01', '2026-10-02', '2026-10-02', '2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05'];
    let listed: Ground;
    let customerId = '';
    beforeAll(async () => {
      listed = await layGround(on.storage(), clock, starter('leaving'));
      for (const day of days) {
        const before = ground;
        ground = listed;
        const who = await asked();
        ground = before;
        customerId = who.invitation.customerId;
        const at = `${day}T08:00:00.000Z`;
        const answers = [{ key: 'now', value: WORDS, answeredAt: at }];
        await on
          .storage()
          .transaction((tx) => responses.record(tx, who, { answers, startedAt: at, submittedAt: at, company: 'x' }));
      }
    });

    test.each([1, 2, 3, 100])('in parts of %i hold each response once, in the order of arrival', async (limit) => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const part = await responses.list({ programmeId: listed.programmeId }, cursor, limit);
        expect(part.rows.length).toBeLessThanOrEqual(limit);
        seen.push(...part.rows.map(({ submittedAt, id }) => `${submittedAt} ${id}`));
        cursor = part.next;
      } while (cursor !== null);
      expect(seen).toHaveLength(days.length);
      expect(seen).toEqual([...new Set(seen)].sort());
    });

    test.each([
      ['a period', { from: '2026-10-02T00:00:00.000Z', to: '2026-10-04T00:00:00.000Z' }, 4],
      ['a wave', {}, 7],
    ])('know %s', async (_what, filter, count) => {
      expect((await responses.list({ waveId: listed.waveId, ...filter })).rows).toHaveLength(count);
    });

    test('know a customer', async () => {
      expect((await responses.list({ customerId })).rows).toHaveLength(1);
    });

    test('refuse a cursor that is none of theirs', async () => {
      await expect(responses.list({}, 'nonsense')).rejects.toHaveProperty('fieldErrors.cursor');
    });

    test('come with their answers for an export', async () => {
      const all: string[] = [];
      for await (const { response, answers } of responses.each({ waveId: listed.waveId })) {
        all.push(response.id);
        expect(answers.get('now')?.value).toEqual(WORDS);
      }
      expect(all).toHaveLength(days.length);
    });
  });
});
