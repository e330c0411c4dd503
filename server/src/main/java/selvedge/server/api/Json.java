package selvedge.server.api;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import selvedge.model.Bytes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reading and writing JSON piece by piece. Safe for use by many threads. */
public final class Json {
  public static final String CONTENT_TYPE = "application/json";

  private static final int STRING_CHARACTERS_MAX = 64 << 20;
  private static final int DEPTH_MAX = 200;

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

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /** Writes JSON. */
  public interface Writing {
    void to(JsonGenerator json);
  }

  public static Bytes bytes(Writing writing) {
    var out = new ByteArrayOutputStream();
    write(out, writing);
    return Bytes.adopt(out.toByteArray());
  }

  public static void write(OutputStream out, Writing writing) {
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      writing.to(json);
    }
  }

  public static JsonParser parser(InputStream in) {
    return FACTORY.createParser(ObjectReadContext.empty(), in);
  }

  /** Reads a small document whole. */
  public static JsonNode tree(Bytes document) {
    return MAPPER.readTree(document.toArray());
  }

  /** Writes JSON that is known to be well-formed as it stands. */
  public static void writeRaw(JsonGenerator json, Bytes text) {
    json.writeRawValue(text.utf8());
  }

  /** Brings one JSON value into its shortest form, on one line; empty if it is not just that. */
  public static Optional<Bytes> minify(Bytes text) {
    var out = new ByteArrayOutputStream(text.size());
    try (JsonParser in = parser(text.open());
        JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      if (!copyValue(in, json) || in.nextToken() != null) {
        return Optional.empty();
      }
    } catch (JacksonException e) {
      return Optional.empty();
    }
    return Optional.of(Bytes.adopt(out.toByteArray()));
  }

  /** Copies the next value; false when there is none. */
  private static boolean copyValue(JsonParser in, JsonGenerator json) {
    JsonToken token = in.nextToken();
    if (token == null) {
      return false;
    }
    json.copyCurrentStructureExact(in);
    return true;
  }

  /** Copies the value that the parser stands at. */
  public static Bytes copyCurrent(JsonParser in) {
    return bytes(json -> json.copyCurrentStructureExact(in));
  }

  /** Whether the stream holds one JSON value and nothing else. */
  public static boolean isJson(InputStream stream) {
    try (JsonParser in = parser(stream)) {
      JsonToken token = in.nextToken();
      if (token == null) {
        return false;
      }
      in.skipChildren();
      return in.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }
}
