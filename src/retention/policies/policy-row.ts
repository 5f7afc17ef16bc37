import { readWording } from '../wording.ts';
import type { Policy, PolicyVersion } from './policy.ts';
import type { VersionRow, WholePolicy } from './policy-store.ts';

/** A policy as the database keeps it. */
export const asPolicy = (row: WholePolicy): Policy => ({
  id: row.id,
  number: row.number,
  asked: row.asked,
  codeId: row.code_id,
  texts: readWording(row.texts),
  ownerId: row.owner_id,
  inForceOn: row.in_force_on,
  withdrawnOn: row.withdrawn_on,
  createdAt: row.created_at,
});

export const asVersion = (row: VersionRow): PolicyVersion => ({
  number: row.number,
  texts: readWording(row.texts),
  ownerId: row.owner_id,
  inForceOn: row.in_force_on,
  asks: row.asks === 1,
  accountId: row.account_id,
  createdAt: row.created_at,
});
