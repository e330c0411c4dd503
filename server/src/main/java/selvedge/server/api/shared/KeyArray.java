package selvedge.server.api.shared;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Listed;
import selvedge.server.api.BytesBuilder;
import selvedge.server.api.Json;
import selvedge.server.api.Request;
import tools.jackson.core.JsonGenerator;

/**
 * Writes the keys of a page as a JSON array. Belongs to one thread.
 *
 * <p>Keys and metadata are UTF-8 already, so they are copied. A generator that takes strings needs
 * twice the time.
 */
public final class KeyArray {
  private static final String NAME = "{\"name\":\"";
  private static final String EXPIRATION = ",\"expiration\":";
  private static final String METADATA = ",\"metadata\":";
  private static final String HEX = "0123456789abcdef";

  /** The usual maximum of a row: as an object, as JSON, and while the JSON grows. */
  private static final long ROW_BYTES = 4096;

  private static final int RESERVED_BYTES_MAX = 1 << 20;

  private static final VarHandle I64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long SPACES = 0x2020202020202020L;
  private static final long QUOTES = 0x2222222222222222L;
  private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

  /** How listings show metadata. */
  public enum MetadataForm {
    /** As JSON. */
    JSON,
    /** As a string, which the runtime of Workers parses. */
    TEXT
  }

  private final MetadataForm form;
  private final BytesBuilder out;

  private KeyArray(MetadataForm form, BytesBuilder out) {
    this.form = form;
    this.out = out;
  }

  /** Holds the memory of a page, before it is read. */
  public static void hold(Request request, int rows) {
    request.memory().hold(rows * ROW_BYTES);
  }

  /** Writes the array as the next value of a document that {@link Json#bytes} builds. */
  public static void write(JsonGenerator json, List<Listed> page, MetadataForm form) {
    new KeyArray(form, (BytesBuilder) Json.target(json)).array(page);
  }

  /** Reserves space on the assumption that all rows are about as long as the first one. */
  private void array(List<Listed> page) {
    int start = out.size();
    for (Listed listed : page) {
      boolean first = out.size() == start;
      out.add(first ? '[' : ',');
      row(listed);
      if (first) {
        out.reserve(Math.min((out.size() - start) * page.size() * 5 / 4, RESERVED_BYTES_MAX));
      }
    }
    if (page.isEmpty()) {
      out.add('[');
    }
    out.add(']');
  }

  private void row(Listed listed) {
    out.add(NAME);
    text(listed.key().bytes());
    out.add('"');
    if (listed.expiry() instanceof Expiry.At at) {
      out.add(EXPIRATION).add(Long.toString(at.wholeSecond()));
    }
    if (listed.metadata().isPresent()) {
      out.add(METADATA);
      switch (form) {
        case JSON -> out.add(listed.metadata().json());
        case TEXT -> {
          out.add('"');
          text(listed.metadata().json());
          out.add('"');
        }
      }
    }
    out.add('}');
  }

  /** Writes the content of a string. Only ASCII characters need escapes. */
  private void text(Bytes utf8) {
    int start = out.size();
    out.add(utf8);
    int plain = plain(out.array(), start, out.size());
    if (plain < out.size()) {
      out.shorten(plain);
      escape(utf8, plain - start);
    }
  }

  /** Returns the first place at which a byte may need an escape. */
  private static int plain(byte[] bytes, int start, int end) {
    int i = start;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      long eight = (long) I64.get(bytes, i);
      long controls = (eight - SPACES) & ~eight;
      if (((controls | zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES)) & HIGHS) != 0) {
        return i;
      }
    }
    while (i < end && !isEscaped(bytes[i])) {
      i++;
    }
    return i;
  }

  /** Sets the highest bit of a byte only if some byte is zero. */
  private static long zeros(long eight) {
    return (eight - ONES) & ~eight;
  }

  private void escape(Bytes utf8, int from) {
    for (int i = from; i < utf8.size(); i++) {
      byte each = utf8.at(i);
      if (!isEscaped(each)) {
        out.add(each);
      } else if (each == '"' || each == '\\') {
        out.add('\\').add(each);
      } else {
        out.add("\\u00").add(HEX.charAt(each >> 4)).add(HEX.charAt(each & 0xf));
      }
    }
  }

  private static boolean isEscaped(byte each) {
    return (each >= 0 && each < ' ') || each == '"' || each == '\\';
  }
}
