package selvedge.cluster;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import selvedge.engine.files.SyncedFiles;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Identity;
import selvedge.server.config.Voting;

/**
 * The authority of a cluster and the certificates of its voters, as files of a directory. The
 * caller must restrict new files to their owner. Used by one thread.
 */
public final class VoterCertificates {
  /** How long the authority is valid. */
  private static final Duration AUTHORITY = Duration.ofDays(3650);

  /** Certificates are valid from a little earlier on, for machines whose clock is behind. */
  private static final Duration BEFORE = Duration.ofHours(1);

  private static final int SERIAL_BITS = 120;
  private static final String AUTHORITY_NAME = "cluster-ca";

  private final Path directory;
  private final Instant now;
  private final RandomGenerator random;

  public VoterCertificates(Path directory, Instant now, RandomGenerator random) {
    this.directory = directory;
    this.now = now;
    this.random = random;
  }

  /**
   * A pair of files, NAME.pem and NAME-key.pem.
   *
   * @param kept whether the files were there before, and are not changed
   */
  public record Pair(Path certificate, Path key, boolean kept) {}

  /** Returns the pairs that {@link #make} would write or keep: first that of the authority. */
  public List<Pair> plan(List<String> voters, boolean renews) {
    if (voters.isEmpty()) {
      throw new InvalidRequestException("name at least one voter");
    }
    List<Pair> pairs = new ArrayList<>();
    pairs.add(pair(AUTHORITY_NAME, false));
    for (String voter : voters) {
      Voting.requireName(voter);
      pairs.add(pair(voter, renews));
    }
    if (!pairs.getFirst().kept() && pairs.stream().anyMatch(Pair::kept)) {
      throw new InvalidRequestException(
          directory
              + " has certificates of voters and no cluster-ca.pem: use the directory in which they"
              + " were made, or an empty one");
    }
    return pairs;
  }

  private Pair pair(String name, boolean renews) {
    Path certificate = directory.resolve(name + ".pem");
    Path key = directory.resolve(name + "-key.pem");
    boolean kept = Files.exists(certificate) && !renews;
    if (kept && !Files.exists(key)) {
      throw new InvalidRequestException(
          certificate + " is there without its key " + key + ": put the key back first");
    }
    return new Pair(certificate, key, kept);
  }

  /**
   * Makes what is missing. The authority is never replaced.
   *
   * @param renews whether the voters get new certificates in place of those that they have
   * @param validity of the certificates of the voters
   */
  public List<Pair> make(List<String> voters, boolean renews, Duration validity) {
    List<Pair> pairs = plan(voters, renews);
    try {
      SyncedFiles.createDirectories(directory);
      Pair authority = pairs.getFirst();
      if (!authority.kept()) {
        makeAuthority(authority);
      }
      for (int i = 0; i < voters.size(); i++) {
        Pair pair = pairs.get(i + 1);
        if (!pair.kept()) {
          issue(pair, voters.get(i) + VoterTls.NAME_END, validity);
        }
      }
      return pairs;
    } catch (IOException e) {
      throw new InvalidRequestException(
          "cannot write the certificates in " + directory + ": " + e.getMessage());
    }
  }

  private void makeAuthority(Pair files) throws IOException {
    try {
      KeyPair keys = newKeys();
      Bytes name = CertificateForm.name("Selvedge voters " + serial().toString(36));
      var form =
          new CertificateForm(
              serial(), name, name, keys.getPublic(), from(), now.plus(AUTHORITY), "");
      write(files, form.signed(keys.getPrivate()), keys);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has these algorithms", e);
    }
  }

  /** Issues a certificate for a DNS name, with a new key. */
  void issue(Pair files, String dnsName, Duration validity) throws IOException {
    Identity authority =
        Identity.read(
            directory.resolve(AUTHORITY_NAME + ".pem"),
            directory.resolve(AUTHORITY_NAME + "-key.pem"));
    X509Certificate issuer = authority.chain().getFirst();
    try {
      KeyPair keys = newKeys();
      Instant end = now.plus(validity);
      Instant last = issuer.getNotAfter().toInstant();
      var form =
          new CertificateForm(
              serial(),
              Bytes.adopt(issuer.getSubjectX500Principal().getEncoded()),
              CertificateForm.name(dnsName),
              keys.getPublic(),
              from(),
              end.isBefore(last) ? end : last,
              dnsName);
      write(files, form.signed(authority.key()), keys);
    } catch (GeneralSecurityException e) {
      throw new InvalidRequestException(
          "the authority in " + directory + " cannot sign: " + e.getMessage());
    }
  }

  private Instant from() {
    return now.minus(BEFORE);
  }

  private BigInteger serial() {
    byte[] bytes = new byte[SERIAL_BITS / Byte.SIZE];
    random.nextBytes(bytes);
    return new BigInteger(1, bytes).setBit(SERIAL_BITS);
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** Writes the key first: a server that watches the files takes both only if they fit. */
  private static void write(Pair files, X509Certificate certificate, KeyPair keys)
      throws IOException, GeneralSecurityException {
    pem(files.key(), "PRIVATE KEY", keys.getPrivate().getEncoded());
    pem(files.certificate(), "CERTIFICATE", certificate.getEncoded());
  }

  private static void pem(Path file, String kind, byte[] content) throws IOException {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    SyncedFiles.write(
        file, List.of("-----BEGIN " + kind + "-----", text, "-----END " + kind + "-----"));
  }
}
