package selvedge.engine.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The files in which RocksDB keeps large values. Their names are ascending numbers. */
final class BlobFiles {
  private static final String SUFFIX = ".blob";

  /** A name has six digits, or more once the numbers need them. */
  private static final Comparator<String> OLDEST_FIRST =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private BlobFiles() {}

  /**
   * Returns which part of the number of files is old enough for a merge to write anew, so that
   * these files have at least a part of the bytes of all.
   *
   * @param part of the bytes
   */
  static double oldest(Path directory, double part) {
    long[] sizes;
    try (Stream<Path> files = Files.list(directory)) {
      sizes =
          files
              .map(each -> each.getFileName().toString())
              .filter(name -> name.endsWith(SUFFIX))
              .sorted(OLDEST_FIRST)
              .mapToLong(name -> size(directory.resolve(name)))
              .filter(size -> size > 0)
              .toArray();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the files in " + directory, e);
    }
    return oldest(sizes, part);
  }

  /**
   * @param sizes the oldest first
   */
  static double oldest(long[] sizes, double part) {
    double least = LongStream.of(sizes).sum() * part;
    long sum = 0;
    int count = 0;
    while (count < sizes.length && sum < least) {
      sum += sizes[count];
      count++;
    }
    // RocksDB multiplies with the number of files and rounds down.
    return sizes.length == 0 ? 0 : Math.min(1, (count + 0.5) / sizes.length);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the size of " + file, e);
    }
  }
}
