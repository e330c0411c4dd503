package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlobFilesTest {
  @Test
  void theOldestFilesHaveAtLeastThePartOfTheBytes() {
    assertThat(files(new long[] {10, 10, 10, 10}, 0.25)).isEqualTo(1);
    assertThat(files(new long[] {1, 1, 1, 1, 1, 1, 1, 1, 12, 12}, 0.25)).isEqualTo(8);
    assertThat(files(new long[] {30, 1, 1}, 0.25)).isEqualTo(1);
    assertThat(files(new long[] {5}, 0.25)).isEqualTo(1);
    assertThat(files(new long[] {}, 0.25)).isZero();
    assertThat(files(new long[] {3, 3}, 1)).isEqualTo(2);
  }

  /** The names get a seventh digit after a million files. */
  @Test
  void theOldestFilesHaveTheSmallestNumbers(@TempDir Path directory) throws IOException {
    Files.write(directory.resolve("999998.blob"), new byte[5]);
    Files.write(directory.resolve("999999.blob"), new byte[5]);
    Files.write(directory.resolve("1000000.blob"), new byte[90]);

    assertThat((int) (BlobFiles.oldest(directory, 0.1) * 3)).isEqualTo(2);
  }

  /** As RocksDB computes it. */
  private static int files(long[] sizes, double part) {
    return (int) (BlobFiles.oldest(sizes, part) * sizes.length);
  }
}
