export interface WebhookTables {
  webhook_endpoint: {
    id: string;
    url: string;
    /** JSON: kinds of events. */
    events: string;
    /** Sealed under the secret that is kept outside the database. */
    secret: string;
    /** `failed`: given up by itself after days without one success. */
    state: 'on' | 'off' | 'failed';
    revision: number;
    failing_since: string | null;
    created_by: string | null;
    created_at: string;
    removed_at: string | null;
  };
  webhook_event: {
    id: string;
    kind: string;
    /** What makes it this event and no other: the id of what it is about, with the moment where it can happen again. */
    cause: string;
    /** JSON; null once it is too old to be sent again. */
    payload: string | null;
    created_at: string;
  };
  webhook_delivery: {
    id: string;
    endpoint_id: string;
    event_id: string;
    state: 'waiting' | 'delivered' | 'failed';
    tries: number;
    due_at: string | null;
    last_tried_at: string | null;
    last_status: number | null;
    last_error: string;
    delivered_at: string | null;
  };
}
