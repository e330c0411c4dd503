package selvedge.engine.store;

/**
 * Names the chunks of one large value. Never given twice in a store: one part counts how often it
 * was opened, the other the uploads since.
 */
record ValueId(long opening, long upload) {
  static final int BYTES = 2 * Long.BYTES;
}
