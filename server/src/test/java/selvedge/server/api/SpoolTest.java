package selvedge.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.StorageFullException;

final class SpoolTest {
  @TempDir private Path directory;

  private static byte[] some(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private void requireNoFiles() throws IOException {
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1_000_000})
  void whatWasWrittenIsReadAsOftenAsOneLikes(int length) throws IOException {
    byte[] bytes = some(length);
    try (var spool = new Spool(directory)) {
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
      requireNoFiles();
    }
  }

  @Test
  void fewBytesAreHeldAndManyAreSentFromTheFile() throws IOException {
    var few = new Spool(directory);
    few.write(some(65_536));
    assertThat(few.body()).isInstanceOf(Body.Held.class);

    var many = new Spool(directory);
    many.write(some(65_537));
    assertThat(many.body()).isInstanceOf(Body.Written.class);
    if (many.body() instanceof Body.Written(Body.Output output)) {
      var sent = new ByteArrayOutputStream();
      output.writeTo(sent);
      assertThat(sent.toByteArray()).isEqualTo(some(65_537));
    }
    assertThatThrownBy(() -> many.open().readAllBytes()).isInstanceOf(IOException.class);
  }

  @Test
  void aDiskThatTakesNothingIsNotTheClientsFault() {
    var spool = new Spool(directory.resolve("not there"));

    spool.write(some(65_536), 0, 65_536);

    assertThatThrownBy(() -> spool.write(1)).isInstanceOf(StorageFullException.class);
  }
}
