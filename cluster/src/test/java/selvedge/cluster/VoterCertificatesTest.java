package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Identity;

final class VoterCertificatesTest {
  private static final Instant NOW = Instant.parse("2049-06-01T00:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir private Path directory;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  VoterCertificatesTest() {}

  private VoterCertificates certificates() {
    return new VoterCertificates(directory.resolve("tls"), NOW, new Random(1));
  }

  private X509Certificate read(String name) {
    Path files = directory.resolve("tls");
    return Identity.read(files.resolve(name + ".pem"), files.resolve(name + "-key.pem"))
        .certificate();
  }

  @Test
  void theAuthoritySignsTheCertificateOfEachVoter() throws Exception {
    certificates().make(List.of("a", "b"), false, YEAR);

    X509Certificate authority = read("cluster-ca");
    for (String voter : List.of("a", "b")) {
      X509Certificate certificate = read(voter);
      certificate.verify(authority.getPublicKey());
      assertThat(certificate.getSubjectAlternativeNames())
          .containsExactly(List.of(2, voter + ".voter.selvedge"));
      assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(YEAR));
      assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    }
    assertThat(authority.getBasicConstraints()).isNotNegative();
    assertThat(authority.getNotAfter().toInstant()).isAfter(Instant.parse("2059-01-01T00:00:00Z"));
  }

  @Test
  void aLaterVoterHasTheSameAuthorityAndTheOthersAreKept() throws Exception {
    certificates().make(List.of("a"), false, YEAR);
    X509Certificate first = read("a");

    List<VoterCertificates.Pair> pairs = certificates().make(List.of("a", "b"), false, YEAR);

    assertThat(pairs.stream().map(VoterCertificates.Pair::kept)).containsExactly(true, true, false);
    assertThat(read("a")).isEqualTo(first);
    read("b").verify(read("cluster-ca").getPublicKey());
  }

  @Test
  void aRenewalReplacesTheCertificatesOfTheVotersOnly() {
    certificates().make(List.of("a"), false, YEAR);
    X509Certificate authority = read("cluster-ca");
    X509Certificate first = read("a");

    new VoterCertificates(directory.resolve("tls"), NOW.plus(YEAR), new Random(2))
        .make(List.of("a"), true, YEAR);

    assertThat(read("cluster-ca")).isEqualTo(authority);
    assertThat(read("a").getNotAfter()).isAfter(first.getNotAfter());
  }

  @Test
  void aPlanWritesNothing() {
    assertThat(certificates().plan(List.of("a"), false)).hasSize(2);
    assertThat(directory.resolve("tls")).doesNotExist();
  }

  @Test
  void certificatesWithoutTheirAuthorityAreNotMixedWithAnotherOne() throws IOException {
    certificates().make(List.of("a"), false, YEAR);
    Files.delete(directory.resolve("tls/cluster-ca.pem"));

    assertThatThrownBy(() -> certificates().make(List.of("a"), false, YEAR))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no cluster-ca.pem");
    assertThatThrownBy(() -> certificates().plan(List.of("B!"), false))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("got \"B!\"");
  }
}
