import type { Clock } from '../shared/clock.ts';
import type { Db, Storage } from '../storage/index.ts';
import { definitionSchema } from './definition.ts';
import type { Definition } from './definition.ts';
import type { Approval, Version } from './interface.ts';
import * as rows from './store.ts';
import { textsHash } from './texts.ts';

/** What is kept in memory of published versions, which never change, and of approvals, which are asked for at every page. */
export interface Versions {
  find(id: string, db?: Db): Promise<Version | undefined>;
  of(questionnaireId: string, db?: Db): Promise<Version[]>;
  latest(): Promise<Map<string, Version>>;
  hash(version: Version, language: string): string;
  approval(questionnaireId: string, language: string, hash: string): Promise<Approval | undefined>;
  /** The version's languages that are approved as they stand, in its order. */
  offered(version: Version, db?: Db): Promise<string[]>;
  forgetApprovals(): void;
}

const FRESH_MS = 5000;
type Approvals = Map<string, Approval>;

export function createVersions(storage: Storage, clock: Clock): Versions {
  const known = new Map<string, Version>();
  const hashes = new Map<string, string>();
  /** By version, for as long as these approvals hold: every page of every respondent asks. */
  const offers = new WeakMap<Approvals, Map<string, string[]>>();
  let approvals: { loaded: Promise<Approvals>; at: number } | undefined;

  async function find(id: string, db: Db = storage.read): Promise<Version | undefined> {
    const kept = known.get(id);
    if (kept) return kept;
    const row = await rows.findVersion(db, id);
    const version = row && versionOf(row);
    if (version) known.set(id, version);
    return version;
  }

  const findAll = async (ids: string[], db?: Db): Promise<Version[]> => {
    const found = await Promise.all(ids.map((id) => find(id, db)));
    return found.filter((version) => version !== undefined);
  };

  function currentApprovals(db: Db = storage.read): Promise<Approvals> {
    const now = clock.now().getTime();
    if (approvals && now >= approvals.at && now < approvals.at + FRESH_MS) return approvals.loaded;
    const loaded = rows.listApprovals(db).then(approvalsByKey);
    approvals = { loaded, at: now };
    loaded.catch(() => (approvals = undefined));
    return loaded;
  }

  function hash({ id, definition }: Version, language: string): string {
    const key = `${id} ${language}`;
    const hash = hashes.get(key) ?? textsHash(definition, language);
    hashes.set(key, hash);
    return hash;
  }

  const offeredBy = (version: Version, current: Approvals): string[] =>
    version.definition.languages.filter((each) =>
      current.has(`${version.questionnaireId} ${each} ${hash(version, each)}`),
    );

  return {
    find,
    async of(questionnaireId, db = storage.read) {
      const found = await rows.versionIds(db, questionnaireId);
      return await findAll(
        found.map(({ id }) => id),
        db,
      );
    },
    async latest() {
      const found = await findAll([...(await rows.latestVersionIds(storage.read)).values()]);
      return new Map(found.map((version) => [version.questionnaireId, version]));
    },
    hash,
    async approval(questionnaireId, language, hash) {
      return (await currentApprovals()).get(`${questionnaireId} ${language} ${hash}`);
    },
    async offered(version, db) {
      const current = await currentApprovals(db);
      const known = offers.get(current) ?? new Map<string, string[]>();
      const offered = known.get(version.id) ?? offeredBy(version, current);
      offers.set(current, known.set(version.id, offered));
      return offered;
    },
    forgetApprovals() {
      approvals = undefined;
    },
  };
}

function approvalsByKey(found: Awaited<ReturnType<typeof rows.listApprovals>>): Approvals {
  return new Map(
    found.map((row) => [
      `${row.questionnaire_id} ${row.language} ${row.texts_hash}`,
      { at: row.approved_at, by: row.approved_by },
    ]),
  );
}

function versionOf(row: rows.VersionRow): Version {
  return {
    id: row.id,
    questionnaireId: row.questionnaire_id,
    programmeId: row.programme_id,
    programmeKey: row.programme_key,
    number: row.number,
    definition: readDefinition(row.definition),
    publishedAt: row.published_at,
    publishedBy: row.published_by,
  };
}

/** Deeply frozen: it is shared by all who ask for it. */
const readDefinition = (json: string): Definition => frozen(definitionSchema.parse(JSON.parse(json)));

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
