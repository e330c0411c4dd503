package selvedge.patterns;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Metadata;

/**
 * The fields of a stored value or of its metadata: a JSON object whose member {@code form} is the
 * number of the form. Belongs to one thread.
 *
 * <p>Old and new programs share a store. What has no number has form 0. This version writes form 1
 * and refuses later forms.
 */
final class Form {
  private static final int WRITTEN = 1;
  private static final Bytes OBJECT = Bytes.utf8("{");

  /** The metadata of values that consist of something else than fields. */
  static final Metadata ALONE = new Form().metadata();

  private final Map<String, Object> fields;

  /** Creates a form without further fields. */
  Form() {
    this.fields = new LinkedHashMap<>(Map.of("form", WRITTEN));
  }

  private Form(Map<String, Object> fields) {
    this.fields = fields;
  }

  /**
   * Reads a stored form.
   *
   * @return empty for form 0: anything but an object with a form number
   * @throws InvalidRequestException if the form is a later one
   */
  static Optional<Form> read(Bytes stored) {
    if (!stored.startsWith(OBJECT)) {
      return Optional.empty();
    }
    return object(stored.utf8())
        .filter(fields -> fields.containsKey("form"))
        .map(Form::new)
        .map(Form::requireReadable);
  }

  static Optional<Form> read(Metadata metadata) {
    return read(metadata.json());
  }

  /**
   * Checks the form of an entry whose value has the same bytes in form 0 and 1.
   *
   * @throws InvalidRequestException if the form is a later one
   */
  static void requireReadable(Metadata metadata) {
    read(metadata);
  }

  @SuppressWarnings("unchecked")
  private static Optional<Map<String, Object>> object(String text) {
    try {
      return Optional.of((Map<String, Object>) Json.read(text));
    } catch (InvalidRequestException e) {
      return Optional.empty();
    }
  }

  private Form requireReadable() {
    if (number("form") != WRITTEN) {
      throw new InvalidRequestException(
          "form %s is not 0 or 1: read it with a later version".formatted(fields.get("form")));
    }
    return this;
  }

  Form with(String name, Object value) {
    fields.put(name, value);
    return this;
  }

  Form with(String name, Instant time) {
    return with(name, time.toEpochMilli());
  }

  Bytes bytes() {
    return Bytes.utf8(Json.write(fields));
  }

  Metadata metadata() {
    return Metadata.json(bytes());
  }

  String text(String name) {
    return field(name, String.class);
  }

  boolean isTrue(String name) {
    return field(name, Boolean.class);
  }

  double decimal(String name) {
    return field(name, BigDecimal.class).doubleValue();
  }

  long number(String name) {
    try {
      return field(name, BigDecimal.class).longValueExact();
    } catch (ArithmeticException e) {
      throw invalid(name);
    }
  }

  Instant time(String name) {
    return Instant.ofEpochMilli(number(name));
  }

  /** Returns a field whose values are texts by name. */
  Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : ((Map<?, ?>) field(name, Map.class)).entrySet()) {
      if (!(member.getKey() instanceof String key && member.getValue() instanceof String text)) {
        throw invalid(name);
      }
      texts.put(key, text);
    }
    return texts;
  }

  /** Returns a field that is a list of texts. */
  List<String> list(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : (List<?>) field(name, List.class)) {
      if (!(element instanceof String text)) {
        throw invalid(name);
      }
      texts.add(text);
    }
    return texts;
  }

  /** Returns a field that is a list of objects. */
  @SuppressWarnings("unchecked")
  List<Form> forms(String name) {
    List<Form> forms = new ArrayList<>();
    for (Object element : (List<?>) field(name, List.class)) {
      if (!(element instanceof Map<?, ?> map)) {
        throw invalid(name);
      }
      forms.add(new Form((Map<String, Object>) map));
    }
    return forms;
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** Returns the JSON text of a field; empty if there is none. */
  Optional<String> json(String name) {
    return Optional.ofNullable(fields.get(name)).map(Json::write);
  }

  private <T> T field(String name, Class<T> type) {
    Object value = fields.get(name);
    if (value == null || !type.isInstance(value)) {
      throw invalid(name);
    }
    return type.cast(value);
  }

  private InvalidRequestException invalid(String name) {
    return new InvalidRequestException(
        "the field \"%s\" of the stored form is missing or invalid: %s"
            .formatted(name, fields.get(name)));
  }
}
