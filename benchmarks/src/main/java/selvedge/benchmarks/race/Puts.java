package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The script of wrk for puts with random keys. It builds the request once, so that wrk uses no more
 * CPU time than redis-benchmark.
 */
final class Puts {
  private Puts() {}

  /**
   * @param path the path before the key
   */
  static String script(Path folder, String path, int bytes) throws IOException {
    Path script = folder.resolve("put.lua");
    Files.writeString(
        script,
        """
        wrk.method = "PUT"
        wrk.body = string.rep("x", BYTES)
        math.randomseed(os.time())
        local head, tail
        init = function(args)
          local whole = wrk.format(nil, "PATH@")
          local key = string.find(whole, "@", 1, true)
          head, tail = string.sub(whole, 1, key - 1), string.sub(whole, key + 1)
        end
        request = function()
          return head .. math.random(100000000) .. tail
        end
        """
            .replace("BYTES", Integer.toString(bytes))
            .replace("PATH", path));
    return script.toString();
  }

  /** Returns the same script with a pause before each put, which varies by half. */
  static String paced(Path folder, String path, int bytes, int pauseMillis) throws IOException {
    String script = script(folder, path, bytes);
    Files.writeString(
        Path.of(script),
        """
        delay = function() return math.random(LEAST, MOST) end
        """
            .replace("LEAST", Integer.toString(pauseMillis / 2))
            .replace("MOST", Integer.toString(pauseMillis * 3 / 2)),
        StandardOpenOption.APPEND);
    return script;
  }
}
