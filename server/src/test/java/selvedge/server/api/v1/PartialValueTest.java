package selvedge.server.api.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.Openings;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.wire.MessageReader;
import selvedge.server.api.Query;
import selvedge.server.api.TestRequest;

/** The rest of a large value in a feed. */
final class PartialValueTest {
  private static final int LENGTH = 700_000;

  /** The store is of epoch 7, and has the changes of epoch 6 up to version 5. */
  private static final Descent HERE =
      new Descent(
          7,
          new Version(9),
          new Lineage(List.of(new Lineage.Ancestor(6, new Version(5)))),
          Openings.NONE);

  private final byte[] value = new byte[LENGTH];
  private final List<MessageReader.Large> arrived = new ArrayList<>();

  /** Returns the bytes of the value that a feed sends to a request with these parameters. */
  private byte[] sent(String query) throws IOException {
    new Random(1).nextBytes(value);
    var put = new Mutation.Put(Key.of("k"), Bytes.copyOf(value), Metadata.NONE, Expiry.NEVER);
    var change = new Change(new Version(5), Instant.EPOCH, new NamespaceId("11".repeat(16)), put);
    var out = new ByteArrayOutputStream();
    new FrameForm(parse(query)).change(out, change);
    List<byte[]> rest = new ArrayList<>();
    var reader =
        new MessageReader(
            new ByteArrayInputStream(out.toByteArray()),
            (large, stream) -> {
              arrived.add(large);
              rest.add(stream.readAllBytes());
              return Bytes.EMPTY;
            });
    reader.next();
    return rest.getFirst();
  }

  private static PartialValue parse(String query) {
    return parse(query, HERE, 0);
  }

  private static PartialValue parse(String query, Descent here, long opening) {
    var request = new TestRequest("GET", "/v1/feed?after=4" + query);
    return PartialValue.of(Query.of(request), here, opening);
  }

  @Test
  void omitsTheBytesThatTheReplicaHas() throws IOException {
    byte[] rest = sent("&value=5&value-epoch=7&from=300001");

    assertThat(rest).isEqualTo(Arrays.copyOfRange(value, 300_001, LENGTH));
    assertThat(arrived.getFirst().from()).isEqualTo(300_001);
    assertThat(arrived.getFirst().version()).isEqualTo(new Version(5));
  }

  @Test
  void omitsThemAlsoAfterAPromotion() throws IOException {
    byte[] rest = sent("&value=5&value-epoch=6&from=300001");

    assertThat(rest).isEqualTo(Arrays.copyOfRange(value, 300_001, LENGTH));
  }

  /** Another store of epoch 6 had other changes after version 3, so the two agree only up to it. */
  @Test
  void omitsThemInChangesThatOnlyOneOfTwoForksHas() {
    var none = new PartialValue(Version.NONE, 0);
    var own = new Openings.Opening(21, 6, new Version(3), new Version(4));
    var next = new Openings.Opening(22, 7, new Version(5), new Version(8));
    var lineage = new Lineage(List.of(new Lineage.Ancestor(6, new Version(3))));
    var here = new Descent(7, new Version(9), lineage, new Openings(List.of(next, own)));
    String query = "&value=5&value-epoch=6&from=300001";

    assertThat(parse(query, here, 21)).isEqualTo(new PartialValue(new Version(5), 300_001));
    assertThat(parse(query, here, 20)).isEqualTo(none);
    assertThat(parse(query, here, 0)).isEqualTo(none);
  }

  @Test
  void sendsAnotherValueCompletely() throws IOException {
    assertThat(sent("")).isEqualTo(value);
    assertThat(sent("&value=4&value-epoch=7&from=300001")).isEqualTo(value);
    assertThat(sent("&value=5&value-epoch=8&from=300001")).isEqualTo(value);
    assertThat(sent("&value=5&value-epoch=7&from=700000")).isEqualTo(value);
    assertThat(sent("&value=5&value-epoch=7&from=-1")).isEqualTo(value);
  }

  @Test
  void refusesParametersThatAreNotNumbers() {
    assertThatThrownBy(() -> parse("&value=5&value-epoch=7"))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> parse("&value=x&value-epoch=7&from=1"))
        .isInstanceOf(InvalidRequestException.class);
  }
}
