import type { Request, Response } from 'express';
import { NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { notify } from './pages.ts';
import { saveSession, type Notice } from './session.ts';

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
