import { planBefore } from './before-plan.ts';
import type { DemoContent } from './content.ts';
import { planLeaving } from './leaving-plan.ts';
import type { DemoCompany } from './model.ts';
import type { AnswerPlan } from './plan.ts';
import { planSatisfaction } from './satisfaction-plan.ts';

/**
 * What the customers of a generated company were asked and what they answered: the same for the same company.
 * Everything lies before `company.today`.
 */
export function planAnswers(company: DemoCompany, content: DemoContent): AnswerPlan {
  const leaving = planLeaving(company, content);
  return {
    leaving,
    satisfaction: planSatisfaction(company, content),
    before: planBefore(company, content, leaving.people),
  };
}
