import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ultimate, type Codebook } from '../../src/coding/index.ts';
import type { Services } from '../../src/services.ts';
import { colleague, type Actor } from '../../src/shared/actor.ts';
import { testClock } from '../support/clock.ts';
import { startAnswering, startServices, type Answered, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';

onBothEngines((on) => {
  const clock = testClock();
  let services: Services;
  let leaving: Answering;
  let ingrid: Actor;
  let coding: Services['coding'];
  let programmeId: string;

  beforeAll(async () => {
    services = await startServices(on.storage(), clock);
    coding = services.coding;
    leaving = await startAnswering(on.storage(), services, clock);
    programmeId = leaving.programmeId;
    ingrid = colleague(leaving.accountId);
  });

  const book = async (): Promise<Codebook> => {
    const found = await coding.codebook(programmeId);
    if (!found) throw new Error('There is no codebook');
    return found;
  };
  const code = async (key: string) => (await book()).byKey.get(key);
  const add = (name: string, parentKey: string | null = null) =>
    coding.add(ingrid, programmeId, { name: { en: name }, description: {}, parentKey });
  const coded = async (keys: string[], main: string | null = null, ticked: string[] = []): Promise<Answered> => {
    const someone = await leaving.answer({ words: 'Some words of mine.', ticked });
    await coding.codeResponse(ingrid, { ...someone, codes: keys, main });
    return someone;
  };
  const keysOn = async ({ responseId }: Answered, kind = 'colleague') =>
    ((await coding.codingsOf([responseId])).get(responseId) ?? [])
      .filter((each) => each.coderKind === kind)
      .map((each) => each.key + (each.isMain ? '*' : ''))
      .sort();
  const mainOf = ({ responseId }: Answered) =>
    on
      .storage()
      .read.selectFrom('main_reason')
      .select(['code_id', 'source', 'stated_code_id'])
      .where('response_id', '=', responseId)
      .executeTakeFirstOrThrow();

  test('the starters are installed once, in four languages, two levels deep', async () => {
    await coding.installCodebooks();
    const { codes, revision } = await book();
    expect(revision).toBe(1);
    expect(codes.find((each) => each.key === 'price')?.name).toMatchObject({ en: 'Price', de: 'Preis' });
    expect(codes.filter((each) => each.kind === 'unknown').length).toBeGreaterThan(0);
    for (const each of codes.filter((one) => one.parentId !== null)) {
      expect((await book()).byId.get(each.parentId ?? '')?.parentId).toBeNull();
    }
    expect(await on.storage().read.selectFrom('codebook').select('id').execute()).toHaveLength(2);
  });

  describe('adding, renaming, moving', () => {
    test('gives a new code a key of its own that stays when it is renamed', async () => {
      const first = await add('Zu weit weg!');
      const second = await add('Zu weit weg?', 'price');
      expect([first.key, second.key]).toEqual(['zu_weit_weg', 'zu_weit_weg_2']);
      await coding.rename(ingrid, programmeId, first.key, {
        name: { en: 'Too far', de: 'Zu weit' },
        description: { en: 'Far.' },
      });
      expect(await code('zu_weit_weg')).toMatchObject({ name: { en: 'Too far', de: 'Zu weit' } });
    });

    test('refuses two of the same name side by side, and a third level', async () => {
      await expect(add('price')).rejects.toMatchObject({
        fieldErrors: { 'name.en': { key: 'codebook.error.nameTaken' } },
      });
      await expect(add('Deeper', 'price_level')).rejects.toMatchObject({ fieldErrors: { parent: {} } });
      await expect(coding.move(ingrid, programmeId, 'price', { parentKey: 'quality' })).rejects.toMatchObject({
        fieldErrors: { parent: { key: 'codebook.error.parent' } },
      });
    });

    test('moves a code under another parent and before a sibling', async () => {
      await add('Opening hours');
      await coding.move(ingrid, programmeId, 'opening_hours', { parentKey: 'quality', beforeKey: 'quality_declined' });
      const parent = await code('quality');
      const under = (await book()).codes.filter((each) => each.parentId === parent?.id).map((each) => each.key);
      expect(under.slice(0, 3)).toEqual(['quality_faulty', 'opening_hours', 'quality_declined']);
    });

    test('writes down each change with who, when and the revision', async () => {
      const { revision, id } = await book();
      await add('Weather');
      expect((await book()).revision).toBe(revision + 1);
      const [latest] = await coding.changes(id, null);
      expect(latest).toMatchObject({ kind: 'add', revision: revision + 1, accountId: leaving.accountId });
    });
  });

  describe('merging', () => {
    test('carries codings, main reasons and stated reasons along, without doubling any', async () => {
      const [one, both] = [
        await coded(['payment'], 'payment', ['payment']),
        await coded(['payment', 'price'], 'payment'),
      ];
      await coding.merge(ingrid, programmeId, 'payment', 'price');
      const price = (await code('price'))?.id;
      expect(await keysOn(one)).toEqual(['price*']);
      expect(await keysOn(one, 'respondent')).toEqual(['price*']);
      expect(await keysOn(both)).toEqual(['price*']);
      expect(await mainOf(one)).toMatchObject({ code_id: price, source: 'colleague', stated_code_id: price });
      expect(await mainOf(both)).toMatchObject({ code_id: price });
    });

    test('is followed by whoever ticks, codes or undoes with the old code afterwards', async () => {
      await add('Too loud');
      await add('Noise');
      clock.advance({ minutes: 1 });
      const before = await coded(['too_loud'], 'too_loud');
      clock.advance({ minutes: 1 });
      await coding.codeResponse(ingrid, { ...before, codes: ['quality'], main: 'quality' });
      await coding.merge(ingrid, programmeId, 'too_loud', 'noise');
      await coding.undoLast(ingrid);
      expect(await keysOn(before)).toEqual(['noise*']);
      expect(await keysOn(await coded(['too_loud'], 'too_loud'))).toEqual(['noise*']);
      const ticked = await leaving.answer({ ticked: ['payment'] });
      expect(await keysOn(ticked, 'respondent')).toEqual(['price*']);
    });

    test('goes on at the next start where an ended process left it', async () => {
      const { id: left } = await add('Left behind');
      const someone = await coded(['left_behind'], 'left_behind');
      const target = await code('quality');
      const at = clock.now().toISOString();
      await on.storage().transaction(async (tx) => {
        await tx
          .updateTable('code')
          .set({ merged_into_id: target?.id, retired_at: at })
          .where('id', '=', left)
          .execute();
        await tx
          .updateTable('codebook')
          .set((eb) => ({ revision: eb('revision', '+', 1) }))
          .where('programme_id', '=', programmeId)
          .execute();
      });
      await coding.finishMoves();
      expect(await keysOn(someone)).toEqual(['quality*']);
      expect(await mainOf(someone)).toMatchObject({ code_id: target?.id });
    });

    test('takes the codes below along, and refuses itself, one that says less, and a third level', async () => {
      await add('Old parent');
      await add('Old child', 'old_parent');
      await coding.merge(ingrid, programmeId, 'old_parent', 'quality');
      expect((await code('old_child'))?.parentId).toBe((await code('quality'))?.id);
      const refused = { fieldErrors: { into: { key: 'codebook.error.target' } } };
      await expect(coding.merge(ingrid, programmeId, 'moved', 'moved')).rejects.toMatchObject(refused);
      await expect(coding.merge(ingrid, programmeId, 'weather', 'unknown')).rejects.toMatchObject(refused);
      await expect(coding.merge(ingrid, programmeId, 'quality', 'promises_date')).rejects.toMatchObject(refused);
      await expect(coding.merge(ingrid, programmeId, 'quality', 'price_level')).rejects.toMatchObject(refused);
    });

    test('a code with others below it is neither split nor retired', async () => {
      const names = [{ en: 'One' }, { en: 'Two' }];
      const refused = { key: 'codebook.error.hasChildren' };
      await expect(coding.retire(ingrid, programmeId, 'quality')).rejects.toMatchObject(refused);
      await expect(coding.split(ingrid, programmeId, 'quality', names)).rejects.toMatchObject(refused);
    });
  });

  test('splitting sends the answers back to the desk, keeps their codings until then, and offers the new codes', async () => {
    await add('Staff');
    const [someone, other] = [await coded(['staff'], 'staff'), await coded(['moved'], 'moved')];
    await coding.split(ingrid, programmeId, 'staff', [{ en: 'Unfriendly' }, { en: 'Badly informed' }]);
    const stateOf = async ({ responseId }: Answered) =>
      (
        await on
          .storage()
          .read.selectFrom('coding_task')
          .select('state')
          .where('response_id', '=', responseId)
          .executeTakeFirstOrThrow()
      ).state;
    expect([await stateOf(someone), await stateOf(other)]).toEqual(['open', 'coded']);
    expect(await keysOn(someone)).toEqual(['staff*']);
    const staff = await code('staff');
    expect(
      await coding.desk.next(programmeId, leaving.accountId, {
        queue: 'open',
        order: 'oldest',
        codeId: staff?.id ?? '',
      }),
    ).toEqual({
      responseId: someone.responseId,
      questionKey: 'happened',
    });
    await expect(coding.codeResponse(ingrid, { ...someone, codes: ['staff'], main: 'staff' })).rejects.toMatchObject({
      fieldErrors: { code: { key: 'coding.error.retiredCode' } },
    });
    await coding.codeResponse(ingrid, { ...someone, codes: ['unfriendly'], main: 'unfriendly' });
    expect(await stateOf(someone)).toBe('coded');
    expect(
      await coding.desk.next(programmeId, leaving.accountId, {
        queue: 'open',
        order: 'oldest',
        codeId: staff?.id ?? '',
      }),
    ).toBeUndefined();
  });

  test('a retired code is no longer offered, stays on its answers, and can be restored', async () => {
    await add('Parking');
    const someone = await coded(['parking'], 'parking');
    await coding.retire(ingrid, programmeId, 'parking');
    expect(await keysOn(someone)).toEqual(['parking*']);
    await coding.codeResponse(ingrid, { ...someone, codes: ['parking', 'price'], main: 'price' });
    expect(await keysOn(someone)).toEqual(['parking', 'price*']);
    await expect(coded(['parking'])).rejects.toMatchObject({ fieldErrors: {} });
    await coding.restore(ingrid, programmeId, 'parking');
    expect(await keysOn(await coded(['parking']))).toEqual(['parking']);
  });

  test('a program can say which codes a programme offers', async () => {
    const own = await services.questionnaires.createProgramme(ingrid, 'Telephone company');
    await coding.setCodes(ingrid, own.id, [
      { key: 'competitor', name: 'Competitor' },
      { key: 'attitude', name: 'Attitude' },
    ]);
    await coding.setCodes(ingrid, own.id, [
      { key: 'attitude', name: { en: 'Attitude', de: 'Haltung' } },
      { key: 'price', name: 'Price' },
      { key: 'other', name: 'Other', kind: 'other' },
    ]);
    const offeredNow = (await coding.codebook(own.id))?.codes.filter((each) => each.retiredAt === null);
    expect(offeredNow?.map((each) => [each.key, each.kind])).toEqual([
      ['attitude', 'reason'],
      ['price', 'reason'],
      ['other', 'other'],
    ]);
    await expect(coding.setCodes(ingrid, own.id, [{ key: 'Price!', name: 'x' }])).rejects.toMatchObject({
      fieldErrors: { 'codes.0.key': { key: 'codebook.error.key' } },
    });
  });

  test('whatever is merged, split, renamed, moved or retired, no coding is lost and main reasons agree with them', async () => {
    const pairs = async (now: Codebook) => {
      const rows = await on
        .storage()
        .read.selectFrom('coding')
        .select(['response_id', 'question_key', 'coder_kind', 'code_id', 'is_main'])
        .where('withdrawn_at', 'is', null)
        .execute();
      return rows.map((row) => ({
        place: `${row.response_id} ${row.question_key} ${row.coder_kind}`,
        code: ultimate(now, row.code_id)?.id ?? '',
        isMain: row.is_main,
      }));
    };
    const said = (found: Awaited<ReturnType<typeof pairs>>, now: Codebook) =>
      [...new Set(found.map(({ place, code: id }) => `${place} ${ultimate(now, id)?.id}`))].sort();
    const mains = (found: Awaited<ReturnType<typeof pairs>>, now: Codebook) =>
      found
        .filter((each) => each.isMain)
        .map(({ place, code: id }) => `${place} ${ultimate(now, id)?.id}`)
        .sort();

    let number = 0;
    const someKeys = fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 3 });
    const step = fc.oneof(
      fc.record({ act: fc.constant('merge' as const), a: fc.nat(60), b: fc.nat(60) }),
      fc.record({
        act: fc.constantFrom('split' as const, 'rename' as const, 'move' as const, 'retire' as const),
        a: fc.nat(60),
        b: fc.nat(60),
      }),
    );
    const runs = fc.record({
      answers: fc.array(someKeys, { minLength: 2, maxLength: 4 }),
      steps: fc.array(step, { minLength: 1, maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ answers, steps }) => {
        const offeredNow = async () => (await book()).codes.filter((each) => each.retiredAt === null);
        for (const picks of answers) {
          const codes = await offeredNow();
          const keys = [...new Set(picks.map((i) => codes[i % codes.length]?.key ?? ''))];
          await coded(keys, keys[0] ?? null, ['price', 'moved'].slice(0, 1 + (number++ % 2)));
        }
        const before = await pairs(await book());
        for (const { act, a, b } of steps) {
          const codes = await offeredNow();
          const [one, two] = [codes[a % codes.length], codes[b % codes.length]];
          if (!one || !two) continue;
          const name = { en: `Name ${++number}` };
          const acts = {
            merge: () => coding.merge(ingrid, programmeId, one.key, two.key),
            split: () => coding.split(ingrid, programmeId, one.key, [name, { en: `Name ${++number}` }]),
            rename: () => coding.rename(ingrid, programmeId, one.key, { name, description: {} }),
            move: () => coding.move(ingrid, programmeId, one.key, { parentKey: two.key }),
            retire: () => coding.retire(ingrid, programmeId, one.key),
          };
          await acts[act]().catch((error: unknown) => {
            if (!(error as { key?: string }).key) throw error;
          });
        }
        const now = await book();
        const after = await pairs(now);
        expect(said(after, now)).toEqual(said(before, now));
        expect(mains(after, now)).toEqual(mains(before, now));
        expect(after.every((each) => now.byId.get(each.code)?.mergedIntoId === null)).toBe(true);
        const rows = await on
          .storage()
          .read.selectFrom('main_reason')
          .select(['response_id', 'code_id', 'source'])
          .execute();
        for (const { response_id: id, code_id: codeId, source } of rows.filter((each) => each.source === 'colleague')) {
          expect(after).toContainEqual({ place: `${id} happened ${source}`, code: codeId, isMain: 1 });
        }
      }),
      { numRuns: 8 },
    );
  });
});
