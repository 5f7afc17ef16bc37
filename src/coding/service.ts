import type { Logger } from 'pino';
import type { Audit } from '../shared/audit.ts';
import type { Clock } from '../shared/clock.ts';
import type { Definition } from '../questionnaires/index.ts';
import type { Response, StoredAnswer } from '../responses/index.ts';
import type { Leases } from '../scheduler/index.ts';
import type { Db, Storage, Tx } from '../storage/index.ts';
import { createArrivals } from './arrivals.ts';
import { createAudits, createSampling } from './auditing/service.ts';
import { createBooks } from './books.ts';
import { changesOf } from './codebook-store.ts';
import { createDesk } from './desk.ts';
import { createEditing } from './editing/service.ts';
import { givenCodes } from './given-codes.ts';
import { createGiving, type TimelineEvent } from './giving.ts';
import { mainsOfCustomers } from './main-store.ts';
import { createMains } from './mains.ts';
import { createMoves } from './editing/moves.ts';
import { createOpinions } from './opinions/service.ts';
import { sayersOf } from './sayers-store.ts';
import { readStarters } from './starters.ts';
import { createDiscoveries } from './themes/service.ts';
import { createUndoing } from './undoing.ts';
import { createWorths, type WorthsOf } from './worths.ts';

interface CodingDeps {
  storage: Storage;
  clock: Clock;
  /** The folder with the codebooks to start from, one JSON file each, and with what is known of their codes. */
  starters: string;
  logger: Logger;
  leases: Leases;
  audit: Audit<Tx>;
  /** The customers' timeline. */
  recordEvents(tx: Tx, events: TimelineEvent[]): Promise<unknown>;
  /** A published version's definition; inside a transaction it is not asked for. */
  definitionOf(versionId: string): Promise<Definition | undefined>;
  /** The customers' service. */
  worths: WorthsOf;
  responses: {
    /** Throws NotFound. */
    get(id: string): Promise<{ response: Response; answers: Map<string, StoredAnswer> }>;
    each(filter: { programmeId: string }): AsyncIterable<{ response: { id: string; submittedAt: string | null } }>;
  };
  /** The business's own name. */
  companyName(): Promise<string>;
  /** Also those who no longer work here: codings name them. */
  colleagues(): Promise<{ id: string; name: string; active: boolean }[]>;
}

export type Coding = ReturnType<typeof createCoding>;

const HISTORY = 50;

export function createCoding(deps: CodingDeps) {
  const { storage, clock, audit, recordEvents, definitionOf } = deps;
  const books = createBooks();
  const mains = createMains(books);
  const { doubles, inclusion } = createSampling(clock);
  const moves = createMoves({ storage, clock, books, mains, doubles });
  const { logger, leases, starters: knowledge } = deps;
  const opinions = createOpinions({ storage, clock, logger, leases, books, mains, audit, knowledge, definitionOf });
  const { suggestions } = opinions;
  const editing = createEditing({ storage, clock, audit, moves, starters: () => readStarters(deps.starters) });
  const giving = createGiving({ storage, clock, books, mains, doubles, audit, recordEvents, definitionOf });
  const { give, auditOne, ...given } = giving;
  const parts = { storage, clock, books, audit, inclusion, give, auditOne };
  const desk = createDesk({ storage, clock, books, story: deps.responses.get, definitionOf, suggestions });

  return {
    ...given,
    ...createUndoing({ storage, clock, books, mains, doubles, audit }),
    audits: createAudits(parts),
    ...editing,
    ...createDiscoveries({
      storage,
      clock,
      logger,
      leases,
      books,
      audit,
      knowledge,
      editing,
      companyName: deps.companyName,
    }),
    onSubmitted: createArrivals({ clock, books, mains, worths: deps.worths, inclusion, doubles }).onSubmitted,
    ...createWorths(deps.worths),
    onMainReason: mains.onMainReason,
    onRead: mains.onRead,
    /** Goes on with merges and splits that an ended process left half done. */
    finishMoves: moves.finish,
    opinions,
    /** The codebook of a programme; inside a transaction pass it on as `db`. */
    codebook: (programmeId: string, db: Db = storage.read) => books.of(db, programmeId),
    codingsOf: (responseIds: string[]) =>
      givenCodes({ storage, books, desk, colleagues: deps.colleagues }, responseIds),
    /** By customer, why they left in the newest response that says so: a code of that programme. */
    mainsOfCustomers,
    /** Customers whose answers carry one of some codes, by the word of a person. */
    sayers: sayersOf,
    /** Who changed what in a codebook, newest first. */
    changes: (codebookId: string, after: { at: string; id: string } | null) =>
      changesOf(storage.read, codebookId, after, HISTORY + 1),
    colleagues: deps.colleagues,
    desk,
    exported: (programmeId: string) => desk.exported(responsesOf(programmeId)),
  };

  async function* responsesOf(programmeId: string) {
    for await (const { response } of deps.responses.each({ programmeId })) yield response;
  }
}
