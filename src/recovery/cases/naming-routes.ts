import { Router, type Request, type Response } from 'express';
import { displayName, type ListedCustomer } from '../../customers/index.ts';
import { colleague } from '../../shared/actor.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { formView, needsRole, notify, saveSession, staffOf, type FormView } from '../../web/index.ts';
import type { RecoveryWeb } from '../web.ts';
import type { RecoveryCase } from './interface.ts';
import { mayBeNamed } from './rules.ts';

const MOST_SHOWN = 10;
const MOST_TYPED = 200;

export interface NamingPage {
  path: string;
  back: string;
  words: string;
  language: string;
  form: FormView;
  revision: string;
  choices: { id: string; name: string; about: string }[];
  /** Somebody looked, and found nobody. */
  nobody: boolean;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/case-customer': NamingPage;
  }
}

/** Says whose a case is, once somebody knows. */
export function namingRoutes(web: RecoveryWeb): Router {
  const { recovery, customers, storage, pages } = web;
  const { cases } = recovery;
  const router = Router();
  const staff = needsRole('staff');

  /** @throws NotFound, Conflict where it is known whose it is */
  async function unnamed(id: unknown): Promise<RecoveryCase> {
    if (!isId(id)) throw new NotFound();
    const theCase = await cases.get(id);
    if (!mayBeNamed(theCase)) throw new Conflict('cases.error.changed');
    return theCase;
  }

  router.get('/cases/:id/customer', staff, async (req: Request, res: Response) => {
    const theCase = await unnamed(req.params.id);
    const q = (typeof req.query.q === 'string' ? req.query.q : theCase.contact.name).trim().slice(0, MOST_TYPED);
    const found = q === '' ? [] : (await customers.list({ q }, null, MOST_SHOWN)).rows;
    const { t } = staffOf(res);
    const page: NamingPage = {
      path: `/cases/${theCase.id}/customer`,
      back: `/cases/${theCase.id}`,
      words: theCase.words,
      language: theCase.language,
      form: formView({ q }, undefined, t),
      revision: String(theCase.revision),
      choices: found.map(choiceOf),
      nobody: q !== '' && found.length === 0,
    };
    pages.staff(req, res, 'recovery/case-customer', page, { title: t('cases.naming.title'), section: '/today' });
  });

  router.post('/cases/:id/customer', staff, async (req, res) => {
    const theCase = await unnamed(req.params.id);
    const { customer, revision } = (req.body ?? {}) as Record<string, unknown>;
    if (!isId(customer)) throw new NotFound();
    const { id: me, t } = staffOf(res);
    const seen = Number(/^\d{1,9}$/.exec(String(revision))?.[0] ?? -1);
    await storage.transaction((tx) => cases.setCustomer(tx, colleague(me), theCase.id, customer, seen));
    notify(req, t('cases.done.named'));
    await saveSession(req);
    res.redirect(303, `/cases/${theCase.id}`);
  });

  return router;
}

function choiceOf(customer: ListedCustomer): NamingPage['choices'][number] {
  const { id, reference, city, organisation, givenName, familyName } = customer;
  const person = organisation ? [givenName, familyName].filter(Boolean).join(' ') : '';
  return { id, name: displayName(customer), about: [person, city, reference].filter(Boolean).join(', ') };
}
