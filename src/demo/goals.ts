import { addDays } from '../shared/dates.ts';
import {
  ANSWERING,
  BY_NAME,
  LETTER,
  LOSING_LESS,
  NEEDS_MET,
  PEOPLE,
  REACHING,
  WINDOWS,
  type Texts,
} from './goals-texts.ts';
import { actorOf, need, type Stage, type Step } from './stage.ts';

type Confirmed = [key: string, ago: number][];

const MANAGER = 'miriam';

const EVERYBODY: Confirmed = [
  ['miriam', 0],
  ['jonas', 1],
  ['ingrid', 2],
  ['hanneke', 3],
  ['tobias', 6],
];

/** Five goals, of which one was given up and of one of which nothing can be told yet, and two policies, read by most; and the letter to those who said that nobody answered them. */
export function goalSteps(stage: Stage): Step[] {
  const { goals, policies } = stage.past.retention;
  const { today } = stage.company;
  const on = (ago: number, time: string) => `${addDays(today, -ago)}T${time}:00.000Z`;
  const owner = (key: string) => need(stage.colleagues, key);
  const by = actorOf(stage, MANAGER);
  const known = new Map<string, string>();

  const write = (name: string, ago: number, confirmed: Confirmed, make: () => Promise<string>): Step[] => [
    { at: on(ago, '08:40'), act: async () => known.set(name, await make()) },
    ...confirmed.map(([key, later]) => ({
      at: on(ago - later, later === 0 ? '08:45' : '09:20'),
      act: async () => {
        const id = need(known, name);
        const readable = name.startsWith('goal') ? goals : policies;
        await readable.confirm(actorOf(stage, key), id, 1);
      },
    })),
  ];
  const goal = (texts: Texts, key: string, dueOn: string) => ({ texts, ownerId: owner(key), dueOn });
  const inWords = { measure: null, direction: null, target: null };
  const codeOf = async (programmeKey: string, key: string) =>
    [...(await policies.codes()).values()].find((code) => code.programmeKey === programmeKey && code.key === key)?.id ??
    '';

  return [
    // Of what they sell so much is left after beans, bags and freight.
    { at: on(345, '08:30'), act: () => stage.past.insight.value.save(by, { margin: 0.55, discount: 0.1 }, 0) },
    ...write('goal by name', 300, EVERYBODY, () =>
      goals.create(by, { ...goal(BY_NAME, 'ingrid', addDays(today, -230)), ...inWords }),
    ),
    {
      at: on(228, '15:30'),
      act: () =>
        goals.end(by, need(known, 'goal by name'), 1, {
          state: 'reached',
          words: 'Alle 700 haben seit dieser Woche eine Ansprechperson. Danke an Ingrid und Hanneke!',
        }),
    },
    ...write('goal windows', 280, EVERYBODY.slice(0, 4), () =>
      goals.create(by, { ...goal(WINDOWS, 'tobias', addDays(today, -120)), ...inWords }),
    ),
    {
      at: on(110, '10:20'),
      act: () =>
        goals.end(by, need(known, 'goal windows'), 1, {
          state: 'given_up',
          words:
            'Unser Paketdienst kann keine Stunde zusagen, ein eigener Wagen rechnet sich nur in Kiel. Dafür rufen wir bei jeder großen Lieferung am Vortag an.',
        }),
    },
    ...write('goal answering', 200, EVERYBODY, () =>
      goals.create(by, {
        ...goal(ANSWERING, 'jonas', addDays(today, 130)),
        measure: 'response_rate',
        direction: 'up',
        target: 0.6,
      }),
    ),
    ...write('goal needs met', 150, EVERYBODY.slice(0, 4), async () => {
      // So that it begins with the figure of that day.
      for (const job of stage.past.insight.satisfaction.jobs) await job();
      const aim = { measure: 'satisfaction', direction: 'up', target: 0.8 } as const;
      return await goals.create(by, { ...goal(NEEDS_MET, 'hanneke', addDays(today, 220)), ...aim });
    }),
    ...write('goal losing less', 60, EVERYBODY.slice(0, 3), () =>
      goals.create(by, {
        ...goal(LOSING_LESS, 'miriam', addDays(today, 400)),
        measure: 'money_lost',
        direction: 'down',
        target: 3_000_000,
      }),
    ),
    ...write('policy people', 118, EVERYBODY.slice(0, 4), async () => {
      const inForceOn = addDays(today, -112);
      const codeId = await codeOf('satisfaction', 'needs_contact');
      return await policies.create(by, { texts: PEOPLE, ownerId: owner('ingrid'), inForceOn, codeId });
    }),
    ...write('policy reaching', 352, EVERYBODY.slice(0, 4), async () => {
      // What it is held against are the words of those who had left before it.
      const inForceOn = addDays(today, -340);
      const codeId = await codeOf('leaving', 'responsiveness');
      return await policies.create(by, { texts: REACHING, ownerId: owner('jonas'), inForceOn, codeId });
    }),
    {
      at: on(20, '09:10'),
      act: async () => {
        const id = need(known, 'policy reaching');
        await policies.telling.approve(by, id, 0, LETTER);
        await policies.telling.send(by, id, 1);
      },
    },
    { at: on(20, '09:20'), act: () => stage.past.mailer.sendDue() },
  ];
}
