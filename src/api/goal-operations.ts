import { z } from 'zod';
import { MEASURES, policyState, type Figure, type GoalProgress, type Retention } from '../retention/index.ts';
import { operation, type Operation } from './operation.ts';

/** Shares from 0 to 1, money in minor units; all null where nothing is known. */
const figureSchema = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  base: z.int(),
  unit: z.enum(['share', 'money']),
});

const texts = z.record(z.string(), z.record(z.string(), z.string()));
const reading = z.object({ read: z.int(), colleagues: z.int() });

const goalSchema = z.object({
  id: z.string(),
  /** By language: title and words. */
  texts,
  state: z.enum(['open', 'reached', 'given_up']),
  ownerId: z.string(),
  startedOn: z.string(),
  dueOn: z.string(),
  endedOn: z.string().nullable(),
  measure: z.enum(MEASURES).nullable(),
  direction: z.enum(['up', 'down']).nullable(),
  start: figureSchema.nullable(),
  now: figureSchema.nullable(),
  target: z.number().nullable(),
  /** In a word; `not_told`: today's interval still contains the start. */
  standing: z.string(),
  /** (now - start) / (target - start); null where it cannot be said. */
  way: z.number().nullable(),
  reading,
});

const window = z.object({ from: z.string(), to: z.string(), figure: figureSchema });

const policySchema = z.object({
  id: z.string(),
  /** By language: what they said, and what the business does. */
  texts,
  state: z.enum(['planned', 'in_force', 'withdrawn']),
  codeId: z.string(),
  codebook: z.string(),
  code: z.string(),
  ownerId: z.string(),
  inForceOn: z.string(),
  withdrawnOn: z.string().nullable(),
  /** How often the code was given in as many days before as since; null while it is not in force. */
  effect: z
    .object({
      before: window,
      after: window,
      yearBefore: window.nullable(),
      verdict: z.enum(['few', 'not_told', 'lower', 'higher']),
      /** After minus before, with Newcombe's 95 % interval. */
      difference: z.object({ difference: z.number(), low: z.number(), high: z.number() }).nullable(),
    })
    .nullable(),
  messages: z.record(z.string(), z.int()),
  reading,
});

/** Goals with their progress, and policies with what came after: the figures of the pages. */
export function goalOperations({ retention: { goals, policies } }: { retention: Retention }): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/goals',
      summary: 'Written goals, with their live figures and how many colleagues have read them',
      role: 'staff',
      response: z.object({ goals: z.array(goalSchema) }),
      run: async () => {
        const all = await goals.progress(await goals.today(), { ended: true });
        const readers = await goals.reading.readersOf(all.map(({ goal }) => goal));
        return { goals: all.map((each) => goalJson(each, readers.get(each.goal.id) ?? [])) };
      },
    }),
    operation({
      method: 'get',
      path: '/policies',
      summary: 'Policies, with how often their reason was given before and since',
      role: 'staff',
      response: z.object({ policies: z.array(policySchema) }),
      run: async () => ({ policies: await policiesJson(policies) }),
    }),
  ];
}

const readingOf = (readers: { current: boolean }[]) => ({
  read: readers.filter(({ current }) => current).length,
  colleagues: readers.length,
});

function goalJson({ goal, now, standing }: GoalProgress, readers: { current: boolean }[]): z.input<typeof goalSchema> {
  const { aim, id, texts: words, state, ownerId, startedOn, dueOn, endedOn } = goal;
  const known = { measure: aim?.measure ?? null, direction: aim?.direction ?? null, target: aim?.target ?? null };
  const ended: Figure | null =
    aim && goal.endValue !== null ? { ...aim.start, value: goal.endValue, low: null, high: null } : null;
  return {
    id,
    texts: words,
    state,
    ownerId,
    startedOn,
    dueOn,
    endedOn,
    ...known,
    start: aim?.start ?? null,
    now: now ?? ended,
    standing: standing.name,
    way: standing.way,
    reading: readingOf(readers),
  };
}

async function policiesJson(policies: Retention['policies']): Promise<z.input<typeof policySchema>[]> {
  const today = await policies.today();
  const list = await policies.list({ withdrawn: true });
  const codes = await policies.codes();
  const readers = await policies.reading.readersOf(list);
  const messages = await policies.telling.counts(list.map(({ id }) => id));
  const found: z.input<typeof policySchema>[] = [];
  for (const policy of list) {
    const { id, texts: words, codeId, ownerId, inForceOn, withdrawnOn } = policy;
    const effect = await policies.effect(policy, today);
    const code = codes.get(codeId);
    found.push({
      id,
      texts: words,
      codeId,
      ownerId,
      inForceOn,
      withdrawnOn,
      state: policyState(policy, today),
      codebook: code?.programmeKey ?? '',
      code: code?.key ?? '',
      effect: effect && effectJson(effect),
      messages: messages.get(id) ?? {},
      reading: readingOf(readers.get(id) ?? []),
    });
  }
  return found;
}

type Effect = NonNullable<Awaited<ReturnType<Retention['policies']['effect']>>>;

function effectJson({
  windows,
  before,
  after,
  yearBefore,
  comparison,
}: Effect): z.input<typeof policySchema>['effect'] {
  return {
    before: { ...windows.before, figure: before },
    after: { ...windows.after, figure: after },
    yearBefore: windows.yearBefore && yearBefore ? { ...windows.yearBefore, figure: yearBefore.figure } : null,
    verdict: comparison.verdict,
    difference: comparison.difference,
  };
}
