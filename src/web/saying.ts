import type { Request, Response } from 'express';
import { Conflict, NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { notify } from './pages.ts';
import { saveSession, type Notice } from './session.ts';
import { staffOf } from './staff.ts';

/** The id that stands in an address or a form. @throws NotFound where there is none */
export function idOf(value: unknown): string {
  if (!isId(value)) throw new NotFound();
  return value;
}

/** What was done is said once, on the page that this leads to. */
export async function say(
  req: Request,
  res: Response,
  text: string,
  then: string,
  undo?: Notice['undo'],
): Promise<void> {
  notify(req, text, undo);
  await saveSession(req);
  res.redirect(303, then);
}

/** Does something and says what; whoever comes second finds the page as it stands by now, and on it why. */
export async function sayOrShow(
  req: Request,
  res: Response,
  { then, show }: { then: string; show(status: number): Promise<void> },
  doing: () => Promise<string>,
): Promise<void> {
  try {
    await say(req, res, await doing(), then);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    notify(req, staffOf(res).t(error.key, error.values));
    await show(409);
  }
}
