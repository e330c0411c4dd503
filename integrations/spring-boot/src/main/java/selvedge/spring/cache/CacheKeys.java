package selvedge.spring.cache;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;
import selvedge.model.InvalidRequestException;
import selvedge.spring.Sha256;

/**
 * Converts Spring's keys to text. Different keys of a method have different texts: the parts of a
 * key are joined with a separator, which is escaped inside of them.
 */
final class CacheKeys {
  /** The length from which a text is replaced by its hash; it leaves room for the cache name. */
  private static final int TEXT_MAX = 256;

  private CacheKeys() {}

  static String text(Object key) {
    String text = part(key instanceof SimpleKey simple ? Parts.of(simple) : key);
    return text.getBytes(StandardCharsets.UTF_8).length <= TEXT_MAX
        ? text
        : "sha256:" + Sha256.hex(text);
  }

  /** Escapes the separator inside of a part. Null has an escape of its own. */
  static String escaped(String text) {
    return text.replace("%", "%25")
        .replace(",", "%2C")
        .replace(":", "%3A")
        .replace("[", "%5B")
        .replace("]", "%5D");
  }

  private static String part(@Nullable Object key) {
    return switch (key) {
      case null -> "%-";
      case Enum<?> constant -> escaped(constant.name());
      case Object[] array -> parts(Arrays.asList(array));
      case List<?> list -> parts(list);
      case Record parts -> parts(components(parts));
      default -> escaped(ownText(key));
    };
  }

  private static String parts(List<?> parts) {
    return parts.stream().map(CacheKeys::part).collect(Collectors.joining(",", "[", "]"));
  }

  private static List<@Nullable Object> components(Record key) {
    List<@Nullable Object> values = new ArrayList<>();
    for (RecordComponent component : key.getClass().getRecordComponents()) {
      try {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        values.add(accessor.invoke(key));
      } catch (ReflectiveOperationException e) {
        throw new InvalidRequestException("the key " + key + " cannot be read: " + e.getMessage());
      }
    }
    return values;
  }

  private static String ownText(Object key) {
    try {
      if (key.getClass().getMethod("toString").getDeclaringClass() != Object.class) {
        return key.toString();
      }
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every class has a toString()", e);
    }
    throw new InvalidRequestException(
        "a key of "
            + key.getClass().getName()
            + " has no text: give the class a toString(), or the annotation a key = \"…\"");
  }

  /**
   * Reads the parts of a {@link SimpleKey} while it is serialized, which is the only way to get
   * them: its {@code toString()} is the same for ("a,b", "c") and ("a", "b,c").
   */
  private static final class Parts extends ObjectOutputStream {
    private Object[] found = {};

    private Parts() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    static Object[] of(SimpleKey key) {
      try (Parts parts = new Parts()) {
        parts.writeObject(key);
        return parts.found;
      } catch (IOException e) {
        throw new UncheckedIOException("the key " + key + " cannot be read", e);
      }
    }

    @Override
    protected @Nullable Object replaceObject(Object part) {
      if (part instanceof Object[] array) {
        found = array;
        return null;
      }
      return part;
    }
  }
}
