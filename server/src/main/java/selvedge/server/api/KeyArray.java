package selvedge.server.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Listed;
import tools.jackson.core.JsonGenerator;

/**
 * The keys of a page as a JSON array. Belongs to one thread.
 *
 * <p>Keys and metadata are UTF-8 already, so they are copied: a generator that takes strings needs
 * twice the time, which for a page of a thousand keys is a fifth of all.
 */
public final class KeyArray {
  private static final byte[] NAME = ascii("{\"name\":");
  private static final byte[] EXPIRATION = ascii(",\"expiration\":");
  private static final byte[] METADATA = ascii(",\"metadata\":");
  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final int ROW_BYTES = 64;

  /** How listings show metadata. */
  public enum MetadataForm {
    /** As the JSON that it is. */
    JSON,
    /** In a string, which the runtime of Workers parses. */
    TEXT
  }

  private final MetadataForm form;
  private byte[] bytes;
  private int size;

  private KeyArray(MetadataForm form, int rows) {
    this.form = form;
    this.bytes = new byte[ROW_BYTES * (rows + 1)];
  }

  /** Writes it as the next value. */
  public static void write(JsonGenerator json, List<Listed> page, MetadataForm form) {
    var array = new KeyArray(form, page.size());
    array.add('[');
    for (Listed listed : page) {
      if (array.size > 1) {
        array.add(',');
      }
      array.row(listed);
    }
    array.add(']');
    try {
      Json.target(json).write(array.bytes, 0, array.size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void row(Listed listed) {
    add(NAME);
    text(listed.key().bytes());
    if (listed.expiry() instanceof Expiry.At(var instant)) {
      add(EXPIRATION);
      add(ascii(Long.toString(instant.getEpochSecond())));
    }
    if (listed.metadata().isPresent()) {
      add(METADATA);
      switch (form) {
        case JSON -> raw(listed.metadata().json());
        case TEXT -> text(listed.metadata().json());
      }
    }
    add('}');
  }

  private void raw(Bytes json) {
    room(json.size());
    json.copyInto(bytes, size);
    size += json.size();
  }

  /** A string. What is not ASCII needs no escape. */
  private void text(Bytes utf8) {
    add('"');
    int start = size;
    raw(utf8);
    for (int i = start; i < size; i++) {
      if (isEscaped(bytes[i])) {
        size = i;
        escape(utf8, i - start);
        break;
      }
    }
    add('"');
  }

  private void escape(Bytes utf8, int from) {
    for (int i = from; i < utf8.size(); i++) {
      byte each = utf8.at(i);
      if (!isEscaped(each)) {
        add(each);
      } else if (each == '"' || each == '\\') {
        add('\\');
        add(each);
      } else {
        add(ascii("\\u00"));
        add(HEX[each >> 4]);
        add(HEX[each & 0xf]);
      }
    }
  }

  private static boolean isEscaped(byte each) {
    return (each >= 0 && each < ' ') || each == '"' || each == '\\';
  }

  private void add(byte[] some) {
    room(some.length);
    System.arraycopy(some, 0, bytes, size, some.length);
    size += some.length;
  }

  private void add(int each) {
    room(1);
    bytes[size++] = (byte) each;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
