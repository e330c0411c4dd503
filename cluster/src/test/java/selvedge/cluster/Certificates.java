package selvedge.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** An authority and the certificates that it has issued. Belongs to one thread. */
final class Certificates {
  private static final Duration VALIDITY = Duration.ofDays(30);

  private final Path directory;
  private final VoterCertificates certificates;

  Certificates(Path directory, String... voters) {
    this.directory = directory;
    this.certificates = new VoterCertificates(directory, Instant.now(), new Random(1));
    certificates.make(List.of(voters), false, VALIDITY);
  }

  Path authority() {
    return directory.resolve("cluster-ca.pem");
  }

  Path certificate(String name) {
    return directory.resolve(name + ".pem");
  }

  Path key(String name) {
    return directory.resolve(name + "-key.pem");
  }

  /** Issues another certificate in place of the one that a voter has. */
  void renew(String voter) {
    new VoterCertificates(directory, Instant.now(), new Random(2))
        .make(List.of(voter), true, VALIDITY);
  }

  /** Issues the certificate of a later voter. */
  void issueVoter(String voter) {
    certificates.make(List.of(voter), false, VALIDITY);
  }

  /** Issues a certificate for a DNS name that is not that of a voter. */
  void issue(String name, String dnsName) {
    try {
      certificates.issue(
          new VoterCertificates.Pair(certificate(name), key(name), false), dnsName, VALIDITY);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
