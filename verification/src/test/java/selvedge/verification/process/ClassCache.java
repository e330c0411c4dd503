package selvedge.verification.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import selvedge.model.Bytes;

/**
 * The AOT cache of the classes of the command and the unpacked library of RocksDB, which halve the
 * work of starting its JVM. The first start after a build makes them. Safe for use by many threads.
 */
final class ClassCache {
  private static final Path FOLDER = Path.of("target", "start").toAbsolutePath();
  private static final Path CACHE = FOLDER.resolve("selvedge.aot");
  private static final Duration TRAINING = Duration.ofMinutes(5);
  private static final String LIBRARY =
      System.getProperty("os.arch").equals("aarch64")
          ? "librocksdbjni-linux-aarch64.so"
          : "librocksdbjni-linux64.so";

  private ClassCache() {}

  /** Makes the files at the first use. */
  private static final class Once {
    static final List<String> OPTIONS = make();
  }

  /** Returns the options that use the files, for a JVM with the options of a quick start. */
  static List<String> options() {
    return Once.OPTIONS;
  }

  private static List<String> make() {
    try {
      Files.createDirectories(FOLDER);
      unpack();
      List<String> options = new ArrayList<>(List.of("-Djava.library.path=" + FOLDER));
      if (isNew() || train(options)) {
        options.addAll(List.of("-XX:AOTCache=" + CACHE, "-Xlog:aot=off", "-Xlog:cds=off"));
      }
      return List.copyOf(options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack() throws IOException {
    try (InputStream library = ClassLoader.getSystemResourceAsStream(LIBRARY)) {
      if (library != null) {
        Files.copy(library, FOLDER.resolve(LIBRARY), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Returns whether the cache was made after the last build. */
  private static boolean isNew() throws IOException {
    if (!Files.exists(CACHE)) {
      return false;
    }
    try (Stream<Path> libraries = Files.list(Launch.LIBRARIES)) {
      long made = CACHE.toFile().lastModified();
      return libraries.allMatch(file -> file.toFile().lastModified() < made);
    }
  }

  /**
   * Records the classes of a start and of a few requests, and returns whether there is a cache.
   * Without one, as on a machine that is too busy to make it, the command starts slowly.
   */
  private static boolean train(List<String> options) throws IOException {
    Files.deleteIfExists(CACHE);
    Path data = Files.createTempDirectory(FOLDER, "data");
    List<String> training = new ArrayList<>(Launch.QUICK);
    training.addAll(options);
    training.add("-XX:AOTCacheOutput=" + CACHE);
    try (ServerProcess server =
            ServerProcess.start(Launch.on(data).jvm(training.toArray(String[]::new)));
        RestClient client = server.client()) {
      String namespace = client.createNamespace("n");
      client.put(namespace, "k", Bytes.utf8("v")).ok();
      client.get(namespace, "k").ok();
      client.list(namespace, "").ok();
      server.signalEnd();
      if (!server.awaitExit((int) TRAINING.toMillis()) || !Files.exists(CACHE)) {
        throw new IllegalStateException(server.log());
      }
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the cache is made", e);
    } catch (IllegalStateException e) {
      System.err.println("no AOT cache for the starts of the command: " + e.getMessage());
      return false;
    }
  }
}
