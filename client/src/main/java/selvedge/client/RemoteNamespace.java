package selvedge.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.LimitExceededException;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/** A namespace at a server. Safe for use by many threads. */
final class RemoteNamespace implements Namespace {
  private static final int VALUE_BYTES_MAX = 1 << 20;
  private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");
  private static final Pattern NUMBER = Pattern.compile("\"value\":(-?\\d+)");

  /** The default limit of a server for one request. */
  private static final int KEYS_AT_ONCE = 100;

  private final Transport transport;
  private final NamespaceId id;
  private final String path;

  RemoteNamespace(Transport transport, NamespaceId id) {
    this.transport = transport;
    this.id = id;
    this.path = "/v1/namespaces/" + id;
  }

  @Override
  public Lookup get(Key key, ReadOptions options) {
    return getAged(key, options).lookup();
  }

  @Override
  public Aged getAged(Key key, ReadOptions options) {
    ClientRequest request = fresh(ClientRequest.read("get", value(key)), options);
    return transport.send(
        request, answer -> new Aged(lookup(request, key, answer), Answers.age(answer)));
  }

  private static ClientRequest fresh(ClientRequest request, ReadOptions options) {
    ClientRequest asked = request.atLeast(options.atLeast());
    if (options.takesAnyAge()) {
      return asked;
    }
    return options.maxAge().isZero()
        ? asked.with("Selvedge-Consistency", "strong")
        : asked.with("Selvedge-Max-Age", Long.toString(options.maxAge().toMillis()));
  }

  private Lookup lookup(ClientRequest request, Key key, HttpResponse<InputStream> answer)
      throws IOException {
    Version asOf = Transport.version(answer, "Selvedge-As-Of").orElse(Version.NONE);
    if (answer.statusCode() == 200) {
      return new Lookup.Found(entry(request, key, answer), asOf);
    }
    byte[] body = Answers.body(answer);
    if (answer.statusCode() == 404 && Failures.code(body).equals("key_not_found")) {
      return new Lookup.Missing(asOf);
    }
    throw Failures.of(answer.statusCode(), body);
  }

