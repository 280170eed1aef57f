// Values that JSON doesn't have: reads {project, mailbox}, a valid mailbox; writes the lines for each of them.
import { createRequire } from "node:module";
import { join } from "node:path";
import { given, say } from "./io.mjs";

const { project, mailbox } = await given();
const { validate, isValid, ensureValid, InvalidBody } = createRequire(join(project, "/"))("mailbox-schema");

const { smtp_port: _, ...portless } = mailbox;
const body = (changes) => ({ mailboxes: [{ ...mailbox, ...changes }] });
const raises = () => {
  throw new Error("read");
};
const getter = (name, get, of = { ...mailbox }) => Object.defineProperty(of, name, { get, enumerable: true, configurable: true });
const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const raising = (target) => new Proxy(target, { get: raises, getOwnPropertyDescriptor: raises, ownKeys: raises });

class Instance {
  constructor() {
    Object.assign(this, mailbox);
  }
}
class Accessors {
  get smtp_port() {
    return 465;
  }
}
let times = 0;

const VALUES = {
  undefined: undefined,
  "a function": () => body({}),
  "a symbol": Symbol("body"),
  "a bigint": 10n,
  "a boxed string": new String("body"),
  "a date": new Date(0),
  "a Map": new Map(Object.entries(body({}))),
  "an array": [body({})],
  "null without a prototype": Object.create(null),
  "a body without a prototype": Object.assign(Object.create(null), body({})),
  "an instance of a class": { mailboxes: [new Instance()] },
  "accessors of a class, which JSON.stringify leaves out": { mailboxes: [Object.assign(new Accessors(), portless)] },
  "an inherited body": Object.create(body({})),
  "an inherited field": { mailboxes: [Object.assign(Object.create({ smtp_port: 465 }), portless)] },
  "a prototype in place of members": { __proto__: body({}) },
  "a key __proto__": JSON.parse(`{"__proto__": {"mailboxes": []}, "mailboxes": [${JSON.stringify(mailbox)}]}`),
  "a mailbox with a key __proto__": JSON.parse(`{"mailboxes": [{"__proto__": ${JSON.stringify(mailbox)}}]}`),
  "a getter": { mailboxes: [getter("smtp_port", () => 465)] },
  "a getter of another value each time": { mailboxes: [getter("smtp_port", () => (times++ ? "465" : 465))] },
  "a getter that raises": { mailboxes: [getter("smtp_port", raises)] },
  "a body that raises": getter("mailboxes", raises, {}),
  "a revoked proxy": revoked({}),
  "a revoked array": { mailboxes: revoked([]) },
  "a mailbox that raises": { mailboxes: [mailbox, raising({})] },
  "an array that raises": { mailboxes: raising([mailbox]) },
  "a proxy that reads well": { mailboxes: new Proxy([new Proxy(mailbox, {})], {}) },
  "types that raise": { ...body({}), completion_notification_types: raising(["MAIL"]) },
  "a hole": { mailboxes: [mailbox, , mailbox] },
  "four billion holes": { mailboxes: Object.assign(new Array(2 ** 32 - 1), { 300: null, note: 1 }) },
  "an array that says its length is not a number": {
    mailboxes: new Proxy([mailbox], { get: (array, key) => (key === "length" ? NaN : array[key]) }),
  },
  "a hole among the types": { ...body({}), completion_notification_types: ["MAIL", ,] },
  "a cycle": (() => {
    const whole = body({});
    return Object.assign(whole, { mailboxes: [...whole.mailboxes, whole] });
  })(),
  "not a number": body({ smtp_port: NaN, daily_sending_limit: NaN }),
  infinity: body({ smtp_port: Infinity, sending_wait_time_from: -Infinity, sending_wait_time_to: Infinity }),
  "minus zero": body({ smtp_port: -0 }),
  "a bigint for a port": body({ smtp_port: 465n }),
  "symbols for numbers": body({ smtp_port: Symbol("465"), sending_wait_time_from: Symbol("10"), sending_wait_time_to: 20 }),
  "objects that raise for numbers": body({ sending_wait_time_from: { valueOf: raises }, sending_wait_time_to: { toString: raises } }),
  "boxed values": body({ smtp_port: new Number(465), smtp_server: new String("smtp.server.io") }),
  "functions for texts": body({ smtp_server: () => "smtp.server.io", footer: raises }),
  "lone surrogates": body({ smtp_server: "\ud800", bcc: "a@\udc00.com", open_tracking_domain: "\ud800.com", smtp_email: "\ud800@a.com" }),
  "a megabyte of at signs": body({ bcc: "@".repeat(2 ** 20), open_tracking_domain: ".".repeat(2 ** 20), footer: " ".repeat(2 ** 20) }),
  "a megabyte of hyphens": body({ bcc: `a@${"-".repeat(2 ** 20)}`, open_tracking_domain: "\u00fc-".repeat(2 ** 19) }),
  "four billion holes among the types": { ...body({}), completion_notification_types: new Array(2 ** 32 - 1) },
  "a million types": { ...body({}), completion_notification_types: new Array(10 ** 6).fill("MAIL") },
  "a million mistaken types": { ...body({}), completion_notification_types: new Array(10 ** 6).fill(null) },
  "undefined for an optional field": body({ bcc: undefined }),
};

function answer(value) {
  const lines = validate(value);
  try {
    ensureValid(value);
  } catch (error) {
    if (!(error instanceof InvalidBody)) throw error;
  }
  isValid(value);
  return lines;
}

function answers() {
  times = 0;
  return Object.fromEntries(Object.entries(VALUES).map(([name, value]) => [name, answer(value)]));
}

const found = answers();
// Some old libraries add to what every object has.
Object.prototype.added = "added";
const withAdded = answers();
delete Object.prototype.added;
if (JSON.stringify(withAdded) !== JSON.stringify(found)) throw new Error("Object.prototype changes an answer");
say(found);
