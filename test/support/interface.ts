import { Ajv2020 } from 'ajv/dist/2020.js';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Storage } from '../../src/storage/index.ts';
import type { Role } from '../../src/web/index.ts';
import type { TestApp } from './app.ts';
import { leavers } from './waves.ts';

export interface Reply {
  status: number;
  // The bodies are checked against the description, not by the compiler.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

interface Described {
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}

export interface Program {
  /** As a program with a token of that role; null: without one. */
  call(method: 'GET' | 'POST', path: string, body?: unknown, role?: Role | null): Promise<Reply>;
  /** The calls that have succeeded, 'post /offers'; each answered as its description says. */
  succeeded: ReadonlySet<string>;
  /** The ids of the tokens, as the audit log names them. */
  tokenIds: ReadonlyMap<Role, string>;
  /** A customer, who has not left unless `fields` say so. @returns the id */
  customer(fields?: Partial<CustomerRow>): Promise<string>;
  /** A case of theirs that the program opens; a complaint unless `kind` says otherwise. @returns the id */
  caseOf(customerId: string, kind?: string): Promise<string>;
}

/** Status and fields of an error. */
export const fieldsAt = ({ status, body }: Reply): [number, string[]] => [
  status,
  (body.error.fields as { field: string }[]).map(({ field }) => field),
];

/** Of what was asked at the same moment. */
export const statuses = (replies: Reply[]) => replies.map(({ status }) => status).sort();

/** Who did that, as the audit log names them: the kind of actor and its id. */
export async function actorsOf({ read }: Storage, action: string): Promise<(string | null)[][]> {
  const rows = await read.selectFrom('audit_entry').selectAll().where('action', '=', action).orderBy('id').execute();
  return rows.map(({ actor_kind: kind, actor_id: id }) => [kind, id]);
}

export const NOBODY = '00000000-0000-7000-8000-000000000000';

/** Calls the interface as another program does, and holds each answer against the description. */
export async function program({ app, baseUrl }: TestApp): Promise<Program> {
  const tokens = new Map<Role, string>();
  const tokenIds = new Map<Role, string>();
  for (const role of ['staff', 'manager', 'administrator'] as const) {
    const made = await app.accounts.createToken({ name: role, role }, COMMAND);
    tokens.set(role, made.token);
    tokenIds.set(role, made.id);
  }
  const description = (await (await fetch(`${baseUrl}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Described>>;
  };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const succeeded = new Set<string>();

  function hold(method: string, path: string, reply: Reply): void {
    const [template, described] = templateOf(description.paths, method, path);
    const schema = described?.responses[reply.status]?.content['application/json']?.schema;
    if (!schema) throw new Error(`${method} ${path} ${reply.status} is not described`);
    const check = ajv.compile(schema);
    if (!check(reply.body)) throw new Error(`${method} ${path}: ${ajv.errorsText(check.errors)}`);
    succeeded.add(`${method} ${template}`);
  }

  const [newCustomer, newCase] = [counter(), counter()];
  const made: Program = {
    succeeded,
    tokenIds,
    async customer(fields = {}) {
      const rows = leavers(1, () => ({ status: 'active', leftOn: null, ...fields }), newCustomer());
      return (await app.customers.upsertMany(COMMAND, rows))[0]?.id ?? '';
    },
    async caseOf(customerId, kind = 'complaint') {
      const told = { kind, reference: `CASE-${newCase()}`, customerId, words: 'It leaks.', language: 'en' };
      return (await made.call('POST', '/cases', told)).body.id as string;
    },
    async call(method, path, body, role = 'manager') {
      const bearer = role === null ? {} : { authorization: `Bearer ${tokens.get(role)}` };
      const response = await fetch(`${baseUrl}/api/v1${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...bearer },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const reply = { status: response.status, body: await response.json() } as Reply;
      if (reply.status < 300) hold(method.toLowerCase(), path.split('?')[0] ?? '', reply);
      return reply;
    },
  };
  return made;
}

/** 1, 2, 3 … */
function counter(): () => number {
  let last = 0;
  return () => ++last;
}

/** Of several that fit, the one with the fewest places to fill in. */
function templateOf(paths: Record<string, Record<string, Described>>, method: string, path: string) {
  const fits = Object.entries(paths).filter(
    ([each, its]) => its[method] && new RegExp(`^${each.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  const [template = '', its] = fits.sort(([a], [b]) => a.split('{').length - b.split('{').length)[0] ?? [];
  return [template, its?.[method]] as const;
}

/** What test/http/api.test.ts leaves to the files beside it; each holds that it has called all of its own. */
export const CALLED_ELSEWHERE = {
  giving: [
    'get /customers/{id}/offers/choices',
    'get /offers/given/{id}',
    'post /customers/{id}/offers',
    'post /offers/given/{id}/approval',
    'post /offers/given/{id}/redemption',
    'post /offers/given/{id}/refusal',
    'post /offers/given/{id}/withdrawal',
    'post /comments/{id}/aside',
    'post /comments/{id}/claim',
    'post /comments/{id}/customer',
    'post /comments/{id}/gift',
    'post /comments/{id}/release',
    'post /next-needs/{id}',
    'post /referrals/{id}/outcome',
    'post /referrals/{id}/thanks',
  ],
  payment: [
    'get /payment-plans',
    'post /cases/{id}/plans',
    'post /cases/{id}/plans/{planId}/agreement',
    'post /cases/{id}/plans/{planId}/ending',
    'post /cases/{id}/plans/{planId}/instalments/{number}/no-payment',
    'post /cases/{id}/plans/{planId}/instalments/{number}/payment',
    'post /cases/{id}/plans/{planId}/refusal',
  ],
  cases: [
    'get /cases/{id}/mails',
    'get /cases/{id}/thread',
    'post /cases/{id}/customer',
    'post /cases/{id}/mails',
    'post /cases/{id}/mails/answered',
    'post /cases/{id}/merge',
    'post /cases/{id}/owner',
    'post /cases/{id}/remedies',
    'post /cases/{id}/remedies/{remedyId}/approval',
    'post /cases/{id}/remedies/{remedyId}/giving',
    'post /cases/{id}/remedies/{remedyId}/refusal',
    'post /cases/{id}/snooze',
    'post /cases/{id}/steps/{step}/skip',
    'post /cases/{id}/urgency',
    'post /cases/{id}/waking',
  ],
  people: [
    'get /customers/{id}/contacts',
    'get /customers/{id}/export',
    'get /customers/{id}/timeline',
    'get /suppressions',
    'post /customers/{id}/erasure',
    'post /customers/{id}/opt-in',
    'post /customers/{id}/opt-out',
    'post /suppressions',
    'post /suppressions/search',
  ],
  catalogue: [
    'get /offers/limits',
    'get /offers/{id}',
    'post /offers',
    'post /offers/limits',
    'post /offers/{id}',
    'post /offers/{id}/retirement',
    'post /offers/{id}/return',
  ],
  merging: ['post /customers/{id}/merge'],
  duplicates: [
    'get /duplicates',
    'get /duplicates/different',
    'post /customers/{id}/different',
    'post /customers/{id}/different/removal',
  ],
  caseParts: [
    'get /cases/{id}/attachments',
    'get /cases/{id}/attachments/{attachmentId}',
    'get /cases/{id}/exceptions',
    'get /cases/{id}/invitation',
    'get /exceptions',
    'post /cases/{id}/attachments',
    'post /cases/{id}/exceptions',
    'post /cases/{id}/invitation',
    'post /cases/{id}/invitation/no-letter',
    'post /cases/{id}/invitation/posting',
  ],
  asking: [
    'get /anniversaries/cards',
    'get /cases/{id}/winback-letters',
    'get /customers/{id}/trust',
    'get /mails/to-sort',
    'post /anniversaries/cards/{id}/leaving-out',
    'post /anniversaries/cards/{id}/posting',
    'post /anniversaries/cards/{id}/posting/removal',
    'post /cases/{id}/winback-letters',
    'post /colleagues/{id}/absence',
    'post /colleagues/{id}/absence/end',
    'post /customers/{id}/greeting',
    'post /customers/{id}/reference',
    'post /customers/{id}/reference/end',
    'post /customers/{id}/reference/uses',
    'post /customers/{id}/trust/answer',
    'post /customers/{id}/trust/asking',
    'post /mails/{id}/aside',
    'post /mails/{id}/case',
    'post /mails/{id}/settled',
  ],
  library: [
    'get /approvals',
    'get /library/answers',
    'get /library/answers/{id}',
    'get /playbook',
    'get /playbook/{id}',
    'get /playbook/{id}/versions',
    'post /library/answers',
    'post /library/answers/{id}/retirement',
    'post /library/answers/{id}/return',
    'post /library/answers/{id}/review',
    'post /library/answers/{id}/texts',
    'post /library/answers/{id}/texts/{textId}/approval',
    'post /library/answers/{id}/texts/{textId}/refusal',
    'post /playbook',
    'post /playbook/{id}',
    'post /playbook/{id}/reading',
    'post /playbook/{id}/retirement',
    'post /playbook/{id}/return',
  ],
  handling: [
    'get /alert-links',
    'get /alert-links/{id}',
    'get /colleagues/{id}/duties',
    'post /alert-links',
    'post /alert-links/{id}/revocation',
    'post /cases/{id}/heard',
    'post /cases/{id}/steps/{step}/undo',
    'post /cases/{id}/tags',
    'post /cases/{id}/tags/removal',
    'post /cases/{id}/calls/claim',
    'post /cases/{id}/calls/release',
    'post /colleagues/{id}/handing-over',
  ],
  several: [
    'get /cases/{id}/call-sheet',
    'get /several-cases',
    'post /cases/{id}/calls/draft',
    'post /several-cases/check',
    'post /several-cases/openings',
    'post /several-cases/owner',
    'post /several-cases/snooze',
    'post /several-cases/tags',
    'post /several-cases/{id}/undo',
  ],
  settings: [
    'get /settings/anniversaries',
    'get /settings/cases',
    'get /settings/comments',
    'get /settings/payment',
    'post /settings/anniversaries',
    'post /settings/cases',
    'post /settings/comments',
    'post /settings/payment',
  ],
  records: [
    'get /imports',
    'get /imports/{id}',
    'get /imports/{id}/kept',
    'get /segments',
    'get /tags',
    'post /customers/{id}/tags',
    'post /customers/{id}/tags/removal',
    'post /imports/{id}/undo',
    'post /suppressions/{id}/lift',
  ],
} as const satisfies Record<string, string[]>;

/** Of these calls, those that have not succeeded yet. */
export const missing = ({ succeeded }: Program, calls: readonly string[]): string[] =>
  calls.filter((each) => !succeeded.has(each));
