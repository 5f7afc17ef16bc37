import { accountOf } from '../../shared/actor.ts';
import { NotFound } from '../../shared/errors.ts';
import type { CaseContext } from './context.ts';
import type { Cases } from './interface.ts';

/** Says whose a case is that was opened for somebody who is no customer of record. */
export function createNaming({ deps, hooks, need, change, write }: CaseContext): Cases['setCustomer'] {
  return async (tx, actor, caseId, customerId, revision) => {
    const customer = customerId === null ? undefined : await deps.customers.find(customerId, tx);
    if (customerId !== null && (!customer || customer.erasedAt !== null)) throw new NotFound();
    await change(tx, caseId, { revision }, { customer_id: customerId, worth_minor: customer?.worthMinor ?? 0 });
    await write(tx, actor, caseId, { kind: customer ? 'customerNamed' : 'customerUnnamed' });
    const named = await need(tx, caseId);
    const { number, openedAt: at } = named;
    await deps.accounts.audit(tx, actor, 'recovery.caseNamed', { kind: 'case', id: caseId }, { number });
    if (customerId !== null) {
      const event = { customerId, kind: 'recovery.caseOpened', at, accountId: accountOf(actor), subjectId: caseId };
      await deps.customers.recordEvents(tx, [{ ...event, detail: { number } }]);
    }
    for (const hook of hooks.named) await hook(tx, named);
  };
}
