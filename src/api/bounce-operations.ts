import { z } from 'zod';
import type { Bounces } from '../mailer/index.ts';
import { operation, type Operation } from './operation.ts';

const receivedSchema = z.object({
  /** 'known': the same message had come before, and nothing changed. */
  outcome: z.enum(['recorded', 'known']),
  kind: z.enum(['hard', 'soft', 'complaint', 'auto-reply', 'other']),
  /** Whether it names a mail of ours as only somebody who has seen that mail can; otherwise it suppresses nobody. */
  verified: z.boolean(),
});

export function bounceOperations({ receive }: Pick<Bounces, 'receive'>): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/bounces',
      summary: 'Hand over a message that a mail server returned, or a complaint, exactly as it came; twice is harmless',
      role: 'staff',
      rawBody: 'message/rfc822',
      response: receivedSchema,
      async run({ body }) {
        const { outcome, kind, verified } = await receive(body as unknown as Buffer, 'interface');
        return { outcome, kind, verified };
      },
    }),
  ];
}
