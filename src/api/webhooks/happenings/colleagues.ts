import type { LinkNews } from '../../../loyalty/index.ts';
import type { Absence, HandedOver } from '../../../recovery/index.ts';
import type { Happening } from '../events.ts';

/** Away up to and with that day, or back. */
export function absenceChanged({ accountId, untilOn, at }: Absence): Happening {
  const cause = `${accountId} ${at}`;
  return untilOn === null
    ? { kind: 'colleague.back', cause, data: { accountId, backAt: at } }
    : { kind: 'colleague.away', cause, data: { accountId, untilOn, setAt: at } };
}

/** All that a leaver looked after at once; each case tells of itself as well. */
export function dutiesHandedOver({ from, to, given, at }: HandedOver): Happening {
  const data = { fromId: from, toId: to, ...given, handedOverAt: at };
  return { kind: 'colleague.handed_over', cause: `${from} ${to} ${at}`, data };
}

/** A link by which colleagues without an account report; never its address. */
export function linkChanged({ linkId, what, at }: LinkNews): Happening {
  return what === 'made'
    ? { kind: 'alert_link.made', cause: linkId, data: { linkId, madeAt: at } }
    : { kind: 'alert_link.revoked', cause: linkId, data: { linkId, revokedAt: at } };
}
