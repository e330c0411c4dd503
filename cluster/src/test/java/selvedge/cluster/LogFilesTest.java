package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.StoreDamagedException;

/** Files of a log with a flipped bit, or with an entry that a crash has interrupted. */
final class LogFilesTest {
  private static final int ENTRIES = 3;
  private static final int PADDING = 300;

  @TempDir private Path directory;

  /** Where each entry begins, and where the last one ends. */
  private final List<Integer> places = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // set before each test
  private byte[] log;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Path open;

  @SuppressWarnings("NullAway") // JUnit and the next method set the fields
  LogFilesTest() {}

  @BeforeEach
  void write() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < ENTRIES; i++) {
      places.add(bytes.size());
      byte[] entry = entry(7 + i, 1 + 60 * i);
      var crc = new CRC32C();
      crc.update(entry);
      out.write(entry);
      out.writeInt((int) crc.getValue());
    }
    places.add(bytes.size());
    out.write(new byte[PADDING]);
    log = bytes.toByteArray();
    open = Files.createDirectories(directory.resolve("group/current")).resolve("log_inprogress_7");
    Files.write(open, log);
  }

  /** Returns an entry behind its length. */
  private static byte[] entry(long index, int size) throws IOException {
    var bytes = new ByteArrayOutputStream();
    byte[] data = new byte[size];
    Arrays.fill(data, (byte) 'x');
    LogEntryProto.newBuilder()
        .setTerm(3)
        .setIndex(index)
        .setStateMachineLogEntry(
            StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(data)))
        .build()
        .writeDelimitedTo(bytes);
    return bytes.toByteArray();
  }

  private int end() {
    return places.getLast();
  }

  private void require() throws IOException {
    require(-1);
  }

  private void require(long marked) throws IOException {
    new LogFiles(new StoppedLog(directory, marked)).require();
  }

  @Test
  void aWholeLogIsAccepted() throws IOException {
    require();
    Files.move(open, open.resolveSibling("log_7-9"));

    require();
  }

  @Test
  void everyFlippedBitIsFoundInTheFileThatIsWritten() throws IOException {
    requireEveryFlippedBitIsFound(open);
  }

  @Test
  void everyFlippedBitIsFoundInACompleteFile() throws IOException {
    Path complete = open.resolveSibling("log_7-9");
    Files.delete(open);
    requireEveryFlippedBitIsFound(complete);
  }

  private void requireEveryFlippedBitIsFound(Path file) throws IOException {
    for (int bit = 0; bit < end() * Byte.SIZE; bit++) {
      byte[] flipped = log.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Files.write(file, flipped);
      int at = bit / Byte.SIZE;
      int entry = places.stream().filter(each -> each <= at).reduce(0, (_, next) -> next);

      assertThatThrownBy(this::require)
          .as("bit %d", bit)
          .isInstanceOf(StoreDamagedException.class)
          .hasMessageContaining(file + " is damaged at byte " + entry + ":");
      assertThat(Files.size(file)).isEqualTo(log.length);
    }
  }

  /** The entries before it were synced, and it was not. */
  @Test
  void anEntryThatACrashHasInterruptedIsCutOff() throws IOException {
    int last = places.get(ENTRIES - 1);
    for (int written = last + 1; written <= end() - Integer.BYTES; written += 5) {
      for (int padding : List.of(0, PADDING)) {
        int kept = written;
        Files.write(open, Arrays.copyOf(Arrays.copyOf(log, kept), kept + padding));

        assertThatCode(this::require).as("after %d bytes", kept).doesNotThrowAnyException();
        assertThat(Files.readAllBytes(open)).isEqualTo(Arrays.copyOf(log, last));
      }
    }
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.write(open.resolveSibling("log_0-3"), Arrays.copyOf(log, 8));

    assertThatThrownBy(this::require)
        .isInstanceOf(StoreDamagedException.class)
        .hasMessageContaining("log_0-3 is damaged at byte 8: it ends before the entry 0 of 3");

    Files.delete(open.resolveSibling("log_0-3"));
    Files.move(open, open.resolveSibling("log_7-9"));
    Files.write(open.resolveSibling("log_inprogress_12"), Arrays.copyOf(log, 8));

    assertThatThrownBy(this::require).hasMessageContaining("the entries 10 to 11 are missing");
  }

  @Test
  void aFileThatAPowerCutBringsBackAfterItWasDeletedIsDeletedAgain() throws IOException {
    Path before = open.resolveSibling("log_0-3");
    Files.write(before, Arrays.copyOf(log, 8));
    assertThatThrownBy(() -> require(5)).hasMessageContaining("log_0-3 is damaged");
    assertThat(indexes(5)).isEmpty();

    assertThat(indexes(6)).containsExactly(7L, 8L, 9L);
    require(6);

    assertThat(before).doesNotExist();
    assertThat(indexes(-1)).containsExactly(7L, 8L, 9L);
  }

  private List<Long> indexes(long marked) throws IOException {
    List<Long> indexes = new ArrayList<>();
    new StoppedLog(directory, marked).read(entry -> indexes.add(entry.getIndex()));
    return indexes;
  }

  /** A voter that often starts again would otherwise keep what it had at each start. */
  @Test
  void theOldestFilesBeyondTheSizeOfTheLogAreDeletedIfTheStoreHasThem() throws IOException {
    Path first = Files.write(open.resolveSibling("log_1-3"), log);
    Path second = Files.write(open.resolveSibling("log_4-6"), log);

    new StoppedLog(directory, 2).shorten(new LogSize(log.length, 100));
    assertThat(first).exists();
    new StoppedLog(directory, 6).shorten(new LogSize(2L * log.length, 100));
    assertThat(first).doesNotExist();
    assertThat(second).exists();
    new StoppedLog(directory, 100).shorten(new LogSize(1, 100));

    assertThat(second).doesNotExist();
    assertThat(open).exists();
  }

  /** Ratis keeps the place of each entry in memory. */
  @Test
  void aStartKeepsNoMoreFilesThanTheEntriesOfTheLog() throws IOException {
    Path first = Files.write(open.resolveSibling("log_1-3"), log);
    Path second = Files.write(open.resolveSibling("log_4-6"), log);

    new StoppedLog(directory, 6).shorten(new LogSize(1 << 20, 2));

    assertThat(first).doesNotExist();
    assertThat(second).exists();
  }
}
