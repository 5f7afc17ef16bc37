import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import { CASE_STEPS, CASE_TAG, mayBeNamed, type Recovery } from '../recovery/index.ts';
import { NotFound } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import { said, wholeCases, wholeSchema } from './case-json.ts';
import { colleagueOf } from './colleague-operations.ts';
import { comingDay, type Days } from './days.ts';
import { about, Unfit } from './errors.ts';
import { idParams, operation, type Caller, type Operation } from './operation.ts';

interface Deps extends Days {
  recovery: Pick<Recovery, 'cases' | 'caseLists' | 'caseWork'>;
  accounts: Pick<Accounts, 'colleague' | 'company'>;
  storage: Storage;
}

const reason = said.pipe(z.string().max(300));

/** What is done with a case beside its steps; each answers with the case as it is then. */
export function caseHandlingOperations(deps: Deps): Operation[] {
  const { cases, caseWork } = deps.recovery;
  const { handling, steps } = caseWork;
  const whole = wholeCases(deps.recovery);

  const act = <B extends z.ZodType>(
    path: string,
    summary: string,
    body: B,
    does: (id: string, body: z.infer<B>, caller: Caller) => Promise<unknown>,
  ) =>
    operation({
      method: 'post',
      path: `/cases/{id}/${path}`,
      summary,
      role: 'staff',
      params: idParams,
      body,
      response: wholeSchema,
      async run({ params, body: given }, caller) {
        await does(params.id, given, caller);
        return await whole(params.id);
      },
    });

  return [
    operation({
      method: 'post',
      path: '/cases/{id}/steps/{step}/skip',
      summary: 'Skip a step of a complaint, and why',
      role: 'staff',
      params: idParams.extend({ step: z.enum(CASE_STEPS) }),
      body: z.object({ reason: said }),
      response: wholeSchema,
      async run({ params, body }, { actor }) {
        await about('step', steps.skip(actor, params.id, params.step, body.reason));
        return await whole(params.id);
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/steps/{step}/undo',
      summary:
        'Take back that a program signed or skipped a step, within a day; what a colleague signed only they take back',
      role: 'staff',
      params: idParams.extend({ step: z.enum(CASE_STEPS) }),
      response: wholeSchema,
      async run({ params }, { actor }) {
        await about('step', steps.undo(actor, params.id, params.step));
        return await whole(params.id);
      },
    }),
    act(
      'urgency',
      'Put a case into the urgent lane, and why: what is still to be done is due sooner',
      z.object({ reason }),
      (id, body, { actor }) => about('id', steps.hurry(actor, id, body.reason)),
    ),
    act(
      'snooze',
      'Put a case out of sight until work begins on that day',
      z.object({ until: z.string() }),
      async (id, body, { actor }) => {
        await cases.get(id);
        await about('id', handling.snooze(actor, id, await comingDay(deps, 'until', body.until)));
      },
    ),
    act('waking', 'Bring a case that was put out of sight back', z.object({}), async (id, _body, { actor }) => {
      const { snoozedUntil } = await cases.get(id);
      if (snoozedUntil === null) throw new Unfit('id', 'This case was not put out of sight.', 409);
      await about('id', handling.wake(actor, id));
    }),
    act(
      'merge',
      'Put a duplicate into another open case of the same kind and customer',
      z.object({ intoId: z.uuid() }),
      async (id, { intoId }, { actor }) => {
        const into = await cases.find(deps.storage.read, intoId);
        if (!into) throw new Unfit('intoId', 'There is no case with this id.');
        await about('intoId', handling.merge(actor, id, into.number));
      },
    ),
    ...tagging(deps, act),
    hearing(deps, act),
    owning(deps, act),
    naming(deps, act),
  ];
}

type Act = <B extends z.ZodType>(
  path: string,
  summary: string,
  body: B,
  does: (id: string, body: z.infer<B>, caller: Caller) => Promise<unknown>,
) => Operation;

function tagging({ recovery: { cases, caseWork } }: Deps, act: Act): Operation[] {
  const tagBody = z.object({ tag: z.string().trim().regex(CASE_TAG, 'Up to 40 characters, none of them < or >') });
  return (['tags', 'tags/removal'] as const).map((path) => {
    const has = path === 'tags';
    const summary = has ? 'Tag an open case; twice is harmless' : 'Take a tag off an open case; twice is harmless';
    return act(path, summary, tagBody, async (id, { tag }, { actor }) => {
      await cases.get(id);
      await about('id', caseWork.handling.tag(actor, id, tag, has));
    });
  });
}

function hearing({ recovery: { cases, caseWork } }: Deps, act: Act): Operation {
  const body = z.object({
    settled: z.boolean(),
    /** What they said; where it is not quite settled, it opens the case again. */
    words: said,
  });
  const summary = 'The customer told a colleague whether a closed case is settled for them';
  return act('heard', summary, body, async (id, heard, { actor }) => {
    await cases.get(id);
    await about('id', caseWork.settling.hear(actor, id, heard));
  });
}

function owning({ recovery, accounts }: Deps, act: Act): Operation {
  const body = z.object({
    /** A colleague; null: nobody. */
    accountId: z.uuid().nullable(),
    /** Whose it was when you looked; left out: whoever has it now. */
    fromId: z.uuid().nullable().optional(),
    word: z.string().trim().max(5000).default(''),
  });
  return act('owner', 'Give a case to a colleague, or to nobody', body, async (id, given, { actor }) => {
    const { ownerId } = await recovery.cases.get(id);
    if (given.accountId !== null) await colleagueOf(accounts, given.accountId);
    if (given.fromId === undefined && ownerId === given.accountId) return;
    const from = given.fromId === undefined ? ownerId : given.fromId;
    await about('fromId', recovery.caseWork.handling.handOver(actor, id, from, given.accountId, given.word));
  });
}

function naming({ recovery: { cases }, storage }: Deps, act: Act): Operation {
  const summary = 'Say which customer a complaint or return is from that came from somebody unknown';
  return act('customer', summary, z.object({ customerId: z.uuid() }), async (id, { customerId }, { actor }) => {
    const theCase = await cases.get(id);
    if (!mayBeNamed(theCase)) throw new Unfit('customerId', 'It is settled whose case this is.', 409);
    const named = storage.transaction((tx) => cases.setCustomer(tx, actor, id, customerId, theCase.revision));
    await about('customerId', named).catch((error: unknown) => {
      if (error instanceof NotFound) throw new Unfit('customerId', 'There is no customer with this id.');
      throw error;
    });
  });
}
