package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Starts the other programs. */
final class Contestants {
  private static final Pattern LISTENING = Pattern.compile("listening on (\\d+)");

  private Contestants() {}

  /** Starts nginx with the file at {@code /k}. */
  static ServedValue nginx(Environment environment, byte[] file)
      throws IOException, InterruptedException {
    Path folder = environment.newFolder("nginx");
    int port = Ports.free();
    Files.createDirectory(folder.resolve("files"));
    Files.write(folder.resolve("files/k"), file);
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off; master_process off; worker_processes 1; pid PLACE/pid; error_log PLACE/error;
        events { worker_connections 1024; }
        http {
          access_log off; keepalive_requests 1000000000; sendfile on; tcp_nopush on;
          open_file_cache max=100;
          client_body_temp_path PLACE/body; proxy_temp_path PLACE/proxy;
          fastcgi_temp_path PLACE/fastcgi; uwsgi_temp_path PLACE/uwsgi; scgi_temp_path PLACE/scgi;
          server { listen 127.0.0.1:PORT; root PLACE/files; }
        }
        """
            .replace("PLACE", folder.toString())
            .replace("PORT", Integer.toString(port)));
    Program program =
        Program.start(
            folder.resolve("log"),
            Map.of(),
            List.of(environment.require("nginx").toString(), "-c", configuration.toString()));
    String url = "http://127.0.0.1:" + port + "/k";
    HttpRequests.await(url);
    return new ServedValue(program, url);
  }

  /** Starts a Netty server that writes a prepared response. */
  static ServedValue netty(Environment environment, byte[] body)
      throws IOException, InterruptedException {
    Path folder = environment.newFolder("netty");
    Path file = Files.write(folder.resolve("body"), body);
    Program program = java(folder, BareNetty.class, List.of(file.toString()));
    return new ServedValue(program, "http://127.0.0.1:" + program.awaitOutput(LISTENING) + "/k");
  }

  /** Starts a class with a main method in a new JVM. */
  static Program java(Path folder, Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Environment.java().toString(), "-Xmx128m"));
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return Program.start(folder.resolve("log"), Map.of(), command);
  }
}
