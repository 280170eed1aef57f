// ajv with ajv-errors: reads {schema, bodies} on standard input, writes the distinct messages of each body.
import Ajv from "ajv";
import ajvErrors from "ajv-errors";
import { given, say } from "./io.mjs";

const { schema, bodies } = await given();
const ajv = new Ajv({ allErrors: true, $data: true, strict: true });
ajvErrors(ajv);
const validate = ajv.compile(schema);
say(bodies.map((body) => (validate(body) ? [] : [...new Set(validate.errors.map((error) => error.message))])));
