package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.InvalidRequestException;
import selvedge.model.StoreUnusableException;

/** The file of a voter, also as the first release with voters wrote it. */
final class VoterFileTest {
  private static final Peer A = Peer.parse("a-1 h:1 http://h:2");
  private static final Peer B = Peer.parse("b-2 h:3 http://h:4");

  @TempDir private Path data;

  @SuppressWarnings("NullAway") // JUnit and the next method set the fields
  VoterFileTest() {}

  @SuppressWarnings("NullAway.Init") // set before each test
  private VoterFile file;

  @BeforeEach
  void open() {
    file = new VoterFile(data, Release.own());
  }

  @Test
  void theFirstFormIsRead() throws IOException {
    Files.writeString(
        data.resolve("voter"),
        """
        id = a-1
        voter = a-1 h:1 http://h:2
        voter = b-2 h:3 http://h:4
        formatted = true
        """);

    VoterFile.Content content = file.read().orElseThrow();

    assertThat(content.peers()).containsExactly(A, B);
    assertThat(content.formatted()).isTrue();
    assertThat(content.log().isNew()).isFalse();
    assertThat(content.group())
        .isEqualTo(new VoterFile.Content("b-2", 2, List.of(B, A), true).group());
    assertThat(content.form()).isEqualTo(1);
  }

  /** The first release refuses every line but these. */
  @Test
  void aFileOfTheFirstFormStaysReadableForTheFirstReleaseUntilItIsUpgraded() throws IOException {
    var founded = new VoterFile.Content("a-1", 1, List.of(A, B), true);

    file.write(founded.withOldLog().voting(List.of(A), 7));

    assertThat(Files.readString(data.resolve("voter")))
        .isEqualTo(
            """
            id = a-1
            voter = a-1 h:1 http://h:2
            voter = b-2 h:3 http://h:4
            formatted = true
            """);

    file.write(founded.withForm(2).voting(List.of(A), 7));

    assertThat(Files.readAllLines(data.resolve("voter"))).startsWith("form = 2", "id = a-1");
    assertThat(file.read().orElseThrow().peers()).containsExactly(A);
  }

  @Test
  void aNewerFormIsRefusedByName() throws IOException {
    Files.writeString(data.resolve("voter"), "form = 3\nid = a-1\nlater = x\n");

    assertThatThrownBy(() -> file.read())
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("form 3")
        .hasMessageContaining("start the newer release");
  }

  @Test
  void theIdOfTheLogStaysWhenTheVotersChange() {
    var founded = new VoterFile.Content("a-1", 2, List.of(A, B), true);
    UUID group = founded.group();

    VoterFile.Content alone = founded.voting(List.of(A), 7);
    file.write(alone);

    assertThat(file.read()).contains(alone);
    assertThat(alone.group()).isEqualTo(group);
    assertThat(alone.voting(List.of(A, B), 6)).isEqualTo(alone);
  }

  @Test
  void aNewLogIsMarkedUntilItIsOnDisk() {
    VoterFile.Content joining =
        new VoterFile.Content("a-1", 2, List.of(), false).joining(UUID.randomUUID(), 2, List.of(B));
    file.write(joining);

    VoterFile.Content read = file.read().orElseThrow();

    assertThat(read).isEqualTo(joining);
    assertThat(read.log().isNew()).isTrue();
    assertThat(read.withOldLog().log().isNew()).isFalse();
  }

  @Test
  void anUnknownLineIsRefused() throws IOException {
    Files.writeString(data.resolve("voter"), "id = a-1\nlater = x\n");

    assertThatThrownBy(() -> file.read())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("later = x");
  }
}
