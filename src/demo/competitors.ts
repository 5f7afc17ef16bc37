import { need, actorOf, type Stage } from './stage.ts';

const WHO = 'miriam';
const FIRST = { confirmed: null, open: null, aside: null };

/** Made-up roasters to whom customers of the sample went; whatever else is gathered waits for somebody to judge it. */
const COMPETITORS: readonly string[] = ['Krukmann', 'Hinnerk', 'Fjellbrenn'];

/** Who customers name in their answers is gathered, and a colleague confirms the competitors among them. */
export async function confirmCompetitors(stage: Stage): Promise<void> {
  const { questionnaires, coding } = stage.present;
  const programmes = new Map((await questionnaires.programmes()).map(({ key, id }) => [key, id]));
  const leaving = need(programmes, 'leaving');
  while (await coding.competitors.gatherSome(leaving));
  const { open } = await coding.competitors.lists(leaving, FIRST);
  for (const { id, name } of open.rows)
    if (COMPETITORS.includes(name)) await coding.competitors.judge(actorOf(stage, WHO), leaving, id, 'yes');
}
