package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Appends to three files at the same time and syncs each: what the disk of this machine takes of
 * every quorum of three. Belongs to one thread.
 */
final class ThreeFiles implements Entrant {
  private final String name;
  private final List<FileChannel> files = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(3);
  private final ByteBuffer bytes;
  private final int together;

  /**
   * @param together the values that share a sync
   */
  ThreeFiles(Environment environment, String name, int valueBytes, int together)
      throws IOException {
    this.name = name;
    this.together = together;
    this.bytes = ByteBuffer.allocateDirect(valueBytes * together);
    Path folder = environment.newFolder("files");
    for (int i = 0; i < 3; i++) {
      files.add(
          FileChannel.open(
              folder.resolve("file" + i), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    Threads.Counted counted = Threads.repeat(List.of(this::appendToAll), time);
    return new Sample(counted.perSecond() * together, counted.median(), counted.p99(), Double.NaN);
  }

  private void appendToAll() throws IOException {
    List<Future<?>> all = new ArrayList<>();
    for (FileChannel file : files) {
      all.add(
          threads.submit(
              () -> {
                ByteBuffer own = bytes.duplicate();
                while (own.hasRemaining()) {
                  file.write(own);
                }
                file.force(false);
                return null;
              }));
    }
    try {
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      throw new IOException("interrupted while files are synced", e);
    }
  }

  @Override
  public List<Program> programs() {
    return List.of();
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      for (FileChannel file : files) {
        file.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException("a file cannot be closed", e);
    }
  }
}
