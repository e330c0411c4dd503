package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The script with which wrk puts values under keys of chance. */
final class Puts {
  private Puts() {}

  /**
   * @param path what every key comes behind
   */
  static String script(Path folder, String path, int bytes) throws IOException {
    Path script = folder.resolve("put.lua");
    Files.writeString(
        script,
        """
        wrk.method = "PUT"
        wrk.body = string.rep("x", BYTES)
        math.randomseed(os.time())
        local path = "PATH"
        request = function()
          return wrk.format(nil, path .. math.random(100000000))
        end
        """
            .replace("BYTES", Integer.toString(bytes))
            .replace("PATH", path));
    return script.toString();
  }
}
