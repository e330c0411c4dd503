package selvedge.engine.store.row;

/**
 * Names the chunks of one large value. Never given twice in a store: one part counts how often it
 * was opened, the other the uploads since.
 */
public record ValueId(long opening, long upload) {
  public static final int BYTES = 2 * Long.BYTES;
}
