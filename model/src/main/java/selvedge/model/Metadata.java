package selvedge.model;

/**
 * JSON that travels with an entry and appears in listings; {@link #NONE} when the writer gave none.
 *
 * <p>Whoever makes one has checked that it is JSON on one line.
 */
public record Metadata(Bytes json) {
  public static final Metadata NONE = new Metadata(Bytes.EMPTY);

  public static Metadata json(String text) {
    return new Metadata(Bytes.utf8(text));
  }

  public boolean isPresent() {
    return !json.isEmpty();
  }

  @Override
  public String toString() {
    return json.utf8();
  }
}
