/* Generated from the schema documents: edit those, then run python schemas/generate.py */
/**
 * One mailbox: its SMTP and IMAP credentials and optional settings. Message for an item that is not an object, I: mailbox[<index>] must be an object
 */
export type Mailbox = MailboxFields & (WaitTimes | NoWaitTimes);

/**
 * The fields of a mailbox, except for the wait times.
 */
export interface MailboxFields {
  /**
   * Email address of the sending mailbox. Message, R: must be provided and be a valid email address
   */
  smtp_email: string;
  /**
   * User name for SMTP, if it differs from the email address. Message, R: if provided must not be blank
   */
  smtp_login?: string | null;
  /**
   * Password for SMTP; for Gmail and Outlook an app password. Message, V: must not be blank
   */
  smtp_password: string;
  /**
   * Host name of the SMTP server. Message, R: must not be blank
   */
  smtp_server: string;
  /**
   * Port of the SMTP server. Message, V (there for imap_port): must be provided and in range <1,65535>
   */
  smtp_port: number;
  /**
   * Name of the sender, as recipients see it. Message, R: if provided must not be blank
   */
  smtp_from_name?: string | null;
  /**
   * Email address of the receiving mailbox. Message, R: must be provided and be a valid email address
   */
  imap_email: string;
  /**
   * Password for IMAP; for Gmail and Outlook an app password. Message, V (there for smtp_password): must not be blank
   */
  imap_password: string;
  /**
   * Host name of the IMAP server. Message, R: must not be blank
   */
  imap_server: string;
  /**
   * Port of the IMAP server. Message, V: must be provided and in range <1,65535>
   */
  imap_port: number;
  /**
   * Signature added to sent emails, in HTML. Message, R: if provided must not be blank
   */
  footer?: string | null;
  /**
   * Email address that gets a blind copy of every outgoing email. Message, R: if provided must be a valid email address
   */
  bcc?: string | null;
  /**
   * Custom domain that tracks opened emails. Message, V: if provided must be a valid domain
   */
  open_tracking_domain?: string | null;
  /**
   * Custom domain that tracks clicked links. Message, V: if provided must be a valid domain
   */
  click_tracking_domain?: string | null;
  /**
   * Custom domain that takes unsubscribe requests. Message, V: if provided must be a valid domain
   */
  unsubscribe_tracking_domain?: string | null;
  /**
   * Most emails sent in a day. Message, R: if provided must be in range <1,5500>
   */
  daily_sending_limit?: number | null;
}

/**
 * Both wait times. No type can say that one is lower than the other.
 */
export interface WaitTimes {
  /**
   * Shortest pause between two emails, in seconds. Message, V: if provided must be present along with and lower than sending_wait_time_to and be in range <10,9999>
   */
  sending_wait_time_from: number;
  /**
   * Longest pause between two emails, in seconds. Message, V: if provided must be present along with and higher than sending_wait_time_from and be in range <20,9999>
   */
  sending_wait_time_to: number;
}

/**
 * Neither wait time: each is absent or null.
 */
export interface NoWaitTimes {
  /**
   * Shortest pause between two emails, in seconds. Message, V: if provided must be present along with and lower than sending_wait_time_to and be in range <10,9999>
   */
  sending_wait_time_from?: null;
  /**
   * Longest pause between two emails, in seconds. Message, V: if provided must be present along with and higher than sending_wait_time_from and be in range <20,9999>
   */
  sending_wait_time_to?: null;
}

/**
 * The body of Woodpecker's POST /rest/v2/mailboxes/manual_connection/bulk. Every field states the exact message of the API and its provenance: V, the wording is in the vendor's API reference; R, the constraint is documented and the wording is ours; I, inferred. null counts as absent (I). Unknown keys are ignored (I). Message for a body that is not an object, I: body must be an object. What JSON Schema can't express: sending_wait_time_from is lower than sending_wait_time_to; and which addresses and domains with characters outside ASCII, or with labels that begin with xn--, are valid: the patterns take them all.
 */
export interface Body {
  /**
   * The mailboxes to connect, 200 at most in a request. Message, R (the cap), I (wording): mailboxes must be provided and have size in range <1,200>
   *
   * @minItems 1
   * @maxItems 200
   */
  mailboxes: readonly [Mailbox, ...Mailbox[]];
  /**
   * How to notify you when the batch is processed: by email (MAIL), in the app (IN_APP), or both. Message, R (the values), I (wording): completion_notification_types if provided must contain only MAIL and IN_APP
   */
  completion_notification_types?: readonly ("MAIL" | "IN_APP")[] | null;
}

/**
 * The body of status 202. V: it has the id of the submitted batch, by which to follow its progress and results. I: the mailboxes are yet to be connected. Unknown keys are tolerated.
 */
export interface AcceptedBody {
  /**
   * Names the batch in the address of its summary. V: the vendor's example is an integer and its table says string, so both are accepted.
   */
  batch_id: number | string;
}

/**
 * The body of status 400. V: the request is not valid, or its syntax is malformed. I: it is refused as a whole. Unknown keys are tolerated.
 */
export interface FailureBody {
  /**
   * V: VALIDATION_FAILURE or UNKNOWN; with the first, details has every field with an issue. I: UNKNOWN is for a body that is not JSON at all.
   */
  code: "VALIDATION_FAILURE" | "UNKNOWN";
  /**
   * V: a line for each field with an issue, mailbox[index].field and its message, the index from 0. Their order is not documented.
   */
  details: readonly string[];
}

/**
 * The body of status 409, V. The cause of the conflict is not documented. Unknown keys are tolerated.
 */
export interface ConflictBody {
  /**
   * V: Conflict, in the vendor's example. I: never another.
   */
  code: "Conflict";
  /**
   * V: strings. What they say is not documented.
   */
  details: readonly string[];
}

/**
 * The body of status 401, 404 and 500, V. Unknown keys are tolerated. What JSON Schema can't express: the day of the timestamp is one that its month has, and the year is not 0000.
 */
export interface ProblemBody {
  /**
   * V: a short title of the problem.
   */
  title: string;
  /**
   * V: the HTTP status code again.
   */
  status: number;
  /**
   * V: what explains the problem.
   */
  detail: string;
  /**
   * V: when the problem occurred, YYYY-MM-DD HH:MM:SS in UTC.
   */
  timestamp: string;
}

/**
 * The body of status 200 of GET /rest/v2/mailboxes/manual_connection/bulk/{batch_id}/summary. V: the names and the types. I: what each means, read from its name; it is not documented that the counts add up. The example is ours. Unknown keys are tolerated.
 */
export interface SummaryBody {
  /**
   * I: whether every mailbox of the batch has been dealt with.
   */
  processing_finished: boolean;
  /**
   * I: how many mailboxes the batch has.
   */
  batch_size: number;
  /**
   * I: how many are still to be dealt with.
   */
  pending_mailboxes_count: number;
  /**
   * I: how many are connected.
   */
  connected_mailboxes_count: number;
  /**
   * I: how many are connected under a condition.
   */
  conditionally_connected_mailboxes_count: number;
  /**
   * I: how many could not be connected.
   */
  failed_mailboxes_count: number;
  /**
   * I: one item for each of them; what an item holds is not documented.
   */
  conditionally_connected_mailboxes: readonly unknown[];
  /**
   * I: one item for each of them; what an item holds is not documented.
   */
  failed_mailboxes: readonly unknown[];
}
