/** An approved text, as it is found and inserted. */
export interface FoundAnswer {
  answerId: string;
  textId: string;
  language: string;
  question: string;
  body: string;
  ownerId: string;
  /** A plain date. */
  reviewOn: string;
  reviewedAt: string | null;
  /** How often it was sent. */
  uses: number;
}
