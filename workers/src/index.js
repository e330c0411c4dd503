// For Workers: openWorkers(), the smaller interface of OpenWorkers on any KV namespace, and selvedge(), the operations
// that Workers KV does not have.

export { openWorkers } from "./open-workers.js";
export { selvedge, ConflictError, SelvedgeError } from "./selvedge.js";
