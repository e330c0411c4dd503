package selvedge.server.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.OverloadedException;
import selvedge.server.api.Api;
import selvedge.server.api.Body;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;
import selvedge.server.api.Response;
import selvedge.server.api.TestRequest;

/** Proofs of leadership that requests cause: each may write an entry to the log of the voters. */
final class LeadingApiTest {
  private static final String VALUE = "/v1/namespaces/shop/values/k";

  private final AtomicInteger proofs = new AtomicInteger();
  private final LeadingApi leading =
      new LeadingApi(new GuardedApi(), () -> false, proofs::incrementAndGet);

  @Test
  void anAdmittedReadIsAnsweredAfterAProof() {
    TestRequest read = new TestRequest("GET", VALUE).with("Authorization", "Bearer t");

    assertThat(leading.answerNow(read)).isEmpty();
    assertThat(leading.answer(read).status()).isEqualTo(200);

    assertThat(proofs).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {VALUE, "/client/v4/accounts", "/kv/shop/k", "/v1/status", "/v1/feed", "/metrics"})
  void aReadOfAStrangerIsRefusedWithoutAProof(String path) {
    TestRequest read = new TestRequest("GET", path);

    assertThat(leading.answer(read).status()).isEqualTo(401);

    assertThat(proofs).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/console/app.js", "/livez", "/v1/session", "/nothing"})
  void whatEveryClientMayReadNeedsNoProof(String path) {
    leading.answer(new TestRequest("GET", path).with("Authorization", "Bearer t"));

    assertThat(proofs).hasValue(0);
  }

  @Test
  void aReadIsRefusedIfTheProofFails() {
    var deposed =
        new LeadingApi(
            new GuardedApi(),
            () -> false,
            () -> {
              throw new OverloadedException("another voter leads");
            });

    Response refused =
        deposed.answer(new TestRequest("GET", VALUE).with("Authorization", "Bearer t"));

    assertThat(refused.status()).isEqualTo(503);
  }

  /** Admits every request with a token, without looking at it. */
  private static final class GuardedApi implements Api {
    @Override
    public Optional<LoopResult> answerNow(Request request) {
      return Optional.of(new LoopResult.Answered(answer(request)));
    }

    @Override
    public boolean answerSoon(Request request, Reply reply) {
      return false;
    }

    @Override
    public Response answer(Request request) {
      return Response.of(isAdmitted(request) ? 200 : 401, Body.NONE);
    }

    @Override
    public RequestOwner ownerOf(Request request) {
      return new RequestOwner(isAdmitted(request), false, "");
    }

    @Override
    public boolean comparesConnections() {
      return false;
    }

    @Override
    public boolean isAdmitted(Request request) {
      return request.header("Authorization").isPresent();
    }

    @Override
    public Response refusal(int status, String message) {
      return Response.text(status, "text/plain", message);
    }
  }
}