  private Entry entry(ClientRequest request, Key key, HttpResponse<InputStream> answer)
      throws IOException {
    Version version = Transport.version(answer, "Selvedge-Version").orElse(Version.NONE);
    long length = answer.headers().firstValueAsLong("Content-Length").orElse(0);
    Expiry expiry =
        answer
            .headers()
            .firstValue("Selvedge-Expires")
            .map(text -> Expiry.at(Instant.ofEpochMilli(Long.parseLong(text))))
            .orElse(Expiry.NEVER);
    Metadata metadata =
        answer
            .headers()
            .firstValue("CF-KV-Metadata")
            .map(text -> Metadata.stored(Bytes.adopt(text.getBytes(StandardCharsets.ISO_8859_1))))
            .orElse(Metadata.NONE);
    if (length <= VALUE_BYTES_MAX) {
      return new Entry(key, Bytes.adopt(Answers.body(answer)), metadata, expiry, version);
    }
    answer.body().close();
    Value value = new RemoteValue(transport, request, version, length);
    return new Entry(key, value, metadata, expiry, version);
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    List<Lookup> all = new ArrayList<>(keys.size());
    for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
      all.addAll(getSome(keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE)), options));
    }
    return List.copyOf(all);
  }

  private List<Lookup> getSome(List<Key> keys, ReadOptions options) {
    ClientRequest request =
        ClientRequest.read("get all", path + "/bulk/get?large=omit").posting(names(keys));
    return transport.send(
        fresh(request, options),
        answer -> {
          Map<Key, Lookup> found = new HashMap<>();
          Version version =
              Answers.frames(answer, (same, placed) -> found.put(placed.key(), found(placed)));
          return keys.stream()
              .map(key -> found.getOrDefault(key, new Lookup.Missing(version)))
              .toList();
        });
  }

  private Lookup found(Entry placed) {
    if (placed.value() instanceof Bytes) {
      return new Lookup.Found(placed, placed.version());
    }
    var value =
        new RemoteValue(
            transport,
            ClientRequest.read("get", value(placed.key())),
            placed.version(),
            placed.value().length());
    return new Lookup.Found(
        new Entry(placed.key(), value, placed.metadata(), placed.expiry(), placed.version()),
        placed.version());
  }

  private static BodyPublisher names(List<Key> keys) {
    return BodyPublishers.ofString(
        keys.stream()
            .map(key -> JsonStrings.quote(key.name()))
            .collect(Collectors.joining(",", "{\"keys\":[", "]}")));
  }

  @Override
  public Page list(Listing listing) {
    String target =
        path
            + "/keys?prefix="
            + encode(listing.prefix())
            + "&from="
            + encode(listing.from())
            + "&limit="
            + listing.limit();
    return transport.send(
        ClientRequest.read("list", target),
        answer -> {
          List<Listed> listed = new ArrayList<>();
          Answers.frames(
              answer,
              (same, each) ->
                  listed.add(
                      new Listed(
                          each.key(),
                          each.metadata(),
                          each.expiry(),
                          each.version(),
                          each.value().length())));
          boolean complete =
              answer.headers().firstValue("Selvedge-Complete").orElse("").equals("true");
          return new Page(listed, complete);
        });
  }

  @Override
  public long count(Bytes prefix) {
    return transport.send(
        ClientRequest.read("count", path + "/count?prefix=" + encode(prefix)),
        answer -> Answers.number(COUNT, Answers.accepted(answer)));
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    if (value instanceof Bytes bytes) {
      return put(key, BodyPublishers.ofByteArray(bytes.toArray()), options, () -> true);
    }
    return put(key, value.open(), options);
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions options) {
    var source = new SentStream(value);
    try (value) {
      return put(key, BodyPublishers.ofInputStream(source::begin), options, source::isUnread);
    } catch (UncertainException e) {
      throw source.failure().<RuntimeException>map(UncheckedIOException::new).orElse(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome put(Key key, BodyPublisher body, WriteOptions options, BooleanSupplier again) {
    ClientRequest request =
        ClientRequest.change("put", "PUT", value(key) + "?" + query(options), body)
            .repeatableIf(again);
    return outcome(key, conditional(request, options.condition()));
  }

  private static String query(WriteOptions options) {
    var query = new StringBuilder();
    if (!options.timeToLive().isZero()) {
      Duration ttl = options.timeToLive();
      BigDecimal seconds =
          BigDecimal.valueOf(ttl.getSeconds()).add(BigDecimal.valueOf(ttl.getNano(), 9));
      query.append("&ttl=").append(seconds.stripTrailingZeros().toPlainString());
    } else if (options.expiry() instanceof Expiry.At at) {
      query.append("&expires=").append(at.instant().toEpochMilli());
    }
    if (options.metadata().isPresent()) {
      query.append("&metadata=").append(encode(options.metadata().stored()));
    }
    return query.toString();
  }

  private ClientRequest conditional(ClientRequest request, Condition condition) {
    if (condition instanceof Condition.Is is) {
      ClientRequest conditional = request.with("If-Match", "\"" + is.version() + "\"");
      return transport
          .epoch(is.version())
          .map(epoch -> conditional.with("Selvedge-Epoch", epoch))
          .orElse(conditional);
    }
    return condition instanceof Condition.Absent ? request.with("If-None-Match", "*") : request;
  }

  private Outcome outcome(Key key, ClientRequest request) {
    Optional<Outcome> outcome = transport.send(request, RemoteNamespace::outcome);
    return outcome.orElseGet(() -> new Outcome.Conflict(current(key)));
  }

  /** Returns empty if the version of the condition was lost, so that the condition cannot hold. */
  private static Optional<Outcome> outcome(HttpResponse<InputStream> answer) throws IOException {
    byte[] body = Answers.body(answer);
    Version version = Transport.version(answer, "Selvedge-Version").orElse(Version.NONE);
    if (Transport.isLineageChanged(answer)) {
      return Optional.empty();
    }
    if (answer.statusCode() == 412 && Failures.code(body).equals("conflict")) {
      return Optional.of(new Outcome.Conflict(version));
    }
    if (answer.statusCode() >= 400) {
      throw Failures.of(answer.statusCode(), body);
    }
    return Optional.of(new Outcome.Accepted(version));
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    ClientRequest request =
        ClientRequest.change("delete", "DELETE", value(key), BodyPublishers.noBody());
    return outcome(key, conditional(request, condition));
  }

  private Version current(Key key) {
    return get(key, ReadOptions.STRONG) instanceof Lookup.Found found
        ? found.entry().version()
        : Version.NONE;
  }

  @Override
  public Version write(List<Mutation> mutations) {
    if (mutations.isEmpty()) {
      return latest();
    }
    var out = new ByteArrayOutputStream();
    var writer = new MessageWriter(out);
    try {
      for (Mutation mutation : mutations) {
        requireInline(mutation);
        writer.write(message(mutation));
      }
      writer.write(new Message.End(mutations.size(), ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    BodyPublisher body = BodyPublishers.ofByteArray(out.toByteArray());
    return transport.send(
        ClientRequest.change("write", "POST", path + "/bulk", body),
        answer -> {
          Answers.accepted(answer);
          return Transport.version(answer, "Selvedge-Version").orElse(Version.NONE);
        });
  }

  private Message message(Mutation mutation) {
    return mutation instanceof Mutation.Put put && !put.timeToLive().isZero()
        ? new Message.Requested(id, put)
        : new Message.Changed(new Change(Version.NONE, Instant.EPOCH, id, mutation));
  }

  private static void requireInline(Mutation mutation) {
    if (mutation instanceof Mutation.Put put && put.value().length() > MessageWriter.INLINE_BYTES) {
      throw new LimitExceededException(
          "a value in a write of several keys must have at most "
              + MessageWriter.INLINE_BYTES
              + " bytes, got "
              + put.value().length());
    }
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    String target =
        path
            + "/increment/"
            + encode(key.bytes())
            + "?by="
            + amount
            + query(options.requireUnconditional());
    return transport.send(
        ClientRequest.change("increment", "POST", target, BodyPublishers.noBody()),
        answer -> {
          long value = Answers.number(NUMBER, Answers.accepted(answer));
          return new Counted(
              value, Transport.version(answer, "Selvedge-Version").orElse(Version.NONE));
        });
  }

  @Override
  public Version latest() {
    return transport.send(
        ClientRequest.read("latest", path),
        answer -> {
          Answers.accepted(answer);
          return Transport.version(answer, "Selvedge-As-Of").orElse(Version.NONE);
        });
  }

  @Override
  public Watch watch(Bytes prefix, Version after) {
    latest();
    return new RemoteWatch(
        transport, "/v1/feed?namespace=" + id + "&prefix=" + encode(prefix) + "&after=", after);
  }

  private String value(Key key) {
    return path + "/values/" + encode(key.bytes());
  }

  static String encode(Bytes bytes) {
    return URLEncoder.encode(
            new String(bytes.toArray(), StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1)
        .replace("+", "%20");
  }
}
