package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import selvedge.engine.store.journal.Journal;
import selvedge.engine.store.journal.JournalReplay;
import selvedge.engine.store.row.FeedRow;
import selvedge.engine.store.row.JournalRow;
import selvedge.engine.store.row.Stored;
import selvedge.engine.work.Threads;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * Fuzzes the files of a journal. A replay returns the changes that were written up to some commit,
 * or reports the damage with the name of the file. It never loses an acknowledged change silently.
 */
public final class JournalTarget {
  private static final int FILE_BYTES = 64 << 10;
  private static final int COMMITS = 6;
  private static final Path DIRECTORY = directory();
  private static final List<JournalRow> ROWS = new ArrayList<>();
  private static final List<byte[]> FILES = new ArrayList<>();

  private JournalTarget() {}

  private static Path directory() {
    try {
      return Files.createTempDirectory("selvedge-fuzz").resolve("journal");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a journal of two openings, and so of two files. */
  public static void fuzzerInitialize() throws IOException {
    for (int opening = 1; opening <= 2; opening++) {
      try (var journal =
          new Journal(
              DIRECTORY, Version.NONE, opening, 16 + opening, Threads.PLATFORM, FILE_BYTES)) {
        for (int i = 0; i < COMMITS; i++) {
          journal.append(new Version(ROWS.size()), commit(1 + i % 3));
          journal.sync();
        }
      }
    }
    for (Path file : files()) {
      FILES.add(Files.readAllBytes(file));
    }
  }

  private static List<JournalRow> commit(int count) {
    List<JournalRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[100];
      new Random(ROWS.size()).nextBytes(value);
      var put =
          new FeedRow.Action.Put(
              Key.of("key"), Expiry.NEVER, Metadata.NONE, new Stored.Inline(Bytes.adopt(value)));
      var row =
          new JournalRow(
              new Version(ROWS.size() + 1), new FeedRow(Instant.EPOCH, NamespaceId.SYSTEM, put));
      ROWS.add(row);
      rows.add(row);
    }
    return rows;
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> found = Files.list(DIRECTORY)) {
      return found.filter(path -> path.toString().endsWith(".journal")).sorted().toList();
    }
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    try (Stream<Path> old = Files.list(DIRECTORY)) {
      for (Path each : old.toList()) {
        Files.delete(each);
      }
    }
    boolean changed = false;
    for (int i = 0; i < FILES.size(); i++) {
      byte[] bytes = mutated(data, FILES.get(i));
      changed |= !Arrays.equals(bytes, FILES.get(i));
      Files.write(DIRECTORY.resolve("%010d.journal".formatted(i + 1)), bytes);
    }
    long acknowledged = data.consumeInt(0, ROWS.size());
    List<JournalRow> replayed = new ArrayList<>();
    try (var journal = new Journal(DIRECTORY, Version.NONE, 3, 19, Threads.PLATFORM, FILE_BYTES)) {
      journal.replay(Version.NONE, new Version(acknowledged), new Collecting(replayed));
    } catch (StoreDamagedException e) {
      require(changed, "a journal without a change is damaged: " + e.getMessage());
      require(
          String.valueOf(e.getMessage()).contains(DIRECTORY.toString()),
          "the message does not name the file: " + e.getMessage());
      return;
    }
    require(replayed.equals(ROWS.subList(0, replayed.size())), "the replay returned other changes");
    require(
        replayed.size() >= acknowledged,
        "only " + replayed.size() + " changes of " + acknowledged + " are there");
  }

  private static byte[] mutated(FuzzedDataProvider data, byte[] file) {
    byte[] bytes = file.clone();
    int changes = data.consumeInt(0, 3);
    for (int i = 0; i < changes; i++) {
      int at = data.consumeInt(0, Math.min(bytes.length, 4096) - 1);
      switch (data.consumeInt(0, 3)) {
        case 0 -> bytes[at] ^= (byte) (1 << data.consumeInt(0, 7));
        case 1 -> bytes[at] = data.consumeByte();
        case 2 -> Arrays.fill(bytes, at, bytes.length, (byte) 0);
        default -> {
          int from = data.consumeInt(0, at);
          System.arraycopy(bytes, from, bytes, at, Math.min(64, bytes.length - at));
        }
      }
    }
    return data.consumeInt(0, 9) == 0
        ? Arrays.copyOf(bytes, data.consumeInt(0, bytes.length))
        : bytes;
  }

  private static void require(boolean condition, String failure) {
    if (!condition) {
      throw new AssertionError(failure);
    }
  }

  /** Takes all commits. */
  private record Collecting(List<JournalRow> rows) implements JournalReplay.Taker {
    @Override
    public boolean take(List<JournalRow> commit) {
      return rows.addAll(commit);
    }

    @Override
    public String lacking() {
      return "nothing is missing";
    }
  }
}
