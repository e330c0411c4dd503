package selvedge.engine.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.work.Threads;

final class SpareFileTest {
  private final Path path;
  private final Path target;
  private SpareFile spare;

  SpareFileTest(@TempDir Path directory) {
    this.path = directory.resolve("spare");
    this.target = directory.resolve("target");
    this.spare =
        new SpareFile(
            path, 100, Threads.PLATFORM, (path, bytes) -> Files.write(path, new byte[(int) bytes]));
  }

  private void use(SpareFile another) {
    spare.close();
    spare = another;
  }

  @AfterEach
  void close() {
    spare.close();
  }

  private void prepare() {
    spare.prepare();
    while (!spare.isReady()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void isMovedOnceAndThenMadeAnew() {
    assertThat(spare.moveTo(target)).isFalse();
    prepare();
    assertThat(spare.moveTo(target)).isTrue();
    assertThat(target).hasSize(100);
    assertThat(path).doesNotExist();
    assertThat(spare.moveTo(target)).isFalse();

    prepare();
    spare.close();
    assertThat(path).doesNotExist();
  }

  @Test
  void thereIsNoneWhereItCannotBeMade() {
    use(
        new SpareFile(
            path,
            100,
            Threads.PLATFORM,
            (_, _) -> {
              throw new IOException("a bad block");
            }));
    prepare();
    assertThat(spare.moveTo(target)).isFalse();

    use(
        new SpareFile(
            path,
            100,
            Threads.PLATFORM,
            (_, _) -> {
              throw new OutOfMemoryError();
            }));
    prepare();
    assertThat(spare.moveTo(target)).isFalse();
    assertThat(target).doesNotExist();
  }

  @Test
  void thereIsNoneWhereThereIsNoRoom() {
    use(new SpareFile(path, Long.MAX_VALUE / 100, Threads.PLATFORM, (_, _) -> {}));
    spare.prepare();
    assertThat(spare.isReady()).isFalse();

    use(
        new SpareFile(
            path.resolve("missing").resolve("missing"), 100, Threads.PLATFORM, (_, _) -> {}));
    spare.prepare();
    assertThat(spare.isReady()).isFalse();
  }

  @Test
  void thereIsNoneWhereItCannotBeMoved() throws IOException {
    prepare();
    Files.createDirectories(target.resolve("full"));

    assertThat(spare.moveTo(target)).isFalse();
    prepare();
    assertThat(spare.moveTo(target.resolveSibling("other"))).isTrue();
  }
}
