package selvedge.cli.kv;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import selvedge.cli.remote.TerminalText;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.tls.Trust;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * A namespace of the service, over its documented REST API.
 *
 * <p>Bulk reads turn a value into text, which damages bytes that are not UTF-8: a value that came
 * back with the replacement character is read again alone.
 */
final class CloudflareSide implements Side {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PAGE = 1000;
  private static final int READ_AT_ONCE = 100;
  private static final int WRITE_AT_ONCE = 1000;
  private static final int ATTEMPTS = 8;
  private static final Duration EXPIRY_MIN = Duration.ofSeconds(60);
  private static final Duration PAUSE_MAX = Duration.ofMinutes(6);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final int TOO_MANY = 429;
  private static final int NOT_FOUND = 404;
  private static final char REPLACEMENT = '\uFFFD';

  private final String name;
  private final URI base;
  private final String token;
  private final boolean exact;
  private final HttpClient http = Trust.usual().http().build();

  /** The service blocks a whole token, so a pause is one for all threads. */
  private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

  /**
   * @param address {@code ACCOUNT/NAMESPACE}
   * @param exact whether each value is read alone
   */
  CloudflareSide(String address, String api, String token, boolean exact) {
    String[] parts = address.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new InvalidRequestException(
          "a namespace of the service is cloudflare:ACCOUNT/NAMESPACE, with both ids");
    }
    this.name = "cloudflare:" + address;
    this.base =
        URI.create(api + "/accounts/" + parts[0] + "/storage/kv/namespaces/" + parts[1] + "/");
    this.token = token;
    this.exact = exact;
  }

  @Override
  public KeyPage list(String prefix, @Nullable String position) throws IOException {
    String target = "keys?limit=" + PAGE + "&prefix=" + Rest.encode(prefix);
    JsonNode page =
        json(send("GET", position == null ? target : target + "&cursor=" + Rest.encode(position)));
    List<ListedKey> keys = new ArrayList<>();
    for (JsonNode key : page.path("result")) {
      keys.add(
          new ListedKey(
              Key.of(key.path("name").asString()),
              metadata(key.path("metadata")),
              key.has("expiration")
                  ? Expiry.at(Instant.ofEpochSecond(key.path("expiration").asLong()))
                  : Expiry.NEVER,
              -1));
    }
    String cursor = page.path("result_info").path("cursor").asString("");
    return new KeyPage(keys, cursor.isEmpty() ? null : cursor);
  }

  private static Metadata metadata(JsonNode json) {
    return json.isMissingNode() || json.isNull()
        ? Metadata.NONE
        : Metadata.json(JSON.writeValueAsString(json));
  }

  @Override
  public List<Optional<Row>> read(List<ListedKey> keys) throws IOException {
    JsonNode texts = exact ? JSON.createObjectNode() : texts(keys);
    List<Optional<Row>> rows = new ArrayList<>();
    for (ListedKey item : keys) {
      JsonNode text = texts.path(item.key().name());
      boolean certain = text.isString() && text.asString().indexOf(REPLACEMENT) < 0;
      Optional<Bytes> value =
          certain ? Optional.of(Bytes.utf8(text.asString())) : readAlone(item.key());
      rows.add(value.map(bytes -> new Row(item.key(), bytes, item.metadata(), item.expiry())));
    }
    return rows;
  }

  /** Returns the values as text; none of them if the service refuses, which it may for binary. */
  private JsonNode texts(List<ListedKey> keys) throws IOException {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode names = body.putArray("keys");
    keys.forEach(key -> names.add(key.key().name()));
    Answer answer = send("POST", "bulk/get", JSON.writeValueAsBytes(body));
    return answer.status() < 300 ? json(answer).path("result").path("values") : body;
  }

  private Optional<Bytes> readAlone(Key key) throws IOException {
    Answer answer = send("GET", "values/" + Rest.encode(key.name()));
    if (answer.status() == NOT_FOUND) {
      return Optional.empty();
    }
    require(answer);
    return Optional.of(answer.body());
  }

  @Override
  public Written write(List<Row> rows, Existing existing) throws IOException {
    List<Refusal> refused = new ArrayList<>();
    List<Row> possible = new ArrayList<>();
    Instant earliest = Instant.now().plus(EXPIRY_MIN);
    for (Row row : rows) {
      if (row.expiry() instanceof Expiry.At(Instant end) && end.isBefore(earliest)) {
        refused.add(
            new Refusal(row.key(), "it expires at " + end + ", too soon for the service to store"));
      } else {
        possible.add(row);
      }
    }
    if (existing == Existing.keep) {
      Set<Key> there = existing(possible);
      possible.removeIf(row -> there.contains(row.key()));
    }
    int before = refused.size();
    writeSome(possible, refused);
    return new Written(possible.size() - (refused.size() - before), refused);
  }

  private Set<Key> existing(List<Row> rows) throws IOException {
    Set<Key> there = new HashSet<>();
    for (Row row : rows) {
      if (send("GET", "metadata/" + Rest.encode(row.key().name())).status() < 300) {
        there.add(row.key());
      }
    }
    return there;
  }

  /** Writes the rows together. If the service refuses them, halves find the ones at fault. */
  private void writeSome(List<Row> rows, List<Refusal> refused) throws IOException {
    if (rows.isEmpty()) {
      return;
    }
    ArrayNode body = JSON.createArrayNode();
    rows.forEach(row -> body.add(pair(row)));
    Answer answer = send("PUT", "bulk", JSON.writeValueAsBytes(body));
    if (answer.status() < 300) {
      for (JsonNode key : json(answer).path("result").path("unsuccessful_keys")) {
        refused.add(new Refusal(Key.of(key.asString()), "the service did not write it"));
      }
    } else if (answer.status() == 401 || answer.status() == 403 || answer.status() == NOT_FOUND) {
      require(answer);
    } else if (rows.size() == 1) {
      refused.add(new Refusal(rows.getFirst().key(), message(answer)));
    } else {
      int half = rows.size() / 2;
      writeSome(rows.subList(0, half), refused);
      writeSome(rows.subList(half, rows.size()), refused);
    }
  }

  private static ObjectNode pair(Row row) {
    ObjectNode pair = JSON.createObjectNode();
    pair.put("key", row.key().name());
    Optional<String> text = Row.text(row.value());
    pair.put(
        "value", text.orElseGet(() -> Base64.getEncoder().encodeToString(row.value().toArray())));
    if (text.isEmpty()) {
      pair.put("base64", true);
    }
    if (row.expiry() instanceof Expiry.At at) {
      pair.put("expiration", at.wholeSecond());
    }
    if (row.metadata().isPresent()) {
      pair.putRawValue("metadata", new RawValue(row.metadata().json().utf8()));
    }
    return pair;
  }

  @Override
  public long count(String prefix) {
    return -1;
  }

  @Override
  public int readAtOnce() {
    return READ_AT_ONCE;
  }

  @Override
  public int writeAtOnce() {
    return WRITE_AT_ONCE;
  }

  @Override
  public boolean roundsExpiry() {
    return true;
  }

  private record Answer(int status, Bytes body) {}

  private Answer send(String method, String target) throws IOException {
    return send(method, target, new byte[0]);
  }

  /**
   * Sends a request until it has an answer that another attempt would not change. All requests of
   * this side may be repeated.
   */
  private Answer send(String method, String target, byte[] body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(target))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .timeout(TIMEOUT)
            .build();
    for (int attempt = 1; ; attempt++) {
      awaitPause();
      try {
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        boolean again = answer.statusCode() == TOO_MANY || answer.statusCode() >= 500;
        if (!again || attempt == ATTEMPTS) {
          return new Answer(answer.statusCode(), Bytes.adopt(answer.body()));
        }
        pause(answer.headers().firstValue("Retry-After"), attempt);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        pause(Optional.empty(), attempt);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }

  private void pause(Optional<String> retryAfter, int attempt) {
    long seconds = 1L << Math.min(attempt, 5);
    try {
      seconds = retryAfter.map(String::strip).map(Long::parseLong).orElse(seconds);
    } catch (NumberFormatException e) {
      // A date instead of seconds: the usual pause.
    }
    long nanos = Math.min(PAUSE_MAX.toNanos(), TimeUnit.SECONDS.toNanos(Math.max(0, seconds)));
    long until = System.nanoTime() + nanos;
    quietUntil.accumulateAndGet(until, (now, other) -> now - other > 0 ? now : other);
  }

  private void awaitPause() {
    try {
      for (long left = left(); left > 0; left = left()) {
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private long left() {
    return quietUntil.get() - System.nanoTime();
  }

  private JsonNode json(Answer answer) {
    require(answer);
    try {
      return JSON.readTree(answer.body().toArray());
    } catch (JacksonException e) {
      throw new InvalidRequestException(base + " did not answer with JSON");
    }
  }

  private void require(Answer answer) {
    if (answer.status() >= 300) {
      throw new InvalidRequestException("the service answered: " + message(answer));
    }
  }

  private static String message(Answer answer) {
    try {
      String message =
          JSON.readTree(answer.body().toArray())
              .path("errors")
              .path(0)
              .path("message")
              .asString("");
      return message.isEmpty() ? "status " + answer.status() : TerminalText.escape(message);
    } catch (JacksonException e) {
      return "status " + answer.status();
    }
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
