package selvedge.verification.process;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import selvedge.model.Bytes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer of the server, read to its end. */
public record Reply(int status, HttpHeaders headers, Bytes body) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int TEXT_CHARACTERS_MAX = 1000;

  public boolean isOk() {
    return status >= 200 && status < 300;
  }

  public JsonNode json() {
    return JSON.readTree(body.toArray());
  }

  /** The code of the first error in an envelope, 0 if there is none. */
  public int code() {
    return json().path("errors").path(0).path("code").asInt(0);
  }

  /** The version that the {@code ETag} names. */
  public long version() {
    String tag = header("ETag");
    return Long.parseLong(tag.substring(1, tag.length() - 1));
  }

  /** A header, read as the UTF-8 that the server sends; empty when there is none. */
  public String header(String name) {
    return headers
        .firstValue(name)
        .map(raw -> new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
        .orElse("");
  }

  /** Returns this if it tells of success, and says what it tells if not. */
  public Reply ok() {
    if (!isOk()) {
      throw new IllegalStateException("refused: " + this);
    }
    return this;
  }

  private String text() {
    String text = body.utf8();
    return text.substring(0, Math.min(text.length(), TEXT_CHARACTERS_MAX));
  }

  @Override
  public String toString() {
    return status + " " + text();
  }
}
