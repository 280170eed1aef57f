/**
 * Checks, before anything is sent, what the API would say about a request that connects mailboxes in bulk.
 */

/** Returns the lines that the API would answer with, in the contract's order; none if it would accept the body. */
export function validate(body: unknown): string[];

/** Returns the violations of a body, one for each line of `validate`, in the same order. */
export function violations(body: unknown): Violation[];

/** Returns whether the API would accept the body; stops at the first violation. */
export function isValid(body: unknown): body is Body;

/**
 * Returns the body itself if the API would accept it.
 *
 * @throws {InvalidBody} with all the violations, if it would not
 */
export function ensureValid(body: unknown): Body;

/** The API would refuse the body. Contains no value of it. */
export class InvalidBody extends Error {
  constructor(violations: readonly Violation[]);
  readonly name: "InvalidBody";
  readonly violations: readonly Violation[];
  /** The API's lines. */
  get details(): string[];
  /** The failure body that the API would answer with. */
  get response(): FailureBody;
}

/** One rule violated at one path of a body. */
export interface Violation {
  /** The index of the mailbox, from 0; null for the body around the mailboxes. */
  index: number | null;
  /** The key that it is about; null for a mailbox or a body as a whole. */
  field: FieldName | keyof Body | null;
  rule: Rule;
  /** What follows the path in the API's line. */
  message: string;
}

export type FieldName = keyof Mailbox;

/** A field of a mailbox. */
export interface Field {
  readonly name: FieldName;
  readonly type: "string" | "integer";
  readonly required: boolean;
  readonly rule: Rule;
  /** The API's words after the field's path when the field is violated in any way. */
  readonly message: string;
  /** How much of this the vendor has written down: V verbatim, R required, I inferred. */
  readonly provenance: string;
  /** The range of an integer field, both ends included; null for a string. */
  readonly limits: { readonly minimum: number; readonly maximum: number } | null;
  /** Whether its values are secrets: never show them. */
  readonly secret: boolean;
}

/** The fields of a mailbox, in the documented order. */
export const FIELDS: readonly Field[];
