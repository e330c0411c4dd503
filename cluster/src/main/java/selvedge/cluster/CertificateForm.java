package selvedge.cluster;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import selvedge.model.Bytes;

/**
 * What a certificate says, before it is signed. The signature is ECDSA with SHA-256.
 *
 * @param subject the encoded name of the owner
 * @param dnsName of the owner; empty for an authority, which may sign other certificates
 */
record CertificateForm(
    BigInteger serial,
    Bytes issuer,
    Bytes subject,
    PublicKey key,
    Instant from,
    Instant until,
    String dnsName) {
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String ALGORITHM = "1.2.840.10045.4.3.2";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String ALTERNATIVE_NAME = "2.5.29.17";
  private static final String CONSTRAINTS = "2.5.29.19";
  private static final String PURPOSES = "2.5.29.37";
  private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";
  private static final String FOR_CLIENTS = "1.3.6.1.5.5.7.3.2";
  private static final int DNS_NAME = 0x82;

  /** Returns an encoded name that has only a common name. */
  static Bytes name(String commonName) {
    return Bytes.adopt(
        Der.sequence(Der.set(Der.sequence(Der.identifier(COMMON_NAME), Der.utf8(commonName)))));
  }

  /** Signs the certificate and returns it. */
  X509Certificate signed(PrivateKey signing) throws GeneralSecurityException {
    byte[] algorithm = Der.sequence(Der.identifier(ALGORITHM));
    byte[] content =
        Der.sequence(
            Der.element(Der.CONTEXT_0, Der.integer(BigInteger.TWO)),
            Der.integer(serial),
            algorithm,
            issuer.toArray(),
            Der.sequence(Der.time(from), Der.time(until)),
            subject.toArray(),
            key.getEncoded(),
            Der.element(Der.CONTEXT_3, Der.sequence(extensions().toArray(byte[][]::new))));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(signing);
    signature.update(content);
    byte[] all = Der.sequence(content, algorithm, Der.bits(0, signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(all));
  }

  private List<byte[]> extensions() {
    if (dnsName.isEmpty()) {
      return List.of(
          required(CONSTRAINTS, Der.sequence(Der.bool(true))),
          required(KEY_USAGE, Der.bits(1, new byte[] {0x06})));
    }
    byte[] name = dnsName.getBytes(StandardCharsets.US_ASCII);
    return List.of(
        required(CONSTRAINTS, Der.sequence()),
        required(KEY_USAGE, Der.bits(7, new byte[] {(byte) 0x80})),
        extension(PURPOSES, Der.sequence(Der.identifier(FOR_SERVERS), Der.identifier(FOR_CLIENTS))),
        extension(ALTERNATIVE_NAME, Der.sequence(Der.element(DNS_NAME, name))));
  }

  private static byte[] required(String identifier, byte[] value) {
    return Der.sequence(Der.identifier(identifier), Der.bool(true), Der.octets(value));
  }

  private static byte[] extension(String identifier, byte[] value) {
    return Der.sequence(Der.identifier(identifier), Der.octets(value));
  }
}
