package selvedge.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority and the certificates that it has issued, made by keytool. Belongs to one thread. */
final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;

  Certificates(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    generate("ca", "-ext", "bc:c");
    keytool("ca", "-exportcert", "-rfc", "-file", authority().toString());
  }

  Path authority() {
    return directory.resolve("ca.pem");
  }

  Path certificate(String name) {
    return directory.resolve(name + ".pem");
  }

  Path key(String name) {
    return directory.resolve(name + "-key.pem");
  }

  /** Issues a certificate for a DNS name. */
  void issue(String name, String dnsName) {
    try {
      generate(name);
      Path request = directory.resolve(name + ".csr");
      keytool(name, "-certreq", "-file", request.toString());
      keytool(
          "ca",
          "-gencert",
          "-rfc",
          "-infile",
          request.toString(),
          "-outfile",
          certificate(name).toString(),
          "-ext",
          "san=dns:" + dnsName);
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
        store.load(in, PASSWORD.toCharArray());
      }
      String key =
          Base64.getMimeEncoder(64, new byte[] {'\n'})
              .encodeToString(store.getKey(name, PASSWORD.toCharArray()).getEncoded());
      Files.writeString(
          key(name), "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void generate(String name, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
    arguments.addAll(List.of("-dname", "CN=" + name));
    arguments.addAll(List.of(more));
    keytool(name, arguments.toArray(String[]::new));
  }

  private void keytool(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-alias", name, "-keystore", directory.resolve(name + ".p12").toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      byte[] output = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        throw new IOException(command + ": " + new String(output, StandardCharsets.UTF_8));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
