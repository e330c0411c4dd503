package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.files.CheckedFile;
import selvedge.engine.store.Upload;
import selvedge.engine.store.row.EntryRow;
import selvedge.engine.store.row.KeySpace;
import selvedge.engine.store.row.Stored;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;
import selvedge.model.Value;
import selvedge.model.Version;

/** An encrypted store against one who can read and write its files and has no key. */
final class EncryptionTest {
  private static final NamespaceId ONE = new NamespaceId("11".repeat(16));
  private static final NamespaceId OTHER = new NamespaceId("22".repeat(16));
  private static final String MARKER = "the-secret-marker-of-this-test-" + "x".repeat(40);
  private static final int CHUNK = 4096;

  private final Limits limits =
      Limits.of(Profile.OPEN).with(Limit.INLINE_BYTES, 1024).with(Limit.CHUNK_BYTES, CHUNK);
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private final String key = AesMasterKey.generate();
  private final MasterKeys keys = MasterKeys.text(key, "the test");
  private final Path parent;
  private final Path directory;

  EncryptionTest(@TempDir Path parent) {
    this.parent = parent;
    this.directory = parent.resolve("store");
  }

  private RocksStore open(Path where, MasterKeys masters) {
    return RocksStore.open(where, limits, clock, new Random(1), masters);
  }

  private RocksStore open() {
    return open(directory, keys);
  }

  private Change put(long version, NamespaceId namespace, String name, Value value) {
    return change(
        version,
        namespace,
        new Mutation.Put(
            Key.of(name), value, Metadata.json("{\"of\":\"" + MARKER + "\"}"), Expiry.NEVER));
  }

  private Change change(long version, NamespaceId namespace, Mutation mutation) {
    return new Change(new Version(version), clock.instant(), namespace, mutation);
  }

