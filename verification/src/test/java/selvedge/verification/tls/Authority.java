package selvedge.verification.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority for one test. Safe for use by many threads. */
public final class Authority {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);
  private static final byte[] ECDSA_WITH_SHA256 =
      Der.of(Der.SEQUENCE, Der.identifier(1, 2, 840, 10045, 4, 3, 2));
  private static final Duration DAY = Duration.ofDays(1);
  private static final AtomicLong SERIALS = new AtomicLong(1);

  private final String name;
  private final KeyPair keys = keys();
  private final X509Certificate certificate;

  public Authority(String name) {
    this.name = name;
    byte[] isAuthority =
        extension(
            Der.identifier(2, 5, 29, 19),
            Der.of(Der.SEQUENCE, Der.of(0x01, new byte[] {(byte) 0xff})));
    Instant now = Instant.now();
    this.certificate =
        sign(name, keys.getPublic(), now.minus(DAY), now.plus(DAY), isAuthority, name, keys);
  }

  /** Issues a currently valid certificate for DNS names and IP addresses. */
  public Issued issue(String... names) {
    Instant now = Instant.now();
    return issue(now.minus(DAY), now.plus(DAY), names);
  }

  /** Issues a certificate that is valid from now on for the given time. */
  public Issued issueFor(Duration time, String... names) {
    Instant now = Instant.now();
    return issue(now.minus(DAY), now.plus(time), names);
  }

  public Issued issueExpired(String... names) {
    Instant now = Instant.now();
    return issue(now.minus(DAY.multipliedBy(2)), now.minus(DAY), names);
  }

  private Issued issue(Instant from, Instant until, String... names) {
    byte[][] alternatives = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      alternatives[i] = alternative(names[i]);
    }
    byte[] subjectNames =
        extension(Der.identifier(2, 5, 29, 17), Der.of(Der.SEQUENCE, alternatives));
    KeyPair own = keys();
    X509Certificate issued =
        sign("subject", own.getPublic(), from, until, subjectNames, name, keys);
    return new Issued(List.of(issued, certificate), own.getPrivate());
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** Writes the certificate of this authority to a file. */
  public Path write(Path file) {
    return write(file, pem("CERTIFICATE", encoded(certificate)));
  }

  /**
   * A certificate and its key.
   *
   * @param chain the certificate and then that of its authority
   */
  public record Issued(List<X509Certificate> chain, PrivateKey key) {
    /** Writes the certificate to one file and its key to another. */
    public void write(Path certificate, Path secret) {
      var text = new StringBuilder();
      chain.forEach(each -> text.append(pem("CERTIFICATE", encoded(each))));
      Authority.write(certificate, text.toString());
      Authority.write(secret, pem("PRIVATE KEY", key.getEncoded()));
    }
  }

  private static byte[] alternative(String name) {
    try {
      return Character.isDigit(name.charAt(0)) || name.indexOf(':') >= 0
          ? Der.of(0x87, InetAddress.getByName(name).getAddress())
          : Der.of(0x82, name.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] extension(byte[] identifier, byte[] content) {
    return Der.of(Der.SEQUENCE, identifier, Der.of(0x04, content));
  }

  private static X509Certificate sign(
      String subject,
      PublicKey key,
      Instant from,
      Instant until,
      byte[] extension,
      String issuer,
      KeyPair issuerKeys) {
    try {
      byte[] content =
          Der.of(
              Der.SEQUENCE,
              Der.of(0xa0, Der.integer(BigInteger.TWO)),
              Der.integer(BigInteger.valueOf(SERIALS.getAndIncrement())),
              ECDSA_WITH_SHA256,
              distinguished(issuer),
              Der.of(Der.SEQUENCE, Der.time(TIME.format(from)), Der.time(TIME.format(until))),
              distinguished(subject),
              key.getEncoded(),
              Der.of(0xa3, Der.of(Der.SEQUENCE, extension)));
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(issuerKeys.getPrivate());
      signature.update(content);
      byte[] certificate =
          Der.of(Der.SEQUENCE, content, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(certificate));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a context that trusts the authority of a PEM file, as a program sets it up. */
  static SSLContext context(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] distinguished(String name) {
    byte[] commonName = Der.of(Der.SEQUENCE, Der.identifier(2, 5, 4, 3), Der.text(name));
    return Der.of(Der.SEQUENCE, Der.of(Der.SET, commonName));
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] encoded) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
