// What the API says about a body: its lines in the contract's order.
import { FIELDS as ROWS, LIMITS, MAILBOXES, MAILBOX_OBJECT, BODY_OBJECT, COMPLETION_NOTIFICATION_TYPES } from "#contract";
import { around as judgeAround, mailbox as judgeMailbox } from "#validators";
import { isDomain, isEmail, mayBeInternationalized } from "./names.mjs";
import { readArray, readMembers } from "./read.mjs";

/** The fields of a mailbox, in the documented order. */
export const FIELDS = /* @__PURE__ */ freeze(ROWS);

/** Returns the lines that the API would answer with, in the contract's order; none if it would accept the body. */
export function validate(body) {
  return violations(body).map(line);
}

/** Returns the violations of a body, one for each line of `validate`. */
export function violations(body) {
  return [...found(body)];
}

/** Returns whether the API would accept the body; stops at the first violation. */
export function isValid(body) {
  return found(body).next().done;
}

/** Returns the body itself if the API would accept it; throws an `InvalidBody` otherwise. */
export function ensureValid(body) {
  const all = violations(body);
  if (all.length > 0) throw new InvalidBody(all);
  return body;
}

/** The API would refuse the body; contains no value of it. */
export class InvalidBody extends Error {
  constructor(violations) {
    super(violations.map(line).join("\n"));
    this.name = "InvalidBody";
    this.violations = violations;
  }

  /** The API's lines. */
  get details() {
    return this.violations.map(line);
  }

  /** The failure body that the API would answer with. */
  get response() {
    return { code: "VALIDATION_FAILURE", details: this.details };
  }
}

function line({ index, field, rule, message }) {
  const whole = rule === BODY_OBJECT.rule ? "body" : field;
  const path = index === null ? whole : field === null ? `mailbox[${index}]` : `mailbox[${index}].${field}`;
  return `${path} ${message}`;
}

function* found(body) {
  const read = readMembers(body, [MAILBOXES.key, COMPLETION_NOTIFICATION_TYPES.key]);
  if (read === null) {
    yield violation(null, null, BODY_OBJECT);
    return;
  }
  const mailboxes = readArray(read.mailboxes, LIMITS.mailboxes);
  const said = linesAround(mailboxes, read.completion_notification_types);
  if (said.has(AROUND.mailboxes)) yield violation(null, MAILBOXES.key, MAILBOXES);
  for (const [index, mailbox] of mailboxes?.items ?? []) yield* foundInMailbox(mailbox, index);
  if (said.has(AROUND.types)) yield violation(null, COMPLETION_NOTIFICATION_TYPES.key, COMPLETION_NOTIFICATION_TYPES);
}

const violation = (index, field, { rule, message }) => ({ index, field, rule, message });

const AROUND = {
  mailboxes: `${MAILBOXES.key} ${MAILBOXES.message}`,
  types: `${COMPLETION_NOTIFICATION_TYPES.key} ${COMPLETION_NOTIFICATION_TYPES.message}`,
};

// The validator of the body around the mailboxes looks at how many there are, never at one of them.
function linesAround(mailboxes, types) {
  const array = mailboxes === null ? null : new Array(mailboxes.length);
  return lines(judgeAround, { mailboxes: array, completion_notification_types: plainTypes(types) });
}

// Equal items only once: for each one that is wrong, the validator makes an error.
function plainTypes(types) {
  const array = readArray(types, LIMITS.mailboxes);
  if (array === null) return plain(types);
  const items = new Set(array.items.map(([, type]) => plain(type)));
  return array.items.length < array.length ? [WRONG] : [...items];
}

const NAMES = /* @__PURE__ */ ROWS.map(({ name }) => name);
// As the validator says it of the only mailbox that it gets: one at a time, because the search of ajv-errors for the
// errors of a field takes time in proportion to all the errors there are.
const LINES = /* @__PURE__ */ new Map(ROWS.map(({ name, message }) => [name, `mailbox[0].${name} ${message}`]));

function* foundInMailbox(mailbox, index) {
  const read = readMembers(mailbox, NAMES);
  if (read === null) {
    yield violation(index, null, MAILBOX_OBJECT);
    return;
  }
  for (const field of ROWS) read[field.name] = short(plain(read[field.name]), field.rule);
  const said = lines(judgeMailbox, [read]);
  for (const field of ROWS) {
    if (said.has(LINES.get(field.name)) || isWrongName(read[field.name], field.rule)) {
      yield violation(index, field.name, field);
    }
  }
}

const NONE = new Set();

function lines(judge, value) {
  return judge(value) ? NONE : new Set(judge.errors.map((error) => error.message));
}

// What JSON doesn't have, and objects and arrays, which no field takes: ajv may compare values, and some can't be.
const WRONG = {};
const PLAIN = new Set(["string", "number", "boolean", "undefined"]);

function plain(value) {
  return value === null || PLAIN.has(typeof value) ? value : WRONG;
}

// A name that is too long is refused whatever it contains, so that no pattern searches a megabyte of it. A character
// takes at most two units of a string.
function short(value, rule) {
  return typeof value === "string" && value.length > 2 * (LIMITS[rule] ?? Infinity) ? WRONG : value;
}

// The patterns of the schema accept every valid name, and decide those that aren't internationalized.
function isWrongName(value, rule) {
  if (typeof value !== "string" || !(rule in LIMITS) || !mayBeInternationalized(value)) return false;
  return !(rule === "email" ? isEmail(value) : isDomain(value));
}

function freeze(rows) {
  for (const row of rows) Object.freeze(row.limits), Object.freeze(row);
  return Object.freeze(rows);
}
