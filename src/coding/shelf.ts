import { NotFound } from '../shared/errors.ts';
import type { Code, Codebook } from './codebook.ts';
import type { Coding } from './service.ts';

interface ProgrammeAt {
  id: string;
  key: string;
  name: string;
  codebookId: string | null;
}

/** Finds codebooks by what stands in an address, each throwing NotFound, and who their people are. */
export function createShelf(coding: Pick<Coding, 'codebook' | 'desk' | 'colleagues'>) {
  async function programmeAt(key: unknown): Promise<ProgrammeAt> {
    const programme = (await coding.desk.programmes()).find((each) => each.key === key);
    if (!programme) throw new NotFound();
    return programme;
  }

  return {
    /** The names of colleagues, also of those who no longer work here, by account. */
    names: async () => new Map((await coding.colleagues()).map(({ id, name }) => [id, name])),
    programmeAt,
    async bookAt(key: unknown): Promise<{ programme: ProgrammeAt; book: Codebook }> {
      const programme = await programmeAt(key);
      const book = await coding.codebook(programme.id);
      if (!book) throw new NotFound();
      return { programme, book };
    },
    /** A code that is still offered. */
    codeAt(book: Codebook, key: unknown): Code {
      const code = book.byKey.get(String(key));
      if (!code || code.retiredAt !== null) throw new NotFound();
      return code;
    },
  };
}

/** A page waits so long for what a form asks for. */
export const PATIENCE_MS = 2000;

/** Whether it was done in time. What takes longer goes on by itself, and after a crash at the next start. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const done = work.then(() => true);
  done.catch(() => {});
  return await Promise.race([done, late]).finally(() => clearTimeout(timer));
}
