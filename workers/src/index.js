// For Workers: openWorkers(), the smaller interface of OpenWorkers on any KV namespace, and selvedge(), what Workers KV
// lacks.

export { openWorkers } from "./open-workers.js";
export { selvedge, ConflictError, SelvedgeError } from "./selvedge.js";
