import type { RequestHandler, Response } from 'express';
import { Forbidden } from '../shared/errors.ts';
import type { Translate } from './render.ts';

export type Role = 'staff' | 'manager' | 'administrator';

const RANK: Record<Role, number> = { staff: 0, manager: 1, administrator: 2 };

/** Each role can do all that the one before can. */
export function hasRole(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

/** Who is signed in, as every staff page needs it. */
export interface Staff {
  id: string;
  name: string;
  role: Role;
  language: string;
  t: Translate;
  csrf: string;
  timeZone: string;
  currency: string;
  /** What stands beside entries of the navigation, by their address: how much waits there. */
  marks?: Marks;
}

type Marks = Record<string, { text: string; said: string }>;

/** The person that the accounts feature has signed in for this request. Throws on a page that forgot to ask for one. */
export function staffOf(res: Response): Staff {
  const staff = (res.locals as { staff?: Staff }).staff;
  if (!staff) throw new Error('This route needs somebody signed in');
  return staff;
}

export function setStaff(res: Response, staff: Staff): void {
  (res.locals as { staff?: Staff }).staff = staff;
}

/** Shown with the navigation of this page. */
export function setMarks(res: Response, marks: Marks): void {
  setStaff(res, { ...staffOf(res), marks: { ...staffOf(res).marks, ...marks } });
}

/** Lets only people of this role or a higher one pass. */
export function needsRole(role: Role): RequestHandler {
  return (_req, res, next) => {
    next(hasRole(staffOf(res).role, role) ? undefined : new Forbidden());
  };
}
