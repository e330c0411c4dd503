package selvedge.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import selvedge.model.Bytes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A response with its body, and accessors for tests. */
public record Answer(Response response, Bytes bytes) {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  public static Answer of(Response response) {
    try {
      return new Answer(response, Bytes.adopt(read(response.body())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the response from memory; empty if there is none. */
  public static Optional<Answer> now(Optional<LoopResult> result) {
    return result.orElse(null) instanceof LoopResult.Answered(Response response)
        ? Optional.of(of(response))
        : Optional.empty();
  }

  /**
   * Runs the one remaining read and returns its response; empty if the result is not such a read.
   */
  public static Optional<Answer> read(Optional<LoopResult> result) {
    return result.orElse(null) instanceof LoopResult.Reading(var rest)
        ? Optional.of(of(rest.get()))
        : Optional.empty();
  }

  private static byte[] read(Body body) throws IOException {
    return switch (body) {
      case Body.Held held -> held.bytes().toArray();
      case Body.Announced _ -> new byte[0];
      case Body.Streamed(var value, long offset, long length) -> {
        try (InputStream stream = value.open()) {
          stream.skipNBytes(offset);
          yield stream.readNBytes(Math.toIntExact(length));
        }
      }
      case Body.Live _ -> throw new IllegalStateException("this answer has no end");
      case Body.Written(Body.Output output) -> {
        var out = new ByteArrayOutputStream();
        output.writeTo(out);
        yield out.toByteArray();
      }
    };
  }

  public int status() {
    return response.status();
  }

  public byte[] body() {
    return bytes.toArray();
  }

  public String text() {
    return bytes.utf8();
  }

  public JsonNode json() {
    return MAPPER.readTree(bytes.toArray());
  }

  /** Returns the member {@code result} of the envelope. */
  public JsonNode result() {
    return json().get("result");
  }

  public JsonNode info() {
    return json().get("result_info");
  }

  public int code() {
    return json().get("errors").get(0).get("code").asInt();
  }

  public String message() {
    return json().get("errors").get(0).get("message").asString();
  }

  /** Returns the header decoded as UTF-8. */
  public Optional<String> header(String name) {
    return response.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Response.Header::value)
        .map(raw -> new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
        .findFirst();
  }

  public String version() {
    return header("Selvedge-Version").orElseThrow();
  }

  /** Checks the whole envelope of a success. */
  public Answer ok() {
    assertThat(status()).as(text()).isEqualTo(200);
    assertThat(json().get("success").asBoolean()).isTrue();
    assertThat(json().get("errors").isEmpty()).isTrue();
    assertThat(json().get("messages").isArray()).isTrue();
    assertThat(json().has("result")).isTrue();
    assertThat(header("Content-Type")).contains("application/json");
    return this;
  }

  /** Checks the whole envelope of a failure. */
  public Answer fails(int status, int code, String message) {
    assertThat(status() + " " + text()).startsWith(status + " ");
    assertThat(json().get("success").asBoolean()).isFalse();
    assertThat(json().get("result").isNull()).isTrue();
    assertThat(json().get("messages").isEmpty()).isTrue();
    assertThat(code()).as(text()).isEqualTo(code);
    assertThat(message()).isEqualTo(message);
    return this;
  }
}
