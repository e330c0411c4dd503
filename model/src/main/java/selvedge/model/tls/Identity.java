package selvedge.model.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.List;
import selvedge.model.InvalidRequestException;

/**
 * A certificate and its private key, which one side of a TLS connection presents.
 *
 * @param chain the certificate first, then those of its authorities
 * @param key the private key of the certificate
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] PROBE = new byte[32];

  /** Copies the chain. */
  public Identity {
    chain = List.copyOf(chain);
  }

  /**
   * Reads two PEM files.
   *
   * @param certificate the file with the certificate and those of its authorities
   * @param key the file with an unencrypted key in PKCS #8
   * @return the certificate and its key
   * @throws InvalidRequestException if one of them cannot be read or the key is that of another
   *     certificate
   */
  public static Identity read(Path certificate, Path key) {
    List<X509Certificate> chain = Pem.certificates(certificate);
    PrivateKey secret = Pem.key(key);
    if (!isPair(chain.getFirst().getPublicKey(), secret)) {
      throw new InvalidRequestException(
          "the key in "
              + key
              + " does not belong to the certificate in "
              + certificate
              + ": give the files of one pair, the server's own certificate first in its file");
    }
    return new Identity(chain, secret);
  }

  /**
   * Returns the certificate itself.
   *
   * @return the first certificate of the chain
   */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /**
   * Returns whether the certificate is valid at a moment.
   *
   * @param moment the moment
   * @return false before its validity begins and after it ends
   */
  public boolean isValidAt(Instant moment) {
    return !moment.isBefore(certificate().getNotBefore().toInstant())
        && !moment.isAfter(certificate().getNotAfter().toInstant());
  }

  private static boolean isPair(PublicKey open, PrivateKey secret) {
    if (open instanceof RSAKey one && secret instanceof RSAKey other) {
      return one.getModulus().equals(other.getModulus());
    }
    String algorithm =
        switch (open.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          default -> open.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Returns the certificate; the key is never part of the text. */
  @Override
  public String toString() {
    return certificate().getSubjectX500Principal()
        + ", valid from "
        + certificate().getNotBefore().toInstant()
        + " until "
        + certificate().getNotAfter().toInstant();
  }
}
