package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.StoreUnusableException;

final class EdgeFileTest {
  @TempDir Path data;

  @Test
  void namesTheOriginThatAnOperatorHasChosenUntilTheConfigurationChanges() {
    var file = new EdgeFile(data);
    file.write("http://a:1", "http://b:2", "");

    assertThat(file.read()).contains("http://b:2");
    assertThat(file.origin("http://a:1")).isEqualTo("http://b:2");
    assertThat(file.origin("http://c:3")).isEqualTo("http://c:3");
  }

  @Test
  void forgetsThatChoiceAtAStartWithAnotherConfiguration() {
    var file = new EdgeFile(data);
    file.write("http://a:1", "http://b:2", "");

    file.configure("http://a:1");
    assertThat(file.origin("http://a:1")).isEqualTo("http://b:2");

    file.configure("http://c:3");
    assertThat(file.origin("http://a:1")).isEqualTo("http://a:1");
    assertThat(file.read()).contains("http://c:3");
  }

  /** An edge whose file were taken for a missing one would start as a second origin. */
  @Test
  void anEmptyFileIsDamage() throws IOException {
    var file = new EdgeFile(data);
    file.write("http://a:1", "http://a:1", "");
    Path written;
    try (Stream<Path> all = Files.list(data)) {
      written = all.toList().getFirst();
    }
    Files.write(written, new byte[0]);

    assertThatThrownBy(file::read)
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("must name the origin that this edge follows");
  }
}
