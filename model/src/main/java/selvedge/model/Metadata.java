package selvedge.model;

/**
 * JSON text that belongs to an entry and appears in listings.
 *
 * <p>A store may hold metadata that is not JSON, because earlier versions accepted it. It is read
 * as a JSON string and cannot be written again. Immutable and safe to share between threads.
 */
public final class Metadata {
  /** No metadata. */
  public static final Metadata NONE = new Metadata(Bytes.EMPTY, Form.ONE_LINE);

  private static final Bytes NULL = Bytes.utf8("null");

  /** The form of the stored bytes. */
  private enum Form {
    UNKNOWN,
    ONE_LINE,
    SPACED,
    NOT_JSON
  }

  private final Bytes stored;

  /** Derived from {@link #stored}, so that two threads which race to set it set the same. */
  private Form form;

  private Metadata(Bytes stored, Form form) {
    this.stored = stored;
    this.form = form;
  }

  /**
   * Returns metadata with the given JSON text in its shortest form; {@link #NONE} for {@code null}.
   *
   * @param text one JSON value
   * @return the metadata
   * @throws InvalidMetadataException if the text is not exactly one JSON value
   */
  public static Metadata json(String text) {
    if (!JsonText.isUnicode(text)) {
      throw new InvalidMetadataException();
    }
    return json(Bytes.utf8(text));
  }

  /**
   * Returns metadata with the given JSON text in its shortest form; {@link #NONE} for {@code null}.
   *
   * @param text one JSON value in UTF-8
   * @return the metadata
   * @throws InvalidMetadataException if the bytes are not exactly one JSON value in UTF-8
   */
  public static Metadata json(Bytes text) {
    if (!JsonText.isJson(text)) {
      throw new InvalidMetadataException();
    }
    Bytes shortest = JsonText.compact(text);
    return shortest.equals(NULL) ? NONE : new Metadata(shortest, Form.ONE_LINE);
  }

  /**
   * Returns metadata as a store or a server sent it. It is checked when it is used.
   *
   * @param bytes the stored bytes; empty for {@link #NONE}
   * @return the metadata
   */
  public static Metadata stored(Bytes bytes) {
    return bytes.isEmpty() ? NONE : new Metadata(bytes, Form.UNKNOWN);
  }

  /**
   * Returns whether there is metadata.
   *
   * @return false for {@link #NONE}
   */
  public boolean isPresent() {
    return !stored.isEmpty();
  }

  /**
   * Returns whether the stored bytes are JSON.
   *
   * @return true for {@link #NONE}, too
   */
  public boolean isJson() {
    return form() != Form.NOT_JSON;
  }

  /**
   * Returns the metadata as JSON without line breaks.
   *
   * @return the stored bytes, or a JSON string of them if they are not JSON; empty for {@link
   *     #NONE}
   */
  public Bytes json() {
    return switch (form()) {
      case ONE_LINE -> stored;
      case SPACED -> JsonText.compact(stored);
      case NOT_JSON -> JsonText.quote(stored.utf8());
      case UNKNOWN -> throw new IllegalStateException("the form has just been determined");
    };
  }

  /**
   * Returns the bytes as they are stored and sent to other servers.
   *
   * @return the bytes, which need not be JSON; empty for {@link #NONE}
   */
  public Bytes stored() {
    return stored;
  }

  /**
   * Returns this metadata for a write.
   *
   * @return this metadata
   * @throws InvalidMetadataException if it is not JSON
   */
  public Metadata requireJson() {
    if (!isJson()) {
      throw new InvalidMetadataException();
    }
    return this;
  }

  /** Skips the check of stored bytes, which were checked before they were stored. */
  public void trust() {
    if (form == Form.UNKNOWN) {
      form = Form.ONE_LINE;
    }
  }

  private Form form() {
    Form current = form;
    if (current == Form.UNKNOWN) {
      current = formOf(stored);
      form = current;
    }
    return current;
  }

  private static Form formOf(Bytes stored) {
    if (!JsonText.isJson(stored)) {
      return Form.NOT_JSON;
    }
    return JsonText.hasControls(stored) ? Form.SPACED : Form.ONE_LINE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Metadata metadata && stored.equals(metadata.stored);
  }

  @Override
  public int hashCode() {
    return stored.hashCode();
  }

  @Override
  public String toString() {
    return json().utf8();
  }
}
