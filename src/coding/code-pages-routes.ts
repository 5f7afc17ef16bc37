import type { Request, Response } from 'express';
import { Invalid } from '../shared/errors.ts';
import { notify, saveSession, staffOf, type PoliciesFor, type Staff } from '../web/index.ts';
import { text, type Body } from './code-form.ts';
import { codePage, type CodeFacts, type Rejected } from './code-views.ts';
import type { Code, Codebook } from './codebook.ts';
import type { Programme } from './codebook-views.ts';
import type { CodingWeb } from './routes.ts';
import { createShelf, PATIENCE_MS, within } from './shelf.ts';
import type { LineFound } from './themes/clashes.ts';
import { keywordsFrom } from './themes/theme-rules.ts';

const SECTION = { section: '/answers' };
/** A page waits so long for what a thread counts. */
const SHORT_PATIENCE_MS = 1200;
/** So many answers of a theme stand above the reason that is made of it. */
const VOICES = 3;

export interface CodePagesWeb extends CodingWeb {
  policiesFor: PoliciesFor;
}

/** The codebook that an address names. */
interface BookAt {
  programme: Programme;
  book: Codebook;
}

/** A change as its form asks for it, and what is said when it is done; `saidLater`: while it is still being carried out. */
interface Asked {
  form: Rejected['form'];
  said: string;
  saidLater?: string;
}

export type CodePages = ReturnType<typeof createCodePages>;

const NO_FACTS: CodeFacts = {
  given: 0,
  under: '',
  keywords: {},
  known: 0,
  clashes: undefined,
  theme: null,
  policies: [],
};

/** The page of a code with its forms: shown, and shown again with what is wrong. */
export function createCodePages({ coding, pages, policiesFor }: CodePagesWeb) {
  const { bookAt, codeAt } = createShelf(coding);
  const { desk, keywords, themes } = coding;

  async function showCode(req: Request, res: Response, at: BookAt, code: Code | null, rejected?: Rejected) {
    const staff = staffOf(res);
    const facts = code ? await factsOf(at, code, staff) : await factsOfNew(req, at);
    const view = codePage(at.programme, at.book, code, { ...NO_FACTS, ...facts }, staff, rejected);
    const page = { title: view.heading, ...SECTION, status: rejected ? 422 : 200 };
    pages.staff(req, res, 'coding/code', view, page);
  }

  async function factsOf({ programme, book }: BookAt, code: Code, staff: Staff) {
    const given = (await desk.usage(book)).get(code.id) ?? 0;
    let clashes: LineFound[] | undefined;
    const counting = keywords.clashes(book, code).then((found) => (clashes = found));
    // What cannot be counted now is counted at the next look.
    await within(SHORT_PATIENCE_MS, counting).catch(() => false);
    const policies = await policiesFor(code.id, staff);
    return { given, clashes, policies, keywords: await keywords.of(code), known: keywords.known(programme.key, code) };
  }

  /** A reason that is made of a theme begins with its words, and some of its answers stand above. */
  async function factsOfNew(req: Request, { programme }: BookAt) {
    const under = text(req.query.under);
    const id = text(req.query.theme) || text((req.body as Body | undefined)?.theme);
    if (id === '') return { under };
    const theme = await themes.at(programme.id, id);
    const { answers } = await themes.answers(theme.id, 0);
    return { under, theme: { ...theme, answers: answers.slice(0, VOICES) }, keywords: keywordsFrom(theme.phrases) };
  }

  /** Does it and says so, or shows the form again with what is wrong. */
  async function change(req: Request, res: Response, asked: Asked, act: (at: BookAt, body: Body) => Promise<unknown>) {
    const at = await bookAt(req.params.programme);
    const code = req.params.key === undefined ? null : codeAt(at.book, req.params.key);
    const body = (req.body ?? {}) as Body;
    let isDone: boolean;
    try {
      isDone = await within(PATIENCE_MS, act(at, body));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return await showCode(req, res, at, code, { form: asked.form, body, errors: error.fieldErrors });
    }
    const { said, saidLater = said } = asked;
    notify(req, staffOf(res).t(isDone ? said : saidLater));
    await saveSession(req);
    const theme = text(body.theme);
    res.redirect(303, `/codebook/${at.programme.key}${theme === '' ? '' : `/themes/${theme}`}`);
  }

  return { showCode, change };
}
