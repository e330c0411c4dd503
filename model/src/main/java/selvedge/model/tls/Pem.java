package selvedge.model.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;

/** Reads the blocks of PEM files. Text outside of blocks is a comment. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private Pem() {}

  private record Block(String kind, Bytes content) {}

  private static List<Block> blocks(Path file) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text(file));
    while (matcher.find()) {
      try {
        Bytes content = Bytes.adopt(Base64.getMimeDecoder().decode(matcher.group(2)));
        blocks.add(new Block(matcher.group(1), content));
      } catch (IllegalArgumentException e) {
        throw new InvalidRequestException(file + " has a PEM block that is not Base64");
      }
    }
    return blocks;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new InvalidRequestException("there is no file " + file);
    } catch (IOException e) {
      throw new InvalidRequestException("cannot read " + file + ": " + e);
    }
  }

  /** Returns the certificates of a file in their order, which are at least one. */
  static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.kind().equals("CERTIFICATE") || block.kind().equals("X509 CERTIFICATE")) {
        try {
          certificates.add(certificate(block.content()));
        } catch (CertificateException e) {
          throw new InvalidRequestException(
              file + " has a certificate that cannot be read: " + e.getMessage());
        }
      }
    }
    if (certificates.isEmpty()) {
      throw new InvalidRequestException(file + " has no PEM block of the kind CERTIFICATE");
    }
    return certificates;
  }

  static X509Certificate certificate(Bytes encoded) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(encoded.open());
  }

  static String text(X509Certificate certificate) {
    try {
      byte[] encoded = certificate.getEncoded();
      String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
      return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateException e) {
      throw new IllegalArgumentException("the certificate has no form in DER", e);
    }
  }

  /** Returns the first private key of a file, which must be PKCS #8 and not encrypted. */
  static PrivateKey key(Path file) {
    for (Block block : blocks(file)) {
      switch (block.kind()) {
        case "PRIVATE KEY" -> {
          return key(block.content())
              .orElseThrow(
                  () -> new InvalidRequestException(file + " has a key that cannot be read"));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new InvalidRequestException(
                file + " has an encrypted key: decrypt it with openssl pkey -in KEY -out NEW");
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
            throw new InvalidRequestException(
                file
                    + " has a key in an older form: convert it with"
                    + " openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW");
        default -> {}
      }
    }
    throw new InvalidRequestException(file + " has no PEM block of the kind PRIVATE KEY");
  }

  private static Optional<PrivateKey> key(Bytes encoded) {
    return ALGORITHMS.stream().flatMap(each -> key(each, encoded).stream()).findFirst();
  }

  /** Returns nothing for a key of another algorithm. */
  private static Optional<PrivateKey> key(String algorithm, Bytes encoded) {
    try {
      var form = new PKCS8EncodedKeySpec(encoded.toArray());
      return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(form));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
