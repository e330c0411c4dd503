package selvedge.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateDirectoryTest {
  @TempDir Path folder;

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void closesADirectoryAndItsFilesToOthers() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path store = Files.createDirectories(data.resolve("store"));
    Path table = Files.writeString(store.resolve("000001.sst"), "x");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(table, PosixFilePermissions.fromString("rw-r--r--"));

    PrivateDirectory.close(data);

    assertThat(mode(data)).isEqualTo("rwx------");
    assertThat(mode(store)).isEqualTo("rwx------");
    assertThat(mode(table)).isEqualTo("rw-------");
    assertThat(data).isDirectoryContaining(each -> each.equals(store));
  }

  @Test
  void leavesFilesOfAnotherUserAsTheyAre() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    int another = (int) Files.getAttribute(data, "unix:uid") + 1;

    PrivateDirectory.closeAll(data, another);

    assertThat(mode(data)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void doesNotFollowLinks() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "x");
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rw-r--r--"));
    Files.createSymbolicLink(data.resolve("link"), elsewhere);

    PrivateDirectory.close(data);

    assertThat(mode(elsewhere)).isEqualTo("rw-r--r--");
  }
}
