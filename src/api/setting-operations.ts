import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { caseSettingsSchema, paymentSettingSchema, type Recovery } from '../recovery/index.ts';
import type { Actor } from '../shared/actor.ts';
import { about, changedSince, Unfit } from './errors.ts';
import { operation, type Operation } from './operation.ts';

interface Deps {
  recovery: Pick<Recovery, 'caseWork' | 'payment'>;
}

/** How cases and payment difficulties are dealt with: what the pages of settings say. */
export function settingOperations({ recovery: { caseWork, payment } }: Deps): Operation[] {
  const cases = caseWork.settings;
  return [
    ...settingOf({
      path: '/settings/cases',
      about: 'What opens cases, how long each step may take, and what staff give without asking',
      schema: caseSettingsSchema,
      standing: () => cases.standing(),
      async save(actor, wanted, seen) {
        const { setting } = await cases.standing();
        const known = [...(await cases.reasons()).keys(), ...setting.reasons];
        const strange = wanted.reasons.findIndex((key) => !known.includes(key));
        if (strange >= 0) throw new Unfit(`reasons.${strange}`, 'This is the key of no reason in a codebook.');
        await cases.save(actor, wanted, seen);
      },
    }),
    ...settingOf({
      path: '/settings/payment',
      about: 'From when on arrears open a case, who looks at the invitation, what staff agree to, and where advice is',
      schema: paymentSettingSchema,
      standing: () => payment.settings.standing(),
      save: (actor, setting, seen) => payment.settings.save(actor, setting, seen),
    }),
  ];
}

interface Setting<S extends z.ZodObject> {
  path: string;
  about: string;
  schema: S;
  /** As it stands; the revision counts the savings. */
  standing(): Promise<{ setting: z.infer<S>; revision: number }>;
  /** @throws Conflict where somebody has saved another since that revision */
  save(actor: Actor, setting: z.infer<S>, revision: number): Promise<void>;
}

const revision = z.int().describe('As you read it: nobody has changed it since');

/** A setting of managers, read and put in place as a whole. */
export function settingOf<S extends z.ZodObject>({
  path,
  about: what,
  schema,
  standing,
  save,
}: Setting<S>): Operation[] {
  const whole = schema.extend({ revision });
  const shown = async () => {
    const { setting, revision: now } = await standing();
    return { ...setting, revision: now } as z.input<typeof whole>;
  };
  return [
    operation({ method: 'get', path, summary: what, role: 'manager', response: whole, run: shown }),
    operation({
      method: 'post',
      path,
      summary: `Put in place as a whole: ${what.slice(0, 1).toLowerCase()}${what.slice(1)}; the same again is harmless`,
      role: 'manager',
      body: whole,
      response: whole,
      async run({ body }, { actor }) {
        const { revision: seen, ...rest } = body as { revision: number };
        const wanted = rest as z.infer<S>;
        const { setting, revision: now } = await standing();
        if (!isDeepStrictEqual(setting, wanted)) {
          if (seen !== now) throw changedSince(now);
          await about('revision', save(actor, wanted, seen));
        }
        return await shown();
      },
    }),
  ];
}
