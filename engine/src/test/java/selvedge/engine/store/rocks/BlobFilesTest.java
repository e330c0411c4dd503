package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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

  /** As RocksDB computes it. */
  private static int files(long[] sizes, double part) {
    return (int) (BlobFiles.oldest(sizes, part) * sizes.length);
  }
}