  private static Value large(RocksStore store, int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    byte[] marker = MARKER.getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at + marker.length < size; at += CHUNK) {
      System.arraycopy(marker, 0, bytes, at, marker.length);
    }
    Upload upload = store.upload();
    for (int at = 0; at < size; at += CHUNK) {
      upload.write(Bytes.copyOf(bytes, at, Math.min(CHUNK, size - at)));
    }
    return upload.finish();
  }

  private static Bytes value(RocksStore store, NamespaceId namespace, String name) {
    return ((Lookup.Found) store.get(namespace, Key.of(name))).entry().value().bytes();
  }

  private static byte[] entry(NamespaceId namespace, String name) {
    return KeySpace.entry(namespace, Key.of(name).bytes());
  }

  /** Writes to the tables of a closed store as an attacker would, who breaks the seal. */
  private void tamper(Consumer<Rocks> attack) {
    try {
      Files.delete(directory.resolve("seal"));
      var damaged =
          new DamagedTable(new CheckedFile(directory.resolve("damaged")), directory.resolve("db"));
      try (Rocks rocks = Rocks.open(directory.resolve("db"), false, damaged, 8 << 20)) {
        attack.accept(rocks);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] row(Rocks rocks, Table table, byte[] name) {
    return Objects.requireNonNull(rocks.get(table, name));
  }

  private static void write(Rocks rocks, Table table, byte[] name, byte[] row) {
    try (WriteSet rows = rocks.writeSet()) {
      rows.put(table, name, row);
      rocks.writeSynced(rows);
    }
  }

  private static void swap(Rocks rocks, Table table, byte[] a, byte[] b) {
    byte[] first = row(rocks, table, a);
    byte[] second = row(rocks, table, b);
    write(rocks, table, a, second);
    write(rocks, table, b, first);
  }

  private void requireRefused(NamespaceId namespace, String name) {
    try (RocksStore store = open()) {
      assertThatThrownBy(() -> value(store, namespace, name))
          .isInstanceOf(StoreDamagedException.class)
          .hasMessageContaining(directory.resolve("db").toString())
          .hasMessageContaining("not encrypted");
    }
  }

  @Test
  void refusesRowsThatWereSwapped() {
    try (RocksStore store = open()) {
      store.commit(
          List.of(
              put(1, ONE, "a", Bytes.utf8("value of a")),
              put(2, ONE, "b", Bytes.utf8("value of b"))));
    }

    tamper(rocks -> swap(rocks, Table.ENTRIES, entry(ONE, "a"), entry(ONE, "b")));

    requireRefused(ONE, "a");
    requireRefused(ONE, "b");
  }

  @Test
  void refusesARowThatWasMovedToAnotherNamespace() {
    try (RocksStore store = open()) {
      store.commit(List.of(put(1, ONE, "a", Bytes.utf8("of one"))));
    }

    tamper(
        rocks ->
            write(
                rocks,
                Table.ENTRIES,
                entry(OTHER, "a"),
                row(rocks, Table.ENTRIES, entry(ONE, "a"))));

    requireRefused(OTHER, "a");
  }

  @Test
  void refusesAnOlderValueUnderANewerVersion() {
    List<byte[]> old = new ArrayList<>();
    try (RocksStore store = open()) {
      store.commit(List.of(put(1, ONE, "a", Bytes.utf8("balance: 1000"))));
    }
    tamper(rocks -> old.add(row(rocks, Table.ENTRIES, entry(ONE, "a"))));
    try (RocksStore store = open()) {
      store.commit(List.of(put(2, ONE, "a", Bytes.utf8("balance: 0"))));
    }

    tamper(
        rocks -> {
          byte[] forged = old.getFirst().clone();
          byte[] now = row(rocks, Table.ENTRIES, entry(ONE, "a"));
          System.arraycopy(now, 0, forged, 0, 1 + 2 * Long.BYTES);
          write(rocks, Table.ENTRIES, entry(ONE, "a"), forged);
        });

    requireRefused(ONE, "a");
  }

  @Test
  void refusesAnExpiryThatWasPutOff() {
    try (RocksStore store = open()) {
      var expiry = Expiry.at(clock.instant().plusSeconds(60));
      store.commit(
          List.of(
              change(
                  1,
                  ONE,
                  new Mutation.Put(Key.of("a"), Bytes.utf8("session"), Metadata.NONE, expiry))));
    }

    tamper(
        rocks -> {
          byte[] row = row(rocks, Table.ENTRIES, entry(ONE, "a"));
          ByteBuffer.wrap(row).putLong(1 + Long.BYTES, Long.MAX_VALUE / 1000);
          write(rocks, Table.ENTRIES, entry(ONE, "a"), row);
        });

    requireRefused(ONE, "a");
  }

  @Test
  void refusesARowThatIsNotEncrypted() {
    try (RocksStore store = open()) {
      store.commit(List.of(put(1, ONE, "a", Bytes.utf8("true"))));
    }

    tamper(
        rocks -> {
          var forged =
              new EntryRow(
                  new Version(1),
                  Expiry.NEVER,
                  Metadata.NONE,
                  new Stored.Inline(Bytes.utf8("forged")));
          write(rocks, Table.ENTRIES, entry(ONE, "a"), forged.encode());
        });

    requireRefused(ONE, "a");
  }

  @Test
  void refusesMetadataOfAnotherKeyInAListing() {
    try (RocksStore store = open()) {
      store.commit(List.of(put(1, ONE, "a", Bytes.utf8("1")), put(2, ONE, "b", Bytes.utf8("2"))));
    }

    tamper(rocks -> swap(rocks, Table.INDEX, entry(ONE, "a"), entry(ONE, "b")));

    try (RocksStore store = open()) {
      assertThatThrownBy(() -> store.list(ONE, Listing.all(10)))
          .isInstanceOf(StoreDamagedException.class)
          .hasMessageContaining("index in " + directory.resolve("db"));
    }
  }

  @Test
  void refusesChunksThatWereSwapped() {
    try (RocksStore store = open()) {
      store.commit(List.of(put(1, ONE, "a", large(store, 1, 3 * CHUNK))));
      store.commit(List.of(put(2, ONE, "b", large(store, 2, 3 * CHUNK))));
    }

    tamper(
        rocks -> {
          swap(rocks, Table.CHUNKS, chunk(1, 0), chunk(1, 1));
          swap(rocks, Table.CHUNKS, chunk(1, 2), chunk(2, 2));
        });

    requireRefused(ONE, "a");
    requireRefused(ONE, "b");
  }

  private static byte[] chunk(long upload, int number) {
    return ByteBuffer.allocate(20).putLong(1).putLong(upload).putInt(number).array();
  }

  /** The reference to the chunks is encrypted with the row, so it cannot name other ones. */
  @Test
  void refusesARowWithTheChunksOfAnother() {
    try (RocksStore store = open()) {
      store.commit(List.of(put(1, ONE, "a", large(store, 1, 2 * CHUNK))));
      store.commit(List.of(put(2, ONE, "b", large(store, 2, 2 * CHUNK))));
    }

    tamper(rocks -> swap(rocks, Table.ENTRIES, entry(ONE, "a"), entry(ONE, "b")));

    requireRefused(ONE, "a");
  }

  @Test
  void refusesTheJournalOfAnotherStore() throws IOException {
    Path other = parent.resolve("other");
    try (RocksStore store = open(other, keys)) {
      store.commit(List.of(put(1, ONE, "a", Bytes.utf8("from another store"))));
      RocksStoreTest.copy(other, parent.resolve("crashed"));
    }
    for (String what : List.of("put", "delete", "clear")) {
      Path mine = parent.resolve("mine-" + what);
      Path foreign = parent.resolve("foreign-" + what);
      Mutation mutation =
          switch (what) {
            case "delete" -> new Mutation.Delete(Key.of("a"));
            case "clear" -> new Mutation.Clear(Bytes.EMPTY);
            default -> put(2, ONE, "a", Bytes.utf8("forged")).mutation();
          };
      for (Path each : List.of(mine, foreign)) {
        try (RocksStore store = open(each, keys)) {
          store.commit(List.of(put(1, ONE, "a", Bytes.utf8("mine"))));
          if (each.equals(mine)) {
            RocksStoreTest.copy(mine, parent.resolve("crashed-" + what));
          } else {
            store.commit(List.of(change(2, ONE, mutation)));
          }
        }
      }
      Path crashed = parent.resolve("crashed-" + what);
      Files.copy(
          foreign.resolve("journal/0000000001.journal"),
          crashed.resolve("journal/0000000001.journal"),
          StandardCopyOption.REPLACE_EXISTING);

      assertThatThrownBy(() -> open(crashed, keys).close())
          .as(what)
          .isInstanceOf(StoreDamagedException.class)
          .hasMessageContaining(crashed.resolve("journal").toString());
    }
  }

  @Test
  void refusesAWrongKeyAndNamesTheRightOne() {
    String id = new AesMasterKey(Bytes.adopt(HexFormat.of().parseHex(key))).id();
    open().close();

    assertThatThrownBy(() -> open(directory, MasterKeys.text(AesMasterKey.generate(), "F")).close())
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("master key " + id)
        .hasMessageContaining("F has only ");
    assertThatThrownBy(() -> open(directory, MasterKeys.NONE).close())
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("master key " + id)
        .hasMessageContaining(
            "none of encryption-key-file, encryption-kms and SELVEDGE_ENCRYPTION_KEY is set");
    open().close();
  }

  @Test
  void refusesATruncatedKeyFile() throws IOException {
    Path file = parent.resolve("key");
    Files.writeString(file, key.substring(0, 40) + "\n");

    assertThatThrownBy(() -> open(directory, MasterKeys.file(file)).close())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("key 1 of encryption-key-file " + file)
        .hasMessageContaining("must have 64 hex characters, got 40");

    Files.writeString(file, "");
    assertThatThrownBy(() -> open(directory, MasterKeys.file(file)).close())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("encryption-key-file " + file + " holds no key");
  }

  @Test
  void refusesAFileOfDataKeysThatWasChanged() throws IOException {
    open().close();
    Path file = directory.resolve("encryption");
    String text = Files.readString(file);

    Files.writeString(file, text.substring(0, text.length() / 2));
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining(file.toString());

    String mixed = text.replace("rows encrypted", "rows mixed");
    var checked = new CheckedFile(file);
    checked.write(mixed.substring(0, mixed.lastIndexOf("crc32c ")));
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(StoreDamagedException.class)
        .hasMessage(file + " is not what was written: its MAC is wrong");

    Files.delete(file);
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining(file + " is missing");
  }

  @Test
  void tellsEachFlippedBitOfTheFileOfDataKeys() throws IOException {
    open().close();
    Path file = directory.resolve("encryption");
    byte[] bytes = Files.readAllBytes(file);

    for (int i = 0; i < bytes.length; i += 7) {
      byte[] flipped = bytes.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      Files.write(file, flipped);
      assertThatThrownBy(() -> open().close())
          .as("byte %d", i)
          .isInstanceOf(StoreDamagedException.class)
          .hasMessageContaining(file.toString());
    }
    Files.write(file, bytes);
    open().close();
  }

  @Test
  void storesNoPlainValueAndNoPlainMetadata() throws IOException {
    try (RocksStore store = open()) {
      store.commit(List.of(put(1, ONE, "small", Bytes.utf8(MARKER))));
      store.commit(List.of(put(2, ONE, "large", large(store, 1, 5 * CHUNK))));
      store.upload().write(Bytes.utf8(MARKER));
      requireNoMarker(directory);
      store.copyTo(parent.resolve("copy"));
      requireNoMarker(parent.resolve("copy"));
    }
    requireNoMarker(directory);
    try (RocksStore store = open()) {
      assertThat(value(store, ONE, "small")).isEqualTo(Bytes.utf8(MARKER));
      assertThat(store.list(ONE, Listing.all(10)).entries())
          .allSatisfy(each -> assertThat(each.metadata().toString()).contains(MARKER));
    }
    try (RocksStore copy = open(parent.resolve("copy"), keys)) {
      assertThat(value(copy, ONE, "small")).isEqualTo(Bytes.utf8(MARKER));
      assertThat(value(copy, ONE, "large").size()).isEqualTo(5 * CHUNK);
    }
  }

  private static void requireNoMarker(Path directory) throws IOException {
    assertThat(markers(directory)).isEmpty();
  }

  /** The files that hold the marker. */
  private static List<Path> markers(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              file -> {
                try {
                  return Files.readString(file, StandardCharsets.ISO_8859_1)
                      .contains(MARKER.substring(0, 31));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    }
  }

  @Test
  void encryptsAnExistingStoreInTheBackground() throws IOException {
    int count = 700;
    try (RocksStore store = open(directory, MasterKeys.NONE)) {
      for (int i = 1; i <= count; i++) {
        store.commit(List.of(put(i, ONE, "key" + i, Bytes.utf8(MARKER + i))));
      }
      for (int i = 1; i <= 8; i++) {
        store.commit(
            List.of(put(count + i, OTHER, "large" + i, large(store, i, 9 * CHUNK + 100 * i))));
      }
    }
    assertThat(markers(directory)).isNotEmpty();
    assertThat(Files.readString(directory.resolve("format"))).startsWith("selvedge store 3\n");

    int steps = 0;
    try (RocksStore store = open()) {
      assertThat(store.encryption().orElseThrow().complete()).isFalse();
      trim(store);
      RocksStoreTest.copy(directory, parent.resolve("killed"));
      store.commit(List.of(put(count + 9, OTHER, "large1", Bytes.utf8("replaced"))));
      while (!store.encryption().orElseThrow().complete()) {
        trim(store);
        steps++;
        Thread.onSpinWait();
      }
      assertThat(steps).isGreaterThan(3);
      assertThat(store.encryption().orElseThrow().rewritten()).isEqualTo(100);
      requireAll(store, count);
      assertThat(store.read(new Version(1), 10)).isInstanceOf(FeedRead.Trimmed.class);
      assertThat(store.read(new Version(count + 8), 10)).isInstanceOf(FeedRead.Changes.class);
    }
    requireNoMarker(directory);
    assertThat(Files.readString(directory.resolve("format")))
        .startsWith("selvedge store 3 encrypted\n");

    Path killed = parent.resolve("killed");
    try (RocksStore store = open(killed, keys)) {
      while (!store.encryption().orElseThrow().complete()) {
        trim(store);
        Thread.onSpinWait();
      }
      requireAll(store, count);
      assertThat(value(store, OTHER, "large1").size()).isEqualTo(9 * CHUNK + 100);
    }
    requireNoMarker(killed);
    open(killed, keys).close();
  }

  private void trim(RocksStore store) {
    store.trim(Duration.ofDays(1), Long.MAX_VALUE / 2, clock.instant());
    assertThat(store.encryption().orElseThrow().failure()).isEmpty();
  }

  private static void requireAll(RocksStore store, int count) {
    for (int i = 1; i <= count; i++) {
      assertThat(value(store, ONE, "key" + i)).isEqualTo(Bytes.utf8(MARKER + i));
    }
    for (int i = 2; i <= 8; i++) {
      byte[] bytes = value(store, OTHER, "large" + i).toArray();
      assertThat(bytes).hasSize(9 * CHUNK + 100 * i);
      assertThat(new String(bytes, 0, 31, StandardCharsets.US_ASCII))
          .isEqualTo(MARKER.substring(0, 31));
    }
    assertThat(store.list(ONE, Listing.all(1000)).entries()).hasSize(count);
  }

  @Test
  void encryptsAnewUnderANewDataKey() throws IOException {
    Path file = parent.resolve("key");
    Files.writeString(file, key + "\n");
    try (RocksStore store = open(directory, MasterKeys.file(file))) {
      for (int i = 1; i <= 300; i++) {
        store.commit(List.of(put(i, ONE, "key" + i, Bytes.utf8(MARKER + i))));
      }
      for (int i = 2; i <= 8; i++) {
        store.commit(
            List.of(put(300 + i, OTHER, "large" + i, large(store, i, 9 * CHUNK + 100 * i))));
      }
      assertThatThrownBy(() -> store.rotateKey(false))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("put the new key before it");
      String fresh = AesMasterKey.generate();
      Files.writeString(file, fresh + "\n" + key + "\n");
      String id = store.rotateKey(true);
      assertThat(store.encryption().orElseThrow().masterKey()).isEqualTo(id);
      Files.writeString(file, fresh + "\n");
      do {
        trim(store);
        Thread.onSpinWait();
      } while (store.encryption().orElseThrow().rewritten() < 100);
      requireAll(store, 300);
    }
    try (RocksStore store = open(directory, MasterKeys.file(file))) {
      assertThat(store.encryption().orElseThrow().rewritten()).isEqualTo(100);
      requireAll(store, 300);
    }
    tamper(
        rocks -> {
          try (Scan scan = rocks.scan(Table.ENTRIES, new byte[0], new byte[] {(byte) 0xff})) {
            while (scan.next()) {
              byte[] row = scan.row();
              assertThat(Arrays.copyOfRange(row, 17, 21)).isEqualTo(new byte[] {0, 0, 0, 2});
            }
          }
        });
    assertThatThrownBy(() -> open().close()).isInstanceOf(StoreUnusableException.class);
  }
}
