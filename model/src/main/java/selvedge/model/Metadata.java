package selvedge.model;

/**
 * JSON that travels with an entry and appears in listings; {@link #NONE} when the writer gave none.
 *
 * <p>A store may hold metadata that is not JSON: earlier versions took it. It is read as a JSON
 * string and cannot be written again. Immutable and safe to share between threads.
 */
public final class Metadata {
  public static final Metadata NONE = new Metadata(Bytes.EMPTY, Form.ONE_LINE);

  private static final Bytes NULL = Bytes.utf8("null");

  /** What the stored bytes are. */
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
   * Returns metadata with the given JSON text.
   *
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
   * @throws InvalidMetadataException if the bytes are not exactly one JSON value in UTF-8
   */
  public static Metadata json(Bytes text) {
    if (!JsonText.isJson(text)) {
      throw new InvalidMetadataException();
    }
    Bytes shortest = JsonText.compact(text);
    return shortest.equals(NULL) ? NONE : new Metadata(shortest, Form.ONE_LINE);
  }

  /** Returns metadata as a store or a server sent it, which is checked when it is used. */
  public static Metadata stored(Bytes bytes) {
    return bytes.isEmpty() ? NONE : new Metadata(bytes, Form.UNKNOWN);
  }

  public boolean isPresent() {
    return !stored.isEmpty();
  }

  /** Returns whether the stored bytes are JSON, or there are none. */
  public boolean isJson() {
    return form() != Form.NOT_JSON;
  }

  /**
   * Returns JSON without line breaks: the stored bytes, or a JSON string of them if they are not
   * JSON. Empty if there is no metadata.
   */
  public Bytes json() {
    return switch (form()) {
      case ONE_LINE -> stored;
      case SPACED -> JsonText.compact(stored);
      case NOT_JSON -> JsonText.quote(stored.utf8());
      case UNKNOWN -> throw new IllegalStateException("the form has just been determined");
    };
  }

  /** Returns the bytes as they are stored and sent to other servers. They need not be JSON. */
  public Bytes stored() {
    return stored;
  }

  /**
   * Returns this metadata for a write.
   *
   * @throws InvalidMetadataException if it is not JSON
   */
  public Metadata requireJson() {
    if (!isJson()) {
      throw new InvalidMetadataException();
    }
    return this;
  }

  /** Saves the check of stored bytes that were checked before they were stored. */
  public void trust() {
    if (form == Form.UNKNOWN) {
      form = Form.ONE_LINE;
    }
  }

  private Form form() {
    Form known = form;
    if (known == Form.UNKNOWN) {
      known = formOf(stored);
      form = known;
    }
    return known;
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
