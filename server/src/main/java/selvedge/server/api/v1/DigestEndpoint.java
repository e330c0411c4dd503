package selvedge.server.api.v1;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import selvedge.engine.store.Snapshot;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * {@code /v1/digest}: a checksum for each namespace, which is equal on servers with the same
 * entries. Safe for use by many threads.
 */
public final class DigestEndpoint {
  private final Supplier<Snapshot> snapshots;
  private final LongSupplier epoch;
  private final Set<NamespaceId> cached;
  private final InstantSource clock;

  /**
   * @param cached the namespaces that are not completely here
   */
  public DigestEndpoint(
      Supplier<Snapshot> snapshots,
      LongSupplier epoch,
      Set<NamespaceId> cached,
      InstantSource clock) {
    this.snapshots = snapshots;
    this.epoch = epoch;
    this.cached = cached;
    this.clock = clock;
  }

  /** The checksum of one namespace. Belongs to one thread. */
  private static final class Sum {
    private final MessageDigest digest = sha256();
    private final DataOutputStream out =
        new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    private long entries;

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JVM has SHA-256", e);
      }
    }

    void add(Entry entry) throws IOException {
      entries++;
      out.writeInt(entry.key().bytes().size());
      out.write(entry.key().bytes().toArray());
      out.writeLong(entry.version().number());
      out.writeLong(entry.expiry() instanceof Expiry.At(var instant) ? instant.toEpochMilli() : 0);
      out.writeInt(entry.metadata().stored().size());
      out.write(entry.metadata().stored().toArray());
      out.writeLong(entry.value().length());
      try (InputStream value = entry.value().open()) {
        value.transferTo(out);
      }
    }

    String hex() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  /**
   * Leaves out entries that expire up to a moment, because servers sweep them at different times.
   */
  Response read(Request request) throws IOException {
    Instant expiring = expiring(request);
    Map<NamespaceId, Sum> sums = new LinkedHashMap<>();
    Version version;
    try (Snapshot snapshot = snapshots.get()) {
      version = snapshot.version();
      for (Optional<Snapshot.Placed> next = snapshot.next();
          next.isPresent();
          next = snapshot.next()) {
        Entry entry = next.get().entry();
        if (!entry.expiry().hasPassed(expiring)) {
          sums.computeIfAbsent(next.get().namespace(), _ -> new Sum()).add(entry);
        }
      }
    }
    return V1Api.json(
        json -> {
          json.writeNumberProperty("epoch", epoch.getAsLong());
          json.writeNumberProperty("version", version.number());
          json.writeArrayPropertyStart("namespaces");
          sums.forEach(
              (id, sum) -> {
                json.writeStartObject();
                json.writeStringProperty("id", id.hex());
                json.writeNumberProperty("entries", sum.entries);
                json.writeStringProperty("digest", sum.hex());
                json.writeEndObject();
              });
          json.writeEndArray();
          json.writeArrayPropertyStart("cached");
          cached.forEach(id -> json.writeString(id.hex()));
          json.writeEndArray();
        });
  }

  private Instant expiring(Request request) {
    Optional<String> text = Query.of(request).text("expiring");
    try {
      return text.map(Instant::parse).orElseGet(clock::instant);
    } catch (DateTimeException e) {
      throw new InvalidRequestException(
          "expiring must be a moment such as 2027-01-01T00:00:00Z, got \""
              + text.orElse("")
              + "\"");
    }
  }
}
