package selvedge.examples.bookshop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A private certificate authority, made with keytool. Belongs to one thread. */
final class Certificates {
  private static final String PASSWORD = "only-for-tests";

  private final Path folder;
  private final Path store;

  Certificates(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.store = folder.resolve("store.p12");
    keytool("-genkeypair", "-alias", "ca", "-dname", "CN=the test", "-ext", "bc:c");
  }

  /** Writes the certificate of the authority to a file. */
  Path authority() throws IOException, GeneralSecurityException {
    return write("ca.pem", List.of(entries().getCertificate("ca")));
  }

  /**
   * Issues a certificate for the address of this machine that is valid for one day.
   *
   * @param start when the day begins, as for the option {@code -startdate} of keytool
   */
  Issued issue(String name, String start)
      throws IOException, InterruptedException, GeneralSecurityException {
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-signer",
        "ca",
        "-dname",
        "CN=server",
        "-ext",
        "san=ip:127.0.0.1",
        "-startdate",
        start,
        "-validity",
        "1");
    KeyStore entries = entries();
    byte[] key = entries.getKey(name, PASSWORD.toCharArray()).getEncoded();
    return new Issued(
        write(name + ".pem", List.of(entries.getCertificateChain(name))),
        Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key)));
  }

  /** The files of a certificate and its key. */
  record Issued(Path certificate, Path key) {}

  private KeyStore entries() throws IOException, GeneralSecurityException {
    KeyStore entries = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      entries.load(in, PASSWORD.toCharArray());
    }
    return entries;
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    command.addAll(List.of("-keyalg", "EC"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }

  private Path write(String file, List<Certificate> chain)
      throws IOException, GeneralSecurityException {
    StringBuilder text = new StringBuilder();
    for (Certificate certificate : chain) {
      text.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return Files.writeString(folder.resolve(file), text);
  }

  private static String pem(String kind, byte[] encoded) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }
}
