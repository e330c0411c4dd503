package selvedge.verification.process;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import selvedge.model.Bytes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A complete response of the server. */
public record Reply(int status, HttpHeaders headers, Bytes body) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int TEXT_CHARACTERS_MAX = 1000;

  public boolean isOk() {
    return status >= 200 && status < 300;
  }

  public JsonNode json() {
    return JSON.readTree(body.toArray());
  }

  /** Returns the code of the first error in an envelope, 0 without one. */
  public int code() {
    return json().path("errors").path(0).path("code").asInt(0);
  }

  /** Returns the version in the {@code ETag}. */
  public long version() {
    String tag = header("ETag");
    return Long.parseLong(tag.substring(1, tag.length() - 1));
  }

  /** Returns a header decoded as UTF-8, empty if it is missing. */
  public String header(String name) {
    return headers
        .firstValue(name)
        .map(raw -> new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
        .orElse("");
  }

  /** Returns this reply if it is a success; fails with its text otherwise. */
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
