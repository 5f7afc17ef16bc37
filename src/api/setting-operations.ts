import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { caseSettingsSchema, paymentSettingSchema, type Recovery } from '../recovery/index.ts';
import type { Actor } from '../shared/actor.ts';
import type { Storage } from '../storage/index.ts';
import { Unfit } from './errors.ts';
import { operation, type Operation } from './operation.ts';

interface Deps {
  recovery: Pick<Recovery, 'caseWork' | 'payment'>;
  storage: Pick<Storage, 'read'>;
}

/** How cases and payment difficulties are dealt with: what the pages of settings say. */
export function settingOperations({ recovery: { caseWork, payment }, storage }: Deps): Operation[] {
  const cases = caseWork.settings;
  return [
    ...settingOf({
      path: '/settings/cases',
      about: 'What opens cases, how long each step may take, and what staff give without asking',
      schema: caseSettingsSchema,
      read: () => cases.read(),
      async save(actor, settings) {
        const known = [...(await cases.reasons()).keys(), ...(await cases.read()).reasons];
        const strange = settings.reasons.findIndex((key) => !known.includes(key));
        if (strange >= 0) throw new Unfit(`reasons.${strange}`, 'This is the key of no reason in a codebook.');
        await cases.save(actor, settings);
      },
    }),
    ...settingOf({
      path: '/settings/payment',
      about: 'From when on arrears open a case, who looks at the invitation, what staff agree to, and where advice is',
      schema: paymentSettingSchema,
      read: () => payment.settings.read(storage.read),
      save: (actor, setting) => payment.settings.save(actor, setting),
    }),
  ];
}

interface Setting<S extends z.ZodType> {
  path: string;
  about: string;
  schema: S;
  read(): Promise<z.infer<S>>;
  save(actor: Actor, setting: z.infer<S>): Promise<void>;
}

/** A setting of managers, read and put in place as a whole. */
export function settingOf<S extends z.ZodType>({ path, about, schema, read, save }: Setting<S>): Operation[] {
  return [
    operation({
      method: 'get',
      path,
      summary: about,
      role: 'manager',
      response: schema,
      run: async () => (await read()) as z.input<S>,
    }),
    operation({
      method: 'post',
      path,
      summary: `Put in place as a whole: ${about.slice(0, 1).toLowerCase()}${about.slice(1)}; the same again is harmless`,
      role: 'manager',
      body: schema,
      response: schema,
      async run({ body }, { actor }) {
        if (!isDeepStrictEqual(await read(), body)) await save(actor, body);
        return (await read()) as z.input<S>;
      },
    }),
  ];
}
