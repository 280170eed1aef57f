// What ajv says of a document: reads it on standard input, writes the error of each dialect, null for none.
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import { given, say } from "./io.mjs";

const schema = await given();
const complaint = (Dialect) => {
  try {
    new Dialect({ logger: false }).compile(schema);
    return null;
  } catch (error) {
    return error.message;
  }
};
say([Ajv, Ajv2020].map(complaint));
