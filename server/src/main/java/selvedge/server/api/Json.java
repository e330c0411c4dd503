package selvedge.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntFunction;
import selvedge.model.Bytes;
import selvedge.model.LimitExceededException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes JSON as a stream. Safe for use by many threads. */
public final class Json {
  public static final String CONTENT_TYPE = "application/json";

  /** The longest string that is held in memory; longer ones can be skipped. */
  private static final int STRING_CHARACTERS_MAX = 1 << 20;

  private static final int DEPTH_MAX = 500;

  /** The initial size of the buffer of a document. */
  private static final int DOCUMENT_BYTES = 512;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(STRING_CHARACTERS_MAX)
                  .maxNestingDepth(DEPTH_MAX)
                  .build())
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private Json() {}

  /** Writes JSON. */
  public interface Writing {
    void to(JsonGenerator json);
  }

  /** Reads JSON. */
  public interface Reading<T> {
    T from(JsonParser json) throws IOException;
  }

  public static Bytes bytes(Writing writing) {
    var out = new BytesBuilder(DOCUMENT_BYTES);
    write(out, writing);
    return out.bytes();
  }

  public static void write(OutputStream out, Writing writing) {
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      writing.to(json);
    }
  }

  /**
   * Reads a document.
   *
   * @throws JacksonException if it is not JSON; exceptions of the stream are thrown as they are
   */
  public static <T> T read(InputStream in, Reading<T> reading) throws IOException {
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), in)) {
      return reading.from(json);
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  /** Reads a small document into a tree. */
  public static JsonNode tree(Bytes document) {
    return JsonMapper.shared().readTree(document.toArray());
  }

  /** Writes a value that is already checked to be JSON, unchanged. */
  public static void writeRaw(JsonGenerator json, Bytes value) {
    json.writeRawValue(value.utf8());
  }

  /**
   * Writes a value of any length that is already checked to be JSON in UTF-8, without its white
   * space.
   */
  public static void writeRaw(JsonGenerator json, InputStream value) throws IOException {
    CompactJson.copy(value, target(json));
  }

  /** Returns the stream to which the bytes of the next value can be written. */
  public static OutputStream target(JsonGenerator json) {
    json.writeRawValue("");
    json.flush();
    return (OutputStream) json.streamWriteOutputTarget();
  }

  /** Returns whether the stream holds exactly one JSON value in UTF-8. */
  public static boolean isJson(InputStream stream) {
    var text = new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder());
    try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (in.nextToken() == null) {
        return false;
      }
      in.skipChildren();
      return in.nextToken() == null;
    } catch (JacksonIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        return false;
      }
      throw new UncheckedIOException(e.getCause());
    } catch (JacksonException e) {
      return false;
    }
  }

  /**
   * Returns the current value of the parser in its shortest form.
   *
   * @throws LimitExceededException if it has more characters than allowed
   */
  public static Bytes copyCurrent(JsonParser in, long charactersMax) {
    var copy = new BoundedText(charactersMax);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), copy)) {
      json.copyCurrentStructureExact(in);
    }
    return Bytes.utf8(escapeLoneSurrogates(copy.toString()));
  }

  /** Text with a maximum number of characters. */
  private static final class BoundedText extends StringWriter {
    private final long charactersMax;

    BoundedText(long charactersMax) {
      this.charactersMax = charactersMax;
    }

    @Override
    public void write(char[] text, int offset, int length) {
      requireRoom(length);
      super.write(text, offset, length);
    }

    @Override
    public void write(String text, int offset, int length) {
      requireRoom(length);
      super.write(text, offset, length);
    }

    private void requireRoom(int length) {
      if (getBuffer().length() + (long) length > charactersMax) {
        throw new LimitExceededException(
            "the metadata has more than " + charactersMax + " characters");
      }
    }
  }

  /** Replaces half a surrogate pair, which JSON allows as an escape and UTF-8 cannot encode. */
  private static String escapeLoneSurrogates(String text) {
    return replaceLoneSurrogates(text, c -> String.format(Locale.ROOT, "\\u%04x", c));
  }

  /**
   * Returns a string of a document as UTF-8; half a surrogate pair becomes the replacement
   * character.
   */
  public static Bytes utf8(String text) {
    return Bytes.utf8(replaceLoneSurrogates(text, _ -> "\uFFFD"));
  }

  private static String replaceLoneSurrogates(String text, IntFunction<String> replacement) {
    var replaced = new StringBuilder();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        replaced.append(text, from, i).append(replacement.apply(c));
        from = i + 1;
      }
    }
    return from == 0 ? text : replaced.append(text, from, text.length()).toString();
  }
}
