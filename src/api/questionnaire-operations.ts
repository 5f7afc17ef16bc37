import { z } from 'zod';
import type { Questionnaires } from '../questionnaires/index.ts';
import { operation, type Operation } from './operation.ts';

const questionnaireSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  programme: z.string(),
  version: z.object({ id: z.uuid(), number: z.int(), questions: z.array(z.string()) }).nullable(),
});

interface Deps {
  questionnaires: Pick<Questionnaires, 'list'>;
}

/** What customers can be asked. */
export function questionnaireOperations({ questionnaires }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/questionnaires',
      summary: 'The questionnaires, with the version that new waves take',
      role: 'staff',
      response: z.object({ items: z.array(questionnaireSchema) }),
      run: async () => ({ items: (await questionnaires.list()).map(asJson) }),
    }),
  ];
}

type Listed = Awaited<ReturnType<Questionnaires['list']>>[number];

const asJson = ({ id, name, programme, latest }: Listed): z.input<typeof questionnaireSchema> => ({
  id,
  name,
  programme: programme.key,
  version: latest && {
    id: latest.id,
    number: latest.number,
    questions: latest.definition.questions.map(({ key }) => key),
  },
});
