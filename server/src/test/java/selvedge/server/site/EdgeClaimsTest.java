package selvedge.server.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.Openings;
import selvedge.model.Version;
import selvedge.server.access.OpenCaller;
import selvedge.server.api.v1.FeedEndpoint;

final class EdgeClaimsTest {
  private static final Version AGREED = new Version(5);
  private static final Descent AHEAD = descent(9);

  private final List<Descent> passed = new ArrayList<>();

  private static Descent descent(long version) {
    return new Descent(7, new Version(version), Lineage.NONE, Openings.NONE);
  }

  private static boolean hear(FeedEndpoint.Claims claims) {
    return claims.hear(new OpenCaller(true), AHEAD, AGREED);
  }

  private EdgeClaims claims(InputStream answer) {
    return claims(
        after -> {
          passed.add(after);
          return answer;
        });
  }

  private static EdgeClaims claims(EdgeClaims.Upstream upstream) {
    return new EdgeClaims(upstream, UnaryOperator.identity());
  }

  @Test
  void passesAClaimOnAndClosesTheFeedOfAServerThatHasTheChanges() {
    List<String> closed = new ArrayList<>();
    var feed =
        new ByteArrayInputStream(new byte[0]) {
          @Override
          public void close() {
            closed.add("feed");
          }
        };

    assertThat(hear(claims(feed))).isFalse();
    assertThat(passed).containsExactly(AHEAD);
    assertThat(closed).containsExactly("feed");
  }

  @Test
  void passesClaimsOnAgainAfterARefusalAndAFailure() {
    List<IOException> failures =
        List.of(new GoneException("lineage changed"), new IOException("cut off"));
    EdgeClaims claims =
        claims(
            after -> {
              passed.add(after);
              throw failures.get(passed.size() - 1);
            });

    assertThat(hear(claims)).isFalse();
    assertThat(hear(claims)).isFalse();
    assertThat(passed).hasSize(2);
  }

  /** Two edges that follow each other. */
  private static final class Circle implements EdgeClaims.Upstream {
    private FeedEndpoint.@Nullable Claims first;
    private int asked;

    @Override
    public InputStream feed(Descent after) throws IOException {
      asked++;
      if (first != null) {
        hear(first);
      }
      throw new IOException("behind");
    }
  }

  @Test
  void passesAClaimAroundACircleOnce() {
    var circle = new Circle();
    EdgeClaims claims = claims(circle);
    circle.first = claims;

    assertThat(hear(claims)).isFalse();
    assertThat(circle.asked).isEqualTo(1);
  }
}
