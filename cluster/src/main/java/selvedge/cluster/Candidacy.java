package selvedge.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import selvedge.engine.form.Form;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Trust;
import selvedge.server.config.Config;
import selvedge.server.tls.OutgoingTls;
import selvedge.server.voter.Membership;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Announces a server that needs the data of its cluster. Used by one thread at a time. */
final class Candidacy implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI target;
  private final String token;
  private final HttpClient http;

  /**
   * @param self the server that joins
   */
  Candidacy(Config config, Peer self) {
    this(
        config,
        (config.tlsCertificate().isEmpty() ? "http://" : "https://") + config.voting().join(),
        self);
  }

  /**
   * @param voter the address of a voter
   * @param self the server that needs the data
   */
  Candidacy(Config config, String voter, Peer self) {
    this.target =
        URI.create(
            voter
                + "/v1/voters/waiting?voter="
                + URLEncoder.encode(self.toString(), StandardCharsets.UTF_8));
    this.token = config.originToken().isEmpty() ? config.rootToken() : config.originToken();
    Trust trust =
        new OutgoingTls(config.authorities(), config.peerCertificate(), config.peerKey()).get();
    this.http = trust.http().connectTimeout(PATIENCE).build();
  }

  /**
   * Announces the server once.
   *
   * @return what it must have before it may vote
   * @throws InvalidRequestException if the cluster refuses it for good
   * @throws IOException if the cluster cannot answer at the moment
   */
  Membership.Invitation announce() throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target).timeout(PATIENCE).POST(HttpRequest.BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return invitation(answer.statusCode(), JsonMapper.shared().readTree(answer.body()));
    } catch (JacksonException e) {
      throw new IOException("the answer of " + target.getAuthority() + " is not JSON", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server stopped before it had joined the cluster", e);
    }
  }

  private Membership.Invitation invitation(int status, JsonNode json) throws IOException {
    if (status == 200) {
      List<String> voters = new ArrayList<>();
      json.path("voters").forEach(each -> voters.add(each.asString()));
      return new Membership.Invitation(
          json.path("group").asString(),
          URI.create(json.path("leader").asString()),
          json.path("term").asLong(),
          json.path("index").asLong(),
          json.path("form").asInt(Form.CLUSTER.oldest()),
          voters);
    }
    String reason =
        target.getAuthority()
            + " answered "
            + status
            + ": "
            + json.path("error").path("message").asString("");
    if (status < 500 && status != 429) {
      throw new InvalidRequestException("this server cannot join: " + reason);
    }
    throw new IOException(reason);
  }

  @Override
  public void close() {
    http.close();
  }
}
