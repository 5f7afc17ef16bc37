import type { Logger } from 'pino';
import type { Audit } from '../../shared/audit.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Leases } from '../../scheduler/index.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { Books } from '../books.ts';
import { programmes } from '../codebook-store.ts';
import type { Editing } from '../editing/service.ts';
import { LEAVING } from './competitor-rules.ts';
import { createCompetitors, type CompetitorsNamed } from './competitors.ts';
import type { Sent } from './competitor-store.ts';
import { createKeywords } from './keywords.ts';
import { createThemesThread } from './thread.ts';
import { createThemes } from './themes.ts';

interface DiscoveriesDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  leases: Leases;
  books: Books;
  audit: Audit<Tx>;
  /** The folder with what is known of the codebooks that come with the product. */
  knowledge: string;
  editing: Editing;
  companyName(): Promise<string>;
}

const EVERY_MS = 15_000;

/** What the answers say besides the codes: themes, competitors, and the words that point to a code. */
export function createDiscoveries(deps: DiscoveriesDeps) {
  const { storage, logger, leases } = deps;
  const thread = createThemesThread(deps.knowledge);
  const themes = createThemes({ ...deps, thread });
  const competitors = createCompetitors({ ...deps, thread });
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function workOn({ id, key }: { id: string; key: string }, mayGoOn: () => Promise<boolean>): Promise<void> {
    while (key === LEAVING && (await mayGoOn()) && (await competitors.gatherSome(id)));
    if ((await mayGoOn()) && (await themes.isDue(id))) await themes.look(id);
  }

  /** Looks wherever there is something new, on one process at a time. */
  async function work(): Promise<void> {
    stopping = false;
    const lease = await leases.take('coding.themes');
    if (!lease) return;
    const mayGoOn = async () => !stopping && (await lease.keep());
    try {
      for (const programme of await programmes(storage.read)) {
        if (programme.codebookId !== null) await workOn(programme, mayGoOn);
      }
    } finally {
      await lease.end();
    }
  }

  async function turn(): Promise<void> {
    await work().catch((error: Error) => {
      if (!stopping) logger.error({ error: error.message }, 'themes could not be looked for');
    });
    running = undefined;
  }

  const begin = () => void (running ??= turn());

  return {
    themes: {
      ...themes,
      /** Has a programme looked through now, if this process works in the background, else as soon as one does. */
      async want(programmeId: string): Promise<void> {
        await themes.want(programmeId);
        if (timer) begin();
      },
    },
    competitors,
    keywords: createKeywords({ ...deps, thread }),
    /** How many responses of the leaving programme name each confirmed competitor; those sent in this time, or all. */
    async competitorsNamed(sent: Sent = {}): Promise<CompetitorsNamed> {
      const leaving = (await programmes(storage.read)).find(({ key }) => key === LEAVING);
      return leaving ? await competitors.named(leaving.id, sent) : { base: 0, rows: [] };
    },
    discoveries: {
      work,
      start() {
        timer = setInterval(begin, EVERY_MS).unref();
      },
      async stop() {
        stopping = true;
        clearInterval(timer);
        timer = undefined;
        await thread.stop();
        await running;
      },
    },
  };
}
