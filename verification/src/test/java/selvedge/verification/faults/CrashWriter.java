package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import selvedge.model.Bytes;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;

/**
 * Changes its own keys and a shared counter until the server is killed.
 *
 * <p>One thread runs it at a time. It keeps its ledger between runs.
 */
final class CrashWriter {
  private static final int KEYS = 12;
  private static final int SMALL_BYTES = 2_000;
  private static final int LARGE_BYTES_MIN = 65_537;
  private static final int LARGE_BYTES_MAX = 900_000;

  private final int number;
  private final SplittableRandom random;
  private final Tally tally;
  private final Ledger ledger;
  private final List<String> keys;
  private long sequence;
  private long newestVersion;

  CrashWriter(int number, SplittableRandom random, Tally tally) {
    this.number = number;
    this.random = random;
    this.tally = tally;
    this.keys = IntStream.range(0, KEYS).mapToObj(i -> number + "/key " + i).toList();
    this.ledger = new Ledger(keys);
  }

  int number() {
    return number;
  }

  /**
   * @param acknowledged runs after each acknowledged write
   * @param killed returns whether the server was killed, so that a failed request is expected
   */
  void run(RestClient client, String namespace, Runnable acknowledged, BooleanSupplier killed) {
    try {
      while (true) {
        write(client, namespace);
        acknowledged.run();
      }
    } catch (UncheckedIOException e) {
      if (!killed.getAsBoolean()) {
        throw e;
      }
    }
  }

  private void write(RestClient client, String namespace) {
    int choice = random.nextInt(100);
    if (choice < 35) {
      put(client, namespace, small());
    } else if (choice < 50) {
      put(client, namespace, large());
    } else if (choice < 65) {
      putOnCondition(client, namespace, choice < 60 ? small() : large());
    } else if (choice < 75) {
      delete(client, namespace);
    } else if (choice < 82) {
      bulkPut(client, namespace);
    } else if (choice < 86) {
      bulkDelete(client, namespace);
    } else {
      tally.begin();
      Reply reply = client.increment(namespace, CrashTest.COUNTER, 1).ok();
      tally.acknowledge(reply.json().path("value").asLong());
    }
  }

  private String key() {
    return keys.get(random.nextInt(keys.size()));
  }

  private Stamp stamp(String key, int size) {
    sequence++;
    return new Stamp(key, sequence, size);
  }

  private Stamp small() {
    return stamp(key(), random.nextInt(SMALL_BYTES));
  }

  private Stamp large() {
    return stamp(key(), random.nextInt(LARGE_BYTES_MIN, LARGE_BYTES_MAX));
  }

  private void put(RestClient client, String namespace, Stamp stamp, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("CF-KV-Metadata", stamp.metadata()));
    ledger.begin(stamp.key(), stamp);
    Reply reply =
        client.put(namespace, stamp.key(), stamp.value(), all.toArray(String[]::new)).ok();
    acknowledge(stamp.key(), stamp, reply.version());
  }

  /** Writes with a condition. It must hold, because no other client writes this key. */
  private void putOnCondition(RestClient client, String namespace, Stamp stamp) {
    boolean absent = ledger.acknowledged(stamp.key()).equals(Stamp.ABSENT);
    long version = ledger.version(stamp.key());
    if (absent) {
      put(client, namespace, stamp, "If-None-Match", "*");
    } else if (version > 0) {
      put(client, namespace, stamp, "If-Match", "\"" + version + "\"");
    } else {
      put(client, namespace, stamp);
    }
  }

  private void delete(RestClient client, String namespace) {
    String key = key();
    ledger.begin(key, Stamp.ABSENT);
    client.delete(namespace, key).ok();
    acknowledge(key, Stamp.ABSENT, 0);
  }

  private void bulkPut(RestClient client, String namespace) {
    List<Stamp> stamps = new ArrayList<>();
    for (String key : keys) {
      if (random.nextInt(3) > 0) {
        stamps.add(stamp(key, random.nextInt(SMALL_BYTES)));
      }
    }
    stamps.forEach(stamp -> ledger.begin(stamp.key(), stamp));
    client.bulkPut(namespace, Pairs.json(stamps)).ok();
    stamps.forEach(stamp -> acknowledge(stamp.key(), stamp, 0));
  }

  private void bulkDelete(RestClient client, String namespace) {
    List<String> some = keys.stream().filter(_ -> random.nextInt(3) == 0).toList();
    some.forEach(key -> ledger.begin(key, Stamp.ABSENT));
    client.bulkDelete(namespace, Pairs.names(some)).ok();
    some.forEach(key -> acknowledge(key, Stamp.ABSENT, 0));
  }

  private void acknowledge(String key, Stamp stamp, long version) {
    if (version > 0) {
      assertThat(version).as("the version of a new write").isGreaterThan(newestVersion);
      newestVersion = version;
    }
    ledger.acknowledge(key, stamp, version);
  }

  /**
   * Compares the entry of each key with the ledger.
   *
   * @param listed the keys of a listing
   */
  void settle(RestClient client, String namespace, Set<String> listed) {
    for (String key : keys) {
      Reply reply = client.get(namespace, key);
      boolean exists = reply.status() == 200;
      assertThat(listed.contains(key)).as("%s is listed if it exists", key).isEqualTo(exists);
      if (exists) {
        Bytes value = reply.body();
        Stamp found = Stamp.read(key, value);
        assertThat(reply.header("CF-KV-Metadata"))
            .as("the metadata of %s", key)
            .isEqualTo(found.metadata());
        ledger.settle(key, found, reply.version());
      } else {
        assertThat(reply.status()).as("the response to a get of %s: %s", key, reply).isEqualTo(404);
        ledger.settle(key, Stamp.ABSENT, 0);
      }
    }
  }
}
