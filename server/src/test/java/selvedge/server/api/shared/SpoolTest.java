package selvedge.server.api.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.OverloadedException;
import selvedge.model.Profile;
import selvedge.model.StorageFullException;
import selvedge.server.api.Body;
import selvedge.server.fairness.Owner;

final class SpoolTest {
  private static final Limits LIMITS = Limits.of(Profile.OPEN);

  @TempDir private Path directory;

  private static byte[] content(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private void requireNoFiles() throws IOException {
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  private static Spool spool(Path directory, long freeBytes) {
    return new Spools(directory, () -> freeBytes, LIMITS).open(Owner.SERVER);
  }

  @Test
  void keepsTheReserveOfTheDisk() throws IOException {
    long reserve = LIMITS.get(Limit.DISK_RESERVE_BYTES);
    try (var spool = spool(directory, reserve)) {
      spool.write(content(65_536));

      assertThatThrownBy(() -> spool.write(1)).isInstanceOf(StorageFullException.class);
    }
    requireNoFiles();
  }

  @Test
  void oneOwnerCannotUseAllSpaceAndReleasesItsOwn() throws IOException {
    var spools =
        new Spools(directory, () -> Long.MAX_VALUE, LIMITS.with(Limit.SPOOL_BYTES, 16 << 20));
    try (var other = spools.open(Owner.token("other"))) {
      try (var greedy = spools.open(Owner.SERVER)) {
        greedy.write(content(14 << 20));

        assertThatThrownBy(() -> greedy.write(1)).isInstanceOf(OverloadedException.class);
        other.write(content(1 << 20));
      }
      try (var next = spools.open(Owner.SERVER)) {
        next.write(content(13 << 20));
      }
    }
    requireNoFiles();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000})
  void canBeReadRepeatedly(int length) throws IOException {
    requireReadable(spool(directory, Long.MAX_VALUE), length);
    requireReadable(encrypted(), length);
  }

  private Spool encrypted() {
    return new Spools(directory, () -> Long.MAX_VALUE, LIMITS, true).open(Owner.SERVER);
  }

  private void requireReadable(Spool written, int length) throws IOException {
    byte[] bytes = content(length);
    try (var spool = written) {
      int half = length / 2;
      spool.write(bytes, 0, half);
      spool.write(bytes, half, length - half);

      assertThat(spool.length()).isEqualTo(length);
      try (InputStream first = spool.open();
          InputStream second = spool.open()) {
        assertThat(first.readNBytes(half)).isEqualTo(Arrays.copyOf(bytes, half));
        assertThat(second.readAllBytes()).isEqualTo(bytes);
        assertThat(first.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, half, length));
      }
      try (InputStream rest = spool.open(half)) {
        assertThat(rest.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, half, length));
      }
      requireNoFiles();
    }
  }

  @Test
  void keepsSmallBodiesInMemoryAndLargeOnesInAFile() throws IOException {
    var few = spool(directory, Long.MAX_VALUE);
    few.write(content(65_536));
    assertThat(few.body()).isInstanceOf(Body.Held.class);

    var many = spool(directory, Long.MAX_VALUE);
    many.write(content(65_537));
    assertThat(many.body()).isInstanceOf(Body.Written.class);
    if (many.body() instanceof Body.Written(Body.Output output)) {
      var sent = new ByteArrayOutputStream();
      output.writeTo(sent);
      assertThat(sent.toByteArray()).isEqualTo(content(65_537));
    }
    assertThatThrownBy(() -> many.open().readAllBytes()).isInstanceOf(IOException.class);
  }

  @Test
  void aFullDiskIsNotReportedAsAnErrorOfTheClient() {
    var spool = spool(directory.resolve("not there"), Long.MAX_VALUE);

    spool.write(content(65_536), 0, 65_536);

    assertThatThrownBy(() -> spool.write(1)).isInstanceOf(StorageFullException.class);
  }

  @Test
  void theFileOfAnEncryptedSpoolHasNoPlainText() throws IOException {
    String marker = "the marker of a body";
    byte[] body = marker.repeat(20_000).getBytes(StandardCharsets.US_ASCII);
    try (var plain = spool(directory, Long.MAX_VALUE)) {
      plain.write(body);
      assertThat(contentsOfOpenSpools()).anyMatch(each -> each.contains(marker));
    }
    try (var spool = encrypted()) {
      spool.write(body);
      assertThat(contentsOfOpenSpools()).isNotEmpty().noneMatch(each -> each.contains(marker));
      try (InputStream stream = spool.open()) {
        assertThat(stream.readAllBytes()).isEqualTo(body);
      }
    }
  }

  /** Reads the files of spools through their descriptors, because they have no name. */
  private List<String> contentsOfOpenSpools() throws IOException {
    List<String> contents = new ArrayList<>();
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : descriptors.toList()) {
        if (Files.isSymbolicLink(each)
            && Files.readSymbolicLink(each).toString().startsWith(directory.toString())) {
          contents.add(Files.readString(each, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return contents;
  }
}
