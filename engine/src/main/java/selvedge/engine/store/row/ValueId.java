package selvedge.engine.store.row;

/**
 * Identifies the chunks of a large value. Unique in a store.
 *
 * @param opening counts how often the store was opened
 * @param upload counts the uploads since that opening
 */
public record ValueId(long opening, long upload) {
  public static final int BYTES = 2 * Long.BYTES;
}
