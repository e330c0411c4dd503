package selvedge.server.api.v1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import selvedge.engine.namespace.OutcomeUnknownException;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.server.api.Answer;

/** Whether a client may repeat a write that has failed. */
final class V1ErrorsTest {
  private static Answer answer(SelvedgeException failure) {
    return Answer.of(V1Errors.RESPONSES.of(failure));
  }

  @Test
  void anUnknownOutcomeIs502WithoutRetryAfter() {
    Answer answer = answer(new OutcomeUnknownException("the leader was lost"));

    assertThat(answer.response().status()).isEqualTo(502);
    assertThat(answer.header("Retry-After")).isEmpty();
  }

  @Test
  void aWriteThatWasNotMadeIs503WithRetryAfter() {
    Answer answer = answer(new OverloadedException("no leader"));

    assertThat(answer.response().status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).contains("1");
  }
}
