import type { Claimed } from './store.ts';

export type UnderWay = ReturnType<typeof createUnderWay>;

/** What this process has claimed and knows about; whatever else bears its name it has lost sight of. */
export function createUnderWay() {
  const mails = new Map<string, Claimed>();
  return {
    has: (mailId: string): boolean => mails.has(mailId),
    add(claimed: Claimed[]): void {
      for (const mail of claimed) mails.set(mail.id, mail);
    },
    forget(claimed: Claimed[]): void {
      // What has been put back may have been claimed anew already.
      for (const mail of claimed) if (mails.get(mail.id) === mail) mails.delete(mail.id);
    },
  };
}
